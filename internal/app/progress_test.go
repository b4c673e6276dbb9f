package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

// office is nine to six in Paris, Monday to Friday; noon is a Tuesday, two o'clock there.
func office(zone string) func(*domain.Campaign) {
	return func(c *domain.Campaign) {
		c.Delivery.Hours = &domain.WorkingHours{From: "09:00", To: "18:00", TimeZone: zone}
	}
}

func spreadOver(d time.Duration) func(*domain.Campaign) {
	return func(c *domain.Campaign) { c.Delivery.Spread = d }
}

func capped(perHour int) func(*domain.Campaign) {
	return func(c *domain.Campaign) { c.Delivery.MaxPerHour = perHour }
}

// TestWhyNothingGoes asks for the reports of campaigns that wait.
func TestWhyNothingGoes(t *testing.T) {
	t.Parallel()
	const paris = "Europe/Paris"
	going := domain.Progress{Rate: 12.5, Limit: 30}
	throttled := domain.Progress{Limit: 15, Waiting: domain.WaitThrottled, Until: noon.Add(20 * time.Second)}
	at := func(day, hour int) time.Time { return time.Date(2026, 9, day, hour, 0, 0, 0, time.UTC) }
	tests := map[string]struct {
		campaign func(w *world) domain.Campaign
		engine   domain.Progress
		after    time.Duration // noon
		want     domain.Progress
	}{
		"it goes":                    {func(w *world) domain.Campaign { return w.sending() }, going, 0, going},
		"it will, in a moment":       {func(w *world) domain.Campaign { return w.sending() }, domain.Progress{}, 0, domain.Progress{}},
		"what the engine says":       {func(w *world) domain.Campaign { return w.sending() }, throttled, 0, throttled},
		"outside its hours":          {func(w *world) domain.Campaign { return w.sending(office(paris)) }, domain.Progress{Limit: 30}, 5 * time.Hour, domain.Progress{Limit: 30, Waiting: domain.WaitHours, Until: at(2, 7)}},
		"over the weekend":           {func(w *world) domain.Campaign { return w.sending(office(paris)) }, domain.Progress{}, 77 * time.Hour, domain.Progress{Waiting: domain.WaitHours, Until: at(7, 7)}},
		"still going after its end":  {func(w *world) domain.Campaign { return w.sending(office(paris)) }, going, 5 * time.Hour, going},
		"in the recipients' hours":   {func(w *world) domain.Campaign { return w.sending(office(domain.Recipient)) }, domain.Progress{}, 9 * time.Hour, domain.Progress{}},
		"postponed":                  {func(w *world) domain.Campaign { return w.postponed() }, domain.Progress{}, 0, domain.Progress{Waiting: domain.WaitDue, Until: noon.Add(2 * time.Second)}},
		"postponed, and due by now":  {func(w *world) domain.Campaign { return w.postponed() }, domain.Progress{}, 2 * time.Second, domain.Progress{}},
		"paused":                     {func(w *world) domain.Campaign { return w.paused() }, going, 0, domain.Progress{Waiting: domain.WaitPaused}},
		"scheduled":                  {func(w *world) domain.Campaign { return w.scheduled(startingAt(at(1, 15))) }, going, 0, domain.Progress{Waiting: domain.WaitScheduled, Until: at(1, 15)}},
		"nothing is said of a draft": {func(w *world) domain.Campaign { return w.draft() }, going, 0, domain.Progress{}},
		"nor of what is over":        {func(w *world) domain.Campaign { return w.done() }, going, 0, domain.Progress{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.campaigns.Progress = func(domain.Campaign) domain.Progress { return test.engine }
			c := test.campaign(w)
			w.pass(test.after)
			r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
			w.ok(err)
			w.same(r.Progress, test.want)
		})
	}
}

// postponed is a campaign whose one try failed in passing.
func (w *world) postponed() domain.Campaign {
	w.Helper()
	c := w.sending()
	w.deliver(c, func(domain.Delivery) domain.Result {
		return domain.Result{Verdict: domain.Passing, Code: domain.ServiceError}
	})
	return w.campaign(c.ID)
}

// The next row that is due is found on each database, among those of every tenant.
func TestTheNextTurnIsTold(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		elsewhere := sighting("bob")
		elsewhere.Reference.TenantID = "another"
		w.ok(w.people.Remember(w.ctx, elsewhere))
		c := w.sending(spreadOver(8 * time.Hour))
		first := w.rows(c)[0].DueAt
		for _, d := range w.rows(c) {
			first = earlier(first, d.DueAt)
		}
		r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
		w.ok(err)
		w.same(r.Progress, domain.Progress{Waiting: domain.WaitDue, Until: first})
	})
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// The end is said to the second, rounded up: better a moment late than early.
func TestWhenACampaignShouldEnd(t *testing.T) {
	t.Parallel()
	const paris = "Europe/Paris"
	hour := spreadOver(time.Hour)
	making := func(change ...func(*domain.Campaign)) func(w *world) domain.Campaign {
		return func(w *world) domain.Campaign { return w.sending(change...) }
	}
	tests := map[string]struct {
		campaign func(w *world) domain.Campaign
		rate     float64 // the setting
		engine   domain.Progress
		after    time.Duration // noon
		want     time.Duration // after noon; 0: not said
	}{
		"with the last turn":           {campaign: making(hour), rate: 30, want: time.Hour + time.Second},
		"also half-way":                {campaign: making(hour), rate: 30, after: 30 * time.Minute, want: time.Hour + time.Second},
		"as fast as we may":            {campaign: making(), rate: 0.01, want: 201 * time.Second},
		"when that takes longer":       {campaign: making(hour), rate: 0.0001, after: time.Hour, want: time.Hour + 20_001*time.Second},
		"counted from now":             {campaign: making(), rate: 0.01, after: time.Hour, want: time.Hour + 201*time.Second},
		"soon, when it is late":        {campaign: making(hour), after: 2 * time.Hour, want: 2*time.Hour + time.Second},
		"half a second is a second":    {campaign: making(), rate: 4, want: time.Second},
		"and 1.5 seconds are two":      {campaign: making(), rate: 4.0 / 3, want: 2 * time.Second},
		"what is left counts, alone":   {campaign: func(w *world) domain.Campaign { return w.halfSent() }, rate: 0.01, want: 101 * time.Second},
		"by the limit in force":        {campaign: making(), rate: 30, engine: domain.Progress{Limit: 0.02}, want: 101 * time.Second},
		"not by the speed of a start":  {campaign: making(), rate: 30, engine: domain.Progress{Rate: 0.01}, after: 5 * time.Second, want: 6 * time.Second},
		"by the speed it has":          {campaign: making(), rate: 30, engine: domain.Progress{Rate: 0.05, Limit: 30}, after: time.Minute, want: 101 * time.Second},
		"when the gate opens":          {campaign: making(), rate: 1, engine: domain.Progress{Waiting: domain.WaitThrottled, Until: noon.Add(time.Minute)}, want: 63 * time.Second},
		"by its cap":                   {campaign: making(capped(60)), rate: 30, want: 121 * time.Second},
		"by a cap without a rate":      {campaign: making(capped(60)), want: 121 * time.Second},
		"a cap that is no matter":      {campaign: making(capped(1000)), rate: 0.01, want: 201 * time.Second},
		"in its hours":                 {campaign: making(office(paris), capped(1)), rate: 30, want: 2*time.Hour + time.Second},
		"in the hours of the next day": {campaign: making(office(paris), capped(1)), rate: 30, after: 3 * time.Hour, want: 20*time.Hour + time.Second},
		"all hours are somebody's":     {campaign: making(office(domain.Recipient), capped(1)), rate: 30, after: 45 * time.Hour, want: 47*time.Hour + time.Second},
		"not said of a draft":          {campaign: func(w *world) domain.Campaign { return w.draft() }, rate: 30},
		"nor before it starts":         {campaign: func(w *world) domain.Campaign { return w.scheduled() }, rate: 30},
		"nor while it is paused":       {campaign: func(w *world) domain.Campaign { return w.paused() }, rate: 30},
		"nor when it is over":          {campaign: func(w *world) domain.Campaign { return w.done() }, rate: 30},
		"nor when it was cancelled":    {campaign: func(w *world) domain.Campaign { return w.cancelled() }, rate: 30},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.person("bob")
			w.campaigns.SendRate = test.rate
			w.campaigns.Progress = func(domain.Campaign) domain.Progress { return test.engine }
			c := test.campaign(w)
			w.pass(test.after)
			r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
			w.ok(err)
			want := time.Time{}
			if test.want != 0 {
				want = noon.Add(test.want)
			}
			w.same(r.ExpectedFinishAt, want)
		})
	}
}

func TestTheForecastOfADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.campaigns.Zone = "Europe/Paris"
	w.same(w.campaigns.Forecast(message(), 3000, noon), noon.Add(101*time.Second))
	w.same(w.campaigns.Forecast(message(spreadOver(2*time.Hour)), 3000, noon), noon.Add(2*time.Hour+time.Second))
	w.same(w.campaigns.Forecast(message(capped(100)), 300, noon), noon.Add(3*time.Hour+time.Second))
	// Two hours of the hundred an hour are left in Paris's day, the third is tomorrow's.
	evening := noon.Add(2 * time.Hour)
	w.same(w.campaigns.Forecast(message(capped(100), office("")), 300, evening), time.Date(2026, 9, 2, 8, 0, 1, 0, time.UTC))
	if far := w.campaigns.Forecast(message(capped(1)), 1e12, noon); far.Year() != 2126 {
		t.Errorf("a trillion people at one an hour should take for ever, not until %s", far)
	}
}

// halfSent is a campaign that ana got and bob will get.
func (w *world) halfSent() domain.Campaign {
	w.Helper()
	c := w.sending()
	w.deliver(c, func(d domain.Delivery) domain.Result {
		if d.Person.Name == "ana" {
			return accepted(d)
		}
		return domain.Result{Verdict: domain.Slowed}
	})
	return w.campaign(c.ID)
}
