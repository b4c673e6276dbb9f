package storetest

import (
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

func retryTests() []test {
	return []test{
		{"the failed and the held, nobody else", retryFailed},
		{"nothing to retry is a Conflict", retryNothing},
		{"a paused one stays paused", retryPaused},
		{"many at once open each row once", retryAtOnce},
	}
}

func retryFailed(f *fixture) {
	f.crowd(4)
	c := f.started(draft(named(email(1), email(2), email(3), email(4), "nobody@example.com")))
	rows := f.claim(c, 0, 10)
	f.finish(rows[:1], accepted(), 0)
	f.finish(rows[1:2], refused(), 0)
	f.finishWith(rows[2:3], lost(), domain.Policy{OnUncertain: domain.Hold}, 0)
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{{Delivery: rows[3], Outcome: domain.Outcome{State: domain.Unscheduled}}}, noon(0)))
	f.same(f.campaign(c.ID).Status, domain.Done)
	f.ok(f.Deliveries.Retry(f.ctx, c.ID, noon(time.Hour)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 5, Unreachable: 1, Recipients: 4, Pending: 2, Sent: 1, Unscheduled: 1})
	got := f.campaign(c.ID)
	f.same(got.Status, domain.Sending)
	f.same(got.FinishedAt, time.Time{})
	again := f.claim(c, time.Hour, 10)
	want := []domain.Delivery{rows[1], rows[2]}
	for i := range want {
		want[i].DueAt = noon(time.Hour) // as after the start: the first attempt, no error
	}
	f.same(again, want)
	f.finish(again, accepted(), time.Hour)
	f.same(f.campaign(c.ID).Status, domain.Done)
}

func retryNothing(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	f.is(f.Deliveries.Retry(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.sent(c)
	f.is(f.Deliveries.Retry(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.same(f.campaign(c.ID).Status, domain.Done) // and it is still over
	c = f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 1), refused(), 0)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.is(f.Deliveries.Retry(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Failed: 1, Cancelled: 1})
	f.is(f.Deliveries.Retry(f.ctx, 404, noon(0)), domain.Conflict)
}

func retryPaused(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 1), refused(), 0)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	f.ok(f.Deliveries.Retry(f.ctx, c.ID, noon(0)))
	f.same(f.campaign(c.ID).Status, domain.Paused)
	f.same(f.counted(c.ID).Pending, int64(2))
}

func retryAtOnce(f *fixture) {
	f.crowd(5)
	c := f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 5), refused(), 0)
	var retried atomic.Int32
	atOnce(6, func(int) {
		err := f.Deliveries.Retry(f.ctx, c.ID, noon(0))
		if err == nil {
			retried.Add(1)
		} else if domain.KindOf(err) != domain.Conflict {
			f.Error(err)
		}
	})
	f.same(retried.Load(), int32(1))
	f.same(f.counted(c.ID).Pending, int64(5))
}
