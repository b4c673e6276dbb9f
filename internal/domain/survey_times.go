package domain

import (
	"fmt"
	"time"
)

// Discreet is a row without the times that could pair its person with an answer.
//
// Responses to a masked survey are listed one by one, without person and times. Whoever looks
// twice sees which came in between, and must not see beside it who read the message, clicked
// or answered in between. The answers to an anonymous survey are not listed; when somebody
// answered is not told all the same.
func (s *Survey) Discreet(d Delivery) Delivery {
	switch {
	case s == nil:
	case s.Privacy == Masked:
		d.SeenAt, d.ClickedAt, d.AnsweredAt = time.Time{}, time.Time{}, time.Time{}
	case s.Privacy == Anonymous:
		d.AnsweredAt = time.Time{}
	}
	return d
}

// OverBy is what of a survey would be over when it starts: closed, or to remind people of what
// they don't have yet.
func (s *Survey) OverBy(starts time.Time) []FieldError {
	var f faults
	if s == nil {
		return nil
	}
	if s.Closed(starts) {
		f.add("content.closes_at", "The survey would be closed before it starts.")
	}
	for i, at := range s.Reminders {
		if !at.After(starts) {
			f.add(fmt.Sprintf("content.reminders[%d]", i), "This reminder would come before the survey starts.")
		}
	}
	return f.list
}
