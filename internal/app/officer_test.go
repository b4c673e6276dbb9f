package app_test

import (
	"testing"

	"crier/internal/app"
	"crier/internal/domain"
)

func TestWhoIsAnOfficer(t *testing.T) {
	t.Parallel()
	const id = "5b649834-7412-4cce-9e69-176e95a394f5"
	officers := app.NewOfficers([]string{" Olga@Corp.Example ", "5B649834-7412-4CCE-9E69-176E95A394F5", ""}, "")
	tests := map[string]struct {
		person domain.Person
		want   domain.Role
	}{
		"by user principal name":       {domain.Person{Channel: domain.Teams, UPN: "olga@corp.example"}, domain.Owner},
		"in any case":                  {domain.Person{Channel: domain.Teams, UPN: "OLGA@CORP.EXAMPLE"}, domain.Owner},
		"by object id":                 {domain.Person{Channel: domain.Teams, AADObjectID: id}, domain.Owner},
		"by either":                    {domain.Person{Channel: domain.Teams, AADObjectID: "other", UPN: "olga@corp.example"}, domain.Owner},
		"not by e-mail":                {domain.Person{Channel: domain.Teams, Email: "olga@corp.example"}, domain.NoRole},
		"not by name":                  {domain.Person{Channel: domain.Teams, Name: "olga@corp.example", FirstName: id}, domain.NoRole},
		"not by the id of the channel": {domain.Person{Channel: domain.Teams, Reference: domain.ConversationReference{UserID: id}}, domain.NoRole},
		"nobody":                       {domain.Person{Channel: domain.Teams}, domain.NoRole},
		"not by part of a name":        {domain.Person{Channel: domain.Teams, UPN: "olga@corp.example.evil"}, domain.NoRole},
		"not on Skype":                 {domain.Person{Channel: domain.Skype, UPN: "olga@corp.example", AADObjectID: id}, domain.NoRole},
		"not on no channel":            {domain.Person{UPN: "olga@corp.example"}, domain.NoRole},
	}
	for name, test := range tests {
		if got := officers.Person(test.person).Role; got != test.want {
			t.Errorf("%s: role %d, want %d", name, got, test.want)
		}
	}
	if a := officers.Person(domain.Person{Channel: domain.Teams, AADObjectID: id, Name: "Olga"}); a.ID != "person:"+id || a.Name != "Olga" {
		t.Errorf("the actor is %+v", a)
	}
}

func TestTheBootstrapToken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		token, given string
		want         bool
	}{
		"the one":            {"secret", "secret", true},
		"another":            {"secret", "Secret", false},
		"a longer one":       {"secret", "secrets", false},
		"a part of it":       {"secret", "secre", false},
		"nothing":            {"secret", "", false},
		"nothing for none":   {"", "", false},
		"something for none": {"", "secret", false},
	}
	for name, test := range tests {
		actor, ok := app.NewOfficers(nil, test.token).Token(test.given)
		if ok != test.want || ok != (actor.Role == domain.Owner) || !ok && actor != (domain.Actor{}) {
			t.Errorf("%s: %+v, %v", name, actor, ok)
		}
	}
}
