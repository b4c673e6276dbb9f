package storetest

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

func campaignTests() []test {
	return []test{
		{"everything comes back as it was stored", campaignWhole},
		{"what is left out comes back left out", campaignBare},
		{"paging newest first", campaignPages},
		{"filters", campaignFilters},
		{"saving changes the draft and its revision", saveDraft},
		{"a stale save is Stale, of many at once one wins", saveStale},
		{"saving a scheduled one makes it a draft", saveScheduled},
		{"saving a started one is a Conflict", saveStarted},
		{"scheduling", schedule},
		{"moving compares the old status", move},
		{"by status", byStatus},
		{"deleting", deleteCampaign},
		{"deleting while people react", deleteRace},
		{"an unknown one is NotFound", noCampaign},
	}
}

func campaignWhole(f *fixture) {
	c := draft(domain.Audience{Lists: []int64{3, 4}, People: []string{"a@x.io"}, ExcludeLists: []int64{5}})
	c.Content = domain.Content{
		Title: "Été <b>", Text: "a\x00b \"quoted\" & 'so'", Author: "Ada", Image: &domain.Image{URL: "https://x.io/a.png", Alt: "a"},
		Buttons: []domain.Button{{Title: "Go", URL: "https://x.io/?a=1&b=2"}}, AdaptiveCard: json.RawMessage(`{"text":"<&>"}`),
		Survey: &domain.Survey{Style: domain.OneByOne, Privacy: domain.Identified, ClosesAt: noon(time.Hour).UTC(), Questions: []domain.Question{
			{ID: "q1", Type: domain.Choice, Text: "?", Options: []string{"A", "B"}, Goto: map[string]string{"A": "end"}}}},
	}
	c.Delivery = domain.Policy{
		StartAt: noon(time.Hour), Spread: 2 * time.Hour, Presence: []domain.Presence{domain.Available}, MaxPerHour: 7, OnUncertain: domain.Hold,
		Hours: &domain.WorkingHours{Days: []string{"mon"}, From: "09:00", To: "18:00", TimeZone: "recipient"},
	}
	stored := f.create(c)
	c.ID, c.Revision = stored.ID, 1
	f.same(stored, c)
	f.same(f.campaign(c.ID), c)
}

func campaignBare(f *fixture) {
	c := f.create(domain.Campaign{Status: domain.Draft, CreatedAt: noon(0), UpdatedAt: noon(0)})
	f.same(f.campaign(c.ID), c)
	f.same(f.counts(c.ID), domain.Counts{})
}

func (f *fixture) foundCampaigns(filter domain.CampaignFilter, before int64, limit int) []string {
	f.Helper()
	list, err := f.Campaigns.List(f.ctx, filter, before, limit)
	f.ok(err)
	names := []string{}
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}

func campaignPages(f *fixture) {
	var last domain.Campaign
	for n := range 5 {
		c := draft(everyone())
		c.Name = fmt.Sprintf("c%d", n)
		last = f.create(c)
	}
	f.same(f.foundCampaigns(domain.CampaignFilter{}, 0, 2), []string{"c4", "c3"})
	f.same(f.foundCampaigns(domain.CampaignFilter{}, last.ID-1, 2), []string{"c2", "c1"})
	f.same(f.foundCampaigns(domain.CampaignFilter{}, last.ID-3, 2), []string{"c0"})
}

func campaignFilters(f *fixture) {
	for _, c := range []struct {
		name      string
		kind      domain.Kind
		channel   domain.Channel
		scheduled bool
	}{
		{"Été 100%", domain.KindIdea, domain.Teams, false}, {"ÉTÉ 2", domain.KindMessage, domain.Skype, true}, {"winter", domain.KindIdea, domain.Teams, true},
	} {
		d := draft(everyone())
		d.Name, d.Kind, d.Channel = c.name, c.kind, c.channel
		if c.scheduled {
			f.scheduled(d)
		} else {
			f.create(d)
		}
	}
	for _, c := range []struct {
		filter domain.CampaignFilter
		want   []string
	}{
		{domain.CampaignFilter{}, []string{"winter", "ÉTÉ 2", "Été 100%"}},
		{domain.CampaignFilter{Statuses: []domain.Status{domain.Scheduled}}, []string{"winter", "ÉTÉ 2"}},
		{domain.CampaignFilter{Statuses: []domain.Status{domain.Draft, domain.Done}}, []string{"Été 100%"}},
		{domain.CampaignFilter{Kind: domain.KindIdea, Statuses: []domain.Status{domain.Scheduled}}, []string{"winter"}},
		{domain.CampaignFilter{Channel: domain.Skype}, []string{"ÉTÉ 2"}},
		{domain.CampaignFilter{Name: "éTé 2"}, []string{"ÉTÉ 2"}},
		{domain.CampaignFilter{Name: "été"}, []string{}},
		{domain.CampaignFilter{Query: "éTé"}, []string{"ÉTÉ 2", "Été 100%"}},
		{domain.CampaignFilter{Query: "%"}, []string{"Été 100%"}},
	} {
		f.same(f.foundCampaigns(c.filter, 0, 50), c.want)
	}
}

func saveDraft(f *fixture) {
	c := f.create(draft(everyone()))
	c.Name, c.Content.Text, c.Audience, c.Kind = "Été", "Walk", named("a@x.io"), domain.KindIdea
	c.Delivery.Spread, c.Delivery.StartAt = time.Hour, noon(time.Hour)
	saved, err := f.Campaigns.Save(f.ctx, c, noon(time.Minute))
	f.ok(err)
	c.Revision, c.UpdatedAt = 2, noon(time.Minute)
	f.same(saved, c)
	f.same(f.campaign(c.ID), c)
	f.same(f.foundCampaigns(domain.CampaignFilter{Query: "été"}, 0, 5), []string{"Été"})
}

func saveStale(f *fixture) {
	c := f.create(draft(everyone()))
	var saved, stale atomic.Int32
	atOnce(8, func(int) {
		switch _, err := f.Campaigns.Save(f.ctx, c, noon(0)); {
		case err == nil:
			saved.Add(1)
		case domain.KindOf(err) == domain.Stale:
			stale.Add(1)
		default:
			f.Error(err)
		}
	})
	f.same([]int32{saved.Load(), stale.Load()}, []int32{1, 7})
}

func saveScheduled(f *fixture) {
	c := f.scheduled(draft(everyone()))
	_, err := f.Campaigns.Save(f.ctx, c, noon(0))
	f.ok(err)
	f.same(f.campaign(c.ID).Status, domain.Draft)
	f.is(f.Campaigns.Start(f.ctx, c.ID, noon(0)), domain.Conflict)
}

func saveStarted(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	_, err := f.Campaigns.Save(f.ctx, c, noon(0))
	f.is(err, domain.Conflict)
	c.Revision++
	_, err = f.Campaigns.Save(f.ctx, c, noon(0))
	f.is(err, domain.Conflict)
	f.same(f.campaign(c.ID).Status, domain.Sending)
}

func schedule(f *fixture) {
	c := f.create(draft(everyone()))
	f.is(f.Campaigns.Schedule(f.ctx, c.ID, c.Revision+1, noon(time.Hour), noon(0)), domain.Conflict)
	f.ok(f.Campaigns.Schedule(f.ctx, c.ID, c.Revision, noon(2*time.Hour), noon(0)))
	f.is(f.Campaigns.Schedule(f.ctx, c.ID, c.Revision, noon(time.Hour), noon(0)), domain.Conflict)
	got := f.campaign(c.ID)
	f.same(got.Status, domain.Scheduled)
	f.same(got.Delivery.StartAt, noon(2*time.Hour))
	for at, want := range map[time.Duration]int{2*time.Hour - time.Millisecond: 0, 2 * time.Hour: 1} {
		due, err := f.Campaigns.Due(f.ctx, noon(at))
		f.ok(err)
		f.same(len(due), want)
	}
	f.is(f.Campaigns.Start(f.ctx, c.ID, noon(time.Hour)), domain.Conflict)
	f.ok(f.Campaigns.Start(f.ctx, c.ID, noon(2*time.Hour)))
	f.is(f.Campaigns.Schedule(f.ctx, c.ID, c.Revision, noon(0), noon(0)), domain.Conflict)
}

func move(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "Why", noon(time.Hour), domain.Sending))
	got := f.campaign(c.ID)
	f.same([]string{string(got.Status), got.Notice}, []string{"paused", "Why"})
	f.is(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending), domain.Conflict)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(0), domain.Scheduled, domain.Paused))
	f.same(f.campaign(c.ID).Notice, "")
}

func byStatus(f *fixture) {
	f.create(draft(everyone()))
	f.create(draft(everyone()))
	f.scheduled(draft(everyone()))
	by, err := f.Campaigns.ByStatus(f.ctx)
	f.ok(err)
	f.same(by, map[domain.Status]int64{domain.Draft: 2, domain.Scheduled: 1})
}

func deleteCampaign(f *fixture) {
	f.crowd(2)
	c := f.scheduled(draft(everyone()))
	f.is(f.Campaigns.Delete(f.ctx, c.ID), domain.Conflict)
	f.ok(Start(f.ctx, f.Campaigns, c.ID, noon(0)))
	f.is(f.Campaigns.Delete(f.ctx, c.ID), domain.Conflict)
	rows := f.sent(c)
	f.ok(f.Deliveries.React(f.ctx, rows[0], "like", true, noon(0)))
	f.answered(rows[0], 0)
	f.ok(f.Campaigns.Delete(f.ctx, c.ID))
	_, err := f.Campaigns.Get(f.ctx, c.ID)
	f.is(err, domain.NotFound)
	_, err = f.Deliveries.Get(f.ctx, rows[0].ID)
	f.is(err, domain.NotFound)
	f.same(len(f.all(c.ID)), 0)
	counts, err := f.Campaigns.Counts(f.ctx, c.ID)
	f.ok(err)
	f.same(len(counts), 0)
	f.is(f.Deliveries.React(f.ctx, rows[0], "like", true, noon(0)), domain.NotFound)
}

// deleteRace has the two wait for each other's rows: neither may fail for that.
func deleteRace(f *fixture) {
	f.crowd(8)
	for range 6 {
		c := f.started(draft(everyone()))
		rows := f.sent(c)
		atOnce(9, func(i int) {
			var err error
			if i == 8 {
				err = f.Campaigns.Delete(f.ctx, c.ID)
			} else {
				err = f.Deliveries.React(f.ctx, rows[i], "like", true, noon(0))
			}
			if err != nil && domain.KindOf(err) != domain.NotFound {
				f.Error(err)
			}
		})
		_, err := f.Campaigns.Get(f.ctx, c.ID)
		f.is(err, domain.NotFound)
	}
}

func noCampaign(f *fixture) {
	_, err := f.Campaigns.Get(f.ctx, 404)
	f.is(err, domain.NotFound)
	_, err = f.Campaigns.Save(f.ctx, domain.Campaign{ID: 404, Revision: 1}, noon(0))
	f.is(err, domain.NotFound)
	f.is(f.Campaigns.Start(f.ctx, 404, noon(0)), domain.Conflict)
	f.is(f.Campaigns.Delete(f.ctx, 404), domain.Conflict)
}
