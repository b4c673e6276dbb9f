package store

import (
	"context"
	"slices"
	"time"

	"crier/internal/domain"
)

// A reminder is a campaign with the survey as its parent, like a change of messages. Those that
// people asked for themselves have one for each survey, which is opened again for the next.

// locked is a campaign that nobody changes meanwhile.
func (t *tx) locked(ctx context.Context, id int64) (domain.Campaign, error) {
	var row campaignRow
	err := t.get(ctx, &row, `SELECT `+campaignColumns+` FROM campaigns WHERE id = ? AND parent_id IS NULL`+t.lock("FOR NO KEY UPDATE"), id)
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	if err != nil {
		return domain.Campaign{}, err
	}
	return row.campaign()
}

// reports are the children of a campaign that do one thing, in their order.
func (t *tx) reports(ctx context.Context, id int64, what domain.Change) ([]domain.ChangeReport, error) {
	var rows []changeRow
	err := t.list(ctx, &rows, changes+`c.parent_id = ? AND c.change = ? ORDER BY c.id`, id, string(what))
	var list []domain.ChangeReport
	for _, r := range rows {
		list = append(list, r.report())
	}
	return list, err
}

// Reports are the reminders of a survey, or the shares of its results, in their order.
func (s Campaigns) Reports(ctx context.Context, id int64, what domain.Change) ([]domain.ChangeReport, error) {
	return s.DB.view().reports(ctx, id, what)
}

// history is what decides on whether a survey may remind people.
func (t *tx) history(ctx context.Context, id int64) (last domain.Change, before []domain.ChangeReport, err error) {
	change, err := t.lastChange(ctx, id)
	if err != nil {
		return "", nil, err
	}
	if change != nil {
		last = change.Change
	}
	before, err = t.reports(ctx, id, domain.Remind)
	return last, before, err
}

// Remind begins a reminder of a survey, or is the Conflict that speaks against it. It goes on with
// one that paused itself.
func (s Campaigns) Remind(ctx context.Context, id int64, by string, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		c, err := t.locked(ctx, id)
		if err != nil {
			return err
		}
		last, before, err := t.history(ctx, id)
		if err != nil {
			return err
		}
		if n := len(before); n > 0 && before[n-1].Status == domain.Paused {
			if err := c.MayRemind(last, before[:n-1], now); err != nil {
				return err
			}
			_, err := t.exec(ctx, `UPDATE campaigns SET status = 'sending', notice = '', updated_at = ? WHERE id = ? AND status = 'paused'`, now, before[n-1].Campaign)
			return err
		}
		if err := c.MayRemind(last, before, now); err != nil {
			return err
		}
		return t.beginChange(ctx, c, domain.Remind, by, now)
	})
}

// Share begins to send the results of a survey to those who answered, once; shown is how many
// responses they show.
func (s Campaigns) Share(ctx context.Context, id, shown int64, by string, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		c, err := t.locked(ctx, id)
		if err != nil {
			return err
		}
		last, _, err := t.history(ctx, id)
		if err != nil {
			return err
		}
		shares, err := t.reports(ctx, id, domain.Share)
		if err != nil {
			return err
		}
		if err := c.MayShare(last, len(shares) > 0, shown); err != nil {
			return err
		}
		return t.beginChange(ctx, c, domain.Share, by, now)
	})
}

// CloseSurvey closes a survey now: what was not sent yet stays unsent, and nobody is reminded of
// it any more.
func (s Campaigns) CloseSurvey(ctx context.Context, id int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		c, err := t.locked(ctx, id)
		if err != nil {
			return err
		}
		if err := c.MayClose(now); err != nil {
			return err
		}
		c.Content.Survey.ClosesAt = now.UTC().Truncate(time.Millisecond)
		if _, err := t.exec(ctx, `UPDATE campaigns SET content = ?, revision = revision + 1, updated_at = ? WHERE id = ?`, encode(c.Content), now, id); err != nil {
			return err
		}
		_, err = t.cancel(ctx, id, domain.ClosedNotice, now)
		return err
	})
}

// endReminders forgets the reminders of a campaign that were planned, and ends those under way.
func (t *tx) endReminders(ctx context.Context, id int64, now time.Time) error {
	for _, planned := range []string{"survey_reminders", "survey_closings"} {
		if _, err := t.exec(ctx, `DELETE FROM `+planned+` WHERE campaign_id = ?`, id); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = '', named_to = NULL, updated_at = ?, finished_at = ?
		WHERE parent_id = ? AND change IN ('remind', 'later') AND status IN ('sending', 'paused')`, now, now, id)
	return err
}

// planReminders notes when a survey closes, and when it is to remind people after a time.
func (t *tx) planReminders(ctx context.Context, c domain.Campaign, after time.Time) error {
	s := c.Content.Survey
	if s == nil {
		return nil
	}
	for _, at := range s.Reminders {
		if !at.After(after) {
			continue
		}
		if err := t.planReminder(ctx, c.ID, at); err != nil {
			return err
		}
	}
	if s.ClosesAt.IsZero() {
		return nil
	}
	closed := s.ClosesAt.Add(time.Millisecond) // times are kept in whole ones: never too early
	_, err := t.exec(ctx, `INSERT INTO survey_closings (campaign_id, at) VALUES (?, ?)`, c.ID, closed)
	return err
}

// replanReminders takes from the plans of a survey what its correction leaves out, and adds what is
// to come: what is past was carried out, or waits to be. A reminder that was put off goes all the
// same, unless there are to be none any more.
func (t *tx) replanReminders(ctx context.Context, before, after domain.Campaign, now time.Time) error {
	if before.Content.Survey == nil || after.Content.Survey == nil {
		return nil
	}
	if _, err := t.exec(ctx, `DELETE FROM survey_closings WHERE campaign_id = ?`, after.ID); err != nil {
		return err
	}
	kept := after.Content.Survey.Reminders
	for _, at := range before.Content.Survey.Reminders {
		if slices.ContainsFunc(kept, at.Equal) {
			continue
		}
		if _, err := t.exec(ctx, `DELETE FROM survey_reminders WHERE campaign_id = ? AND at = ?`, after.ID, at); err != nil {
			return err
		}
	}
	if len(kept) == 0 {
		if _, err := t.exec(ctx, `DELETE FROM survey_reminders WHERE campaign_id = ?`, after.ID); err != nil {
			return err
		}
	}
	return t.planReminders(ctx, after, now)
}

func (t *tx) planReminder(ctx context.Context, id int64, at time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO survey_reminders (campaign_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, at)
	return err
}

// RemindersDue lists the surveys that are to remind people now, at set times or at their wish, and
// those that have closed. What a paused one is to remind of waits.
func (s Campaigns) RemindersDue(ctx context.Context, now time.Time) ([]int64, error) {
	var ids []int64
	err := s.DB.view().list(ctx, &ids, `SELECT r.campaign_id FROM survey_reminders r JOIN campaigns c ON c.id = r.campaign_id WHERE r.at <= ? AND c.status <> 'paused'
		UNION SELECT l.campaign_id FROM survey_later l JOIN campaigns c ON c.id = l.campaign_id WHERE l.due_at <= ? AND c.status <> 'paused'
		UNION SELECT campaign_id FROM survey_closings WHERE at <= ? ORDER BY campaign_id`, now, now, now)
	return ids, err
}

// RemindDue begins the reminders of a survey that are due, and ends what it still sends where it
// has closed. Doing it twice changes nothing.
func (s Campaigns) RemindDue(ctx context.Context, id int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		c, err := t.locked(ctx, id)
		if err != nil {
			return err
		}
		if err := t.closeDue(ctx, c, now); err != nil || c.Status == domain.Paused {
			return err
		}
		last, before, err := t.history(ctx, id)
		if err != nil {
			return err
		}
		due, err := t.exec(ctx, `DELETE FROM survey_reminders WHERE campaign_id = ? AND at <= ?`, id, now)
		if err != nil {
			return err
		}
		if due > 0 {
			if err := t.remindAtSetTime(ctx, c, last, before, now); err != nil {
				return err
			}
		}
		return t.remindLater(ctx, c, last, now)
	})
}

// closeDue ends, once, what a survey still sends whose time to close has come.
func (t *tx) closeDue(ctx context.Context, c domain.Campaign, now time.Time) error {
	due, err := t.exec(ctx, `DELETE FROM survey_closings WHERE campaign_id = ? AND at <= ?`, c.ID, now)
	if err != nil || due == 0 {
		return err
	}
	_, err = t.cancel(ctx, c.ID, domain.ClosedNotice, now)
	return err
}

// remindAtSetTime begins a reminder, or puts it off until it may go.
func (t *tx) remindAtSetTime(ctx context.Context, c domain.Campaign, last domain.Change, before []domain.ChangeReport, now time.Time) error {
	if c.MayRemind(last, before, now) == nil {
		return t.beginChange(ctx, c, domain.Remind, "", now)
	}
	if at, ok := c.RemindAgain(last, before, now); ok {
		return t.planReminder(ctx, c.ID, at)
	}
	return nil
}
