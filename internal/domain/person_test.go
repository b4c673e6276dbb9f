package domain

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		person                 Person
		given, family, display string
	}{
		"nothing":             {Person{}, "", "", ""},
		"all is known":        {Person{Name: "Dr. M. Bowen", FirstName: "Megan", LastName: "Bowen"}, "Megan", "Bowen", "Dr. M. Bowen"},
		"names alone":         {Person{FirstName: "Megan", LastName: "Bowen"}, "Megan", "Bowen", "Megan Bowen"},
		"a first name alone":  {Person{FirstName: "Megan"}, "Megan", "", "Megan"},
		"a last name alone":   {Person{LastName: "Bowen"}, "", "Bowen", "Bowen"},
		"a display name":      {Person{Name: "Megan Bowen"}, "Megan", "Bowen", "Megan Bowen"},
		"one word":            {Person{Name: "Madonna"}, "Madonna", "", "Madonna"},
		"many words":          {Person{Name: "Maria  del\tCarmen García"}, "Maria", "del Carmen García", "Maria  del\tCarmen García"},
		"spaces around":       {Person{Name: "  Megan Bowen "}, "Megan", "Bowen", "Megan Bowen"},
		"nothing but spaces":  {Person{Name: " \t", Email: "m@example.com"}, "", "", "m@example.com"},
		"a directory's order": {Person{Name: "van der Berg, Anna Maria"}, "Anna", "van der Berg", "van der Berg, Anna Maria"},
		"a comma at the end":  {Person{Name: "Bowen,"}, "Bowen", "", "Bowen,"},
		"a comma first":       {Person{Name: ", Megan"}, "Megan", "", ", Megan"},
		"Chinese":             {Person{Name: "王小明"}, "王小明", "", "王小明"},
		"Japanese":            {Person{Name: "山田　太郎"}, "山田", "太郎", "山田　太郎"},
		"Arabic":              {Person{Name: "محمد علي"}, "محمد", "علي", "محمد علي"},
		"a no-break space":    {Person{Name: "Анна\u00a0Иванова"}, "Анна", "Иванова", "Анна\u00a0Иванова"},
		"a known first name does not make up a last one": {Person{Name: "Megan Bowen", FirstName: "Meg"}, "Meg", "", "Megan Bowen"},
		"an address alone": {Person{Email: "m@example.com"}, "", "", "m@example.com"},
	}
	for name, test := range tests {
		p := test.person
		if p.GivenName() != test.given || p.FamilyName() != test.family || p.DisplayName() != test.display {
			t.Errorf("%s: %q, %q, %q", name, p.GivenName(), p.FamilyName(), p.DisplayName())
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"fr": "fr", "fr-FR": "fr", "FR-ca": "fr", "": "en", "en-US": "en", "de-DE": "en", "frr": "en", "x-fr": "en",
	} {
		if got := (Person{Locale: locale}).Language(); got != want {
			t.Errorf("%q reads %s, want %s", locale, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	valid := []string{
		"ana@example.com", "Ana.López+news@example.co.uk", "a@b", "o'hara@example.com", "名@例え.jp",
		"ana_outlook.com#EXT#@contoso.onmicrosoft.com", strings.Repeat("a", 320-2) + "@b",
	}
	for _, s := range valid {
		if !ValidAddress(s) {
			t.Errorf("%q is refused", s)
		}
	}
	invalid := []string{
		"", "@", "ana", "ana@", "@example.com", "a@b@c", "ana @example.com", " ana@example.com", "ana@example.com\n", "Ana <ana@example.com>",
		"a@b,c@d", "a@b;c@d", `"a"@b`, "a\x00@b", "a\u200b@b", "a\u00a0@b", "a\xff@b", strings.Repeat("a", 320-1) + "@b",
	}
	for _, s := range invalid {
		if ValidAddress(s) {
			t.Errorf("%q is taken", s)
		}
	}
	if got := AddressKey(" Ana.LÓPEZ@Example.COM\n"); got != "ana.lópez@example.com" {
		t.Errorf("key %q", got)
	}
}
