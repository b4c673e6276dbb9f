package app

import (
	"context"
	"time"

	"crier/internal/domain"
)

// A message does not bring along what the card carries of an anonymous survey. It is an answer only
// where this process can tell the question that its person has before them: taken for the answer to
// another it would be counted wrong, and a card that is redrawn loses what it carried.

// knows says whether this process can tell how somebody stands without their card.
func (a *Surveys) knows(ctx context.Context, to asking) bool {
	if !to.anonymous || len(to.survey.Questions) == 1 {
		return true
	}
	kept, known := a.standings.find(to.row.ID)
	if known && to.row.Person.Channel == domain.Skype {
		return true // which has no cards: nobody can know better
	}
	since, alone := time.Time{}, true
	if a.Alone != nil {
		since, alone = a.Alone(ctx)
	}
	switch {
	case !alone:
		return false
	case known:
		return !kept.at.Before(since)
	}
	return a.untouched(to, since)
}

// untouched says that nobody can have answered a row that nothing is remembered of: this process
// would know. Of a message that was tried several times an earlier one may have arrived. On Skype
// it is the last message that counts: a reminder of somebody unknown asks the first question again.
// Elsewhere they may have gone on with the card of an earlier one.
func (a *Surveys) untouched(to asking, since time.Time) bool {
	sent, attempts := to.row.SentAt, to.row.Attempts
	if to.row.Person.Channel == domain.Skype {
		sent, attempts = to.last.SentAt, to.last.Attempts
	}
	if attempts > 1 {
		return false
	}
	onTheWay := sent.IsZero()
	return onTheWay || !sent.Before(since) && sent.After(a.standings.lastEvicted())
}

// lost answers a message where nobody can tell which question it is for. Who has a card is told
// once to use it: nothing is taken, and nothing redrawn. Others begin again.
func (a *Surveys) lost(to asking) (domain.SurveyStep, bool, error) {
	first, asks := to.survey.First()
	switch {
	case asks && to.row.Person.Channel == domain.Skype:
		a.standings.keep(to.row.ID, carried{}, a.Now())
		step := a.step(to, domain.Standing{})
		step.Faults = map[string]domain.Text{first.ID: domain.Say("I can’t tell which question this answers: an anonymous survey keeps nothing before the end. It begins again.")}
		return step, true, nil
	case a.typed.sayNow(to.row.ID, onCard):
		return domain.SurveyStep{}, false, domain.Fail(domain.Conflict, "Please answer on the survey’s card, further up in this chat. I can’t tell which question your message answers: an anonymous survey keeps nothing before the end.")
	}
	return domain.SurveyStep{}, false, nil
}
