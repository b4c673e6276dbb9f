package domain

import (
	"strings"
	"testing"
	"time"
)

func TestWhenASurveyMayRemind(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	done := func(at, finished time.Duration) ChangeReport {
		return ChangeReport{Change: Remind, Status: Done, At: start.Add(at), Finished: start.Add(finished)}
	}
	day := 24 * time.Hour
	survey := asks(tea())
	asked := Campaign{Kind: KindSurvey, Status: Sending, StartedAt: start, Content: Content{Survey: &survey}}
	closed := asked
	over := survey
	over.ClosesAt = start.Add(day)
	closed.Content.Survey = &over
	draft := asked
	draft.Status, draft.StartedAt = Draft, time.Time{}
	in := func(status Status, notice string) Campaign {
		c := asked
		c.Status, c.Notice = status, notice
		return c
	}
	tests := map[string]struct {
		c      Campaign
		last   Change
		before []ChangeReport
		at     time.Duration
		want   string // words of the reason; empty: it may
	}{
		"after a day":            {asked, "", nil, day, ""},
		"a moment too early":     {asked, "", nil, day - time.Millisecond, "2026-09-02 09:00"},
		"a day after another":    {asked, Correct, []ChangeReport{done(day, day+time.Hour)}, 2*day + time.Hour, ""},
		"while it went on":       {asked, "", []ChangeReport{done(day, day+time.Hour)}, 2 * day, "2026-09-03 10:00"},
		"while one is under way": {asked, "", []ChangeReport{{Status: Sending, At: start.Add(day)}}, 9 * day, "under way"},
		"a fourth time":          {asked, "", []ChangeReport{done(day, day), done(2*day, 2*day), done(3*day, 3*day)}, 9 * day, "3 times"},
		"when it is closed":      {closed, "", nil, day, "closed"},
		"recalled":               {asked, Recall, nil, day, "recalled"},
		"expired":                {asked, Expire, nil, day, "expired"},
		"cancelled":              {in(Cancelled, ""), "", nil, day, "cancelled"},
		"closed on its way":      {in(Cancelled, ClosedNotice), "", nil, day, ""}, // and opened again
		"paused":                 {in(Paused, ""), "", nil, day, "paused"},
		"a draft":                {draft, "", nil, day, "sent yet"},
		"a message":              {Campaign{Kind: KindMessage, Status: Done, StartedAt: start}, "", nil, day, "no survey"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := test.c.MayRemind(test.last, test.before, start.Add(test.at))
			if test.want == "" && err != nil || test.want != "" && (KindOf(err) != Conflict || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestRemindersLeaveADay(t *testing.T) {
	t.Parallel()
	at := func(days ...float64) []time.Time {
		var list []time.Time
		for _, d := range days {
			list = append(list, time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(d*24)*time.Hour))
		}
		return list
	}
	tests := map[string]struct {
		reminders []time.Time
		start     time.Time
		closes    time.Time
		blamed    []string
	}{
		"three":           {at(1, 2, 3), at(0)[0], at(4)[0], nil},
		"four":            {at(1, 2, 3, 4), time.Time{}, time.Time{}, []string{"content.reminders"}},
		"too close":       {at(1, 1.5), time.Time{}, time.Time{}, []string{"content.reminders[1]"}},
		"in no order":     {at(2, 1), time.Time{}, time.Time{}, []string{"content.reminders[1]"}},
		"once it is over": {at(1, 4), time.Time{}, at(4)[0], []string{"content.reminders[1]"}},
		"on the same day": {at(0.5), at(0)[0], time.Time{}, []string{"content.reminders[0]"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := asks(tea())
			s.Reminders, s.ClosesAt = test.reminders, test.closes
			c := message(surveyOf(s))
			c.Delivery.StartAt = test.start
			blames(t, c.Check(), test.blamed...)
		})
	}
}
