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
		{"nothing that is not held, or in another hold", claimHeld},
		{"nothing of a campaign that is deleted meanwhile", claimDeleted},
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

// claimHeld is a process that begins what it has let go of meanwhile, or held once more since.
func claimHeld(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	held, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 2)
	f.ok(err)
	more, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 3)
	f.ok(err)
	held = append(held, more...)
	f.same(len(held), 3)
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{held[0].Unchanged(), held[1].Unchanged()}, noon(0)))
	again, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 1)
	f.ok(err)
	f.same(idsOf(again), idsOf(held[:1]))
	for _, d := range held[:2] {
		begun, err := f.worker.begin(f.ctx, []domain.Delivery{d}, noon(0))
		f.ok(err)
		f.same(len(begun), 0)
	}
	begun, err := f.worker.begin(f.ctx, held, noon(0))
	f.ok(err)
	f.same(idsOf(begun), idsOf(held[2:]))
	begun, err = f.worker.begin(f.ctx, again, noon(0)) // beginning the other hold has not let go of it
	f.ok(err)
	f.same(idsOf(begun), idsOf(again))
}

// claimDeleted is a campaign that is cancelled and deleted between the reservation of its rows
// and their beginning; another one goes on.
func claimDeleted(f *fixture) {
	f.crowd(2)
	gone, other := f.started(draft(everyone())), f.started(draft(everyone()))
	var held []domain.Delivery
	for _, c := range []domain.Campaign{gone, other} {
		rows, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 2)
		f.ok(err)
		held = append(held, rows...)
	}
	f.ok(f.Deliveries.Cancel(f.ctx, gone.ID, noon(0)))
	f.ok(f.Campaigns.Delete(f.ctx, gone.ID))
	begun, err := f.worker.begin(f.ctx, held[:2], noon(0))
	f.ok(err)
	f.same(len(begun), 0)
	begun, err = f.worker.begin(f.ctx, held, noon(0))
	f.ok(err)
	f.same(idsOf(begun), idsOf(held[2:]))
	inFlight, _, err := f.Instances.InFlight(f.ctx, f.worker.Instance)
	f.ok(err)
	f.same(idsOf(inFlight), idsOf(held[2:]))
	f.finish(begun, accepted(), 0)
	f.same(f.campaign(other.ID).Status, domain.Done)
}

func idsOf(rows []domain.Delivery) []int64 {
	ids := make([]int64, len(rows))
	for i, d := range rows {
		ids[i] = d.ID
	}
	return ids
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
