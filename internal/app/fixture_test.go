package app_test

import (
	"fmt"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// sighting is what somebody's install shows.
func sighting(name string) domain.Sighting {
	return domain.Sighting{
		Channel: domain.Teams, Install: true, AADObjectID: "aad-" + name, Name: name, At: noon,
		Reference: domain.ConversationReference{
			ConversationID: "a:" + name, ServiceURL: "https://smba.trafficmanager.net/emea/", TenantID: "tenant", UserID: "29:" + name, BotID: "28:bot",
		},
	}
}

func address(name string) string { return name + "@example.com" }

// newcomer is somebody who just installed the app.
func (w *world) newcomer(name string) domain.Person {
	w.Helper()
	w.ok(w.people.Remember(w.ctx, sighting(name)))
	return w.who(name)
}

// person is somebody who has the app and whom the roster named.
func (w *world) person(name string) domain.Person {
	w.Helper()
	p := w.newcomer(name)
	p.Email, p.UPN = address(name), name+"@corp.example"
	w.ok(w.people.Learn(w.ctx, p))
	return w.who(name)
}

// former is somebody who had the app.
func (w *world) former(name string) domain.Person {
	w.Helper()
	w.person(name)
	w.ok(w.people.Leave(w.ctx, domain.Teams, "29:"+name))
	return w.who(name)
}

func (w *world) who(name string) domain.Person {
	w.Helper()
	p, err := w.people.BySender(w.ctx, domain.Teams, "29:"+name)
	w.ok(err)
	return p
}

// message is a campaign that is ready to go, to everyone.
func message(change ...func(*domain.Campaign)) domain.Campaign {
	c := domain.Campaign{Name: "Drill", Kind: domain.KindMessage, Content: domain.Content{Text: "Out."}, Audience: domain.Audience{Everyone: true}}
	for _, do := range change {
		do(&c)
	}
	return c
}

func called(name string) func(*domain.Campaign) { return func(c *domain.Campaign) { c.Name = name } }

func to(addresses ...string) func(*domain.Campaign) {
	return func(c *domain.Campaign) { c.Audience = domain.Audience{People: addresses} }
}

func startingAt(at time.Time) func(*domain.Campaign) {
	return func(c *domain.Campaign) { c.Delivery.StartAt = at }
}

// survey makes a campaign one that asks about tea.
func survey(change ...func(*domain.Survey)) func(*domain.Campaign) {
	s := &domain.Survey{Questions: []domain.Question{{ID: "tea", Type: domain.Choice, Text: "Tea?", Options: []string{"Yes", "No"}}}}
	for _, do := range change {
		do(s)
	}
	return func(c *domain.Campaign) {
		c.Kind, c.Content = domain.KindSurvey, domain.Content{Title: "Break", Survey: s}
	}
}

func (w *world) draft(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c, err := w.campaigns.Create(w.ctx, author, message(change...))
	w.ok(err)
	return c
}

func (w *world) scheduled(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c, err := w.campaigns.Send(w.ctx, sender, w.draft(change...).ID, time.Time{})
	w.ok(err)
	return c
}

func (w *world) sending(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c := w.scheduled(change...)
	w.ok(storetest.Start(w.ctx, store.Campaigns{DB: w.db}, c.ID, w.clock()))
	return w.campaign(c.ID)
}

func (w *world) paused(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c, err := w.campaigns.Pause(w.ctx, sender, w.sending(change...).ID)
	w.ok(err)
	return c
}

// done is a campaign that everybody got, with activity ids from "1" on.
func (w *world) done(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c := w.sending(change...)
	w.deliver(c, accepted)
	return w.campaign(c.ID)
}

func (w *world) cancelled(change ...func(*domain.Campaign)) domain.Campaign {
	w.Helper()
	c, err := w.campaigns.Cancel(w.ctx, sender, w.sending(change...).ID)
	w.ok(err)
	return c
}

// in is a campaign in that status.
func (w *world) in(s domain.Status) domain.Campaign {
	w.Helper()
	makers := map[domain.Status]func(...func(*domain.Campaign)) domain.Campaign{
		domain.Draft: w.draft, domain.Scheduled: w.scheduled, domain.Sending: w.sending, domain.Paused: w.paused,
		domain.Done: w.done, domain.Cancelled: w.cancelled,
	}
	c := makers[s]()
	if c.Status != s {
		w.Fatalf("the campaign is %s, not %s", c.Status, s)
	}
	return c
}

func (w *world) campaign(id int64) domain.Campaign {
	w.Helper()
	c, err := w.campaigns.Get(w.ctx, owner, id)
	w.ok(err)
	return c
}

func accepted(d domain.Delivery) domain.Result {
	return domain.Result{Verdict: domain.Accepted, ActivityID: fmt.Sprint(d.ID)}
}

func refused(domain.Delivery) domain.Result {
	return domain.Result{Verdict: domain.Refused, Code: domain.BlockedByUser}
}

// numbered is the channel taking a message under this activity id.
func numbered(id string) func(domain.Delivery) domain.Result {
	return func(domain.Delivery) domain.Result { return domain.Result{Verdict: domain.Accepted, ActivityID: id} }
}

// deliver sends what is due of a campaign, as the engine does; answer is the channel's.
func (w *world) deliver(c domain.Campaign, answer func(domain.Delivery) domain.Result) []domain.Delivery {
	w.Helper()
	now := w.clock()
	rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: c.ID, TenantID: "tenant"}, now, 100)
	w.ok(err)
	w.finish(c, rows, answer)
	if c.Parent != 0 { // a change has no rows of its own to show
		return nil
	}
	return w.rows(c)
}

// tried are the test sends that waited, sent.
func (w *world) tried(c domain.Campaign) []domain.Delivery {
	w.Helper()
	now := w.clock()
	rows, err := w.worker.ClaimTrials(w.ctx, now, 100)
	w.ok(err)
	w.finish(c, rows, accepted)
	return rows
}

func (w *world) finish(c domain.Campaign, rows []domain.Delivery, answer func(domain.Delivery) domain.Result) {
	w.Helper()
	var batch []domain.Finished
	for _, d := range rows {
		batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Next(d, answer(d), domain.NewTimetable(c.Delivery, c.ID, c.StartedAt, "UTC"), w.clock(), 0.5)})
	}
	w.ok(w.worker.Finish(w.ctx, batch, w.clock()))
}

func (w *world) rows(c domain.Campaign) []domain.Delivery {
	w.Helper()
	rows, err := w.campaigns.Rows(w.ctx, analyst, c.ID, domain.DeliveryFilter{}, 0, 500)
	w.ok(err)
	return rows
}

func (w *world) counts(c domain.Campaign) domain.Counts {
	w.Helper()
	by, err := w.campaigns.Counts(w.ctx, analyst, c.ID)
	w.ok(err)
	return by[c.ID]
}

// snapshot is everything there is.
type snapshot struct {
	Campaigns []domain.Campaign
	Counts    map[int64]domain.Counts
	Rows      []domain.Delivery
	People    []domain.Person
	Trials    int64
}

func (w *world) snapshot() snapshot {
	w.Helper()
	var s snapshot
	var err error
	s.Campaigns, err = w.campaigns.List(w.ctx, owner, domain.CampaignFilter{}, 0, 500)
	w.ok(err)
	var ids []int64
	for _, c := range s.Campaigns {
		ids = append(ids, c.ID)
		s.Rows = append(s.Rows, w.rows(c)...)
	}
	s.Counts, err = w.campaigns.Counts(w.ctx, owner, ids...)
	w.ok(err)
	s.People, err = w.people.List(w.ctx, owner, domain.PersonFilter{}, 0, 500)
	w.ok(err)
	s.Trials = w.waitingTrials()
	return s
}

// waitingTrials is how many test sends wait.
func (w *world) waitingTrials() int64 {
	w.Helper()
	rows, err := w.worker.ClaimTrials(w.ctx, w.clock(), 100)
	w.ok(err)
	var back []domain.Finished
	for _, d := range rows {
		d.Attempts--
		back = append(back, d.Unchanged())
	}
	w.ok(w.worker.Finish(w.ctx, back, w.clock()))
	return int64(len(rows))
}
