package storetest

import (
	"fmt"
	"sync"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

func linkTests() []test {
	return []test{
		{"an address keeps its number", linksNumbered},
		{"several number at once", linksNumberedAtOnce},
		{"clicks and people", linksClicked},
		{"a trial's clicks are counted nowhere", linksTrial},
		{"they go with their campaign", linksDeleted},
	}
}

func (f *fixture) links() store.Links { return store.Links{DB: f.DB} }

func (f *fixture) number(c domain.Campaign, urls ...string) map[string]int {
	f.Helper()
	numbers, err := f.links().Number(f.ctx, c.ID, urls)
	f.ok(err)
	return numbers
}

func linksNumbered(f *fixture) {
	c, other := f.create(draft(everyone())), f.create(draft(everyone()))
	f.same(f.number(c), map[string]int{})
	f.same(f.number(c, "https://b.io/[NAME]", "https://a.io", "https://b.io/[NAME]"), map[string]int{"https://b.io/[NAME]": 1, "https://a.io": 2})
	f.same(f.number(c, "https://a.io", "https://c.io"), map[string]int{"https://b.io/[NAME]": 1, "https://a.io": 2, "https://c.io": 3})
	f.same(f.number(other, "https://c.io"), map[string]int{"https://c.io": 1})
	list, err := f.Campaigns.Links(f.ctx, c.ID)
	f.ok(err)
	f.same(list, []domain.Link{{N: 1, URL: "https://b.io/[NAME]"}, {N: 2, URL: "https://a.io"}, {N: 3, URL: "https://c.io"}})
	url, err := f.links().URL(f.ctx, c.ID, 2)
	f.ok(err)
	f.same(url, "https://a.io")
	_, err = f.links().URL(f.ctx, c.ID, 4)
	f.is(err, domain.NotFound)
	_, err = f.links().Number(f.ctx, 404, []string{"https://a.io"})
	f.is(err, domain.NotFound)
}

func linksNumberedAtOnce(f *fixture) {
	c := f.create(draft(everyone()))
	var mu sync.Mutex
	seen := map[string]map[int]bool{}
	atOnce(8, func(i int) {
		numbers, err := f.links().Number(f.ctx, c.ID, []string{fmt.Sprint("https://", i%3), fmt.Sprint("https://", (i+1)%3)})
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			f.Error(err)
		}
		for url, n := range numbers {
			if seen[url] == nil {
				seen[url] = map[int]bool{}
			}
			seen[url][n] = true
		}
	})
	all := f.number(c)
	f.same(len(all), 3)
	for url, n := range all {
		f.same(seen[url], map[int]bool{n: true})
	}
}

func linksClicked(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.sent(c)
	f.number(c, "https://a.io", "https://b.io", "https://c.io")
	atOnce(8, func(i int) {
		if err := f.links().Click(f.ctx, rows[i%2], 1, noon(time.Minute)); err != nil {
			f.Error(err)
		}
	})
	f.ok(f.links().Click(f.ctx, rows[0], 3, noon(time.Hour)))
	list, err := f.Campaigns.Links(f.ctx, c.ID)
	f.ok(err)
	f.same(list, []domain.Link{{N: 1, URL: "https://a.io", Clicks: 8, People: 2}, {N: 2, URL: "https://b.io"}, {N: 3, URL: "https://c.io", Clicks: 1, People: 1}})
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Sent: 2, Seen: 2, Clicked: 2})
	d, err := f.Deliveries.Get(f.ctx, rows[0].ID)
	f.ok(err)
	f.same([]time.Time{d.ClickedAt, d.SeenAt}, []time.Time{noon(time.Minute), noon(time.Minute)})
}

func linksTrial(f *fixture) {
	people := f.crowd(1)
	c := f.create(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, people, noon(0)))
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 1)
	f.ok(err)
	f.number(c, "https://a.io")
	f.ok(f.Deliveries.React(f.ctx, trials[0], "like", true, noon(0))) // before it is recorded
	f.finish(trials, accepted(), 0)
	f.ok(f.Deliveries.SettleMarks(f.ctx))
	f.same(f.counts(c.ID), domain.Counts{})
}

func linksDeleted(f *fixture) {
	c, d := f.message()
	f.number(c, "https://a.io")
	f.ok(f.links().Click(f.ctx, d, 1, noon(0)))
	f.ok(f.Campaigns.Delete(f.ctx, c.ID))
	list, err := f.Campaigns.Links(f.ctx, c.ID)
	f.ok(err)
	f.same(len(list), 0)
	f.is(f.links().Click(f.ctx, d, 1, noon(0)), domain.NotFound)
}
