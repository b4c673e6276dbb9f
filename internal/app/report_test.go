package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

func TestWhatAReportSays(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		c := w.campaignWithFailures(domain.Sending)
		ana := w.rows(c)[0]
		w.ok(w.signals.React(w.ctx, w.who("ana"), ana.ActivityID, "like", true))
		r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
		w.ok(err)
		w.same(r, domain.Report{
			Campaign:  c,
			Counts:    domain.Counts{Listed: 4, Recipients: 4, Pending: 1, Sent: 1, Failed: 1, Uncertain: 1, Seen: 1},
			Reactions: map[string]int64{"like": 1}, ExpectedFinishAt: noon.Add(time.Second),
		})
		_, err = w.campaigns.Report(w.ctx, analyst, 99)
		w.is(err, domain.NotFound)
	})
}

// The end is said to the second, rounded up: better a moment late than early.
func TestWhenACampaignShouldEnd(t *testing.T) {
	t.Parallel()
	spread := func(c *domain.Campaign) { c.Delivery.Spread = time.Hour }
	tests := map[string]struct {
		campaign func(w *world) domain.Campaign
		rate     float64
		after    time.Duration // noon
		want     time.Duration // after noon; 0: not said
	}{
		"with the last turn":         {func(w *world) domain.Campaign { return w.sending(spread) }, 30, 0, time.Hour + time.Second},
		"also half-way":              {func(w *world) domain.Campaign { return w.sending(spread) }, 30, 30 * time.Minute, time.Hour + time.Second},
		"as fast as we may":          {func(w *world) domain.Campaign { return w.sending() }, 0.01, 0, 200*time.Second + time.Second},
		"when that takes longer":     {func(w *world) domain.Campaign { return w.sending(spread) }, 0.0001, 0, 20_000*time.Second + time.Second},
		"counted from now":           {func(w *world) domain.Campaign { return w.sending() }, 0.01, time.Hour, time.Hour + 201*time.Second},
		"soon, when it is late":      {func(w *world) domain.Campaign { return w.sending(spread) }, 0, 2 * time.Hour, 2*time.Hour + time.Second},
		"not said of a draft":        {func(w *world) domain.Campaign { return w.draft() }, 30, 0, 0},
		"nor before it starts":       {func(w *world) domain.Campaign { return w.scheduled() }, 30, 0, 0},
		"nor while it is paused":     {func(w *world) domain.Campaign { return w.paused() }, 30, 0, 0},
		"nor when it is over":        {func(w *world) domain.Campaign { return w.done() }, 30, 0, 0},
		"nor when it was cancelled":  {func(w *world) domain.Campaign { return w.cancelled() }, 30, 0, 0},
		"half a second is a second":  {func(w *world) domain.Campaign { return w.sending() }, 4, 0, time.Second},
		"and 1.5 seconds are two":    {func(w *world) domain.Campaign { return w.sending() }, 4.0 / 3, 0, 2 * time.Second},
		"what is left counts, alone": {func(w *world) domain.Campaign { return w.halfSent() }, 0.01, 0, 101 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.person("bob")
			w.campaigns.SendRate = test.rate
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

func TestTheRowsOfACampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.campaignWithFailures(domain.Done)
	failed, err := w.campaigns.Rows(w.ctx, analyst, c.ID, domain.DeliveryFilter{State: domain.Failed}, 0, 0)
	w.ok(err)
	if len(failed) != 1 || failed[0].Person.Name != "bob" || failed[0].Code != domain.BlockedByUser {
		t.Errorf("failed: %+v", failed)
	}
	all := w.rows(c)
	rest, err := w.campaigns.Rows(w.ctx, analyst, c.ID, domain.DeliveryFilter{}, all[0].ID, 500)
	w.ok(err)
	w.same(rest, all[1:])
	_, err = w.campaigns.Rows(w.ctx, analyst, 99, domain.DeliveryFilter{}, 0, 10)
	w.is(err, domain.NotFound)
}

func TestWhatPeopleAnswered(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		for _, name := range []string{"ana", "bob", "cy", "dan"} {
			w.person(name)
		}
		c := w.done(survey())
		for name, answer := range map[string]string{"ana": "Yes", "bob": "No", "cy": "Yes"} {
			_, err := w.answer(c, name, answer)
			w.ok(err)
		}
		got, r, err := w.campaigns.Survey(w.ctx, analyst, c.ID)
		w.ok(err)
		w.same(got, c)
		w.same(r, domain.SurveyReport{Responses: 3, Completed: 3, Questions: []domain.QuestionReport{{
			Question: c.Content.Survey.Questions[0], Answers: 3, Options: []domain.OptionCount{{Text: "Yes", Count: 2}, {Text: "No", Count: 1}},
		}}})
		_, r, err = w.campaigns.Survey(w.ctx, analyst, w.draft(survey()).ID)
		w.ok(err)
		w.same([]int64{r.Responses, r.Questions[0].Options[1].Count}, []int64{0, 0})
		_, _, err = w.campaigns.Survey(w.ctx, analyst, w.draft().ID)
		w.is(err, domain.Conflict)
		_, _, err = w.campaigns.Survey(w.ctx, analyst, 99)
		w.is(err, domain.NotFound)
	})
}
