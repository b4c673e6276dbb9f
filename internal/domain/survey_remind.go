package domain

import (
	"fmt"
	"time"
)

// MaxReminders is how often a survey reminds those who did not finish, RemindAfter how long
// nobody is reminded after the survey or the last reminder was sent.
const (
	MaxReminders = 3
	RemindAfter  = 24 * time.Hour
)

// The changes that send a new message about a campaign, and leave those alone that people have.
const (
	Remind Change = "remind" // a survey once more, to those who have it and did not finish
	Later  Change = "later"  // a survey once more, to those who asked for it
	Share  Change = "share"  // what came of a survey, to those who answered
)

// Sends says whether a change sends a new message, rather than changing one that people have.
func (to Change) Sends() bool { return to == Remind || to == Later || to == Share }

// checkReminders holds that the set times of reminders leave people a day in between.
func (s *Survey) checkReminders(f *faults) {
	if len(s.Reminders) > MaxReminders {
		f.add("content.reminders", "At most %d reminders.", MaxReminders)
	}
	for i, at := range s.Reminders {
		field := fmt.Sprintf("content.reminders[%d]", i)
		if i > 0 && at.Before(s.Reminders[i-1].Add(RemindAfter)) {
			f.add(field, "Leave a day between two reminders, in their order.")
		}
		if !s.ClosesAt.IsZero() && !at.Before(s.ClosesAt) {
			f.add(field, "The survey would be closed by then.")
		}
	}
}

// checkFirstReminder holds that a survey reminds nobody before they had it for a day.
func (c Campaign) checkFirstReminder(f *faults) {
	s := c.Content.Survey
	if s != nil && len(s.Reminders) > 0 && !c.Delivery.StartAt.IsZero() && s.Reminders[0].Before(c.Delivery.StartAt.Add(RemindAfter)) {
		f.add("content.reminders[0]", "The first reminder is a day after the start at the earliest.")
	}
}

// RemindFrom is from when on a started survey may remind people, after these reminders.
func (c Campaign) RemindFrom(before []ChangeReport) time.Time {
	from := c.StartedAt
	for _, r := range before {
		for _, at := range []time.Time{r.At, r.Finished} {
			if at.After(from) {
				from = at
			}
		}
	}
	return from.Add(RemindAfter)
}

// MayRemind answers a Conflict with the reason where a survey can't remind people now. last is
// the last change of its messages, before are the reminders that there were.
func (c Campaign) MayRemind(last Change, before []ChangeReport, now time.Time) error {
	if err := c.reminds(last, before, now); err != nil {
		return err
	}
	if from := c.RemindFrom(before); now.Before(from) {
		return Fail(Conflict, "People are reminded once a day at most: from %s (UTC) on.", from.UTC().Format("2006-01-02 15:04"))
	}
	return nil
}

// TooSoonToRemind says whether nothing but the time since people were asked last keeps a survey
// from reminding them now.
func (c Campaign) TooSoonToRemind(last Change, before []ChangeReport, now time.Time) bool {
	return c.reminds(last, before, now) == nil && now.Before(c.RemindFrom(before))
}

// reminds is MayRemind, however long ago people were asked last.
func (c Campaign) reminds(last Change, before []ChangeReport, now time.Time) error {
	switch {
	case c.Kind != KindSurvey || c.Content.Survey == nil:
		return Fail(Conflict, "This campaign is no survey.")
	case c.Status.Editable() || c.StartedAt.IsZero():
		return Fail(Conflict, "Nothing of this campaign has been sent yet.")
	case c.Content.Survey.Closed(now):
		return Fail(Conflict, "This survey is closed.")
	case last == Recall:
		return Fail(Conflict, "The messages of this campaign have been recalled.")
	case last == Expire:
		return Fail(Conflict, "The messages of this campaign have expired.")
	case c.CalledOff():
		return Fail(Conflict, "This campaign has been cancelled: it reminds nobody any more.")
	case c.Status == Paused:
		return Fail(Conflict, "The campaign is paused. Resume it first, then remind people.")
	case len(before) >= MaxReminders:
		return Fail(Conflict, "People have been reminded %d times; that is enough.", MaxReminders)
	case len(before) > 0 && !before[len(before)-1].Status.Over():
		return Fail(Conflict, "A reminder is under way already.")
	}
	return nil
}

// ClosedNotice says why a survey was cancelled that nobody cancelled.
const ClosedNotice = "Not sent to everybody: the survey closed before."

// CalledOff says whether somebody cancelled a campaign. A survey that was closed on its way to
// people is cancelled too, but opens again for those who have it when its closing is corrected.
func (c Campaign) CalledOff() bool { return c.Status == Cancelled && c.Notice != ClosedNotice }

// MayShare answers a Conflict with the reason where the results of a survey can't be shared
// with those who answered. shown is how many responses the results show.
func (c Campaign) MayShare(last Change, shared bool, shown int64) error {
	switch {
	case last == Recall:
		return Fail(Conflict, "The messages of this campaign have been recalled.")
	case last == Expire:
		return Fail(Conflict, "The messages of this campaign have expired.")
	case shared:
		return Fail(Conflict, "The results have been shared already.")
	case shown < MinResponses:
		return Fail(Conflict, "The results can be shared when at least %d people have answered.", MinResponses)
	}
	return nil
}

// MayClose answers a Conflict with the reason where a survey can't be closed by hand.
func (c Campaign) MayClose(now time.Time) error {
	switch {
	case c.Kind != KindSurvey || c.Content.Survey == nil:
		return Fail(Conflict, "This campaign is no survey.")
	case c.Status.Editable() || c.StartedAt.IsZero():
		return Fail(Conflict, "Nothing of this campaign has been sent yet.")
	case c.Content.Survey.Closed(now):
		return Fail(Conflict, "This survey is closed.")
	}
	return nil
}

// RemindAgain is when a survey that can't remind people at a set time is to try it again; false:
// never.
func (c Campaign) RemindAgain(last Change, before []ChangeReport, now time.Time) (time.Time, bool) {
	at := c.RemindFrom(before)
	if soon := now.Add(time.Hour); at.Before(soon) { // a reminder is under way
		at = soon
	}
	over := make([]ChangeReport, len(before))
	for i := range over {
		over[i].Status = Done
	}
	return at, c.MayRemind(last, over, at) == nil
}
