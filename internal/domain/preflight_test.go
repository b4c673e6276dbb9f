package domain

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTagGaps(t *testing.T) {
	t.Parallel()
	lacking := AudienceFacts{Lacking: map[Tag]int64{FirstName: 3, LastName: 5, EmailTag: 7}}
	for name, test := range map[string]struct {
		content Content
		want    []TagGap
	}{
		"none":                           {Content{Text: "Hello all, [see](https://x.example)"}, nil},
		"with words in its place":        {Content{Text: "Hello [firstname|there]"}, []TagGap{{FirstName, true, 3}}},
		"with nothing in its place":      {Content{Text: "Hello [FIRSTNAME|]"}, []TagGap{{FirstName, false, 3}}},
		"once with, once without":        {Content{Title: "[FIRSTNAME|you]", Text: "[FIRSTNAME]"}, []TagGap{{FirstName, false, 3}}},
		"once without, once with":        {Content{Title: "[FIRSTNAME]", Text: "[FIRSTNAME|you]"}, []TagGap{{FirstName, false, 3}}},
		"in their order":                 {Content{Title: "[NAME|x]", Text: "[LASTNAME] [FIRSTNAME]"}, []TagGap{{FirstName, false, 3}, {LastName, false, 5}, {FullName, true, 0}}},
		"in an address":                  {Content{Buttons: []Button{{"Go", "https://x.example/?m=[EMAIL]"}}}, []TagGap{{EmailTag, false, 7}}},
		"of an image":                    {Content{Image: &Image{Alt: "[NAME|you]"}}, []TagGap{{FullName, true, 0}}},
		"in a card of one's own":         {Content{AdaptiveCard: json.RawMessage(`{"body":[{"text":"[LASTNAME]"}]}`)}, []TagGap{{LastName, false, 5}}},
		"in a card that is no JSON":      {Content{AdaptiveCard: json.RawMessage(`{[LASTNAME]`)}, nil},
		"in a question":                  {Content{Survey: &Survey{Questions: []Question{{Text: "[NAME], tea?"}}}}, []TagGap{{FullName, false, 0}}},
		"in an option and in the thanks": {Content{Survey: &Survey{Thanks: "[NAME|x]", Questions: []Question{{Options: []string{"[EMAIL|y]"}}}}}, []TagGap{{FullName, true, 0}, {EmailTag, true, 7}}},
		"escaped":                        {Content{Text: `\[FIRSTNAME]`}, nil},
	} {
		if diff := cmp.Diff(test.want, test.content.TagGaps(lacking)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhoWillNotGetIt(t *testing.T) {
	t.Parallel()
	f := AudienceFacts{Reachable: 10, NotInstalled: 2, Unknown: 1}
	if diff := cmp.Diff([]Unreached{{NotInstalled, 2}, {UnknownPerson, 1}}, f.Unreached()); diff != "" || f.Recipients() != 13 {
		t.Errorf("%d recipients: %s", f.Recipients(), diff)
	}
	if list := (AudienceFacts{Reachable: 1}).Unreached(); list != nil {
		t.Errorf("all have it, and %v do not", list)
	}
	if a, b := f.Unreached()[0].Explain(), f.Unreached()[1].Explain(); a.Format == b.Format || a.Format == "" {
		t.Errorf("both are explained by %q", a)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flight Preflight
		want   bool
	}{
		"all well":      {Preflight{Size: &MessageSize{100, 100}}, true},
		"too big":       {Preflight{Size: &MessageSize{101, 100}}, false},
		"not drawn":     {Preflight{}, false},
		"with an error": {Preflight{Size: &MessageSize{1, 100}, Errors: []FieldError{{Field: "name"}}}, false},
	} {
		if got := test.flight.Ready(); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
