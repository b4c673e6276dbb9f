package storetest

import (
	"time"

	"crier/internal/domain"
)

func closingTests() []test {
	return []test{
		{"what was not sent is withdrawn", closingWithdraws},
		{"at its time, once, even of one that is paused", closingAtItsTime},
		{"a correction opens it again", closingOpenedAgain},
		{"a reminder that paused does not go on", closingStopsPaused},
		{"who asked for a reminder gets it of one that was opened again", closingLater},
		{"a campaign that was cancelled reminds nobody", cancelledReminds},
		{"a campaign that is paused reminds later", pausedReminds},
		{"a correction sets other times", correctedTimes},
	}
}

// withTimes is a survey that reminds people at times after noon, and closes; 0: never.
func withTimes(closes time.Duration, reminders ...time.Duration) domain.Campaign {
	c := asks(domain.Identified)
	if closes > 0 {
		c.Content.Survey.ClosesAt = noon(closes).UTC()
	}
	for _, after := range reminders {
		c.Content.Survey.Reminders = append(c.Content.Survey.Reminders, noon(after).UTC())
	}
	return c
}

// due are the surveys that the tick has something to do for.
func (f *fixture) due(after time.Duration) []int64 {
	f.Helper()
	ids, err := f.Campaigns.RemindersDue(f.ctx, noon(after))
	f.ok(err)
	return ids
}

// ticks does what is due, as the engine does, and answers how many reminders there are then.
func (f *fixture) ticks(c domain.Campaign, after time.Duration) int {
	f.Helper()
	for _, id := range f.due(after) {
		f.ok(f.Campaigns.RemindDue(f.ctx, id, noon(after)))
	}
	list, err := f.Campaigns.Reports(f.ctx, c.ID, domain.Remind)
	f.ok(err)
	return len(list)
}

func closingWithdraws(f *fixture) {
	f.crowd(4)
	c := f.started(withTimes(0, 3*day))
	rows := f.claim(c, 0, 2)
	f.finish(rows[:1], accepted(), 0)
	f.ok(f.Campaigns.CloseSurvey(f.ctx, c.ID, noon(time.Hour)))
	f.finish(rows[1:], lost(), 0) // in flight: nobody knows
	f.same(f.counted(c.ID), domain.Counts{Listed: 4, Recipients: 4, Sent: 1, Uncertain: 1, Cancelled: 2})
	after := f.campaign(c.ID)
	f.same([]any{after.Status, after.Notice, after.FinishedAt}, []any{domain.Cancelled, domain.ClosedNotice, noon(time.Hour)})
	f.same(len(f.due(9*day)), 0)
}

func closingAtItsTime(f *fixture) {
	f.crowd(3)
	for _, pause := range []bool{false, true} {
		c := f.started(withTimes(3 * day))
		f.finish(f.claim(c, 0, 2), accepted(), time.Second)
		f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day)))
		child := f.reminder(c, domain.Remind)
		f.namedAt(child, 2*day)
		if pause {
			f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(2*day), domain.Sending))
		}
		f.same(len(f.due(3*day-time.Second)), 0)
		f.same(f.due(3*day+time.Second), []int64{c.ID})
		f.ticks(c, 3*day+time.Second)
		f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(3*day+time.Second))) // another process
		f.same(len(f.due(9*day)), 0)
		f.withdrawn(child)
		f.same(f.counted(c.ID), domain.Counts{Listed: 3, Recipients: 3, Sent: 2, Cancelled: 1})
		f.same(f.counts(child.ID), domain.Counts{Listed: 2, Recipients: 2, Cancelled: 2})
		f.same([]any{f.campaign(c.ID).Status, f.campaign(child.ID).Status}, []any{domain.Cancelled, domain.Cancelled})
	}
}

func closingOpenedAgain(f *fixture) {
	f.crowd(3)
	for _, sent := range []int{2, 3} { // one was closed on its way to people
		c := f.started(withTimes(9*day, 4*day))
		f.finish(f.claim(c, 0, sent), accepted(), time.Second)
		f.ok(f.Campaigns.CloseSurvey(f.ctx, c.ID, noon(day)))
		f.same(f.ticks(c, 5*day), 0)
		better := f.campaign(c.ID)
		better.Content.Survey.ClosesAt = noon(8 * day).UTC()
		f.ok(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(2*day)))
		f.same(f.ticks(c, 4*day), 1) // who has it is reminded
		child := f.reminder(c, domain.Remind)
		f.namedAt(child, 4*day)
		f.same(len(f.origins(child, 5*day)), sent)
		f.same(f.counted(c.ID).Cancelled, int64(3-sent))
		f.same(f.due(8*day+time.Second), []int64{c.ID}) // and it closes when it now says
		f.ticks(c, 8*day+time.Second)
	}
}

func closingStopsPaused(f *fixture) {
	f.crowd(2)
	c := f.started(withTimes(3 * day))
	f.sent(c)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day)))
	child := f.reminder(c, domain.Remind)
	f.namedAt(child, 2*day)
	for range 2 {
		f.ok(f.Campaigns.Move(f.ctx, child.ID, domain.Paused, "Why", noon(2*day), domain.Sending))
		f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day+time.Hour))) // goes on
	}
	f.ok(f.Campaigns.Move(f.ctx, child.ID, domain.Paused, "Why", noon(2*day), domain.Sending))
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(3*day)), domain.Conflict)
	f.ticks(c, 3*day+time.Second)
	f.withdrawn(child)
	f.same(f.counts(child.ID).Cancelled, int64(2))
}

func closingLater(f *fixture) {
	f.crowd(2)
	c := f.started(withTimes(9 * day))
	rows := f.sent(c)
	for i, d := range rows {
		_, err := f.Responses.Later(f.ctx, d, noon(time.Duration(1+2*i)*day))
		f.ok(err)
	}
	f.ticks(c, day) // the first is on its way
	f.ok(f.Campaigns.CloseSurvey(f.ctx, c.ID, noon(day)))
	better := f.campaign(c.ID)
	better.Content.Survey.ClosesAt = noon(9 * day).UTC()
	f.ok(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(2*day)))
	f.ticks(c, 3*day)
	f.same(f.origins(f.reminder(c, domain.Later), 3*day), []int64{rows[1].ID})
}

func cancelledReminds(f *fixture) {
	f.crowd(3)
	c := f.started(withTimes(9*day, 4*day))
	rows := f.claim(c, 0, 2)
	f.finish(rows, accepted(), time.Second)
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(2*day)))
	child := f.reminder(c, domain.Remind)
	f.namedAt(child, 2*day)
	_, err := f.Responses.Later(f.ctx, rows[0], noon(4*day))
	f.ok(err)
	f.ok(f.Deliveries.Cancel(f.ctx, c.ID, noon(2*day)))
	f.withdrawn(child)
	f.same(f.counts(child.ID).Cancelled, int64(2))
	f.same(f.ticks(c, 9*day+time.Second), 1)
	none, err := f.Campaigns.Reports(f.ctx, c.ID, domain.Later)
	f.ok(err)
	f.same(len(none), 0)
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(5*day)), domain.Conflict)
}

func pausedReminds(f *fixture) {
	f.crowd(3)
	c := f.started(withTimes(0, 2*day))
	rows := f.claim(c, 0, 2)
	f.finish(rows, accepted(), time.Second)
	_, err := f.Responses.Later(f.ctx, rows[0], noon(2*day))
	f.ok(err)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(day), domain.Sending))
	f.same(len(f.due(3*day)), 0)
	f.ok(f.Campaigns.RemindDue(f.ctx, c.ID, noon(3*day))) // of somebody who looked before the pause
	f.is(f.Campaigns.Remind(f.ctx, c.ID, "", noon(3*day)), domain.Conflict)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(3*day), domain.Paused))
	f.same(f.ticks(c, 3*day), 1)
	f.same(f.origins(f.reminder(c, domain.Later), 3*day), []int64{rows[0].ID})
}

func correctedTimes(f *fixture) {
	f.crowd(1)
	c := f.started(withTimes(0, 2*day, 4*day, 6*day))
	f.sent(c)
	f.same(f.ticks(c, 2*day), 1)
	first := f.reminder(c, domain.Remind)
	f.namedAt(first, 2*day)
	f.origins(first, 2*day)
	better := f.campaign(c.ID)
	better.Content.Survey.Reminders = []time.Time{noon(2 * day).UTC(), noon(5 * day).UTC(), noon(6 * day).UTC()}
	f.ok(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(3*day)))
	f.same(len(f.due(5*day-time.Second)), 0) // neither the first again nor the second as it was
	f.same(f.ticks(c, 5*day), 2)
	better = f.campaign(c.ID)
	better.Content.Survey.Reminders = nil
	f.ok(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(5*day+time.Hour)))
	f.same(len(f.due(9*day)), 0)
}
