package app

import (
	"context"
	"errors"
	"time"

	"crier/internal/domain"
)

// pendingFor is how long a message of somebody may answer a survey that was sent to them, or
// that they went on with.
const pendingFor = 7 * 24 * time.Hour

// Typed takes a message for the answer to the question that its person was asked last, if there
// is one. False: it is an ordinary message. What can't be read is asked again once, and taken
// for an ordinary message the second time. What came too late is said once, and then a survey
// from before is answered. A domain.Error is for the person.
func (a *Surveys) Typed(ctx context.Context, p domain.Person, text string) (domain.SurveyStep, bool, error) {
	now := a.Now()
	pending, err := a.Standings.Pending(ctx, p.ID, now.Add(-pendingFor))
	if err != nil {
		return domain.SurveyStep{}, false, err
	}
	for _, s := range pending {
		d := s.Delivery
		c, err := a.Campaigns.Get(ctx, d.CampaignID)
		if domain.KindOf(err) == domain.NotFound || err == nil && c.Content.Survey == nil {
			continue // it was deleted just now
		}
		if err != nil {
			return domain.SurveyStep{}, false, err
		}
		d.Person, d.ActivityID = p, s.Last.ActivityID // which is the one to redraw
		to := newAsking(c, d, "")
		to.last = s.Last
		to.oneByOne = true // a message answers one question, whatever the card shows
		st, err := a.standing(ctx, to)
		switch {
		case err != nil:
			return domain.SurveyStep{}, false, err
		case st.Finished:
		case !to.survey.Closed(now):
			return a.typedTo(ctx, to, st, text)
		case a.typed.sayNow(d.ID, tooLate):
			step, err := a.closed(ctx, to)
			return step, err == nil, err
		}
	}
	return domain.SurveyStep{}, false, nil
}

// typedTo takes a message for the answer to the question that is asked now.
func (a *Surveys) typedTo(ctx context.Context, to asking, st domain.Standing, text string) (domain.SurveyStep, bool, error) {
	if !a.knows(ctx, to) {
		return a.lost(to)
	}
	q, ok := to.survey.Asked(st)
	if !ok {
		return domain.SurveyStep{}, false, nil
	}
	var value domain.Value
	var wrong error
	if q.Type != domain.Statement { // which any message goes on from
		value, wrong = q.ReadTyped(text, to.row.Person.Locale)
	}
	if wrong != nil {
		return a.typedWrong(ctx, to, q, text, wrong)
	}
	// A message does not say what it answers: sent again because nobody knew whether it was taken, it
	// would answer the next question. So its answer waits until that is certain.
	st, err := a.take(context.WithoutCancel(ctx), to, func(st domain.Standing) domain.Standing { return to.survey.Take(st, q.ID, value) })
	if errors.Is(err, errTooLong) {
		return a.typedWrong(ctx, to, q, text, err)
	}
	if err != nil {
		return domain.SurveyStep{}, false, err
	}
	a.typed.read(to.row.ID)
	return a.step(to, st), true, nil
}

// typedWrong asks a question again, the first time.
func (a *Surveys) typedWrong(ctx context.Context, to asking, q domain.Question, text string, wrong error) (domain.SurveyStep, bool, error) {
	if !a.typed.failedFirst(to.row.ID, q.ID) {
		return domain.SurveyStep{}, false, nil
	}
	step, err := a.fault(ctx, to, map[string]string{q.ID: text}, q, wrong)
	return step, err == nil, err
}
