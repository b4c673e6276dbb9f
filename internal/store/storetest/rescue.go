package storetest

import (
	"sync"
	"time"

	"crier/internal/domain"
)

func rescueTests() []test {
	return []test{
		{"after the lease, in its attempt", rescueAfterLease},
		{"many at once take each row once", rescueAtOnce},
		{"of any campaign, and trials", rescueAll},
	}
}

func (f *fixture) rescue(after time.Duration, limit int) []domain.Delivery {
	f.Helper()
	rows, err := f.Deliveries.Rescue(f.ctx, noon(after), noon(after+lease), limit)
	f.ok(err)
	return rows
}

func rescueAfterLease(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	claimed := f.claim(c, 0, 2)
	f.finish(claimed[:1], accepted(), 0)
	f.same(len(f.rescue(lease-time.Millisecond, 5)), 0)
	rescued := f.rescue(lease, 5)
	f.same(rescued, claimed[1:])
	f.same(len(f.rescue(lease, 5)), 0)
	f.same(len(f.rescue(2*lease, 5)), 1) // the rescuer died too
	f.finishWith(rescued, lost(), domain.Policy{OnUncertain: domain.Hold}, lease)
	f.same(f.counted(c.ID), domain.Counts{Listed: 3, Recipients: 3, Pending: 1, Sent: 1, Uncertain: 1})
	f.same(len(f.rescue(24*time.Hour, 5)), 0)
}

func rescueAtOnce(f *fixture) {
	f.passersby(1, 100)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 100)
	var mu sync.Mutex
	rescued := map[int64]int{}
	atOnce(6, func(int) {
		for idle := 0; idle < 3; {
			rows, err := f.Deliveries.Rescue(f.ctx, noon(lease), noon(2*lease), 9)
			if err != nil {
				f.Error(err)
				return
			}
			if len(rows) == 0 {
				idle++
			}
			mu.Lock()
			for _, d := range rows {
				rescued[d.ID]++
			}
			mu.Unlock()
		}
	})
	f.same(len(rescued), 100)
	for id, n := range rescued {
		if n != 1 {
			f.Fatalf("row %d was rescued %d times", id, n)
		}
	}
}

func rescueAll(f *fixture) {
	people := f.crowd(1)
	for range 2 {
		c := f.started(draft(everyone()))
		f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(0)))
		f.claim(c, 0, 1)
		f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	}
	_, err := f.Deliveries.ClaimTrials(f.ctx, noon(0), noon(lease), 10)
	f.ok(err)
	f.same(len(f.rescue(lease, 3)), 3)
	f.same(len(f.rescue(lease, 3)), 1)
}
