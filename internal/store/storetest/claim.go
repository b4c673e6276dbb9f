package storetest

import (
	"sync"
	"time"

	"crier/internal/domain"
)

func claimTests() []test {
	return []test{
		{"eight at once take each row once", claimAtOnce},
		{"a row comes with its person, its attempt counted", claimWhole},
		{"the longest due first, none before its turn", claimInTurn},
		{"its own lane and campaign only", claimLane},
		{"nothing of a campaign that is paused, cancelled or done", claimStopped},
		{"trials apart", claimTrials},
	}
}

// claims counts how often each row was claimed, by workers that go on until none is left.
func (f *fixture) claims(c domain.Campaign, workers, limit int) map[int64]int {
	f.Helper()
	var mu sync.Mutex
	claims := map[int64]int{}
	atOnce(workers, func(int) {
		for idle := 0; idle < 3; {
			rows, err := f.worker.Claim(f.ctx, lane(c), noon(0), limit)
			if err != nil {
				f.Error(err)
				return
			}
			if len(rows) == 0 { // the others may hold the last rows for a moment
				idle++
			}
			mu.Lock()
			for _, d := range rows {
				claims[d.ID]++
			}
			mu.Unlock()
		}
	})
	return claims
}

func claimAtOnce(f *fixture) {
	f.passersby(1, 500)
	c := f.started(draft(everyone()))
	claims := f.claims(c, 8, 7)
	f.same(len(claims), 500)
	for id, n := range claims {
		if n != 1 {
			f.Fatalf("row %d was claimed %d times", id, n)
		}
	}
	f.same(f.counted(c.ID).Pending, int64(500)) // a row in flight keeps its state
}

func claimWhole(f *fixture) {
	p := f.install(1)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 10)
	f.same(rows, []domain.Delivery{{ID: rows[0].ID, CampaignID: c.ID, Person: p, State: domain.Pending, Attempts: 1, DueAt: noon(0)}})
	f.same(len(f.claim(c, 24*time.Hour, 10)), 0) // however late: that is for Bury
}

func claimInTurn(f *fixture) {
	f.crowd(30)
	d := draft(everyone())
	d.Delivery.Spread = time.Hour
	c := f.started(d)
	early := map[int64]bool{}
	for _, row := range f.all(c.ID) {
		if !row.DueAt.After(noon(30 * time.Minute)) {
			early[row.ID] = true
		}
	}
	var claimed []domain.Delivery
	for {
		rows := f.claim(c, 30*time.Minute, 4)
		if len(rows) == 0 {
			break
		}
		claimed = append(claimed, rows...)
	}
	f.same(len(claimed), len(early))
	for i, row := range claimed {
		if !early[row.ID] || i > 0 && row.DueAt.Before(claimed[i-1].DueAt) {
			f.Fatalf("row %d of %v is not in turn", row.ID, row.DueAt)
		}
	}
}

func claimLane(f *fixture) {
	f.installIn(1, "tenant-a")
	f.installIn(2, "tenant-b")
	c, other := f.started(draft(everyone())), f.started(draft(everyone()))
	rows := f.claim(c, 0, 10)
	f.same(len(rows), 1)
	f.same([]int64{rows[0].CampaignID, rows[0].Person.ID}, []int64{c.ID, f.sender(1).ID})
	f.same(len(f.claim(other, 0, 10)), 1)
}

func claimStopped(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	f.same(len(f.claim(c, 0, 10)), 0)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(0), domain.Paused))
	f.same(len(f.claim(c, 0, 1)), 1)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(0)))
	f.same(len(f.claim(c, 0, 10)), 0)
}

func claimTrials(f *fixture) {
	people := f.crowd(2)
	c := f.create(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people[:1], noon(0)))
	c = f.started(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(0)))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(time.Hour))) // as often as one likes
	f.same(len(f.all(c.ID)), 2)
	for _, d := range f.claim(c, 2*time.Hour, 10) {
		f.same(d.Trial, false)
	}
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 10)
	f.ok(err)
	f.same(len(trials), 3)
	f.same(trials[0].Person, people[0])
	f.same(trials[0].Trial, true)
	f.finish(trials, accepted(), 0)
	got, err := f.Deliveries.Get(f.ctx, trials[1].ID)
	f.ok(err)
	f.same(got.State, domain.Sent)
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Pending: 2})
	f.same(f.campaign(c.ID).Status, domain.Sending)
}
