package domain

import (
	"testing"
	"time"
)

func TestWhatIsNewsOfAPerson(t *testing.T) {
	t.Parallel()
	known := Person{
		Reference:   ConversationReference{ConversationID: "a:1", ServiceURL: "https://smba/emea/", TenantID: "t", UserID: "29:1", BotID: "28:b"},
		AADObjectID: "aad", Name: "Ana", Locale: "fr-FR", TimeZone: "Europe/Paris", Installed: true,
	}
	gone := known
	gone.Installed, gone.GoneAt = false, noon
	nameless := known
	nameless.Name = ""
	same := Sighting{Reference: known.Reference, AADObjectID: "aad", Name: "Ana", Locale: "fr-FR", TimeZone: "Europe/Paris", At: noon.Add(time.Hour)}
	seen := func(change func(*Sighting)) Sighting {
		v := same
		change(&v)
		return v
	}
	at := func(when time.Time) Sighting { return seen(func(v *Sighting) { v.At = when }) }
	tests := map[string]struct {
		sighting Sighting
		person   Person
		want     bool
	}{
		"the same again":              {same, known, false},
		"an install again":            {seen(func(v *Sighting) { v.Install = true }), known, false},
		"no time":                     {at(time.Time{}), known, false},
		"another conversation":        {seen(func(v *Sighting) { v.Reference.ConversationID = "a:2" }), known, true},
		"another service URL":         {seen(func(v *Sighting) { v.Reference.ServiceURL = "https://smba/amer/" }), known, true},
		"another bot":                 {seen(func(v *Sighting) { v.Reference.BotID = "28:c" }), known, true},
		"another tenant":              {seen(func(v *Sighting) { v.Reference.TenantID = "u" }), known, true},
		"no tenant":                   {seen(func(v *Sighting) { v.Reference.TenantID = "" }), known, false},
		"another object id":           {seen(func(v *Sighting) { v.AADObjectID = "bbd" }), known, true},
		"no object id":                {seen(func(v *Sighting) { v.AADObjectID = "" }), known, false},
		"another locale":              {seen(func(v *Sighting) { v.Locale = "en-US" }), known, true},
		"no locale":                   {seen(func(v *Sighting) { v.Locale = "" }), known, false},
		"another time zone":           {seen(func(v *Sighting) { v.TimeZone = "UTC" }), known, true},
		"no time zone":                {seen(func(v *Sighting) { v.TimeZone = "" }), known, false},
		"another name, not so good":   {seen(func(v *Sighting) { v.Name = "ana" }), known, false},
		"a first name":                {same, nameless, true},
		"no name either":              {seen(func(v *Sighting) { v.Name = "" }), nameless, false},
		"back by an install":          {seen(func(v *Sighting) { v.Install, v.At = true, noon.Add(-time.Hour) }), gone, true},
		"a message after they left":   {at(noon.Add(time.Millisecond)), gone, true},
		"a message before they left":  {at(noon.Add(-time.Millisecond)), gone, false},
		"a message as they left":      {at(noon), gone, false},
		"a message of now, they left": {at(time.Time{}), gone, true},
	}
	for name, test := range tests {
		if got := test.sighting.Changes(test.person); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
