package storetest

import (
	"slices"
	"time"

	"crier/internal/domain"
)

func cancelTests() []test {
	return []test{
		{"what was not sent is withdrawn", cancelWithdraws},
		{"what was in flight comes back withdrawn, or sent", cancelInFlight},
		{"one that is scheduled, paused or over", cancelStatuses},
		{"racing the workers", cancelRace},
		{"many, in several parts", cancelMany},
	}
}

func cancelWithdraws(f *fixture) {
	f.crowd(4)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	f.finish(rows[:1], accepted(), 0)
	f.finish(rows[1:], lost(), 0) // postponed
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(time.Minute)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Recipients: 4, Sent: 1, Cancelled: 3})
	got := f.campaign(c.ID)
	f.same(got.Status, domain.Cancelled)
	f.same(got.FinishedAt, noon(time.Minute))
}

// withdrawn withdraws what is left of cancelled campaigns, as the engine's tick does.
func (f *fixture) withdrawn(c domain.Campaign) {
	f.Helper()
	for {
		ids, err := f.Campaigns.Withdrawing(f.ctx)
		f.ok(err)
		if !slices.Contains(ids, c.ID) {
			return
		}
		more, err := f.Campaigns.Withdraw(f.ctx, c.ID)
		f.ok(err)
		if !more {
			return
		}
	}
}

func cancelMany(f *fixture) {
	const people = 5200 // more than are withdrawn at once
	f.crowdFast(people)
	c := f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 10), accepted(), 0)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.same(f.counted(c.ID), domain.Counts{Listed: people, Recipients: people, Sent: 10, Pending: people - 5010, Cancelled: 5000})
	f.same(len(f.claim(c, 0, 10)), 0) // and nothing begins any more
	f.withdrawn(c)
	f.same(f.counted(c.ID), domain.Counts{Listed: people, Recipients: people, Sent: 10, Cancelled: people - 10})
}

func cancelInFlight(f *fixture) {
	f.crowd(5)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 4)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 5, Recipients: 5, Pending: 4, Cancelled: 1})
	f.finish(rows[:1], accepted(), 0)
	f.finish(rows[1:2], lost(), 0)
	f.finish(rows[2:3], domain.Result{Verdict: domain.Stopped}, 0)
	f.finish(rows[3:], refused(), 0)
	f.same(f.counted(c.ID), domain.Counts{Listed: 5, Recipients: 5, Sent: 1, Failed: 1, Uncertain: 1, Cancelled: 2}) // one may have arrived
	f.same(f.campaign(c.ID).Status, domain.Cancelled)
}

func cancelStatuses(f *fixture) {
	f.crowd(1)
	c := f.scheduled(draft(everyone()))
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.is(f.Campaigns.Start(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.is(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)), domain.Conflict)
	c = f.started(draft(everyone()))
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.same(f.counted(c.ID).Cancelled, int64(1))
	c = f.started(draft(everyone()))
	f.sent(c)
	f.is(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.is(f.Deliveries.Cancel(f.ctx, f.create(draft(everyone())).ID, noon(0)), domain.Conflict)
}

// cancelRace cancels while workers claim and give back: in the end no row is open.
func cancelRace(f *fixture) {
	f.passersby(1, 120)
	c := f.started(draft(everyone()))
	results := []domain.Result{accepted(), lost(), {Verdict: domain.Stopped}, refused()}
	claimed := make(chan struct{}, 100)
	atOnce(5, func(i int) {
		if i == 4 {
			<-claimed
			if err := f.Deliveries.Cancel(f.ctx, c.ID, noon(0)); err != nil {
				f.Error(err)
			}
			return
		}
		for range 25 {
			rows, err := f.worker.Claim(f.ctx, lane(c), noon(0), 5)
			if err != nil {
				f.Error(err)
			}
			claimed <- struct{}{}
			if err := f.worker.Finish(f.ctx, outcomes(rows, results[i], domain.Policy{}, noon(0)), noon(0)); err != nil {
				f.Error(err)
			}
		}
	})
	f.same(f.campaign(c.ID).Status, domain.Cancelled)
	f.same(f.counted(c.ID).Left(), int64(0))
}
