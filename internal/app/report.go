package app

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Report is what happened to a campaign so far, and how it gets on.
func (a *Campaigns) Report(ctx context.Context, by domain.Actor, id int64) (domain.Report, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Report{}, err
	}
	return a.report(ctx, id)
}

// report costs the same few rows however many recipients there are.
func (a *Campaigns) report(ctx context.Context, id int64) (domain.Report, error) {
	c, err := a.Store.Get(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	counts, err := a.Count.Counts(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	reactions, err := a.Count.Reactions(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	r := domain.Report{Campaign: c, Counts: counts[id], Reactions: reactions}
	var due time.Time
	r.Progress, due, err = a.progress(ctx, c, r.Counts)
	r.ExpectedFinishAt = a.expectedFinish(c, r.Counts, r.Progress, due)
	return r, err
}

// Counts is how campaigns stand, by id.
func (a *Campaigns) Counts(ctx context.Context, by domain.Actor, ids ...int64) (map[int64]domain.Counts, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	return a.Count.Counts(ctx, ids...)
}

// Rows is a page of a campaign's recipients, after a row's id.
func (a *Campaigns) Rows(ctx context.Context, by domain.Actor, id int64, f domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	if _, err := a.Store.Get(ctx, id); err != nil {
		return nil, err
	}
	return a.Deliveries.List(ctx, id, f, after, page(limit))
}

// Survey is what people answered to a survey campaign.
func (a *Campaigns) Survey(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, domain.SurveyReport, error) {
	var r domain.SurveyReport
	if err := by.May(domain.Analyst); err != nil {
		return domain.Campaign{}, r, err
	}
	c, err := a.Store.Get(ctx, id)
	if err != nil {
		return c, r, err
	}
	if c.Kind != domain.KindSurvey || c.Content.Survey == nil {
		return c, r, domain.Fail(domain.Conflict, "This campaign is no survey.")
	}
	var answers []domain.AnswerCount
	r.Responses, r.Completed, answers, err = a.Answers.Counts(ctx, id)
	if err != nil {
		return c, r, err
	}
	for _, q := range c.Content.Survey.Questions {
		r.Questions = append(r.Questions, questionReport(q, answers))
	}
	return c, r, nil
}

func questionReport(q domain.Question, answers []domain.AnswerCount) domain.QuestionReport {
	report := domain.QuestionReport{Question: q}
	counts := map[string]int64{}
	for _, a := range answers {
		if a.QuestionID == q.ID {
			counts[a.Value] += a.Count
			report.Answers += a.Count
		}
	}
	for _, o := range q.Options {
		report.Options = append(report.Options, domain.OptionCount{Text: o, Count: counts[o]})
	}
	return report
}
