package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

// claimed is a campaign whose messages are under way: people have them, and nothing is noted.
func (w *world) claimed() (domain.Campaign, []domain.Delivery) {
	w.Helper()
	c := w.sending()
	rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: c.ID, TenantID: "tenant"}, w.clock(), 100)
	w.ok(err)
	return c, rows
}

func TestSignalsThatComeBeforeTheNoteOfTheirMessage(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		ana, bob, eve := w.person("ana"), w.person("bob"), w.person("eve")
		c, rows := w.claimed()
		w.numbered(c, "https://a.io")
		at := w.clock()
		w.ok(w.signals.Read(w.ctx, ana, "100"))
		w.ok(w.signals.React(w.ctx, bob, "100", "like", true, at))
		w.ok(w.signals.React(w.ctx, bob, "100", "heart", false, at.Add(time.Second))) // which comes first
		w.ok(w.signals.React(w.ctx, bob, "100", "heart", true, at))
		_, err := w.clicks.Follow(w.ctx, w.token(w.card(c, "eve"), 1), true)
		w.ok(err)
		w.ok(w.signals.Read(w.ctx, eve, "99")) // of an older message
		w.ok(w.signals.Settle(w.ctx))
		w.same(w.counts(c), domain.Counts{Listed: 3, Recipients: 3, Pending: 3})

		w.finish(c, rows, numbered("100"))
		for range 2 {
			w.ok(w.signals.Settle(w.ctx))
			w.same(w.counts(c), domain.Counts{Listed: 3, Recipients: 3, Sent: 3, Seen: 3, Clicked: 1})
			r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
			w.ok(err)
			w.same(r.Reactions, map[string]int64{"like": 1})
		}
	})
}

// A reaction that is taken back before the first word of it could be kept stays taken back.
func TestATakenBackReactionStaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("ana")
	c, rows := w.claimed()
	at := w.clock()
	w.ok(w.signals.React(w.ctx, ana, "100", "like", true, at))
	w.finish(c, rows, numbered("100"))
	w.ok(w.signals.React(w.ctx, ana, "100", "like", false, at.Add(time.Second)))
	w.ok(w.signals.Settle(w.ctx))
	r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
	w.ok(err)
	w.same(r.Reactions, map[string]int64{})
	w.same(r.Counts.Seen, int64(1))
	// A clock that is years ahead keeps nobody from a change of mind.
	w.ok(w.signals.React(w.ctx, ana, "100", "sad", true, at.AddDate(5, 0, 0)))
	w.pass(time.Minute)
	w.ok(w.signals.React(w.ctx, ana, "100", "sad", false, w.clock()))
	r, err = w.campaigns.Report(w.ctx, analyst, c.ID)
	w.ok(err)
	w.same(r.Reactions, map[string]int64{})
}

func TestSignalsForNothingAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("ana")
	c, rows := w.claimed()
	w.ok(w.signals.Read(w.ctx, ana, "99"))
	w.ok(w.signals.React(w.ctx, ana, "98", "like", true, time.Time{})) // a welcome, perhaps
	w.finish(c, rows, refused)
	w.ok(w.signals.Settle(w.ctx))
	ripe, err := w.deliveries.RipeSignals(w.ctx)
	w.ok(err)
	w.same(len(ripe), 0)
	w.same(w.counts(c), domain.Counts{Listed: 1, Recipients: 1, Failed: 1})
}

func TestWhetherReadingShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("ana")
	c := w.done()
	skype := w.draft(func(c *domain.Campaign) { c.Channel = domain.Skype })
	shows := func(c domain.Campaign) domain.Receipts {
		r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
		w.ok(err)
		return r.Receipts
	}
	w.ok(w.signals.React(w.ctx, ana, w.card(c, "ana").ActivityID, "like", true, time.Time{}))
	w.same(shows(c), domain.ReceiptsUnknown)
	w.same(shows(skype), domain.ReceiptsUnavailable)
	for range 2 {
		w.ok(w.signals.Read(w.ctx, ana, "1"))
		w.same(shows(c), domain.ReceiptsAvailable)
	}
	w.same(shows(skype), domain.ReceiptsUnavailable)
}
