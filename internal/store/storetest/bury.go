package storetest

import (
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

func buryTests() []test {
	return []test{
		{"what was begun is decided on, what was held is let go", buryWhole},
		{"one that lives is not buried", buryAlive},
		{"of many who bury one succeeds", buryAtOnce},
		{"the buried can't go on", buryFenced},
		{"of a cancelled campaign what it held is withdrawn, what it had begun is uncertain", buryCancelled},
		{"what a process holds without knowing", heldUnknown},
		{"beats", beats},
		{"a process leaves when nothing is in flight", leave},
	}
}

func buryWhole(f *fixture) {
	people := f.crowd(6)
	c := f.started(draft(everyone()))
	begun := f.claim(c, 0, 3)
	f.finish(begun[:1], accepted(), 0)
	_, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 2)
	f.ok(err)
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people[:1], noon(0)))
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 10)
	f.ok(err)

	lost, at, err := f.Instances.InFlight(f.ctx, f.worker.Instance)
	f.ok(err)
	want := []domain.Delivery{begun[1], begun[2], trials[0]}
	for i := range want {
		want[i].Attempts-- // it is counted with the outcome
	}
	f.same(lost, want)
	batch := outcomes(lost, domain.Result{Verdict: domain.Ambiguous, Code: domain.Timeout}, domain.Policy{OnUncertain: domain.Hold}, noon(time.Minute))
	f.ok(f.Instances.Bury(f.ctx, at, batch, noon(time.Minute)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 6, Recipients: 6, Pending: 3, Sent: 1, Uncertain: 2})
	f.worker = f.newWorker()
	f.same(len(f.claim(c, 0, 10)), 3)
}

func buryAlive(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 1)
	for _, live := range []func() error{
		func() error { _, err := f.Instances.Beat(f.ctx, f.worker.Instance); return err },
		func() error { return f.worker.Finish(f.ctx, nil, noon(0)) },
	} {
		rows, at, err := f.Instances.InFlight(f.ctx, f.worker.Instance)
		f.ok(err)
		f.ok(live())
		f.is(f.Instances.Bury(f.ctx, at, outcomes(rows, lost(), domain.Policy{}, noon(0)), noon(0)), domain.Conflict)
	}
	f.same(f.counted(c.ID).Pending, int64(2))
	f.same(len(f.claim(c, 0, 5)), 1)
}

func buryAtOnce(f *fixture) {
	f.passersby(1, 50)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 20)
	var buried atomic.Int32
	atOnce(6, func(int) {
		err := f.bury(f.worker, noon(0))
		switch domain.KindOf(err) {
		case domain.Conflict, domain.NotFound:
		default:
			buried.Add(1)
			if err != nil {
				f.Error(err)
			}
		}
	})
	f.same(buried.Load(), int32(1))
	f.same(f.counted(c.ID), domain.Counts{Listed: 50, Recipients: 50, Pending: 30, Postponed: 20})
}

func buryFenced(f *fixture) {
	people := f.crowd(3)
	c := f.started(draft(everyone()))
	late := f.claim(c, 0, 2)
	f.ok(f.bury(f.worker, noon(0)))
	dead := f.worker
	f.worker = f.newWorker()
	again := f.claim(c, time.Hour, 3)
	f.same(len(again), 3)
	f.is(dead.Finish(f.ctx, outcomes(late, accepted(), domain.Policy{}, noon(0)), noon(0)), domain.Conflict)
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people[:1], noon(0)))
	_, err := f.Deliveries.ReserveTrials(f.ctx, dead.Instance, noon(0), 5)
	f.is(err, domain.Conflict)
	_, err = f.Instances.Beat(f.ctx, dead.Instance)
	f.is(err, domain.Conflict)
	f.is(f.bury(dead, noon(0)), domain.NotFound)
	f.finish(again, accepted(), time.Hour)
	f.same(f.counted(c.ID), domain.Counts{Listed: 3, Recipients: 3, Sent: 3})
}

func buryCancelled(f *fixture) {
	f.crowd(4)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 1)
	_, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 2)
	f.ok(err)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Recipients: 4, Pending: 3, Cancelled: 1})
	f.ok(f.bury(f.worker, noon(0)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Recipients: 4, Pending: 2, Uncertain: 1, Cancelled: 1}) // it may have arrived
	f.withdrawn(c)
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Recipients: 4, Uncertain: 1, Cancelled: 3})
}

func beats(f *fixture) {
	other := f.newWorker()
	list, err := f.Instances.Beat(f.ctx, other.Instance)
	f.ok(err)
	f.same(list, []domain.Beat{{Instance: f.worker.Instance}, {Instance: other.Instance, Count: 1}})
	f.ok(f.worker.Finish(f.ctx, nil, noon(0)))
	list, err = f.Instances.List(f.ctx)
	f.ok(err)
	f.same(list, []domain.Beat{{Instance: f.worker.Instance, Count: 1}, {Instance: other.Instance, Count: 1}})
}

func leave(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 1)
	_, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 1)
	f.ok(err)
	f.is(f.Instances.Leave(f.ctx, f.worker.Instance), domain.Conflict)
	f.finish(rows, accepted(), 0)
	f.ok(f.Instances.Leave(f.ctx, f.worker.Instance))
	f.worker = f.newWorker()
	f.same(len(f.claim(c, 0, 5)), 2)
}

func heldUnknown(f *fixture) {
	people := f.crowd(4)
	c := f.started(draft(everyone()))
	begun := f.claim(c, 0, 1)
	reserved, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 2)
	f.ok(err)
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people[:1], noon(0)))
	trials, err := f.Deliveries.ReserveTrials(f.ctx, f.worker.Instance, noon(0), 5)
	f.ok(err)
	reservations, tests, err := f.Deliveries.Held(f.ctx, f.worker.Instance)
	f.ok(err)
	f.same(reservations, []int64{begun[0].Reserved, reserved[0].Reserved})
	f.same(idsOf(tests), idsOf(trials))
	f.ok(f.Deliveries.Release(f.ctx, f.newWorker().Instance, reservations)) // not theirs
	f.same(len(f.claim(c, 0, 10)), 1)
	f.ok(f.Deliveries.Release(f.ctx, f.worker.Instance, reservations[1:]))
	f.same(idsOf(f.claim(c, 0, 10)), idsOf(reserved))
}
