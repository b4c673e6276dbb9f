package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

// named writes the rows of a change down, as the engine does.
func (w *world) named(c domain.Campaign) domain.Campaign {
	w.Helper()
	r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
	w.ok(err)
	if r.Change == nil {
		w.Fatal("there is no change")
	}
	campaigns := store.Campaigns{DB: w.db}
	_, err = campaigns.Name(w.ctx, r.Change.Campaign, w.clock())
	w.ok(err)
	child, err := campaigns.Get(w.ctx, r.Change.Campaign)
	w.ok(err)
	return child
}

func better(text string) domain.Content { return domain.Content{Text: text} }

func TestARecallTakesBackWhatWasSentAndStopsTheRest(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		w.person("bob")
		c := w.sending()
		w.deliver(c, func(d domain.Delivery) domain.Result {
			if d.Person.Name == "ana" {
				return accepted(d)
			}
			return domain.Result{Verdict: domain.Slowed}
		})
		w.same(w.wakesAfter(func() {
			recalled, err := w.campaigns.Recall(w.ctx, sender, c.ID)
			w.ok(err)
			w.same(recalled.Status, domain.Cancelled)
		}), int64(1))
		w.same(w.counts(c), domain.Counts{Listed: 2, Recipients: 2, Sent: 1, Cancelled: 1})
		child := w.named(c)
		_, err := w.campaigns.Recall(w.ctx, sender, c.ID)
		w.is(err, domain.Conflict) // it is under way
		w.deliver(child, refused)
		r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
		w.ok(err)
		w.same([]any{r.Change.Change, r.Change.Status, r.Change.Counts.Failed}, []any{domain.Recall, domain.Done, int64(1)})
		for _, d := range w.rows(c) {
			if d.Person.Name == "ana" && (d.Changed == nil || d.Changed.Word() != "failed" || d.State != domain.Sent) || d.Person.Name == "bob" && d.Changed != nil {
				w.Errorf("%s: %+v", d.Person.Name, d.Changed)
			}
		}
		// Asked again, what failed is tried again; once all is done there is nothing left.
		_, err = w.campaigns.Recall(w.ctx, sender, c.ID)
		w.ok(err)
		w.deliver(child, accepted)
		_, err = w.campaigns.RetryChange(w.ctx, sender, c.ID)
		w.is(err, domain.Conflict)
		_, err = w.campaigns.Correct(w.ctx, sender, c.ID, 0, better("Too late"))
		w.is(err, domain.Conflict)
		_, err = w.campaigns.Retry(w.ctx, sender, c.ID)
		w.is(err, domain.Conflict)
	})
}

func TestACorrectionIsOfTheSameKindAndDiffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending()
	_, err := w.campaigns.Correct(w.ctx, sender, c.ID, 0, better("While it is sent"))
	w.is(err, domain.Conflict)
	w.deliver(c, accepted)
	for name, content := range map[string]domain.Content{
		"nothing":        {},
		"the same":       w.campaign(c.ID).Content,
		"another kind's": {Text: "x", Author: "Ada"},
		"an unknown tag": {Text: "Dear [NOBODY]"},
	} {
		if _, err := w.campaigns.Correct(w.ctx, sender, c.ID, 0, content); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	corrected, err := w.campaigns.Correct(w.ctx, sender, c.ID, 0, better("By the *other* stairs"))
	w.ok(err)
	w.same(corrected.Content.Text, "By the *other* stairs")
	child := w.named(c)
	w.same([]any{child.Parent, child.Content.Text}, []any{c.ID, "By the *other* stairs"})
	_, err = w.campaigns.Get(w.ctx, owner, child.ID)
	w.is(err, domain.NotFound)
	w.deliver(child, accepted)
	w.same(w.rows(c)[0].Changed.Word(), "changed")
	w.ok(w.campaigns.Delete(w.ctx, owner, c.ID))
}

func TestACampaignExpiresAfterItStarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.draft(func(c *domain.Campaign) { c.ExpiresAt = noon.Add(time.Hour) })
	_, err := w.campaigns.Send(w.ctx, sender, c.ID, noon.Add(2*time.Hour))
	w.is(err, domain.Invalid)
	_, err = w.campaigns.Send(w.ctx, sender, c.ID, time.Time{})
	w.ok(err)
}

func TestWhoMayChangeMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending()
	w.deliver(c, accepted)
	for _, by := range []domain.Actor{stranger, analyst, author} {
		_, recall := w.campaigns.Recall(w.ctx, by, c.ID)
		_, correct := w.campaigns.Correct(w.ctx, by, c.ID, 0, better("x"))
		_, retry := w.campaigns.RetryChange(w.ctx, by, c.ID)
		for _, err := range []error{recall, correct, retry} {
			w.is(err, domain.Forbidden)
		}
	}
}
