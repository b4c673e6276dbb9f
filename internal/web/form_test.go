package web

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

// everyKind is a full campaign of each kind.
func everyKind() map[string]domain.Campaign {
	buttons := []domain.Button{{Title: "One", URL: "https://example.com/1"}, {Title: "Two", URL: "https://example.com/2"}}
	picture := &domain.Image{URL: "https://example.com/a.png", Alt: "A \"map\""}
	base := func(k domain.Kind, content domain.Content) domain.Campaign {
		return domain.Campaign{
			ID: 7, Revision: 3, Name: "A name", Channel: domain.Teams, Kind: k, Status: domain.Draft, Content: content,
			Audience: domain.Audience{People: []string{"a@example.com", "b@example.com"}},
			Delivery: domain.Policy{Spread: 45 * time.Minute, OnUncertain: domain.Hold},
		}
	}
	asked := survey()
	asked.Content.Text, asked.Content.Survey.Thanks = "Tell us", "Thanks, [FIRSTNAME]"
	own := base(domain.KindCard, domain.Content{AdaptiveCard: []byte(`{"type":"AdaptiveCard","version":"1.5","body":[]}`)})
	everyone := base(domain.KindMessage, domain.Content{Text: "  two\n\nparagraphs "})
	everyone.Audience = domain.Audience{Everyone: true}
	return map[string]domain.Campaign{
		"idea":      base(domain.KindIdea, domain.Content{Title: "T", Text: "line\nline", Image: picture, Buttons: buttons}),
		"success":   base(domain.KindSuccess, domain.Content{Text: "<b>&amp;"}),
		"important": base(domain.KindImportant, domain.Content{Title: "T", Text: "x", Buttons: buttons[:1]}),
		"card":      base(domain.KindCard, domain.Content{Title: "T", Text: "x", Author: "Zoë", Image: picture}),
		"own card":  own,
		"message":   everyone,
		"survey":    base(domain.KindSurvey, asked.Content),
	}
}

func TestFormsKeepEveryKind(t *testing.T) {
	t.Parallel()
	for name, c := range everyKind() {
		if diff := cmp.Diff(c, fromForm(formOf(c), c)); diff != "" {
			t.Errorf("%s: comes back changed:\n%s", name, diff)
		}
		// From nothing but the form, what the editor shows is all there.
		fresh := fromForm(formOf(c), blank())
		if diff := cmp.Diff(formOf(c), formOf(fresh)); diff != "" {
			t.Errorf("%s: the form alone is another:\n%s", name, diff)
		}
	}
}

func TestFormsKeepWhatTheyDoNotShow(t *testing.T) {
	t.Parallel()
	c := everyKind()["survey"]
	s := c.Content.Survey
	s.Privacy, s.Style, s.ClosesAt = domain.Masked, domain.SingleCard, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	s.Questions = append(s.Questions, domain.Question{ID: "q2", Type: domain.FreeText, Text: "Why?", Optional: true})
	c.Audience.Lists, c.Audience.ExcludeLists = []int64{4}, []int64{5}
	if diff := cmp.Diff(c, fromForm(formOf(c), c)); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherKindLeavesOutWhatItHasNot(t *testing.T) {
	t.Parallel()
	v := formOf(everyKind()["idea"])
	v.Set("kind", "message")
	c := fromForm(v, blank())
	want := domain.Content{Text: "line\nline"}
	if diff := cmp.Diff(want, c.Content); diff != "" {
		t.Error(diff)
	}
	// What was typed stays in the form, should the kind change back.
	again := refill(v, c)
	if again.Get("content.title") != "T" || again.Get("content.buttons[1].url") != "https://example.com/2" {
		t.Errorf("the form lost what was typed: %v", again)
	}
}

func TestRowsAreNumberedAsTheyAreRead(t *testing.T) {
	t.Parallel()
	v := url.Values{"kind": {"idea"}, "content.text": {"x"}, "content.buttons[0].title": {""}, "content.buttons[3].title": {"Late"}, "content.buttons[3].url": {"nonsense"}}
	c := fromForm(v, blank())
	if diff := cmp.Diff([]domain.Button{{Title: "Late", URL: "nonsense"}}, c.Content.Buttons); diff != "" {
		t.Fatal(diff)
	}
	again := refill(v, c)
	if again.Get("content.buttons[0].title") != "Late" || again.Has("content.buttons[3].title") {
		t.Errorf("the rows are %v", again)
	}
}

func TestAddressesOfAText(t *testing.T) {
	t.Parallel()
	got := addresses("a@x.example\r\n\r\n Zoë <zoe@x.example>; b@x.example,c@x.example\nnot an address")
	want := []string{"a@x.example", "zoe@x.example", "b@x.example", "c@x.example", "not an address"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheNumberOfPeopleIsHeld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, shown string
		now          int64
		ok           bool
	}{
		{"1004", "1004", 1004, true}, {"1,004", "1004", 1004, true}, {"1\u202f004", "1004", 1010, true}, {"1010", "1004", 1010, true},
		{"", "1004", 1004, false}, {"yes", "1004", 1004, false}, {"104", "1004", 1004, false}, {"10", "10", 500, false}, {"500", "10", 500, false},
		{"4", "", 4, true},
	} {
		if err := checkNumber(c.typed, c.shown, c.now); (err == nil) != c.ok {
			t.Errorf("%q, shown %q, now %d: %v", c.typed, c.shown, c.now, err)
		}
	}
}

func TestTheStartIsTheBrowsersTime(t *testing.T) {
	t.Parallel()
	at, err := startOf("2026-03-29T09:30", "2026-03-29T07:30:00.000Z")
	if want := time.Date(2026, 3, 29, 7, 30, 0, 0, time.UTC); err != nil || !at.Equal(want) {
		t.Errorf("%v, %v", at, err)
	}
	at, err = startOf("2026-03-29T09:30", "")
	if want := time.Date(2026, 3, 29, 9, 30, 0, 0, time.UTC); err != nil || !at.Equal(want) {
		t.Errorf("without the script: %v, %v", at, err)
	}
	if _, err := startOf("tomorrow", ""); domain.KindOf(err) != domain.Invalid {
		t.Errorf("nonsense: %v", err)
	}
}
