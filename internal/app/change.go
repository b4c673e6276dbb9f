package app

import (
	"context"
	"time"

	"crier/internal/domain"
)

// ChangeStore keeps the changes of messages that people have.
type ChangeStore interface {
	Change(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error
	LastChange(ctx context.Context, id int64) (*domain.ChangeReport, error)
	LastChanges(ctx context.Context, ids ...int64) (map[int64]*domain.ChangeReport, error)
}

// Recall takes a campaign's message back from everyone who has it; what was not sent yet
// stays unsent. Asked again, it goes on with a recall that paused, and tries again what failed.
func (a *Campaigns) Recall(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	c, last, err := a.forChange(ctx, by, id)
	if err != nil {
		return c, err
	}
	if last != nil && last.Change == domain.Recall {
		return c, a.goOn(ctx, *last)
	}
	if err := c.MayChange(domain.Recall, changeOf(last)); err != nil {
		return c, err
	}
	if c.Status == domain.Sending || c.Status == domain.Paused {
		if err := a.Deliveries.Cancel(ctx, id, a.Now()); err != nil && domain.KindOf(err) != domain.Conflict { // it may be through by now
			return c, err
		}
	}
	return a.change(ctx, by, c, domain.Recall)
}

// Correct replaces a campaign's message, for everyone who has it and for those who are still
// to get it, by one of the same kind. The revision is the one that was read; 0: whatever it is.
// Stale when somebody was faster.
func (a *Campaigns) Correct(ctx context.Context, by domain.Actor, id, revision int64, content domain.Content) (domain.Campaign, error) {
	c, last, err := a.forChange(ctx, by, id)
	if err != nil {
		return c, err
	}
	if revision != 0 && revision != c.Revision {
		return c, domain.Fail(domain.Stale, "Somebody else changed this campaign meanwhile. Load it again and repeat your change.")
	}
	if err := c.MayChange(domain.Correct, changeOf(last)); err != nil {
		return c, err
	}
	better, err := c.Corrected(content)
	if err == nil {
		err = a.checkImage(better)
	}
	if err != nil {
		return c, err
	}
	return a.change(ctx, by, better, domain.Correct)
}

// RetryChange tries again what failed in the last change of a campaign's messages, and goes
// on with one that paused.
func (a *Campaigns) RetryChange(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	c, last, err := a.forChange(ctx, by, id)
	if err != nil {
		return c, err
	}
	if last == nil {
		return c, domain.Fail(domain.Conflict, "The messages of this campaign have not been changed.")
	}
	return c, a.goOn(ctx, *last)
}

func (a *Campaigns) change(ctx context.Context, by domain.Actor, c domain.Campaign, to domain.Change) (domain.Campaign, error) {
	if err := a.Changes.Change(ctx, c, to, by.Name, a.Now()); err != nil {
		return c, err
	}
	a.Wake()
	return a.Store.Get(ctx, c.ID)
}

// forChange is a campaign and the last change of its messages, for somebody who may change them.
func (a *Campaigns) forChange(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, *domain.ChangeReport, error) {
	if err := by.May(domain.Sender); err != nil {
		return domain.Campaign{}, nil, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return c, nil, err
	}
	last, err := a.Changes.LastChange(ctx, id)
	return c, last, err
}

func changeOf(r *domain.ChangeReport) domain.Change {
	if r == nil {
		return ""
	}
	return r.Change
}

// goOn goes on with a change that paused, or tries again what failed of it.
func (a *Campaigns) goOn(ctx context.Context, r domain.ChangeReport) error {
	var err error
	switch {
	case r.Status == domain.Paused:
		err = a.Flow.Move(ctx, r.Campaign, domain.Sending, "", a.Now(), domain.Paused)
	case r.Status == domain.Sending:
		err = domain.Fail(domain.Conflict, "This is under way already.")
	case r.Counts.Failed+r.Counts.Uncertain == 0:
		err = domain.Fail(domain.Conflict, "This has been done already.")
	default:
		err = a.Deliveries.Retry(ctx, r.Campaign, a.Now())
	}
	if err == nil {
		a.Wake()
	}
	return err
}

// get is a campaign; a change of one's messages is none.
func (a *Campaigns) get(ctx context.Context, id int64) (domain.Campaign, error) {
	c, err := a.Store.Get(ctx, id)
	if err == nil && c.Parent != 0 {
		return domain.Campaign{}, domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	return c, err
}

// withChanges adds what the last change did to rows.
func (a *Campaigns) withChanges(ctx context.Context, c domain.Campaign, rows []domain.Delivery) ([]domain.Delivery, error) {
	last, err := a.Changes.LastChange(ctx, c.ID)
	if err != nil || last == nil {
		return rows, err
	}
	if s := c.Content.Survey; last.Change == domain.Correct && s != nil && s.Privacy != domain.Identified {
		return rows, nil // a survey is corrected for those who had not answered: that would name them
	}
	by, err := a.Deliveries.ChangesOf(ctx, last.Campaign, rows)
	for i := range rows {
		if what, ok := by[rows[i].ID]; ok {
			what.Change = last.Change
			rows[i].Changed = &what
		}
	}
	return rows, err
}
