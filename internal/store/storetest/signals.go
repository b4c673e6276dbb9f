package storetest

import (
	"fmt"
	"slices"
	"time"

	"crier/internal/domain"
)

func signalTests() []test {
	return []test{
		{"seen once, by the first evidence", seenOnce},
		{"only what was sent is seen", seenUnsent},
		{"reactions come and go, each once", reactions},
		{"reactions in whatever order", reactionsLate},
		{"the same reaction eight times at once is one", reactAtOnce},
		{"an answer shows that it was seen", answerIsSeen},
		{"trials are counted nowhere", trialSignals},
		{"unseen, and by activity", unseen},
	}
}

// message is a message that was sent to one person, and its campaign.
func (f *fixture) message() (domain.Campaign, domain.Delivery) {
	f.Helper()
	f.install(1)
	c := f.started(draft(everyone()))
	return c, f.sent(c)[0]
}

func seenOnce(f *fixture) {
	c, d := f.message()
	atOnce(8, func(i int) {
		if err := f.Deliveries.MarkSeen(f.ctx, d, noon(time.Minute)); err != nil {
			f.Error(err)
		}
	})
	f.ok(f.Deliveries.MarkSeen(f.ctx, d, noon(time.Hour)))
	got, err := f.Deliveries.Get(f.ctx, d.ID)
	f.ok(err)
	f.same(got.SeenAt, noon(time.Minute))
	f.same(f.counted(c.ID).Seen, int64(1))
}

func seenUnsent(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	d := f.claim(c, 0, 1)[0]
	f.ok(f.Deliveries.MarkSeen(f.ctx, d, noon(0)))
	f.ok(f.Deliveries.React(f.ctx, d, "like", true, noon(0)))
	f.same(f.counted(c.ID).Seen, int64(0))
}

func (f *fixture) reactions(id int64) map[string]int64 {
	f.Helper()
	got, err := f.Campaigns.Reactions(f.ctx, id)
	f.ok(err)
	return got
}

func reactions(f *fixture) {
	c, d := f.message()
	react := func(kind string, added bool) {
		f.Helper()
		f.ok(f.Deliveries.React(f.ctx, d, kind, added, noon(0)))
	}
	react("sad", false) // its removal came first
	f.same(f.reactions(c.ID), map[string]int64{})
	react("like", true)
	react("like", true)
	react("heart", true)
	f.same(f.reactions(c.ID), map[string]int64{"like": 1, "heart": 1})
	react("like", false)
	react("like", false)
	f.same(f.reactions(c.ID), map[string]int64{"heart": 1})
	react("like", true)
	f.same(f.reactions(c.ID), map[string]int64{"heart": 1, "like": 1})
	f.same(f.counted(c.ID).Seen, int64(1))
}

// reactionsLate has the same four deeds arrive in every order: what was done last stands.
func reactionsLate(f *fixture) {
	_, d := f.message()
	deeds := []bool{true, false, true, false} // a minute after another
	want := map[string]int64{}
	for _, last := range []int{2, 3} { // with the last removal, and without
		for n, order := range orders(last + 1) {
			kind := fmt.Sprint("like", last, n)
			for _, i := range order {
				f.ok(f.Deliveries.React(f.ctx, d, kind, deeds[i], noon(time.Duration(i)*time.Minute)))
			}
			if deeds[last] {
				want[kind] = 1
			}
		}
	}
	f.same(f.reactions(d.CampaignID), want)
}

// orders are all orders of n things.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, order := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(order), at, n-1))
		}
	}
	return all
}

func reactAtOnce(f *fixture) {
	c, d := f.message()
	for _, added := range []bool{true, false, true} {
		atOnce(8, func(int) {
			if err := f.Deliveries.React(f.ctx, d, "like", added, noon(0)); err != nil {
				f.Error(err)
			}
		})
	}
	f.same(f.reactions(c.ID), map[string]int64{"like": 1})
	f.same(f.counted(c.ID).Seen, int64(1))
}

func answerIsSeen(f *fixture) {
	c, d := f.message()
	f.answered(d, time.Minute)
	f.ok(f.Deliveries.MarkSeen(f.ctx, d, noon(time.Hour)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 1, Recipients: 1, Sent: 1, Seen: 1, Answered: 1})
	got, err := f.Deliveries.Get(f.ctx, d.ID)
	f.ok(err)
	f.same([]time.Time{got.SeenAt, got.AnsweredAt}, []time.Time{noon(time.Minute), noon(time.Minute)})
}

func trialSignals(f *fixture) {
	people := f.crowd(1)
	c := f.create(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(0)))
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 1)
	f.ok(err)
	f.finish(trials, accepted(), 0)
	f.ok(f.Deliveries.MarkSeen(f.ctx, trials[0], noon(0)))
	f.ok(f.Deliveries.React(f.ctx, trials[0], "like", true, noon(0)))
	f.answered(trials[0], 0)
	f.same(f.counts(c.ID), domain.Counts{})
	f.same(f.reactions(c.ID), map[string]int64{})
	f.same(f.campaign(c.ID).Status, domain.Draft)
}

func unseen(f *fixture) {
	people := f.crowd(2)
	c, other := f.started(draft(everyone())), f.started(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(0)))
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 5)
	f.ok(err)
	trial := accepted()
	trial.ActivityID = "trial"
	f.finish(trials, trial, 0)
	f.sent(c)
	list, err := f.Deliveries.Unseen(f.ctx, people[0].ID)
	f.ok(err)
	f.same(len(list), 1)
	f.same([]int64{list[0].CampaignID, list[0].Person.ID}, []int64{c.ID, people[0].ID})
	f.same(list[0].ActivityID, accepted().ActivityID)
	got, err := f.Deliveries.ByActivity(f.ctx, people[0].ID, accepted().ActivityID)
	f.ok(err)
	f.same(got, list[0])
	for _, activity := range []string{"", "trial", "another"} {
		_, err = f.Deliveries.ByActivity(f.ctx, people[0].ID, activity)
		f.is(err, domain.NotFound)
	}
	f.ok(f.Deliveries.MarkSeen(f.ctx, got, noon(0)))
	list, err = f.Deliveries.Unseen(f.ctx, people[0].ID)
	f.ok(err)
	f.same(len(list), 0)
	f.same(f.counted(other.ID).Seen, int64(0))
}
