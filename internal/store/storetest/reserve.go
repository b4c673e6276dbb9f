package storetest

import (
	"sync"
	"time"

	"crier/internal/domain"
)

func reserveTests() []test {
	return []test{
		{"two processes at once hold each row once", reserveAtOnce},
		{"what is let go of waits for the others of its reservation", reserveOver},
		{"an outcome that is told twice counts once", reserveToldTwice},
		{"what failed is tried again while its reservation lasts", reserveRetried},
		{"what a process held is free when it leaves", reserveLeft},
		{"what lies before, between and behind what others hold", reserveBetween},
		{"nothing of what another process has reserved is begun or recorded", reserveOthers},
	}
}

func (f *fixture) reserve(w *Worker, c domain.Campaign, after time.Duration, limit int) []domain.Delivery {
	f.Helper()
	rows, err := f.Deliveries.Reserve(f.ctx, w.Instance, lane(c), noon(after), limit)
	f.ok(err)
	return rows
}

func reserveAtOnce(f *fixture) {
	f.passersby(1, 300)
	c := f.started(draft(everyone()))
	workers := []*Worker{f.worker, f.newWorker(), f.newWorker()}
	var mu sync.Mutex
	held := map[int64]int{}
	atOnce(len(workers), func(n int) {
		for range 30 {
			rows, err := f.Deliveries.Reserve(f.ctx, workers[n].Instance, lane(c), noon(0), 7)
			if err != nil {
				f.Error(err)
				return
			}
			mu.Lock()
			for _, d := range rows {
				held[d.ID]++
			}
			mu.Unlock()
		}
	})
	f.same(len(held), 300)
	for id, n := range held {
		if n != 1 {
			f.Errorf("row %d is held %d times", id, n)
		}
	}
}

func reserveOver(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	other := f.newWorker()
	rows := f.reserve(f.worker, c, 0, 3)
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{rows[0].Unchanged()}, noon(0)))
	f.same(len(f.reserve(other, c, 0, 3)), 0)
	begun, err := f.worker.begin(f.ctx, rows[1:2], noon(0))
	f.ok(err)
	f.finish(begun, accepted(), 0)
	f.same(len(f.reserve(other, c, 0, 3)), 0) // one is neither sent nor let go of
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{rows[2].Unchanged()}, noon(0)))
	f.same(idsOf(f.reserve(other, c, 0, 3)), []int64{rows[0].ID, rows[2].ID})
}

func reserveToldTwice(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	rows := f.reserve(f.worker, c, 0, 3)
	begun, err := f.worker.begin(f.ctx, rows[:2], noon(0))
	f.ok(err)
	later := domain.Result{Verdict: domain.Passing, Code: domain.Timeout, RetryAfter: time.Minute}
	batch := append(outcomes(begun[:1], later, domain.Policy{}, noon(0)), outcomes(begun[1:], accepted(), domain.Policy{}, noon(0))...)
	for range 3 {
		f.ok(f.worker.Finish(f.ctx, batch, noon(0)))
		f.same(f.counted(c.ID), domain.Counts{Listed: 3, Recipients: 3, Pending: 1, Postponed: 1, Sent: 1})
	}
	f.same(len(f.reserve(f.newWorker(), c, 0, 3)), 0) // the third is held still
	f.same(len(f.reserve(f.newWorker(), c, time.Hour, 3)), 1)
}

func reserveRetried(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	rows := f.reserve(f.worker, c, 0, 3)
	begun, err := f.worker.begin(f.ctx, rows[1:2], noon(0))
	f.ok(err)
	f.finish(begun, refused(), 0)
	f.ok(f.Deliveries.Retry(f.ctx, c.ID, noon(time.Minute)))
	f.same(idsOf(f.reserve(f.worker, c, time.Minute, 3)), []int64{rows[1].ID})
}

func reserveLeft(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	gone := f.newWorker()
	rows := f.reserve(gone, c, 0, 2)
	f.same(len(f.reserve(f.worker, c, 0, 2)), 0)
	f.ok(f.Instances.Leave(f.ctx, gone.Instance))
	f.same(idsOf(f.reserve(f.worker, c, 0, 2)), idsOf(rows))
	_, err := f.Deliveries.Reserve(f.ctx, gone.Instance, lane(c), noon(0), 2)
	f.is(err, domain.Conflict)
}

func (f *fixture) lanes(after time.Duration) int {
	f.Helper()
	lanes, err := f.Deliveries.Lanes(f.ctx, noon(after))
	f.ok(err)
	return len(lanes)
}

func reserveBetween(f *fixture) {
	f.crowd(7)
	c := f.started(draft(everyone()))
	other, third := f.newWorker(), f.newWorker()
	first, second := f.reserve(f.worker, c, 0, 2), f.reserve(other, c, 0, 2)
	last := f.reserve(f.worker, c, 0, 2)
	f.same(f.lanes(0), 1) // one is behind them
	f.same(idsOf(f.reserve(third, c, 0, 1)), []int64{last[1].ID + 1})
	f.same(f.lanes(0), 0)
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{first[0].Unchanged(), first[1].Unchanged()}, noon(0)))
	f.same(f.lanes(0), 1) // before them
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{last[0].Unchanged(), last[1].Unchanged()}, noon(0)))
	rows := f.reserve(third, c, 0, 10) // around the second
	f.same(idsOf(rows), append(idsOf(first), idsOf(last)...))
	if rows[1].Reserved == rows[2].Reserved {
		f.Error("one reservation holds what another process has")
	}
	f.same(len(f.reserve(f.worker, c, 0, 10)), 0)
	begun, err := other.begin(f.ctx, second, noon(0))
	f.ok(err)
	f.same(idsOf(begun), idsOf(second))
	begun, err = third.begin(f.ctx, rows, noon(0))
	f.ok(err)
	f.same(idsOf(begun), idsOf(rows))
}

func reserveOthers(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	other := f.newWorker()
	rows := f.reserve(other, c, 0, 2)
	begun, err := f.worker.begin(f.ctx, rows, noon(0))
	f.ok(err)
	f.same(len(begun), 0)
	result := domain.Result{Verdict: domain.Refused, Code: domain.CardRejected}
	for _, r := range []domain.Result{accepted(), result} {
		f.ok(f.worker.Finish(f.ctx, outcomes(rows, r, domain.Policy{}, noon(0)), noon(0)))
		f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Pending: 2})
	}
	f.ok(f.Deliveries.Release(f.ctx, other.Instance, []int64{rows[0].Reserved}))
	f.ok(other.Finish(f.ctx, outcomes(rows, accepted(), domain.Policy{}, noon(0)), noon(0))) // it has let go of them
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Pending: 2})
	f.same(len(f.reserve(f.worker, c, 0, 2)), 2)
}
