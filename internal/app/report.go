package app

import (
	"context"
	"time"

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

// report costs the same few rows however many recipients there are. They are read at once, for while
// messages are sent each reading waits for its turn, however little it asks; the campaign first, so
// that the counts of one that is done are its last.
func (a *Campaigns) report(ctx context.Context, id int64) (domain.Report, error) {
	c, err := a.get(ctx, id)
	if err != nil {
		return domain.Report{}, err
	}
	r, due := domain.Report{Campaign: c}, time.Time{}
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		counts, err := a.Count.Counts(ctx, id)
		r.Counts = counts[id]
		return err
	})
	all.Go(func() (err error) { due, err = a.due(ctx, c); return err })
	all.Go(func() (err error) { r.Reactions, err = a.Count.Reactions(ctx, id); return err })
	all.Go(func() (err error) { r.Links, err = a.Count.Links(ctx, id); return err })
	all.Go(func() (err error) { r.Receipts, err = a.receipts(ctx, c); return err })
	all.Go(func() (err error) { r.Change, err = a.Changes.LastChange(ctx, id); return err })
	if err := all.Wait(); err != nil {
		return domain.Report{}, err
	}
	r.Progress = a.progress(c, due)
	r.ExpectedFinishAt = a.expectedFinish(c, r.Counts, r.Progress, due)
	return r, nil
}

// receipts is whether the channel tells that a message was read. Skype never does; Teams does
// where the app was allowed to hear it, which nobody says but the first receipt.
func (a *Campaigns) receipts(ctx context.Context, c domain.Campaign) (domain.Receipts, error) {
	if c.Channel == domain.Skype {
		return domain.ReceiptsUnavailable, nil
	}
	if come, err := a.Count.HasReceipts(ctx, c.ID); !come {
		return domain.ReceiptsUnknown, err
	}
	return domain.ReceiptsAvailable, nil
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
