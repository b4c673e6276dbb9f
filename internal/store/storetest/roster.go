package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

func rosterTests() []test {
	return []test{
		{"many workers claim each newcomer once", claimNewcomers},
		{"a worker's death loses nobody", newcomerAgain},
		{"what the roster says is kept", saveRoster},
		{"what it leaves out is kept as it was", saveRosterEmpty},
		{"asking is put off, or given up", postponeRoster},
		{"one welcome, however many ask", welcomeOnce},
		{"a newer service URL", serviceURL},
	}
}

// lease is how long the tests hold a newcomer.
const lease = time.Minute

func (f *fixture) newcomers(at time.Duration, limit int) []domain.Person {
	f.Helper()
	list, err := f.People.ClaimNewcomers(f.ctx, noon(at), noon(at+lease), limit)
	f.ok(err)
	return list
}

func claimNewcomers(f *fixture) {
	f.passersby(1, 60)
	var mu sync.Mutex
	claims := map[int64]int{}
	atOnce(6, func(int) {
		for {
			list, err := f.People.ClaimNewcomers(f.ctx, noon(0), noon(lease), 7)
			if err != nil {
				f.Error(err)
			}
			if len(list) == 0 {
				return
			}
			mu.Lock()
			for _, p := range list {
				claims[p.ID]++
			}
			mu.Unlock()
		}
	})
	if len(claims) != 60 {
		f.Fatalf("%d people were claimed, want 60", len(claims))
	}
	for id, n := range claims {
		if n != 1 {
			f.Fatalf("person %d was claimed %d times", id, n)
		}
	}
}

func newcomerAgain(f *fixture) {
	f.passersby(1, 1)
	first := f.newcomers(0, 5)
	f.same(len(f.newcomers(lease-time.Millisecond, 5)), 0)
	again := f.newcomers(lease, 5)
	f.same([]int{len(first), len(again), first[0].RosterTries, again[0].RosterTries}, []int{1, 1, 1, 2})
}

func saveRoster(f *fixture) {
	f.passersby(1, 1)
	p := f.newcomers(0, 5)[0]
	want := p
	want.Name, want.FirstName, want.LastName, want.Email, want.UPN, want.AADObjectID = "Zoé L", "Zoé", "Lé", "Zoe@x.io", "z@x.io", "aad-z"
	f.ok(f.People.SaveRoster(f.ctx, want))
	f.same(f.sender(1), want) // still to be welcomed
	mine, err := f.People.MarkWelcomed(f.ctx, p.ID, noon(0))
	f.ok(err)
	want.RosterDueAt, want.WelcomedAt = time.Time{}, noon(0)
	f.same(mine, true)
	f.same(f.sender(1), want)
	f.same(len(f.newcomers(24*time.Hour, 5)), 0)
	f.same(f.found(domain.PersonFilter{Query: "ZOÉ"}), []string{"Zoé L"})
}

func saveRosterEmpty(f *fixture) {
	p := f.install(1)
	f.ok(f.People.SaveRoster(f.ctx, domain.Person{ID: p.ID}))
	f.same(f.sender(1), p)
}

func postponeRoster(f *fixture) {
	f.passersby(1, 1)
	id := f.newcomers(0, 5)[0].ID
	f.ok(f.People.PostponeRoster(f.ctx, id, noon(time.Hour)))
	f.same(len(f.newcomers(time.Hour-time.Millisecond, 5)), 0)
	f.same(len(f.newcomers(time.Hour, 5)), 1)
	f.ok(f.People.PostponeRoster(f.ctx, id, time.Time{}))
	f.same(len(f.newcomers(24*time.Hour, 5)), 0)
	f.leave(1, noon(0))
	f.ok(f.People.PostponeRoster(f.ctx, id, noon(0)))
	f.same(len(f.newcomers(24*time.Hour, 5)), 0)
}

func welcomeOnce(f *fixture) {
	id := f.install(1).ID
	for range 2 { // the second round after the welcome was given back
		var welcomes atomic.Int32
		atOnce(16, func(int) {
			first, err := f.People.MarkWelcomed(f.ctx, id, noon(0))
			if err != nil {
				f.Error(err)
			}
			if first {
				welcomes.Add(1)
			}
		})
		f.same(welcomes.Load(), int32(1))
		f.same(f.sender(1).WelcomedAt, noon(0))
		f.ok(f.People.UnmarkWelcomed(f.ctx, id))
	}
}

func serviceURL(f *fixture) {
	id := f.install(1).ID
	f.ok(f.People.SaveServiceURL(f.ctx, id, "https://smba.trafficmanager.net/amer/"))
	f.same(f.sender(1).Reference.ServiceURL, "https://smba.trafficmanager.net/amer/")
	f.ok(f.People.Erase(f.ctx, id, noon(0)))
	f.ok(f.People.SaveServiceURL(f.ctx, id, "https://smba.trafficmanager.net/amer/"))
	p, err := f.People.Get(f.ctx, id)
	f.ok(err)
	f.same(p.Reference.ServiceURL, "")
}
