package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
)

// token is the n-th link of somebody's message.
func (w *world) token(d domain.Delivery, n int) string {
	return string(w.clicks.Refs.AppendLink(nil, d.ID, n))
}

func (w *world) numbered(c domain.Campaign, urls ...string) {
	w.Helper()
	_, err := store.Links{DB: w.db}.Number(w.ctx, c.ID, urls)
	w.ok(err)
}

func (w *world) links(c domain.Campaign) []domain.Link {
	w.Helper()
	r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
	w.ok(err)
	return r.Links
}

func TestALinkIsFollowed(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		w.person("bob")
		c := w.done()
		w.numbered(c, "https://a.io/[NAME]", "https://b.io")
		w.pass(time.Minute)
		for _, name := range []string{"ana", "ana", "bob"} {
			got, err := w.clicks.Follow(w.ctx, w.token(w.card(c, name), 1), true)
			w.ok(err)
			w.same(got, app.Followed{URL: "https://a.io/[NAME]", Person: w.who(name)})
		}
		got, err := w.clicks.Follow(w.ctx, w.token(w.card(c, "ana"), 2), false) // no person
		w.ok(err)
		w.same(got.URL, "https://b.io")
		w.same(w.links(c), []domain.Link{{N: 1, URL: "https://a.io/[NAME]", Clicks: 3, People: 2}, {N: 2, URL: "https://b.io"}})
		w.same(w.counts(c), domain.Counts{Listed: 2, Recipients: 2, Sent: 2, Seen: 2, Clicked: 2})
		w.same(w.card(c, "bob").ClickedAt, w.clock())
	})
}

func TestLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c, gone := w.done(), w.done()
	for _, c := range []domain.Campaign{c, gone} {
		w.numbered(c, "https://a.io")
	}
	d := w.card(gone, "ana")
	w.ok(w.campaigns.Delete(w.ctx, owner, gone.ID))
	before := w.snapshot()
	for name, token := range map[string]string{
		"none": "", "not one of ours": "abc", "another number": w.token(w.card(c, "ana"), 2), "a deleted campaign": w.token(d, 1),
		"no delivery": w.token(domain.Delivery{ID: 404}, 1), "a card's reference": w.clicks.Refs.Sign(w.card(c, "ana").ID),
	} {
		got, err := w.clicks.Follow(w.ctx, token, true)
		if domain.KindOf(err) != domain.NotFound || got != (app.Followed{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	w.same(w.snapshot(), before)
}

func TestATestsLinksAreCountedNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.draft()
	w.numbered(c, "https://a.io")
	w.ok(w.campaigns.Test(w.ctx, author, c.ID, []string{address("ana")}))
	trial := w.tried(c)[0]
	before := w.snapshot()
	got, err := w.clicks.Follow(w.ctx, w.token(trial, 1), true)
	w.ok(err)
	w.same(got.URL, "https://a.io")
	w.same(w.snapshot(), before)
	w.same(w.links(c), []domain.Link{{N: 1, URL: "https://a.io"}})
}

// uncounting is a database that reads, and does not write.
type uncounting struct{ app.LinkStore }

var errReadOnly = errors.New("the database is read-only")

func (uncounting) Click(context.Context, domain.Delivery, int, time.Time) error { return errReadOnly }

func TestWhatCantBeCountedLeadsThereAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done()
	w.numbered(c, "https://a.io")
	w.clicks.Links = uncounting{w.clicks.Links}
	got, err := w.clicks.Follow(w.ctx, w.token(w.card(c, "ana"), 1), true)
	if got.URL != "https://a.io" || !errors.Is(err, errReadOnly) {
		t.Errorf("%+v, %v", got, err)
	}
}
