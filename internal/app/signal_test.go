package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// card is the row of somebody's message.
func (w *world) card(c domain.Campaign, name string) domain.Delivery {
	w.Helper()
	for _, d := range w.rows(c) {
		if d.Person.Name == name {
			return d
		}
	}
	w.Fatalf("%s has no message of %q", name, c.Name)
	return domain.Delivery{}
}

func TestReadingGoesUpToAMessage(t *testing.T) {
	t.Parallel()
	const forever = "99999999999999999999999999"
	tests := map[string]struct {
		upTo string
		seen []string
	}{
		"the first":                 {"9", []string{"9"}},
		"by number, not by letters": {"10", []string{"10", "9"}},
		"the last number":           {"1700000000000", []string{"10", "1700000000000", "9"}},
		"a message not ours":        {"11", []string{"10", "9"}},
		"before all":                {"8", nil},
		"one without a number":      {"f:abc", []string{"f:abc"}},
		"another without":           {"f:zzz", nil},
		"a number beyond numbers":   {forever, []string{forever}},
		"nothing":                   {"", nil},
		"a negative one":            {"-1", nil},
		"a fraction":                {"10.5", nil},
		"a long one":                {strings.Repeat("9", 1<<20), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.person("bob")
			byID := map[string]domain.Campaign{}
			for _, id := range []string{"9", "10", "1700000000000", "f:abc", forever} {
				byID[id] = w.sending()
				w.deliver(byID[id], numbered(id))
			}
			w.deliver(w.sending(), refused)
			w.pass(time.Minute)
			w.ok(w.signals.Read(w.ctx, w.who("ana"), test.upTo))
			var seen []string
			for id, c := range byID {
				if at := w.card(c, "ana").SeenAt; !at.IsZero() {
					seen = append(seen, id)
					w.same(at, w.clock())
					w.same(w.counts(c).Seen, int64(1))
				}
				if at := w.card(c, "bob").SeenAt; !at.IsZero() {
					t.Errorf("bob saw message %q, but ana read it", id)
				}
			}
			slices.Sort(seen)
			w.same(seen, test.seen)
		})
	}
}

func TestReadingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.done()
		id := w.card(c, "ana").ActivityID
		w.ok(w.signals.Read(w.ctx, w.who("ana"), id))
		before := w.snapshot()
		w.pass(time.Hour)
		atOnce(4, func(int) { w.ok(w.signals.Read(w.ctx, w.who("ana"), id)) })
		w.same(w.snapshot(), before)
	})
}

func TestReactions(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		w.person("bob")
		c := w.done()
		react := func(name, reaction string, added bool) {
			w.Helper()
			w.ok(w.signals.React(w.ctx, w.who(name), w.card(c, name).ActivityID, reaction, added, time.Time{}))
		}
		reactions := func() map[string]int64 {
			r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
			w.ok(err)
			return r.Reactions
		}
		react("ana", "like", true)
		react("ana", "like", true)
		react("ana", "heart", true)
		react("bob", "like", true)
		w.same(reactions(), map[string]int64{"like": 2, "heart": 1})
		react("ana", "like", false)
		react("ana", "like", false)
		react("bob", "sad", false)
		w.same(reactions(), map[string]int64{"like": 1, "heart": 1})
		w.same(w.counts(c).Seen, int64(2))
	})
}

// half is a database that stops answering in the middle of a report.
type half struct{ app.CountStore }

func (half) Reactions(context.Context, int64) (map[string]int64, error) {
	return nil, errors.New("the database is gone")
}

func TestAReportIsWholeOrNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done()
	w.ok(w.signals.React(w.ctx, w.who("ana"), w.card(c, "ana").ActivityID, "like", true, time.Time{}))
	w.campaigns.Count = half{w.campaigns.Count}
	if r, err := w.campaigns.Report(w.ctx, analyst, c.ID); err == nil {
		t.Errorf("a report without its reactions: %+v", r)
	}
}

func TestReactionsThatAreNotToOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	c := w.done()
	mine, bobs := w.card(c, "ana").ActivityID, w.card(c, "bob").ActivityID
	before := w.snapshot()
	for name, to := range map[string]struct{ id, reaction string }{
		"a message we don't know": {"404", "like"}, "somebody else's": {bobs, "like"}, "no message": {"", "like"},
		"no reaction": {mine, ""}, "a name too long": {mine, strings.Repeat("x", 65)},
	} {
		if err := w.signals.React(w.ctx, w.who("ana"), to.id, to.reaction, true, time.Time{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.same(w.snapshot(), before)
	w.ok(w.signals.React(w.ctx, w.who("ana"), mine, strings.Repeat("x", 64), true, time.Time{}))
	w.same(w.counts(c).Seen, int64(1))
}
