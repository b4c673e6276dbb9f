package storetest

import (
	"slices"
	"time"

	"crier/internal/domain"
)

func personTests() []test {
	return []test{
		{"an install is remembered whole", rememberWhole},
		{"install and update in any order are one person", rememberAnyOrder},
		{"sixteen at once are one person", rememberAtOnce},
		{"a message renews the reference", rememberRenews},
		{"what is empty changes nothing", rememberEmpty},
		{"a message adds whom no install announced", rememberMessage},
		{"a tenant is learned", rememberTenant},
		{"who left comes back by an install", comeBackByInstall},
		{"who left comes back by a later message only", comeBackByMessage},
		{"leaving twice keeps the first time", leaveTwice},
		{"text that PostgreSQL refuses is kept in part", rememberHostile},
		{"channels are apart", channelsApart},
		{"paging newest first", peoplePages},
		{"search", peopleSearch},
		{"filters", peopleFilters},
		{"erase", erase},
		{"erase forgets the address of somebody unknown", eraseAddress},
		{"nobody is NotFound", nobody},
	}
}

func rememberWhole(f *fixture) {
	v := sighting(1)
	f.ok(f.People.Remember(f.ctx, v, noon(1234*time.Microsecond)))
	want := domain.Person{
		ID: 1, Channel: domain.Teams, Reference: v.Reference, AADObjectID: "aad-1", Name: "Person 1", Locale: "fr-FR",
		TimeZone: "Europe/Paris", Installed: true, InstalledAt: noon(time.Millisecond), RosterDueAt: noon(time.Millisecond),
	}
	f.same(f.sender(1), want)
	if got := f.sender(1).InstalledAt.Location(); got != time.UTC {
		f.Fatalf("times are answered in %v, want UTC", got)
	}
}

func rememberAnyOrder(f *fixture) {
	install, update := sighting(1), sighting(1)
	update.Install = false
	for i, order := range [][]domain.Sighting{{install, update}, {update, install}, {install, install, update, update}} {
		user := []string{"29:x", "29:y", "29:z"}[i]
		for n, v := range order {
			v.Reference.UserID = user
			f.ok(f.People.Remember(f.ctx, v, noon(time.Duration(n)*time.Hour)))
		}
		p, err := f.People.BySender(f.ctx, domain.Teams, user)
		f.ok(err)
		f.same(p.InstalledAt, noon(0))
	}
	n, err := f.People.Count(f.ctx, domain.Teams)
	f.ok(err)
	f.same(n, int64(3))
}

func rememberAtOnce(f *fixture) {
	atOnce(16, func(i int) {
		v := sighting(1)
		v.Install = i%2 == 0
		if err := f.People.Remember(f.ctx, v, noon(0)); err != nil {
			f.Error(err)
		}
	})
	list, err := f.People.List(f.ctx, domain.PersonFilter{}, 0, 50)
	f.ok(err)
	f.same(len(list), 1)
	f.same(list[0].InstalledAt, noon(0))
}

func rememberRenews(f *fixture) {
	f.install(1)
	v := sighting(1)
	v.Install, v.Locale, v.TimeZone, v.Name = false, "en-GB", "Europe/London", "Somebody Else"
	v.Reference.ServiceURL, v.Reference.ConversationID, v.Reference.BotID = "https://smba.trafficmanager.net/uk/", "a:new", "28:new"
	f.ok(f.People.Remember(f.ctx, v, noon(time.Hour)))
	p := f.sender(1)
	f.same(p.Reference, v.Reference)
	f.same([]string{p.Locale, p.TimeZone, p.Name}, []string{"en-GB", "Europe/London", "Person 1"})
	f.same(p.InstalledAt, noon(0))
}

func rememberEmpty(f *fixture) {
	before := f.install(1)
	v := sighting(1)
	v.Install, v.Locale, v.TimeZone, v.Name, v.AADObjectID, v.Reference.TenantID = false, "", "", "", "", ""
	v.Reference.ServiceURL = "https://smba.trafficmanager.net/uk/"
	f.ok(f.People.Remember(f.ctx, v, noon(time.Hour)))
	before.Reference.ServiceURL = v.Reference.ServiceURL
	f.same(f.sender(1), before)
}

func rememberMessage(f *fixture) {
	v := sighting(1)
	v.Install, v.Name = false, ""
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	f.same(f.sender(1).Installed, true)
	v.Name = "Person 1"
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	f.same(f.sender(1).Name, "Person 1")
}

func rememberTenant(f *fixture) {
	v := sighting(1)
	v.Reference.TenantID = ""
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	f.same(f.sender(1).Reference.TenantID, "")
	f.ok(f.People.Remember(f.ctx, sighting(1), noon(time.Hour)))
	f.same(f.sender(1).Reference.TenantID, "tenant-a")
}

func comeBackByInstall(f *fixture) {
	f.install(1)
	f.leave(1, noon(time.Hour))
	p := f.sender(1)
	f.same(p.Installed, false)
	f.same(p.GoneAt, noon(time.Hour))
	f.ok(f.People.Remember(f.ctx, sighting(1), noon(2*time.Hour)))
	p = f.sender(1)
	f.same(p.Installed, true)
	f.same([]time.Time{p.GoneAt, p.InstalledAt, p.RosterDueAt}, []time.Time{{}, noon(2 * time.Hour), noon(2 * time.Hour)})
}

func comeBackByMessage(f *fixture) {
	f.install(1)
	f.leave(1, noon(time.Hour))
	v := sighting(1)
	v.Install = false
	for _, c := range []struct {
		written time.Time
		back    bool
	}{{noon(time.Hour - time.Millisecond), false}, {noon(time.Hour), false}, {noon(time.Hour + time.Millisecond), true}} {
		v.At = c.written
		f.ok(f.People.Remember(f.ctx, v, noon(2*time.Hour)))
		if p := f.sender(1); p.Installed != c.back || p.GoneAt.IsZero() != c.back {
			f.Fatalf("after a message of %v: %+v, back %v wanted", c.written, p, c.back)
		}
	}
	f.same(f.sender(1).InstalledAt, noon(2*time.Hour))
}

func leaveTwice(f *fixture) {
	f.install(1)
	f.leave(1, noon(time.Hour))
	f.leave(1, noon(2*time.Hour))
	f.same(f.sender(1).GoneAt, noon(time.Hour))
	f.leave(99, noon(time.Hour)) // unknown: nothing to do
}

func rememberHostile(f *fixture) {
	v := sighting(1)
	v.Name, v.Locale = "Zero\x00byte", "half\xc3"
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	f.same([]string{f.sender(1).Name, f.sender(1).Locale}, []string{"Zero\uFFFDbyte", "half\uFFFD"})
	_, err := f.People.List(f.ctx, domain.PersonFilter{Query: "\x00\xff"}, 0, 10)
	f.ok(err)
}

func channelsApart(f *fixture) {
	v := sighting(1)
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	v.Channel, v.Reference.TenantID = domain.Skype, ""
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	f.ok(f.People.Leave(f.ctx, domain.Skype, "29:1", noon(time.Hour)))
	f.same(f.sender(1).Installed, true)
	p, err := f.People.BySender(f.ctx, domain.Skype, "29:1")
	f.ok(err)
	f.same(p.Installed, false)
}

func peoplePages(f *fixture) {
	f.passersby(1, 7)
	var seen []string
	for before := int64(0); ; {
		page, err := f.People.List(f.ctx, domain.PersonFilter{}, before, 3)
		f.ok(err)
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			seen = append(seen, p.Reference.UserID)
		}
		before = page[len(page)-1].ID
	}
	f.same(seen, []string{"29:7", "29:6", "29:5", "29:4", "29:3", "29:2", "29:1"})
}

// found are the names that a filter finds, in order.
func (f *fixture) found(filter domain.PersonFilter) []string {
	f.Helper()
	list, err := f.People.List(f.ctx, filter, 0, 50)
	f.ok(err)
	names := []string{}
	for _, p := range list {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

func peopleSearch(f *fixture) {
	for n, name := range []string{"Élodie Dupont", "ÉLODIE MARTIN", "100% Bob", "snake_case", `back\slash`, "Snakeycase"} {
		v := sighting(n + 1)
		v.Name = name
		f.ok(f.People.Remember(f.ctx, v, noon(0)))
		p := f.sender(n + 1)
		p.Email = email(n + 1)
		f.ok(f.People.SaveRoster(f.ctx, p))
	}
	for query, want := range map[string][]string{
		"élodie": {"ÉLODIE MARTIN", "Élodie Dupont"}, "MARTIN": {"ÉLODIE MARTIN"}, "%": {"100% Bob"}, "_": {"snake_case"},
		`\`: {`back\slash`}, "PERSON.3@": {"100% Bob"}, "nobody": {}, "'": {},
	} {
		f.same(f.found(domain.PersonFilter{Query: query}), want)
	}
}

func peopleFilters(f *fixture) {
	f.crowd(3)
	f.leave(2, noon(time.Hour))
	v := sighting(4)
	v.Channel = domain.Skype
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	yes, no := true, false
	f.same(f.found(domain.PersonFilter{}), []string{"Person 1", "Person 2", "Person 3", "Person 4"})
	f.same(f.found(domain.PersonFilter{Installed: &no}), []string{"Person 2"})
	f.same(f.found(domain.PersonFilter{Installed: &yes, Channel: domain.Teams}), []string{"Person 1", "Person 3"})
	f.same(f.found(domain.PersonFilter{Installed: &yes, Channel: domain.Teams, Query: "3"}), []string{"Person 3"})
	n, err := f.People.Count(f.ctx, domain.Teams)
	f.ok(err)
	f.same(n, int64(2))
}

func erase(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	f.sent(c)
	id := f.sender(1).ID
	f.ok(f.People.Erase(f.ctx, id, noon(time.Hour)))
	p, err := f.People.Get(f.ctx, id)
	f.ok(err)
	want := domain.Person{ID: id, Channel: domain.Teams, InstalledAt: noon(0), GoneAt: noon(time.Hour)}
	want.Reference.UserID = p.Reference.UserID
	f.same(p, want)
	_, err = f.People.BySender(f.ctx, domain.Teams, "29:1")
	f.is(err, domain.NotFound)
	f.same(f.found(domain.PersonFilter{}), []string{"Person 2"})
	f.same(f.counted(c.ID).Sent, int64(2))
	f.is(f.People.Erase(f.ctx, id, noon(time.Hour)), domain.NotFound)
	f.ok(f.People.SaveRoster(f.ctx, domain.Person{ID: id, Name: "A late answer of the roster"}))
	f.same(f.found(domain.PersonFilter{}), []string{"Person 2"})
	if f.install(1).ID == id {
		f.Fatal("who comes back after being erased is a new person")
	}
}

func eraseAddress(f *fixture) {
	one := f.started(draft(named(email(1), "p1@corp.example.com", email(2))))
	f.install(1)
	f.ok(f.People.Erase(f.ctx, f.sender(1).ID, noon(time.Hour)))
	var addresses []string
	for _, d := range f.all(one.ID) {
		addresses = append(addresses, d.Address)
	}
	f.same(addresses, []string{"", "", "person.2@example.com"})
	f.same(f.counted(one.ID).Listed, int64(3))
}

func nobody(f *fixture) {
	_, err := f.People.Get(f.ctx, 404)
	f.is(err, domain.NotFound)
	_, err = f.People.BySender(f.ctx, domain.Teams, "29:404")
	f.is(err, domain.NotFound)
	f.is(f.People.Erase(f.ctx, 404, noon(0)), domain.NotFound)
	list, err := f.People.List(f.ctx, domain.PersonFilter{}, 0, 10)
	f.ok(err)
	f.same(len(list), 0)
}
