package app

import (
	"context"

	"golang.org/x/sync/errgroup"

	"crier/internal/domain"
)

// Report is what happened to a campaign so far, and how it gets on.
func (a *Campaigns) Report(ctx context.Context, by domain.Actor, id int64) (domain.Report, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Report{}, err
	}
	return a.report(ctx, id)
}

// report costs the same few rows however many recipients there are, and as few statements as can be:
// while messages are sent each waits for a processor, however little it asks. The campaign comes
// first, so that the counts of one that is done are its last.
func (a *Campaigns) report(ctx context.Context, id int64) (domain.Report, error) {
	c, err := a.get(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	seen, err := a.Count.Glance(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	r := domain.Report{Campaign: c, Counts: seen.Counts, Receipts: receipts(c, seen), Reactions: map[string]int64{}}
	all, ctx := errgroup.WithContext(ctx)
	if seen.Reactions {
		all.Go(func() (err error) { r.Reactions, err = a.Count.Reactions(ctx, id); return err })
	}
	if seen.Links {
		all.Go(func() (err error) { r.Links, err = a.Count.Links(ctx, id); return err })
	}
	if seen.Changes {
		all.Go(func() (err error) { r.Change, err = a.Changes.LastChange(ctx, id); return err })
	}
	if err := all.Wait(); err != nil {
		return domain.Report{}, err
	}
	r.Progress = a.progress(c, seen.NextDue)
	r.ExpectedFinishAt = a.expectedFinish(c, r.Counts, r.Progress, seen.NextDue)
	return r, nil
}

// receipts is whether the channel tells that a message was read. Skype never does; Teams does
// where the app was allowed to hear it, which nobody says but the first receipt.
func receipts(c domain.Campaign, seen domain.Glance) domain.Receipts {
	switch {
	case c.Channel == domain.Skype:
		return domain.ReceiptsUnavailable
	case seen.Receipts:
		return domain.ReceiptsAvailable
	}
	return domain.ReceiptsUnknown
}

// Counts is how campaigns stand, by id.
func (a *Campaigns) Counts(ctx context.Context, by domain.Actor, ids ...int64) (map[int64]domain.Counts, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	return a.Count.Counts(ctx, ids...)
}

// LastChanges is how the last change of campaigns' messages gets on, by id; those whose messages are
// as they were sent have none.
func (a *Campaigns) LastChanges(ctx context.Context, by domain.Actor, ids ...int64) (map[int64]*domain.ChangeReport, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	return a.Changes.LastChanges(ctx, ids...)
}

// Rows is a page of a campaign's recipients, after a row's id, with the times that its privacy
// allows where it is a survey.
func (a *Campaigns) Rows(ctx context.Context, by domain.Actor, id int64, f domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := a.Deliveries.List(ctx, id, f, after, page(limit))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i] = c.Content.Survey.Discreet(rows[i])
	}
	return a.withChanges(ctx, c, rows)
}
