package storetest

import (
	"time"

	"crier/internal/domain"
)

func reminderTests() []test {
	return []test{
		{"who did not finish is reminded, in every privacy", remindUnfinished},
		{"nobody is reminded within a day", remindGently},
		{"a set time that comes too early waits", remindAtSetTimes},
		{"tomorrow, once, unless they finished", remindLater},
		{"a recall takes the reminders back too", remindRecalled},
		{"a correction corrects what is still to go", remindCorrected},
		{"a closed survey reminds nobody", remindClosed},
		{"results go to those who answered, once", shareResults},
	}
}

const day = 24 * time.Hour

// finishSurvey answers all questions of a survey, whatever its privacy.
func (f *fixture) finishSurvey(c domain.Campaign, d domain.Delivery, after time.Duration) {
	f.Helper()
	if c.Content.Survey.Privacy == domain.Anonymous {
		f.cast(c, d, ballot(1))
		return
	}
	for _, q := range c.Content.Survey.Questions {
		f.says(c, d, q.ID, ballot(1)[q.ID], after)
	}
}

// reminder is the last child of a campaign that does this.
func (f *fixture) reminder(c domain.Campaign, what domain.Change) domain.Campaign {
	f.Helper()
	list, err := f.Campaigns.Reports(f.ctx, c.ID, what)
	f.ok(err)
	if len(list) == 0 {
		f.Fatalf("there is no %s", what)
	}
	return f.campaign(list[len(list)-1].Campaign)
}

// namedAt writes all rows of a change down, at a time.
func (f *fixture) namedAt(child domain.Campaign, after time.Duration) {
	f.Helper()
	for more := true; more; {
		var err error
		more, err = f.Campaigns.Name(f.ctx, child.ID, noon(after))
		f.ok(err)
	}
}

// origins are the messages that a change has rows for which may go by then.
func (f *fixture) origins(child domain.Campaign, after time.Duration) []int64 {
	f.Helper()
	ids := []int64{}
	for _, d := range f.claim(child, after, 100) {
		ids = append(ids, d.Origin)
		f.finish([]domain.Delivery{d}, domain.Result{Verdict: domain.Accepted, ActivityID: "17000000009" + string(rune('0'+len(ids)))}, after)
	}
	return ids
}

func remindUnfinished(f *fixture) {
	f.crowd(4)
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous} {
		c := f.started(asks(privacy))
		rows := f.sent(c)
		f.finishSurvey(c, rows[1], time.Hour)
		if privacy != domain.Anonymous {
			f.says(c, rows[2], "tea", text("Yes"), time.Hour) // and stopped there
		}
		f.ok(f.Campaigns.Remind(f.ctx, c.ID, "Ada", noon(day+time.Second)))
		child := f.reminder(c, domain.Remind)
		f.same([]any{child.Change, child.Parent, child.CreatedBy}, []any{domain.Remind, c.ID, "Ada"})
		f.namedAt(child, day+time.Second)
		want := []int64{rows[0].ID, rows[2].ID, rows[3].ID}
		if privacy == domain.Anonymous { // the rows don't tell who has answered
			want = []int64{rows[0].ID, rows[1].ID, rows[2].ID, rows[3].ID}
		}
		f.same(f.origins(child, 2*day), want)
		f.same(f.campaign(child.ID).Status, domain.Done)
		last, err := f.Campaigns.LastChange(f.ctx, c.ID)
		f.ok(err)
		f.same(last == nil, true)
	}
}

func remindGently(f *fixture) {
	c, rows := f.surveyed(2, domain.Identified)
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day-time.Minute)), domain.Conflict)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day+time.Second)))
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(3*day)), domain.Conflict) // the first is under way
	first := f.reminder(c, domain.Remind)
	f.namedAt(first, day+time.Second)
	one := f.claim(first, day+time.Minute, 1)
	f.finish(one, accepted(), day+time.Minute)
	f.finish(f.claim(first, day+12*time.Hour, 1), accepted(), day+12*time.Hour)
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day+time.Hour)), domain.Conflict)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day+12*time.Hour)))
	second := f.reminder(c, domain.Remind)
	f.namedAt(second, 2*day+12*time.Hour)
	f.same(f.origins(second, 3*day), []int64{rows[0].ID, rows[1].ID})
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(5*day)))
	third := f.reminder(c, domain.Remind)
	f.namedAt(third, 5*day)
	f.origins(third, 5*day)
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(9*day)), domain.Conflict) // three are enough
}

func remindAtSetTimes(f *fixture) {
	f.crowd(1)
	d := asks(domain.Identified)
	d.Content.Survey.Reminders = []time.Time{noon(2 * time.Hour).UTC(), noon(2 * day).UTC()}
	c := f.started(d)
	f.sent(c)
	due := func(after time.Duration) []int64 {
		ids, err := f.Campaigns.RemindersDue(f.ctx, noon(after))
		f.ok(err)
		return ids
	}
	f.same(len(due(time.Hour)), 0)
	f.same(due(2*time.Hour), []int64{c.ID})
	f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(2*time.Hour)))
	f.same(len(due(day-time.Minute)), 0)
	f.same(due(day), []int64{c.ID})
	f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(day)))
	f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(day))) // another process
	list, err := f.Campaigns.Reports(f.ctx, c.ID, domain.Remind)
	f.ok(err)
	f.same(len(list), 1)
	f.same(due(2*day), []int64{c.ID})
}

func remindLater(f *fixture) {
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		f.crowd(3)
		c := f.started(asks(privacy))
		rows := f.sent(c)
		for range 2 {
			first, err := f.Responses.Later(f.ctx, rows[0], noon(day))
			f.ok(err)
			f.same(first, true)
		}
		_, err := f.Responses.Later(f.ctx, rows[1], noon(day))
		f.ok(err)
		f.finishSurvey(c, rows[1], time.Hour)
		f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(time.Hour))) // too early
		none, err := f.Campaigns.Reports(f.ctx, c.ID, domain.Later)
		f.ok(err)
		f.same(len(none), 0)
		f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(day)))
		child := f.reminder(c, domain.Later)
		want := []int64{rows[0].ID}
		if privacy == domain.Anonymous { // the rows don't tell who has answered
			want = append(want, rows[1].ID)
		}
		f.same(f.origins(child, day), want)
		f.same(f.campaign(child.ID).Status, domain.Done)
		again, err := f.Responses.Later(f.ctx, rows[0], noon(3*day))
		f.ok(err)
		f.same(again, false)
		_, err = f.Responses.Later(f.ctx, rows[2], noon(3*day)) // the same child, opened again
		f.ok(err)
		f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(3*day)))
		f.same(f.origins(child, 3*day), []int64{rows[2].ID})
		n := int64(len(want) + 1)
		f.same(f.counts(child.ID), domain.Counts{Listed: n, Recipients: n, Sent: n})
	}
}

func remindRecalled(f *fixture) {
	c, _ := f.surveyed(2, domain.Identified)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day+time.Second)))
	child := f.reminder(c, domain.Remind)
	f.namedAt(child, day+time.Second)
	f.finish(f.claim(child, day+time.Minute, 1), domain.Result{Verdict: domain.Accepted, ActivityID: "1700000000999"}, day+time.Minute)
	recall := f.change(f.campaign(c.ID), domain.Recall)
	f.same(f.campaign(child.ID).Status, domain.Cancelled)
	f.named(recall)
	f.same(f.counts(recall.ID).Pending, int64(2))
	of := f.lastChange(child.ID)
	f.same(of.Change, domain.Recall)
	f.named(f.campaign(of.Campaign))
	rows := f.claim(f.campaign(of.Campaign), 3*day, 10)
	f.same(len(rows), 1)
	f.same(rows[0].ActivityID, "1700000000999")
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(9*day)), domain.Conflict)
}

func remindCorrected(f *fixture) {
	c, rows := f.surveyed(3, domain.Anonymous)
	f.cast(c, rows[2], ballot(1))
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day+time.Second)))
	child := f.reminder(c, domain.Remind)
	f.namedAt(child, day+time.Second)
	better := f.campaign(c.ID)
	better.Content.Title = "Coffee"
	correction := f.change(better, domain.Correct)
	after := f.campaign(child.ID)
	f.same([]any{after.Status, after.Content.Title, after.Revision}, []any{domain.Sending, "Coffee", child.Revision + 1})
	f.named(correction)
	f.same(f.counts(correction.ID).Pending, int64(3)) // of who answered too: the rows don't tell who has
}

func remindClosed(f *fixture) {
	c, _ := f.surveyed(2, domain.Identified)
	f.is(f.Campaigns.CloseSurvey(f.ctx, f.create(asks(domain.Identified)).ID, noon(0)), domain.Conflict)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day+time.Second)))
	child := f.reminder(c, domain.Remind)
	f.namedAt(child, day+time.Second)
	f.ok(f.Campaigns.CloseSurvey(f.ctx, c.ID, noon(2*day)))
	f.is(f.Campaigns.CloseSurvey(f.ctx, c.ID, noon(2*day)), domain.Conflict)
	after := f.campaign(c.ID)
	f.same(after.Content.Survey.ClosesAt, noon(2*day).UTC())
	f.same(after.Revision, c.Revision+1) // a correction that was read before does not open it again
	f.withdrawn(child)
	f.same(f.counts(child.ID), domain.Counts{Listed: 2, Recipients: 2, Cancelled: 2})
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(9*day)), domain.Conflict)
}

func shareResults(f *fixture) {
	f.crowd(6)
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		c := f.started(asks(privacy))
		rows := f.sent(c)
		for _, d := range rows[:5] {
			f.finishSurvey(c, d, time.Hour)
		}
		f.is(f.Campaigns.Share(f.ctx, c.ID, 4, "Ada", noon(2*time.Hour)), domain.Conflict)
		f.ok(f.Campaigns.Share(f.ctx, c.ID, 5, "Ada", noon(2*time.Hour)))
		f.is(f.Campaigns.Share(f.ctx, c.ID, 5, "Ada", noon(2*time.Hour)), domain.Conflict)
		child := f.reminder(c, domain.Share)
		f.namedAt(child, 2*time.Hour)
		want := map[domain.Privacy]int{domain.Identified: 5, domain.Anonymous: 6} // where the rows don't tell who has answered
		f.same(len(f.origins(child, 3*time.Hour)), want[privacy])
	}
}
