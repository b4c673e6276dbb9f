package storetest

import (
	"time"

	"crier/internal/domain"
)

func glanceTests() []test {
	return []test{
		{"of nothing", glanceEmpty},
		{"what there is, and of no other campaign", glanceAll},
		{"the next row due", glanceNext},
		{"receipts of a tenant", receipts},
	}
}

func (f *fixture) glance(id int64) domain.Glance {
	f.Helper()
	g, err := f.Campaigns.Glance(f.ctx, id)
	f.ok(err)
	return g
}

func glanceEmpty(f *fixture) {
	f.same(f.glance(f.create(draft(everyone())).ID), domain.Glance{})
	f.same(f.glance(99), domain.Glance{})
}

func glanceAll(f *fixture) {
	c, d := f.message()
	other := f.started(draft(everyone()))
	had := func() []bool { g := f.glance(c.ID); return []bool{g.Reactions, g.Links, g.Changes} }
	f.same(had(), []bool{false, false, false})
	f.ok(f.Deliveries.React(f.ctx, d, "like", true, noon(0)))
	f.same(had(), []bool{true, false, false})
	f.ok(f.Deliveries.React(f.ctx, d, "like", false, noon(0)))
	f.same(had(), []bool{false, false, false})
	f.number(c, "https://a.io")
	f.same(had(), []bool{false, true, false})
	f.change(c, domain.Recall)
	f.same(had(), []bool{false, true, true})
	g := f.glance(other.ID)
	f.same([]bool{g.Reactions, g.Links, g.Changes, g.Receipts}, []bool{false, false, false, false})
}

func glanceNext(f *fixture) {
	f.install(2)
	c := f.started(draft(everyone()))
	f.same(f.glance(c.ID).NextDue, noon(0))
	rows := f.claim(c, 0, 2)
	f.finish(rows[:1], domain.Result{Verdict: domain.Slowed, RetryAfter: time.Minute}, time.Second)
	f.finish(rows[1:], accepted(), time.Second)
	next := f.glance(c.ID).NextDue
	f.same(next.After(noon(30*time.Second)) && next.Before(noon(3*time.Minute)), true)
	f.finish(f.claim(c, time.Hour, 2), accepted(), time.Hour)
	f.same(f.glance(c.ID).NextDue, time.Time{})
}

func receipts(f *fixture) {
	c, _ := f.message()
	f.same(f.glance(c.ID).Receipts, false)
	f.ok(f.Deliveries.NoteReceipts(f.ctx, "tenant-b"))
	f.same(f.glance(c.ID).Receipts, false)
	for range 2 {
		f.ok(f.Deliveries.NoteReceipts(f.ctx, "tenant-a"))
	}
	f.same(f.glance(c.ID).Receipts, true)
}
