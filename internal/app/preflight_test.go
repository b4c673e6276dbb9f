package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
)

// preflight looks over campaigns: a message is as big as its text and the longest name.
func (w *world) preflight() *app.Preflight {
	return &app.Preflight{
		Campaigns: w.campaigns, Facts: store.Campaigns{DB: w.db}, Limit: 20,
		Size: func(c domain.Campaign, people []domain.Person) (int, error) {
			size := 0
			for _, p := range people {
				size = max(size, len(c.Content.Text)+len(p.Name))
			}
			return size, nil
		},
		Notes: func(c domain.Campaign) []domain.FieldError {
			return []domain.FieldError{{Field: "content.text", Message: domain.Say("A note.")}}
		},
		Links: func(c domain.Campaign) []string { return []string{"https://x.example/" + c.Name} },
		Check: func(_ context.Context, addresses []string) []domain.LinkCheck {
			var all []domain.LinkCheck
			for _, a := range addresses {
				all = append(all, domain.LinkCheck{URL: a, Status: domain.LinkOK, Code: 200})
			}
			return all
		},
	}
}

func saying(text string) func(*domain.Campaign) {
	return func(c *domain.Campaign) { c.Content.Text = text }
}

func TestALookBeforeSending(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("benedict")
	w.newcomer("x")
	w.former("gone")
	c := w.draft(saying("Hi [NAME|you]"), to(address("ana"), address("benedict"), address("gone"), address("nobody"), address("none")))
	p, err := w.preflight().Look(w.ctx, analyst, c.ID)
	w.ok(err)
	w.same(p, domain.Preflight{
		Recipients: 5, Reachable: 2, Unreachable: []domain.Unreached{{Code: domain.NotInstalled, Count: 1}, {Code: domain.UnknownPerson, Count: 2}},
		Size: &domain.MessageSize{Bytes: 13 + 8, Limit: 20}, Links: []domain.LinkCheck{{URL: "https://x.example/Drill", Status: domain.LinkOK, Code: 200}},
		Tags:             []domain.TagGap{{Tag: domain.FullName, Fallback: true}},
		Notes:            []domain.FieldError{{Field: "content.text", Message: domain.Say("A note.")}},
		ExpectedFinishAt: w.campaigns.Forecast(c, 2, noon),
	})
	if p.Ready() {
		t.Error("it is ready, and too big")
	}
	// The newcomer has a name, from the install, and no address.
	everyone := w.draft(saying("[EMAIL]"))
	p, err = w.preflight().Look(w.ctx, analyst, everyone.ID)
	w.ok(err)
	w.same([]any{p.Recipients, p.Reachable, p.Unreachable, p.Tags, p.Ready()},
		[]any{int64(3), int64(3), []domain.Unreached(nil), []domain.TagGap{{Tag: domain.EmailTag, Missing: 1}}, true})
	w.same(w.campaign(everyone.ID), everyone)
}

// TestALookSaysWhatSendWould holds that the errors are Send's, whatever is wrong.
func TestALookSaysWhatSendWould(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	presence := &domain.Unavailable{Permission: "Presence.Read.All"}
	w.campaigns.CanAsk = func(context.Context) error { return nil }
	drafts := map[string]domain.Campaign{
		"well":           w.draft(startingAt(noon.Add(time.Hour))),
		"empty":          w.draft(saying("")),
		"to nobody":      w.draft(to()),
		"nobody is here": w.draft(),
		"past":           w.draft(startingAt(noon.Add(-time.Hour))),
		"too far ahead":  w.draft(startingAt(noon.Add(1000 * time.Hour))),
		"by presence":    w.draft(startingAt(noon.Add(time.Hour)), func(c *domain.Campaign) { c.Delivery.Presence = []domain.Presence{domain.Available} }),
		"unknown people": w.draft(to("nobody@example.com")),
	}
	w.campaigns.CanAsk = func(context.Context) error { return presence }
	look := w.preflight()
	for name, c := range drafts {
		p, err := look.Look(w.ctx, analyst, c.ID)
		w.ok(err)
		var got []string
		for _, f := range p.Errors {
			got = append(got, f.Field+": "+f.Message.String())
		}
		_, refusal := w.campaigns.Send(w.ctx, sender, c.ID, time.Time{})
		if refusal == nil {
			if len(got) > 0 || !p.Ready() {
				t.Errorf("%s was sent, and the look says %q", name, got)
			}
			continue
		}
		said := map[string]bool{}
		for _, g := range got {
			said[g] = true
		}
		for _, fault := range faults(t, refusal) { // Send stops at the first kind of fault
			if !said[fault] {
				t.Errorf("%s: Send says %q, the look %q", name, fault, got)
			}
		}
		if p.Ready() || p.Size == nil || p.Links == nil {
			t.Errorf("%s: the rest is not told: %+v", name, p)
		}
	}
}

func TestALookWhereNothingCanBeDrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	look := w.preflight()
	look.Size = func(domain.Campaign, []domain.Person) (int, error) {
		return 0, domain.Fail(domain.Invalid, "It is too big.")
	}
	p, err := look.Look(w.ctx, analyst, w.draft().ID)
	w.ok(err)
	w.same([]any{p.Size, p.Errors, p.Ready()}, []any{(*domain.MessageSize)(nil), []domain.FieldError{{Field: "content", Message: domain.Say("It is too big.")}}, false})
	p, err = look.Look(w.ctx, analyst, w.draft(saying("")).ID)
	w.ok(err)
	w.same(p.Errors, []domain.FieldError{{Field: "content.text", Message: domain.Say("Write the text.")}})
	broken := errors.New("out of ink")
	look.Size = func(domain.Campaign, []domain.Person) (int, error) { return 0, broken }
	if _, err = look.Look(w.ctx, analyst, w.draft().ID); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// TestALookDoesNotWaitForSites gives those who check links a time that ends.
func TestALookDoesNotWaitForSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	look := w.preflight()
	var within time.Duration
	look.Check = func(ctx context.Context, _ []string) []domain.LinkCheck {
		ends, _ := ctx.Deadline()
		within = time.Until(ends)
		return nil
	}
	_, err := look.Look(w.ctx, analyst, w.draft().ID)
	w.ok(err)
	if within <= 0 || within > 8*time.Second {
		t.Errorf("sites have %s", within)
	}
	// Where the rest fails, sites are left at once.
	left := make(chan struct{})
	look.Check = func(ctx context.Context, _ []string) []domain.LinkCheck {
		<-ctx.Done()
		close(left)
		return nil
	}
	look.Size = func(domain.Campaign, []domain.Person) (int, error) { return 0, errors.New("out of ink") }
	if _, err = look.Look(w.ctx, analyst, w.draft().ID); err == nil {
		t.Error("it did not fail")
	}
	<-left
}

func TestWhoMayLookAndWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	look := w.preflight()
	_, err := look.Look(w.ctx, stranger, w.draft().ID)
	w.is(err, domain.Forbidden)
	_, err = look.Look(w.ctx, analyst, 99)
	w.is(err, domain.NotFound)
	for _, status := range domain.Statuses() {
		_, err := look.Look(w.ctx, analyst, w.in(status).ID)
		if status.Editable() {
			w.ok(err)
		} else {
			w.is(err, domain.Conflict)
		}
	}
}

// A survey for very few keeps its promise and shows nothing, or can't keep it.
func TestALookAtASurveyForFew(t *testing.T) {
	t.Parallel()
	for people, notes := range map[int]map[domain.Privacy]string{
		4: {domain.Anonymous: "no results will show", domain.Masked: "tell who they are", domain.Identified: ""},
		5: {domain.Anonymous: "", domain.Masked: ""},
	} {
		w := newWorld(t)
		for i := range people {
			w.person(fmt.Sprintf("p%d", i))
		}
		for privacy, want := range notes {
			p, err := w.preflight().Look(w.ctx, author, w.draft(survey(private(privacy))).ID)
			w.ok(err)
			said := ""
			for _, n := range p.Notes[1:] { // the first is of the fixture
				said += n.Field + ": " + n.Message.Format
			}
			if want != "" && !strings.Contains(said, "content.privacy: ") || !strings.Contains(said, want) || want == "" && said != "" {
				t.Errorf("%d people, %s: noted %q", people, privacy, said)
			}
		}
	}
}
