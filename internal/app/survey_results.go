package app

import (
	"context"
	"strings"

	"crier/internal/domain"
)

// Results are what people answered to a survey, as far as its privacy allows to show it.
func (a *Surveys) Results(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, domain.SurveyReport, error) {
	c, err := a.survey(ctx, by, domain.Analyst, id)
	if err != nil {
		return c, domain.SurveyReport{}, err
	}
	r, err := a.results(ctx, c)
	if err != nil {
		return c, r, err
	}
	if r.Reminders, err = a.Flow.Reports(ctx, id, domain.Remind); err != nil {
		return c, r, err
	}
	shares, err := a.Flow.Reports(ctx, id, domain.Share)
	if len(shares) > 0 {
		r.Shared = &shares[0]
	}
	return c, r, err
}

func (a *Surveys) results(ctx context.Context, c domain.Campaign) (domain.SurveyReport, error) {
	s := c.Content.Survey
	if c.Anonymous() {
		responses, shown, err := a.Ballots.Ballots(ctx, c)
		return s.Report(responses, responses, shown), err
	}
	tally, err := a.Answers.Tally(ctx, c)
	return s.Report(tally.Responses, tally.Completed, tally), err
}

// Responses is a page of what each person answered, after an id: everybody's, or of those who
// answered a question. Of a masked survey they have neither person nor times, and their ids are
// drawn at random; of an anonymous one there are none.
func (a *Surveys) Responses(ctx context.Context, by domain.Actor, id int64, question string, after int64, limit int) ([]domain.Response, error) {
	return a.list(ctx, by, id, question, "", after, limit)
}

// Find is a page of what people answered whose name, address or user principal name contains a
// query. It finds nobody where names are withheld.
func (a *Surveys) Find(ctx context.Context, by domain.Actor, id int64, query string, after int64, limit int) ([]domain.Response, error) {
	return a.list(ctx, by, id, "", strings.TrimSpace(query), after, limit)
}

func (a *Surveys) list(ctx context.Context, by domain.Actor, id int64, question, query string, after int64, limit int) ([]domain.Response, error) {
	c, err := a.survey(ctx, by, domain.Analyst, id)
	if err != nil {
		return nil, err
	}
	if c.Anonymous() {
		return nil, domain.Fail(domain.Forbidden, "This survey is anonymous: what one person answered is not kept.")
	}
	if c.Content.Survey.Privacy != domain.Identified && query != "" {
		return nil, domain.Fail(domain.Forbidden, "Names are withheld in this survey: nobody can be searched for.")
	}
	if _, known := c.Content.Survey.Question(question); question != "" && !known {
		return nil, domain.Fail(domain.NotFound, "This survey has no such question.")
	}
	return a.Answers.List(ctx, c, question, query, after, page(limit))
}

// Close closes a survey now.
func (a *Surveys) Close(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	return a.move(ctx, by, id, func(domain.Campaign) error { return a.Flow.CloseSurvey(ctx, id, a.Now()) })
}

// Remind sends a survey once more to those who have it and did not finish.
func (a *Surveys) Remind(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	return a.move(ctx, by, id, func(domain.Campaign) error { return a.Flow.Remind(ctx, id, by.Name, a.Now()) })
}

// Share sends what came of a survey to those who answered, once, when enough did.
func (a *Surveys) Share(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	return a.move(ctx, by, id, func(c domain.Campaign) error {
		r, err := a.results(ctx, c)
		if err != nil {
			return err
		}
		return a.Flow.Share(ctx, id, min(r.Shown, r.Completed), by.Name, a.Now())
	})
}

// move does something to a survey that was sent, for somebody who may send.
func (a *Surveys) move(ctx context.Context, by domain.Actor, id int64, do func(domain.Campaign) error) (domain.Campaign, error) {
	c, err := a.survey(ctx, by, domain.Sender, id)
	if err != nil {
		return c, err
	}
	if err := do(c); err != nil {
		return c, err
	}
	a.Wake()
	return a.Campaigns.Get(ctx, id)
}

// survey is a campaign that asks something, for somebody of that role.
func (a *Surveys) survey(ctx context.Context, by domain.Actor, needs domain.Role, id int64) (domain.Campaign, error) {
	if err := by.May(needs); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.Campaigns.Get(ctx, id)
	if err != nil {
		return c, err
	}
	if c.Parent != 0 {
		return domain.Campaign{}, domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	if c.Kind != domain.KindSurvey || c.Content.Survey == nil {
		return c, domain.Fail(domain.Conflict, "This campaign is no survey.")
	}
	return c, nil
}
