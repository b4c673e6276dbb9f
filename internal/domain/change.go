package domain

import (
	"encoding/json"
	"reflect"
	"time"
)

// Change is what is done to messages that people have already. It goes through the delivery
// engine like a campaign of its own, the parent's child: a row for each message that was
// sent, throttled, retried and counted like any other.
type Change string

// The changes.
const (
	Recall  Change = "recall"  // the message is deleted
	Correct Change = "correct" // it is replaced by a better one, marked as corrected
	Expire  Change = "expire"  // it is replaced by a few words: it does not hold any more
)

// MayChange answers a Conflict with the reason where a change of a campaign's messages makes
// no sense now. last is the change before it, if there was any.
func (c Campaign) MayChange(to, last Change) error {
	switch {
	case c.Channel != Teams:
		return Fail(Conflict, "Skype can neither take back nor change a message.")
	case c.Status == Draft || c.Status == Scheduled && to != Expire:
		return Fail(Conflict, "Nothing of this campaign has been sent yet; change the draft instead.")
	case to == Correct && c.Status == Sending:
		return Fail(Conflict, "The campaign is being sent. Pause it first, correct it, then resume it.")
	case last == Recall:
		return Fail(Conflict, "The messages of this campaign have been recalled.")
	case last == Expire && to != Recall:
		return Fail(Conflict, "The messages of this campaign have expired.")
	}
	return nil
}

// Corrected is the campaign with a better content, or an Invalid error with all that is wrong
// with it.
func (c Campaign) Corrected(content Content) (Campaign, error) {
	before := c.Content
	c.Content = content
	c.Content.normalize()
	if err := c.CheckContent(); err != nil {
		return c, err
	}
	var f faults
	if before.Survey != nil && !before.Survey.sameQuestions(c.Content.Survey) {
		f.add("content.questions", "People have answered these questions: their words may be corrected, but not which questions, types and options there are.")
	}
	if sameContent(before, c.Content) {
		f.add("content", "Nothing is different from what was sent.")
	}
	return c, f.err()
}

// sameQuestions says whether the answers to one survey are answers to the other.
func (s *Survey) sameQuestions(other *Survey) bool {
	if other == nil || len(s.Questions) != len(other.Questions) || s.Privacy != other.Privacy || s.Style != other.Style {
		return false
	}
	for i, q := range s.Questions {
		o := other.Questions[i]
		q.Text = o.Text
		if a, b := encoded(q), encoded(o); a != b {
			return false
		}
	}
	return true
}

func sameContent(a, b Content) bool {
	if len(a.AdaptiveCard) > 0 && len(b.AdaptiveCard) > 0 {
		var x, y any
		if json.Unmarshal(a.AdaptiveCard, &x) == nil && json.Unmarshal(b.AdaptiveCard, &y) == nil && !reflect.DeepEqual(x, y) {
			return false
		}
		a.AdaptiveCard, b.AdaptiveCard = nil, nil
	}
	return encoded(a) == encoded(b)
}

func encoded(v any) string {
	b, _ := json.Marshal(v) // plain values: it can't fail
	return string(b)
}

// ChangeReport is how a change of a campaign's messages gets on.
type ChangeReport struct {
	Campaign int64 // the child that does it
	Change   Change
	Status   Status
	Counts   Counts // Sent: changed
	Notice   string // why it paused itself
	At       time.Time
	Finished time.Time
}

// RowChange is what became of one message in the last change.
type RowChange struct {
	Change Change
	State  State // Sent: changed
	At     time.Time
	Code   Code
	Reason string
}

// Word is how it stands, for people and programs.
func (r RowChange) Word() string {
	switch {
	case r.State.Open():
		return "pending"
	case r.State == Sent:
		return "changed"
	case r.State == Withdrawn:
		return "cancelled"
	}
	return "failed"
}

// ExpiredNotice says why a campaign was never sent.
const ExpiredNotice = "Not sent: it expired before it could start."

// Asks says whether a change asks people again to answer a survey.
func (to Change) Asks() bool { return to == Remind || to == Later }

// checkExpiry holds that a campaign expires after it starts.
func (c Campaign) checkExpiry(f *faults) {
	switch {
	case c.ExpiresAt.IsZero():
	case c.Channel == Skype:
		f.add("expires_at", "Skype can neither take back nor change a message.")
	case !c.Delivery.StartAt.IsZero() && !c.ExpiresAt.After(c.Delivery.StartAt):
		f.add("expires_at", "It would expire before it starts.")
	}
}
