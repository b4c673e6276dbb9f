package storetest

import (
	"time"

	"crier/internal/domain"
)

func deliveryTests() []test {
	return []test{
		{"a row, known or unknown", deliveryGet},
		{"paging in order", deliveryPages},
		{"filters", deliveryFilters},
		{"counting what is due", countDue},
		{"counts of several campaigns", countsOfSeveral},
	}
}

func deliveryGet(f *fixture) {
	p := f.install(1)
	c := f.started(draft(named(email(1), "nobody@example.com")))
	rows := f.all(c.ID)
	got, err := f.Deliveries.Get(f.ctx, rows[0].ID)
	f.ok(err)
	f.same(got, domain.Delivery{ID: rows[0].ID, CampaignID: c.ID, Person: p, State: domain.Pending, DueAt: noon(0)})
	got, err = f.Deliveries.Get(f.ctx, rows[1].ID)
	f.ok(err)
	f.same(got, domain.Delivery{ID: rows[1].ID, CampaignID: c.ID, Address: "nobody@example.com", State: domain.Unreachable, Code: domain.UnknownPerson})
	_, err = f.Deliveries.Get(f.ctx, 404)
	f.is(err, domain.NotFound)
	f.is(f.Deliveries.AddTrials(f.ctx, 404, []domain.Person{p}, noon(0)), domain.Conflict)
}

func deliveryPages(f *fixture) {
	f.crowd(9)
	c := f.started(draft(everyone()))
	f.started(draft(everyone()))
	rows := f.claim(c, 0, 6)
	f.finish(rows[:2], accepted(), 0)
	f.finish(rows[2:4], refused(), 0)
	f.finish(rows[4:], lost(), 0)
	var ids, sizes []int64
	for after := int64(0); ; {
		page, err := f.Deliveries.List(f.ctx, c.ID, domain.DeliveryFilter{}, after, 4)
		f.ok(err)
		if len(page) == 0 {
			break
		}
		for _, d := range page {
			if d.CampaignID != c.ID || d.ID <= after {
				f.Fatalf("row %d of campaign %d after %d", d.ID, d.CampaignID, after)
			}
			ids, after = append(ids, d.ID), d.ID
		}
		sizes = append(sizes, int64(len(page)))
	}
	f.same(sizes, []int64{4, 4, 1})
	f.same(len(ids), 9)
}

func deliveryFilters(f *fixture) {
	people := f.crowd(4)
	people[3].Name = "Zoé 100%"
	f.ok(f.People.SaveRoster(f.ctx, people[3]))
	c := f.started(draft(named(email(1), email(2), email(3), email(4), "no_body@example.com")))
	rows := f.claim(c, 0, 2)
	f.finish(rows, accepted(), 0)
	for _, want := range []struct {
		filter domain.DeliveryFilter
		rows   int
	}{
		{domain.DeliveryFilter{}, 5},
		{domain.DeliveryFilter{State: domain.Sent}, 2},
		{domain.DeliveryFilter{State: domain.Pending}, 2},
		{domain.DeliveryFilter{State: domain.Failed}, 0},
		{domain.DeliveryFilter{Query: "PERSON"}, 4},
		{domain.DeliveryFilter{Query: "zoÉ"}, 1},
		{domain.DeliveryFilter{Query: "%"}, 1},
		{domain.DeliveryFilter{Query: "_"}, 1},
		{domain.DeliveryFilter{Query: "person 1", State: domain.Sent}, 1},
		{domain.DeliveryFilter{Query: "person 1", State: domain.Pending}, 0},
	} {
		got, err := f.Deliveries.List(f.ctx, c.ID, want.filter, 0, 50)
		f.ok(err)
		if len(got) != want.rows {
			f.Fatalf("%+v finds %d rows, want %d", want.filter, len(got), want.rows)
		}
	}
}

func countDue(f *fixture) {
	f.crowd(5)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 2)
	for _, want := range []struct {
		at   time.Duration
		most int
		n    int64
	}{{-time.Millisecond, 10, 0}, {0, 10, 5}, {0, 2, 2}} {
		n, err := f.Deliveries.CountDue(f.ctx, noon(want.at), want.most)
		f.ok(err)
		f.same(n, want.n)
	}
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	n, err := f.Deliveries.CountDue(f.ctx, noon(0), 10)
	f.ok(err)
	f.same(n, int64(0))
}

func countsOfSeveral(f *fixture) {
	f.crowd(2)
	one, two := f.started(draft(everyone())), f.started(draft(named(email(1))))
	counts, err := f.Campaigns.Counts(f.ctx, one.ID, two.ID, 404)
	f.ok(err)
	f.same(counts, map[int64]domain.Counts{one.ID: {Listed: 2, Recipients: 2, Pending: 2}, two.ID: {Listed: 1, Recipients: 1, Pending: 1}})
	counts, err = f.Campaigns.Counts(f.ctx)
	f.ok(err)
	f.same(len(counts), 0)
}
