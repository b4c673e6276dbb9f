package store

import (
	"context"
	"strings"
	"time"

	"crier/internal/domain"
)

// Later notes that somebody wants to be reminded of a survey, by their row, at a time. Once:
// false says that they were reminded before.
func (s Responses) Later(ctx context.Context, d domain.Delivery, at time.Time) (bool, error) {
	var due stamp
	err := s.DB.once().get(ctx, &due, `INSERT INTO survey_later (delivery_id, campaign_id, due_at) VALUES (?, ?, ?)
		ON CONFLICT (delivery_id) DO UPDATE SET due_at = survey_later.due_at RETURNING due_at`, d.ID, d.CampaignID, at)
	return !due.Time().IsZero(), err
}

// laterAtOnce bounds the people that one look reminds.
const laterAtOnce = 1000

// remindLater reminds those who asked for it and whose time has come, unless they finished or
// were reminded otherwise.
func (t *tx) remindLater(ctx context.Context, c domain.Campaign, last domain.Change, now time.Time) error {
	var due []int64
	err := t.list(ctx, &due, `SELECT delivery_id FROM survey_later WHERE campaign_id = ? AND due_at <= ? ORDER BY delivery_id LIMIT ?`, c.ID, now, laterAtOnce)
	if err != nil || len(due) == 0 {
		return err
	}
	among, args := t.oneOf(due)
	if _, err := t.exec(ctx, `UPDATE survey_later SET due_at = NULL WHERE delivery_id`+among, args...); err != nil {
		return err
	}
	if last == domain.Recall || last == domain.Expire || c.CalledOff() || c.Content.Survey.Closed(now) {
		return nil
	}
	var rows, people []askedRow
	err = t.list(ctx, &rows, asked+` AND d.id`+among, append([]any{now, c.ID, c.ID}, args...)...)
	if err != nil {
		return err
	}
	child := c
	child.Parent, child.Change = c.ID, domain.Later
	for _, r := range rows {
		if !r.Finished && !r.RemindedAt.Time().After(now.Add(-domain.RemindAfter)) {
			people = append(people, r)
		}
	}
	if len(people) == 0 {
		return nil
	}
	if child.ID, err = t.reopenLater(ctx, c, now); err != nil {
		return err
	}
	written, err := t.addRows(ctx, child, domain.NewTimetable(domain.Policy{}, child.ID, now, ""), people, now)
	if err != nil {
		return err
	}
	if err := t.count(ctx, child.ID, tally{"listed": written, "pending": written}); err != nil {
		return err
	}
	return t.finishIfDone(ctx, child.ID, now)
}

// reopenLater is the campaign of the reminders that people asked for; after one that ended with
// its survey, which was opened again, a new one.
func (t *tx) reopenLater(ctx context.Context, c domain.Campaign, now time.Time) (int64, error) {
	children, err := t.reports(ctx, c.ID, domain.Later)
	if err != nil {
		return 0, err
	}
	if n := len(children); n > 0 && children[n-1].Status != domain.Cancelled {
		id := children[n-1].Campaign
		_, err := t.exec(ctx, `UPDATE campaigns SET status = CASE WHEN status = 'done' THEN 'sending' ELSE status END, finished_at = NULL, updated_at = ?,
			content = ?, revision = revision + 1 WHERE id = ? AND status IN ('sending', 'paused', 'done')`, now, encode(c.Content), id)
		return id, err
	}
	id, err := t.addChild(ctx, c, domain.Later, "", now)
	if err != nil {
		return 0, err
	}
	_, err = t.exec(ctx, `UPDATE campaigns SET named_to = NULL WHERE id = ?`, id) // nobody but who asked
	return id, err
}

// askedAgain are the messages l that asked a survey's row d once more.
const askedAgain = `FROM deliveries l JOIN campaigns k ON k.id = l.campaign_id AND k.change IN ('remind', 'later')
	WHERE l.person_id = d.person_id AND l.origin_id = d.id AND NOT l.trial AND `

// ofLast is a column of the message that asked a survey's row d last: a reminder, or its own. On Skype
// the reminders of an anonymous survey keep no id.
func ofLast(column string) string {
	value := "l." + column
	if column == "activity_id" {
		value = "NULLIF(l.activity_id, '')"
	}
	return `COALESCE((SELECT ` + value + ` ` + askedAgain + `l.state = 'sent' ORDER BY l.sent_at DESC LIMIT 1), d.` + column + `) AS last_` + column
}

type pendingRow struct {
	deliveryRow
	Asking         bool   // a reminder is on its way
	LastActivityID string `db:"last_activity_id"`
	LastSentAt     stamp  `db:"last_sent_at"`
	LastAttempts   int    `db:"last_attempts"`
}

func (r pendingRow) survey() domain.PendingSurvey {
	last := domain.LastMessage{ActivityID: r.LastActivityID}
	if !r.Asking {
		last.SentAt, last.Attempts = r.LastSentAt.Time(), r.LastAttempts
	}
	return domain.PendingSurvey{Delivery: r.delivery(), Last: last}
}

// doubtful are rows d whose message may have arrived, for nobody heard what came of it: whoever writes
// may well answer it. Their code is what tells, and not quite: a connection that took too long to be
// made counts as well, an answer of 500 does not.
const doubtful = `(d.state = 'uncertain' OR d.state IN ('postponed', 'failed') AND d.code = 'timeout')`

// Pending lists the surveys that somebody has not finished and was sent, was reminded of, or
// answered since a time, or that is on its way to them or may have arrived: the newest ones, what was asked last first.
// Somebody may well be quicker than our note that it was sent. It does not tell whether
// an anonymous one is finished, nor whether any is closed.
func (s Responses) Pending(ctx context.Context, personID int64, since time.Time) ([]domain.PendingSurvey, error) {
	const pendingAtOnce = 10
	columns := "d." + strings.Join(strings.Fields(deliveryColumns), " d.") + ", EXISTS (SELECT 1 " + askedAgain + onTheWayIn("l") + ") AS asking, " + ofLast("activity_id") + ", " + ofLast("sent_at") + ", " + ofLast("attempts")
	ofPerson := func(trial string) string {
		return `SELECT ` + columns + ` FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
			LEFT JOIN responses r ON r.delivery_id = d.id
			WHERE d.person_id = ? AND ` + trial + ` AND (d.state = 'sent' OR ` + onTheWayIn("d") + ` OR ` + doubtful + ` AND d.due_at >= ?) AND d.origin_id IS NULL AND c.kind = 'survey' AND r.finished_at IS NULL
			AND (d.sent_at IS NULL OR d.sent_at >= ? OR r.touched_at >= ? OR EXISTS (SELECT 1 FROM deliveries m WHERE m.person_id = d.person_id AND NOT m.trial
				AND m.origin_id = d.id AND (m.state = 'sent' AND m.sent_at >= ? OR ` + onTheWayIn("m") + `))) AND NOT EXISTS (` + replaced + `)`
	}
	var rows []pendingRow
	err := s.DB.view().list(ctx, &rows, `SELECT * FROM (`+ofPerson("NOT d.trial")+` UNION ALL `+ofPerson("d.trial")+`) AS pending ORDER BY asking DESC, last_sent_at IS NULL DESC, last_sent_at DESC, id DESC LIMIT ?`,
		personID, since, since, since, since, personID, since, since, since, since, pendingAtOnce)
	list := make([]domain.PendingSurvey, len(rows))
	for i, r := range rows {
		list[i] = r.survey()
	}
	return list, err
}
