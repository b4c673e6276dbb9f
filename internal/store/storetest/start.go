package storetest

import (
	"fmt"
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

func startTests() []test {
	return []test{
		{"everyone who has the app on the channel", startEveryone},
		{"addresses, known, gone, unknown and doubled", startAddresses},
		{"twice, or eight times at once, is once", startOnce},
		{"a lane a tenant", startLanes},
		{"many, in several parts, with one who leaves meanwhile and one who comes", startParts},
		{"cancelled while its audience is written down", startCancelled},
		{"turns are drawn in the window, and the same again", startSpread},
		{"many addresses, in several parts", startManyAddresses},
		{"an audience of nobody is done at once", startNobody},
		{"an audience that nobody can be reached of is done at once", startUnreachable},
	}
}

func startEveryone(f *fixture) {
	f.crowd(3)
	f.leave(2, noon(0))
	v := sighting(4)
	v.Channel = domain.Skype
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	c := f.started(draft(everyone()))
	f.same(c.Status, domain.Sending)
	f.same(c.StartedAt, noon(0))
	f.passersby(5, 5) // who comes later is not named
	rows := f.all(c.ID)
	f.same(len(rows), 2)
	want := domain.Delivery{
		ID: rows[0].ID, CampaignID: c.ID, State: domain.Pending, DueAt: noon(0),
		Person: domain.Person{ID: f.sender(1).ID, Name: "Person 1", Email: email(1)},
	}
	f.same(rows[0], want)
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Pending: 2})
}

func startAddresses(f *fixture) {
	f.crowd(3)
	f.leave(3, noon(0))
	c := f.started(draft(named(email(1), "PERSON.1@example.COM", "p1@corp.example.com", "P2@CORP.example.com", email(3),
		"Nobody@example.com", "NOBODY@example.com ", "p3@corp.example.com", email(2))))
	type row struct {
		Person  string
		Address string
		State   domain.State
		Code    domain.Code
	}
	var got []row
	for _, d := range f.all(c.ID) {
		got = append(got, row{d.Person.Name, d.Address, d.State, d.Code})
	}
	f.same(got, []row{
		{"Person 1", "", domain.Pending, ""}, {"Person 2", "", domain.Pending, ""},
		{"Person 3", "", domain.Unreachable, domain.NotInstalled}, {"", "nobody@example.com", domain.Unreachable, domain.UnknownPerson},
	})
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Unreachable: 2, Recipients: 2, Pending: 2})
}

func startOnce(f *fixture) {
	f.crowd(3)
	c := f.scheduled(draft(everyone()))
	var started atomic.Int32
	atOnce(8, func(int) {
		err := f.Campaigns.Start(f.ctx, c.ID, noon(0))
		if err == nil {
			started.Add(1)
		} else if domain.KindOf(err) != domain.Conflict {
			f.Error(err)
		}
	})
	f.same(started.Load(), int32(1))
	naming, err := f.Campaigns.Naming(f.ctx)
	f.ok(err)
	f.same(naming, []int64{c.ID})
	f.same(f.campaign(c.ID).Status, domain.Sending) // nothing is left, but not all are named
	atOnce(8, func(int) {
		if _, err := f.Campaigns.Name(f.ctx, c.ID, noon(0)); unexpected(err) {
			f.Error(err)
		}
	})
	more, err := f.Campaigns.Name(f.ctx, c.ID, noon(0))
	f.ok(err)
	f.same(more, false)
	f.is(f.Campaigns.Start(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.same(f.counted(c.ID).Listed, int64(3))
	due, err := f.Campaigns.Due(f.ctx, noon(0))
	f.ok(err)
	f.same(len(due), 0)
}

func startParts(f *fixture) {
	const people = 5300 // more than a part
	f.crowdFast(people)
	c := f.scheduled(draft(everyone()))
	f.ok(f.Campaigns.Start(f.ctx, c.ID, noon(0)))
	more, err := f.Campaigns.Name(f.ctx, c.ID, noon(0))
	f.ok(err)
	f.same(more, true)
	some := f.claim(c, 0, 10) // the first go while the others are named
	f.same(len(some), 10)
	f.finish(some, accepted(), 0)
	f.leave(people, noon(time.Second))
	f.passersby(people+1, people+1)
	for more {
		more, err = f.Campaigns.Name(f.ctx, c.ID, noon(time.Minute))
		f.ok(err)
	}
	f.same(f.counted(c.ID), domain.Counts{Listed: people, Recipients: people, Pending: people - 10, Sent: 10})
}

func startCancelled(f *fixture) {
	const people = 5100
	f.crowdFast(people)
	c := f.scheduled(draft(everyone()))
	f.ok(f.Campaigns.Start(f.ctx, c.ID, noon(0)))
	_, err := f.Campaigns.Name(f.ctx, c.ID, noon(0))
	f.ok(err)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(time.Second)))
	for more := true; more; {
		var err error
		more, err = f.Campaigns.Name(f.ctx, c.ID, noon(time.Second))
		f.ok(err)
	}
	f.same(f.counted(c.ID), domain.Counts{Listed: people, Recipients: people, Cancelled: people})
}

func startLanes(f *fixture) {
	f.installIn(1, "tenant-b")
	f.installIn(2, "tenant-a")
	f.installIn(3, "tenant-a")
	f.installIn(4, "tenant-gone")
	f.leave(4, noon(0))
	d := draft(named(email(1), email(2), email(3), email(4), "nobody@example.com"))
	d.Delivery.Spread = time.Hour
	first, second := f.started(d), f.started(draft(everyone()))
	lanes, err := f.Deliveries.Lanes(f.ctx, noon(time.Hour))
	f.ok(err)
	a, b := domain.Lane{CampaignID: first.ID, TenantID: "tenant-a"}, domain.Lane{CampaignID: first.ID, TenantID: "tenant-b"}
	a2, b2 := domain.Lane{CampaignID: second.ID, TenantID: "tenant-a"}, domain.Lane{CampaignID: second.ID, TenantID: "tenant-b"}
	f.same(lanes, []domain.Lane{a, b, a2, b2})
	f.same(len(f.claim(second, 0, 10)), 2)
	lanes, err = f.Deliveries.Lanes(f.ctx, noon(0)) // the first's turns have not come, the second's lane a is in flight
	f.ok(err)
	f.same(lanes, []domain.Lane{b2})
	f.ok(f.Campaigns.Move(f.ctx, second.ID, domain.Paused, "", noon(0), domain.Sending))
	lanes, err = f.Deliveries.Lanes(f.ctx, noon(0))
	f.ok(err)
	f.same(len(lanes), 0)
}

func startSpread(f *fixture) {
	f.crowd(20)
	d := draft(everyone())
	d.Delivery.Spread = 2 * time.Hour
	c := f.started(d)
	different := map[time.Time]bool{}
	for _, row := range f.all(c.ID) {
		if row.DueAt.Before(noon(0)) || !row.DueAt.Before(noon(2*time.Hour)) {
			f.Fatalf("a turn at %v is not in the window", row.DueAt)
		}
		f.same(row.DueAt, domain.NewTimetable(d.Delivery, c.ID, noon(0), "UTC").First(row.Person.ID, ""))
		different[row.DueAt] = true
	}
	if len(different) < 15 {
		f.Fatalf("20 people have %d turns", len(different))
	}
}

func startManyAddresses(f *fixture) {
	f.crowd(2)
	addresses := []string{email(1)}
	for n := range 1200 {
		addresses = append(addresses, fmt.Sprintf("unknown.%d@example.com", n))
	}
	// Person 1 again by the other name, far from the first.
	c := f.started(draft(named(append(addresses, "p1@corp.example.com", email(2), "UNKNOWN.0@example.com")...)))
	f.same(f.counted(c.ID), domain.Counts{Listed: 1202, Unreachable: 1200, Recipients: 2, Pending: 2})
	listed, reachable, err := f.Campaigns.AudienceSize(f.ctx, c.Channel, c.Audience)
	f.ok(err)
	f.same([]int64{listed, reachable}, []int64{1202, 2})
}

func startNobody(f *fixture) {
	for _, a := range []domain.Audience{everyone(), {}, named(" ")} {
		c := f.started(draft(a))
		f.same(c.Status, domain.Done)
		f.same(c.FinishedAt, noon(0))
		f.same(f.counted(c.ID), domain.Counts{})
	}
}

func startUnreachable(f *fixture) {
	c := f.started(draft(named("nobody@example.com")))
	f.same(c.Status, domain.Done)
	f.same(f.counted(c.ID), domain.Counts{Listed: 1, Unreachable: 1})
}
