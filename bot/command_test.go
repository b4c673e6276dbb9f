package bot

import (
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/i18n"
)

func TestFindCommand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"help":                          {"help", ""},
		"Aide":                          {"help", ""},
		"/report Fire drill":            {"report", "Fire drill"},
		"rapport « Exercice incendie »": {"report", "« Exercice incendie »"},
		"ENVOYER 12":                    {"send", "12"},
		"annuler x":                     {"cancel", "x"},
		"good morning":                  {"", ""},
		"":                              {"", ""},
	} {
		c, rest := findCommand(text)
		name := ""
		if c != nil {
			name = c.words[0]
		}
		if name != want[0] || rest != want[1] {
			t.Errorf("%q: %q and %q, want %q", text, name, rest, want)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"<at>Crier</at> report  Fire&nbsp;drill\n": "report Fire drill",
		`<at id="28:x">Crier</at>help`:             "help",
		" a &amp; b ":                              "a & b",
	} {
		if got := plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSendWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 14, 12, 0, 0, 0, time.UTC)
	paris := domain.Person{TimeZone: "Europe/Paris"} // one hour ahead
	at := func(hour, minute, day int) time.Time { return time.Date(2026, 2, day, hour, minute, 0, 0, time.UTC) }
	for words, want := range map[string]struct {
		name string
		at   time.Time
	}{
		"Fire drill":                           {"Fire drill", time.Time{}},
		"Fire drill now":                       {"Fire drill", now},
		`"Fire drill"`:                         {"Fire drill", time.Time{}},
		`"Meet now"`:                           {"Meet now", time.Time{}},
		`“Meet now” now`:                       {"Meet now", now},
		"Fire drill at 18:30":                  {"Fire drill", at(17, 30, 14)},
		"Fire drill at 6:30pm":                 {"Fire drill", at(17, 30, 14)},
		"Fire drill at 09:00":                  {"Fire drill", at(8, 0, 15)},
		"« Exercice » à 18h30":                 {"Exercice", at(17, 30, 14)},
		"Exercice à 18 h":                      {"Exercice", at(17, 0, 14)},
		"Exercice maintenant":                  {"Exercice", now},
		"Fire drill at 2026-02-16 09:00":       {"Fire drill", at(8, 0, 16)},
		`"Fire drill" at 2026-02-16T09:00:00Z`: {"Fire drill", at(9, 0, 16)},
		"Lunch at the office":                  {"Lunch at the office", time.Time{}},
		"12":                                   {"12", time.Time{}},
		"":                                     {"", time.Time{}},
	} {
		name, got, err := sendWords(words, paris, now)
		if err != nil || name != want.name || !got.Equal(want.at) {
			t.Errorf("%q: %q at %v (%v), want %q at %v", words, name, got, err, want.name, want.at)
		}
	}
	if _, _, err := sendWords("Fire drill at 99:99", paris, now); domain.KindOf(err) != domain.Invalid {
		t.Errorf("an impossible time: %v", err)
	}
}

// Every sentence of the table has its French, and every command a usage in both languages.
func TestCommandsAreBilingual(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		if c.usage[0] == "" || c.usage[1] == "" || len(c.words) < 2 {
			t.Errorf("%v: a language is missing", c.words)
		}
		if i18n.Text("fr", c.summary) == c.summary {
			t.Errorf("%v: no French for %q", c.words, c.summary)
		}
	}
}
