package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

func TestEveryMoveByStatus(t *testing.T) {
	t.Parallel()
	moves := map[string]struct {
		do   func(*world, int64) (domain.Campaign, error)
		ends map[domain.Status]domain.Status
	}{
		"pause": {
			func(w *world, id int64) (domain.Campaign, error) { return w.campaigns.Pause(w.ctx, sender, id) },
			map[domain.Status]domain.Status{domain.Sending: domain.Paused},
		},
		"resume": {
			func(w *world, id int64) (domain.Campaign, error) { return w.campaigns.Resume(w.ctx, sender, id) },
			map[domain.Status]domain.Status{domain.Paused: domain.Sending},
		},
		"cancel": {
			func(w *world, id int64) (domain.Campaign, error) { return w.campaigns.Cancel(w.ctx, sender, id) },
			map[domain.Status]domain.Status{domain.Scheduled: domain.Cancelled, domain.Sending: domain.Cancelled, domain.Paused: domain.Cancelled},
		},
		"retry when nothing failed": {
			func(w *world, id int64) (domain.Campaign, error) { return w.campaigns.Retry(w.ctx, sender, id) }, nil,
		},
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(w *world) {
				w.person("ana")
				for _, from := range domain.Statuses() {
					c := w.in(from)
					moved, err := move.do(w, c.ID)
					to, allowed := move.ends[from]
					if !allowed {
						w.is(err, domain.Conflict)
						w.same(w.campaign(c.ID), c)
						continue
					}
					w.ok(err)
					w.same(moved.Status, to)
					w.same(w.campaign(c.ID), moved)
				}
				_, err := move.do(w, 99)
				w.is(err, domain.NotFound)
			})
		})
	}
}

func TestResumeClearsTheNoticeAndWakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending()
	notice := domain.PauseNotice(domain.Unauthorized)
	w.ok(store.Campaigns{DB: w.db}.Move(w.ctx, c.ID, domain.Paused, notice, noon, domain.Sending))
	w.same(w.campaign(c.ID).Notice, notice)
	w.same(w.wakesAfter(func() {
		_, err := w.campaigns.Resume(w.ctx, sender, c.ID)
		w.ok(err)
	}), int64(1))
	w.same(w.campaign(c.ID).Notice, "")
}

func TestACancelledCampaignWithdrawsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.paused()
		w.pass(time.Minute)
		c, err := w.campaigns.Cancel(w.ctx, sender, c.ID)
		w.ok(err)
		w.same(c.FinishedAt, w.clock())
		counts := w.counts(c)
		w.same(counts, domain.Counts{Listed: 1, Recipients: 1, Cancelled: 1})
		w.same(counts.Result(c.Status), domain.ResultError)
	})
}

func TestRetryTriesTheFailedAgainAndNobodyElse(t *testing.T) {
	t.Parallel()
	ends := map[domain.Status]domain.Status{domain.Done: domain.Sending, domain.Sending: domain.Sending, domain.Paused: domain.Paused}
	for from, want := range ends {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			onEach(t, func(w *world) {
				c := w.campaignWithFailures(from)
				w.same(w.wakesAfter(func() {
					retried, err := w.campaigns.Retry(w.ctx, sender, c.ID)
					w.ok(err)
					w.same([]any{retried.Status, retried.FinishedAt}, []any{want, time.Time{}})
				}), int64(1))
				got := map[string]domain.State{}
				for _, d := range w.rows(c) {
					got[d.Person.Name] = d.State
				}
				open := map[string]domain.State{"ana": domain.Sent, "bob": domain.Pending, "cy": domain.Pending}
				if from != domain.Done {
					open["dan"] = domain.Pending
				}
				w.same(got, open)
			})
		})
	}
}

// campaignWithFailures is a campaign that ana got, that failed for bob, and that is held
// for cy; unless it is done it waits for dan.
func (w *world) campaignWithFailures(status domain.Status) domain.Campaign {
	w.Helper()
	names := []string{"ana", "bob", "cy", "dan"}
	if status == domain.Done {
		names = names[:3]
	}
	for _, name := range names {
		w.person(name)
	}
	c := w.sending(func(c *domain.Campaign) { c.Delivery.OnUncertain = domain.Hold })
	w.deliver(c, func(d domain.Delivery) domain.Result {
		return map[string]domain.Result{
			"ana": accepted(d), "bob": refused(d), "cy": {Verdict: domain.Ambiguous, Code: domain.Timeout}, "dan": {Verdict: domain.Slowed},
		}[d.Person.Name]
	})
	if status == domain.Paused {
		_, err := w.campaigns.Pause(w.ctx, sender, c.ID)
		w.ok(err)
	}
	c = w.campaign(c.ID)
	w.same(c.Status, status)
	return c
}
