package app

import (
	"context"
	"sync"
	"time"

	"crier/internal/domain"
)

// pendingFor is how long a message of somebody may answer a survey that was sent to them, or
// that they went on with.
const pendingFor = 7 * 24 * time.Hour

// Typed takes a message for the answer to the question that its person was asked last, if there
// is one. False: it is an ordinary message. What can't be read is asked again once, and taken
// for an ordinary message the second time.
func (a *Surveys) Typed(ctx context.Context, p domain.Person, text string) (domain.SurveyStep, bool, error) {
	now := a.Now()
	rows, err := a.Standings.Pending(ctx, p.ID, now.Add(-pendingFor))
	if err != nil {
		return domain.SurveyStep{}, false, err
	}
	for _, d := range rows {
		c, err := a.Campaigns.Get(ctx, d.CampaignID)
		if err != nil {
			return domain.SurveyStep{}, false, err
		}
		if c.Content.Survey == nil || c.Content.Survey.Closed(now) {
			continue
		}
		d.Person = p
		to := newAsking(c, d, "")
		to.oneByOne = true // a message answers one question, whatever the card shows
		st, err := a.standing(ctx, to)
		if err != nil || !st.Finished {
			step, ok, failed := domain.SurveyStep{}, false, err
			if err == nil {
				step, ok, failed = a.typedTo(ctx, to, st, text)
			}
			return step, ok, failed
		}
	}
	return domain.SurveyStep{}, false, nil
}

// typedTo takes a message for the answer to the question that is asked now.
func (a *Surveys) typedTo(ctx context.Context, to asking, st domain.Standing, text string) (domain.SurveyStep, bool, error) {
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
		if !a.typed.failedFirst(to.row.ID, q.ID) {
			return domain.SurveyStep{}, false, nil
		}
		step, err := a.fault(ctx, to, map[string]string{q.ID: text}, q, wrong)
		return step, err == nil, err
	}
	a.typed.read(to.row.ID)
	st, err := a.take(ctx, to, func(st domain.Standing) domain.Standing { return to.survey.Take(st, q.ID, value) })
	if err != nil {
		return domain.SurveyStep{}, false, err
	}
	return a.step(to, st), true, nil
}

// maxTyped bounds the questions that are remembered; who is forgotten is asked once more.
const maxTyped = 10_000

// typed remembers, in this process alone, by the rows of surveys, the question whose answer could
// not be read.
type typed struct {
	mu     sync.Mutex
	failed map[int64]string
}

// failedFirst notes that the answer to a question could not be read, and says whether that is
// the first time in a row.
func (t *typed) failedFirst(row int64, question string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed[row] == question {
		delete(t.failed, row)
		return false
	}
	if t.failed == nil || len(t.failed) >= maxTyped {
		t.failed = map[int64]string{}
	}
	t.failed[row] = question
	return true
}

// read notes that an answer could be read.
func (t *typed) read(row int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, row)
}
