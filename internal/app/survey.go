package app

import (
	"context"
	"errors"
	"time"

	"crier/internal/domain"
)

// Surveys are the operations on surveys: answering them, and what comes of them.
type Surveys struct {
	Standings  StandingStore
	Ballots    BallotStore
	Answers    ResultStore
	Flow       SurveyFlow
	Deliveries DeliveryStore
	Campaigns  CampaignStore
	Refs       Refs
	Now        domain.Clock
	Wake       func() // tells the engine that there is something to do; may be lost
	Zone       string // of recipients whose own is not known, IANA

	// Alone says since when this process is the only one that people's answers reach; false: it
	// is not. nil: it always has been.
	Alone func(ctx context.Context) (since time.Time, alone bool)

	typed     typed
	casts     gatherings[domain.Ballot]
	takings   gatherings[*domain.Taking]
	standings standings
}

// asking is a survey that was sent to somebody.
type asking struct {
	domain.Campaign
	survey    *domain.Survey
	row       domain.Delivery
	last      domain.LastMessage // where something was typed: what asked it
	state     string             // of an anonymous survey: what the card carried
	oneByOne  bool               // each question on its own
	anonymous bool
}

func newAsking(c domain.Campaign, d domain.Delivery, state string) asking {
	s := c.Content.Survey
	return asking{Campaign: c, survey: s, row: d, state: state, oneByOne: s.Style != domain.SingleCard, anonymous: c.Anonymous()}
}

// Submit does what somebody pressed on a survey's card, and answers what the card is to show. Only
// the person it was sent to can answer it. What is wrong with the answers is on the card
// (SurveyStep.Faults), and nothing filled in is lost. Pressing twice comes to the same.
func (a *Surveys) Submit(ctx context.Context, p domain.Person, s domain.SurveySubmission) (domain.SurveyStep, error) {
	to, err := a.asked(ctx, p, s)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	if to.survey.Closed(a.Now()) {
		return a.closed(ctx, to)
	}
	to.oneByOne = to.oneByOne || s.Question != "" // as after an answer that was typed
	switch s.Verb {
	case domain.VerbAnswer:
		if to.oneByOne {
			return a.answer(ctx, to, s)
		}
		return a.answerAll(ctx, to, s)
	case domain.VerbBack:
		st, err := a.take(ctx, to, func(st domain.Standing) domain.Standing { return to.survey.GoBack(st, s.Question) })
		if err != nil {
			return domain.SurveyStep{}, err
		}
		return a.step(to, st), nil
	case domain.VerbRemind:
		return a.later(ctx, to)
	}
	return domain.SurveyStep{}, domain.Fail(domain.Invalid, "This button does nothing here.")
}

// Shown is what a survey's card is to show now, to whoever pressed on it; the press does nothing.
func (a *Surveys) Shown(ctx context.Context, p domain.Person, s domain.SurveySubmission) (domain.SurveyStep, error) {
	to, err := a.asked(ctx, p, s)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	if to.survey.Closed(a.Now()) {
		return a.closed(ctx, to)
	}
	to.oneByOne = to.oneByOne || s.Question != ""
	st, err := a.standing(ctx, to)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	return a.step(to, st), nil
}

// asked is the survey that a card asks, of the person it was sent to.
func (a *Surveys) asked(ctx context.Context, p domain.Person, s domain.SurveySubmission) (asking, error) {
	id, ok := a.Refs.Delivery(s.Ref)
	if !ok {
		return asking{}, domain.Fail(domain.Forbidden, "This card is not one of ours.")
	}
	d, err := a.Deliveries.Get(ctx, id)
	if err != nil {
		return asking{}, err
	}
	if d.Person.ID != p.ID || p.ID == 0 {
		return asking{}, domain.Fail(domain.Forbidden, "This card was sent to somebody else.")
	}
	c, err := a.Campaigns.Get(ctx, d.CampaignID)
	if err != nil {
		return asking{}, err
	}
	if c.Kind != domain.KindSurvey || c.Content.Survey == nil {
		return asking{}, domain.Fail(domain.Conflict, "This campaign is no survey.")
	}
	return newAsking(c, d, s.State), nil
}

// closed is what the card of a survey shows that takes no more answers.
func (a *Surveys) closed(ctx context.Context, to asking) (domain.SurveyStep, error) {
	st, err := a.standing(ctx, to)
	step := a.step(to, st)
	if step.Stage != domain.StageThanks {
		step.Stage, step.Question = domain.StageClosed, ""
	}
	return step, err
}

// answer takes the answer to one question.
func (a *Surveys) answer(ctx context.Context, to asking, s domain.SurveySubmission) (domain.SurveyStep, error) {
	q, known := to.survey.Question(s.Question)
	if !known {
		return domain.SurveyStep{}, domain.Fail(domain.Invalid, "This survey has no such question.")
	}
	var value domain.Value
	var wrong error
	if q.Type != domain.Statement {
		value, wrong = q.Read(s.Inputs[q.ID])
	}
	if wrong != nil {
		return a.fault(ctx, to, s.Inputs, q, wrong)
	}
	st, err := a.take(ctx, to, func(st domain.Standing) domain.Standing { return to.survey.Take(st, q.ID, value) })
	if errors.Is(err, errTooLong) {
		return a.fault(ctx, to, s.Inputs, q, err)
	}
	if err != nil {
		return domain.SurveyStep{}, err
	}
	return a.step(to, st), nil
}

// fault is the question again with what is wrong; where somebody is at another one by now, that one.
func (a *Surveys) fault(ctx context.Context, to asking, inputs map[string]string, q domain.Question, wrong error) (domain.SurveyStep, error) {
	st, err := a.remembered(ctx, to)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	step := a.step(to, st)
	if now, asks := to.survey.Asked(st); asks && now.ID == q.ID {
		step.Question, step.Inputs, step.Faults = q.ID, inputs, map[string]domain.Text{q.ID: domain.MessageOf(wrong)}
	}
	return step, nil
}

// answerAll takes the answers of a card with all questions.
func (a *Surveys) answerAll(ctx context.Context, to asking, s domain.SurveySubmission) (domain.SurveyStep, error) {
	values, wrong := to.survey.ReadAll(s.Inputs)
	if len(wrong) == 0 {
		st, err := a.take(ctx, to, func(st domain.Standing) domain.Standing { return to.survey.TakeAll(st, values) })
		if err != nil {
			return domain.SurveyStep{}, err
		}
		return a.step(to, st), nil
	}
	st, err := a.standing(ctx, to)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	step := a.step(to, st)
	if st.Finished {
		return step, nil
	}
	step.Inputs, step.Faults = s.Inputs, map[string]domain.Text{}
	for _, f := range wrong {
		step.Faults[f.Field] = f.Message
	}
	return step, nil
}

// standing is how somebody stands. Of an anonymous survey only their card knows, and who is at it
// just now is waited for.
func (a *Surveys) standing(ctx context.Context, to asking) (domain.Standing, error) {
	if !to.anonymous {
		return a.Standings.Standing(ctx, to.row)
	}
	if err := a.standings.settled(ctx, to.row.ID); err != nil {
		return domain.Standing{}, err
	}
	st, err := a.stands(ctx, to)
	return st.Standing, err
}

// take changes how somebody stands, and keeps it.
func (a *Surveys) take(ctx context.Context, to asking, do func(domain.Standing) domain.Standing) (domain.Standing, error) {
	if to.anonymous {
		return a.takeCarried(ctx, to, do)
	}
	return a.takeKept(ctx, to, do)
}

// step is what the card of a survey shows to somebody who stands there.
func (a *Surveys) step(to asking, st domain.Standing) domain.SurveyStep {
	step := domain.SurveyStep{Campaign: to.Campaign, Delivery: to.row, Ref: a.Refs.Sign(to.row.ID), Answers: st.Given()}
	if st.Finished {
		step.Stage = domain.StageThanks
		if len(st.Answers) > 0 { // of an anonymous survey, at the end alone
			step.Closing = to.survey.Closing(st.Answers)
		}
		if to.anonymous {
			step.Answers = nil
		}
		return step
	}
	if to.anonymous {
		step.State = a.seal(to.row.ID, a.standings.now(to.row.ID, a.open(to.row.ID, to.state)))
	}
	if q, ok := to.survey.Asked(st); ok && to.oneByOne {
		step.Question = q.ID
	}
	return step
}

// later reminds somebody of a survey tomorrow at this time, or when working hours begin then.
func (a *Surveys) later(ctx context.Context, to asking) (domain.SurveyStep, error) {
	st, err := a.standing(ctx, to)
	if err != nil {
		return domain.SurveyStep{}, err
	}
	step := a.step(to, st)
	if st.Finished {
		return step, nil
	}
	at := a.tomorrow(to)
	if to.survey.Closed(at) {
		return domain.SurveyStep{}, domain.Fail(domain.Conflict, "The survey closes before that. Please answer it now.")
	}
	if !to.row.Trial {
		first, err := a.Standings.Later(ctx, to.row, at)
		if err != nil {
			return domain.SurveyStep{}, err
		}
		if !first {
			return domain.SurveyStep{}, domain.Fail(domain.Conflict, "You have been reminded of this survey already. Please answer it now.")
		}
	}
	step.Stage = domain.StageLater
	return step, nil
}

func (a *Surveys) tomorrow(to asking) time.Time {
	zone, err := time.LoadLocation(to.row.Person.TimeZone)
	if err != nil || to.row.Person.TimeZone == "" {
		zone = time.UTC
	}
	at := a.Now().In(zone).AddDate(0, 0, 1)
	table := domain.NewTimetable(domain.Policy{Hours: to.Delivery.Hours}, to.ID, to.StartedAt, a.Zone)
	return table.Reopens(to.row.Person.ID, to.row.Person.TimeZone, 0, at).UTC()
}
