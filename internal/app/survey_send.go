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
