package storetest

import (
	"time"

	"crier/internal/domain"
)

func addressTests() []test {
	return []test{
		{"by address and principal name, in any case", byAddress},
		{"an empty address is nobody's", byEmptyAddress},
		{"of several, who has the app, then who came last", byAddressSeveral},
		{"an audience's size", audienceSize},
	}
}

func byAddress(f *fixture) {
	p := f.install(1)
	for _, address := range []string{email(1), "person.1@example.com", " PERSON.1@EXAMPLE.COM ", "P1@corp.example.com"} {
		for _, channel := range []domain.Channel{"", domain.Teams} {
			got, err := f.People.ByAddress(f.ctx, channel, address)
			f.ok(err)
			f.same(got, p)
		}
	}
	_, err := f.People.ByAddress(f.ctx, domain.Skype, email(1))
	f.is(err, domain.NotFound)
	_, err = f.People.ByAddress(f.ctx, "", "person.1@example.co")
	f.is(err, domain.NotFound)
}

func byEmptyAddress(f *fixture) {
	f.passersby(1, 1)
	for _, address := range []string{"", " "} {
		_, err := f.People.ByAddress(f.ctx, "", address)
		f.is(err, domain.NotFound)
	}
}

func byAddressSeveral(f *fixture) {
	for n, p := range f.crowd(3) {
		p.Email = "shared@example.com"
		f.ok(f.People.SaveRoster(f.ctx, p))
		if n == 2 {
			f.leave(3, noon(time.Hour))
		}
	}
	p, err := f.People.ByAddress(f.ctx, "", "shared@example.com")
	f.ok(err)
	f.same(p.Reference.UserID, "29:2")
	c := f.started(draft(named("shared@example.com")))
	f.same(f.claim(c, 0, 5)[0].Person.ID, p.ID)
}

func audienceSize(f *fixture) {
	f.crowd(3)
	f.leave(2, noon(time.Hour))
	for _, c := range []struct {
		audience          domain.Audience
		listed, reachable int64
	}{
		{everyone(), 2, 2},
		{named(email(1), email(2), "nobody@example.com", "NOBODY@example.com", "p1@corp.example.com"), 3, 1},
		{domain.Audience{}, 0, 0},
	} {
		listed, reachable, err := f.Campaigns.AudienceSize(f.ctx, domain.Teams, c.audience)
		f.ok(err)
		f.same([]int64{listed, reachable}, []int64{c.listed, c.reachable})
	}
	listed, _, err := f.Campaigns.AudienceSize(f.ctx, domain.Skype, everyone())
	f.ok(err)
	f.same(listed, int64(0))
}
