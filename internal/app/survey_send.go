package app

import (
	"context"

	"crier/internal/domain"
)

// Reminded is where somebody stands in a survey that they are reminded of, by the row that they
// were sent it in; nil: they have not begun, or have finished. A reminder asks that question: a
// message will be taken for its answer.
func (a *Surveys) Reminded(ctx context.Context, row int64) (*domain.SurveyStep, error) {
	d, err := a.Deliveries.Get(ctx, row)
	if err != nil {
		return nil, err
	}
	c, err := a.Campaigns.Get(ctx, d.CampaignID)
	if err != nil || c.Content.Survey == nil {
		return nil, err
	}
	to := newAsking(c, d, "")
	to.oneByOne = to.oneByOne || c.Channel == domain.Skype
	st, err := a.standing(ctx, to)
	if err != nil || st.Finished || st.Equal(domain.Standing{}) {
		return nil, err
	}
	step := a.step(to, st)
	return &step, nil
}

// Needless says that a message about a survey need not go any more: nobody can answer, or its
// person has. Of an anonymous survey everybody gets a row of a reminder, so that the rows tell
// nothing, and whether they have answered is looked at when their turn has come.
func (a *Surveys) Needless(ctx context.Context, c domain.Campaign, d domain.Delivery) (bool, error) {
	s := c.Content.Survey
	switch {
	case s == nil:
		return false, nil
	case (c.Change == "" || c.Change.Asks()) && s.Closed(a.Now()):
		return true, nil
	case c.Anonymous() && (c.Change == domain.Share || c.Change == domain.Correct || c.Change.Asks()):
		cast, err := a.Ballots.HasCast(ctx, c.Parent, d.Person.ID)
		return cast != (c.Change == domain.Share), err
	case c.Change.Asks():
		st, err := a.Standings.Standing(ctx, domain.Delivery{ID: d.Origin})
		return st.Finished, err
	}
	return false, nil
}
