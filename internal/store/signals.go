package store

import (
	"context"
	"strings"
	"time"

	"crier/internal/domain"
)

// onTheWay are rows that a process holds: their messages may have arrived already, and be
// recorded as sent in a moment, with their ids.
const onTheWay = `(deliveries.state IN ('pending', 'postponed') AND (deliveries.held_by IN (SELECT id FROM instances) OR ` + reserved + `))`

// onTheWayIn is onTheWay of rows with a name of their own.
func onTheWayIn(rows string) string { return strings.ReplaceAll(onTheWay, "deliveries.", rows+".") }

// gone is what took a message away: read after that, something else was read.
const gone = `SELECT 1 FROM deliveries AS x JOIN campaigns AS k ON k.id = x.campaign_id
	WHERE x.person_id = deliveries.person_id AND x.origin_id = deliveries.id AND x.state = 'sent' AND k.change IN ('recall', 'expire')`

// Unseen lists a person's rows that were sent and not seen yet, with their activity ids, and
// those on the way to them, whose states are open.
func (s Deliveries) Unseen(ctx context.Context, personID int64) ([]domain.Delivery, error) {
	return s.ofPerson(ctx, personID, `(state = 'sent' AND seen_at IS NULL AND NOT EXISTS (`+gone+`) OR `+onTheWay+`)`)
}

// ByActivity is the row of a person whose message has this id on the channel. Where none has,
// it is one on the way to them, whose state is open: it may be the one.
func (s Deliveries) ByActivity(ctx context.Context, personID int64, activityID string) (domain.Delivery, error) {
	list, err := s.ofPerson(ctx, personID, `(state = 'sent' AND activity_id = ? OR `+onTheWay+`)`, activityID)
	if err == nil && len(list) == 0 {
		err = domain.Fail(domain.NotFound, "There is no such message.")
	}
	if err != nil {
		return domain.Delivery{}, err
	}
	found := list[0]
	for _, d := range list {
		if d.State == domain.Sent {
			found = d
		}
	}
	return found, nil
}

// ofPerson reads in one statement, and so as of one moment: a row that is recorded meanwhile is
// either on its way still, or sent.
func (s Deliveries) ofPerson(ctx context.Context, personID int64, where string, args ...any) ([]domain.Delivery, error) {
	var rows []deliveryRow
	err := s.DB.view().list(ctx, &rows, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE person_id = ? AND NOT trial AND origin_id IS NULL AND `+where, append([]any{personID}, args...)...)
	list := make([]domain.Delivery, len(rows))
	for i, r := range rows {
		list[i] = r.delivery()
	}
	return list, err
}

// MarkSeen notes the first evidence that a person saw a message; later ones change nothing.
func (s Deliveries) MarkSeen(ctx context.Context, d domain.Delivery, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		return t.mark(ctx, d, "seen", now)
	})
}

// mark sets one of seen_at, clicked_at and answered_at, once, and counts it; whatever it
// is, it shows that the person saw the message.
//
// Only what was sent is marked, so that a report never counts more people who saw a message
// than have it. Somebody may well be quicker than our note that it was sent: that is kept, and
// marked when the note is there (SettleMarks).
func (t *tx) mark(ctx context.Context, d domain.Delivery, what string, now time.Time) error {
	changes, err := t.markRow(ctx, d, what, now)
	if err != nil || len(changes) == 0 {
		return err
	}
	return t.count(ctx, d.CampaignID, changes)
}

// markRow marks a row, and answers what that changes in the counts of its campaign.
func (t *tx) markRow(ctx context.Context, d domain.Delivery, what string, now time.Time) (tally, error) {
	var row struct {
		State    string
		PersonID int64 `db:"person_id"`
		SentAt   stamp `db:"sent_at"`
		SeenAt   stamp `db:"seen_at"`
		At       stamp
	}
	err := t.get(ctx, &row, `SELECT state, COALESCE(person_id, 0) AS person_id, sent_at, seen_at, `+what+`_at AS at FROM deliveries WHERE id = ?`+t.lock("FOR NO KEY UPDATE"), d.ID)
	if err != nil {
		return nil, err
	}
	if domain.State(row.State) != domain.Sent {
		return nil, t.markLater(ctx, d, what, now)
	}
	changes := tally{}
	if row.At.Time().IsZero() {
		changes[what] = 1
	}
	if row.SeenAt.Time().IsZero() {
		// Who answered an anonymous survey is counted already, and their row tells nothing of it.
		cast, err := t.hasCast(ctx, d.CampaignID, row.PersonID, t.lock("FOR UPDATE"))
		if err != nil {
			return nil, err
		}
		changes["seen"] = int64(step(!cast))
	}
	if len(changes) == 0 {
		return nil, nil
	}
	if now.Before(row.SentAt.Time()) { // the note came after the person
		now = row.SentAt.Time()
	}
	set, args := `seen_at = COALESCE(seen_at, ?)`, []any{now}
	if what != "seen" {
		set, args = set+`, `+what+`_at = COALESCE(`+what+`_at, ?)`, append(args, now)
	}
	if _, err := t.exec(ctx, `UPDATE deliveries SET `+set+` WHERE id = ?`, append(args, d.ID)...); err != nil || d.Trial {
		return nil, err
	}
	return changes, nil
}

// React adds or removes a person's reaction to a message, as it was at that time: what is
// older than what is known changes nothing, nor does doing it again.
func (s Deliveries) React(ctx context.Context, d domain.Delivery, reaction string, added bool, at time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		step, err := t.react(ctx, d, reaction, added, at)
		if err != nil {
			return err
		}
		if step != 0 && !d.Trial {
			if _, err := t.exec(ctx, `INSERT INTO campaign_reactions (campaign_id, type, count) VALUES (?, ?, ?)
				ON CONFLICT (campaign_id, type) DO UPDATE SET count = campaign_reactions.count + excluded.count`, d.CampaignID, reaction, step); err != nil {
				return err
			}
		}
		return t.mark(ctx, d, "seen", at)
	})
}

// react keeps how a reaction stands and answers what that adds to their number: 1, 0 or -1.
func (t *tx) react(ctx context.Context, d domain.Delivery, reaction string, added bool, at time.Time) (int, error) {
	// The message's row stands for all its reactions: of two at once the second waits here.
	var id int64
	if err := t.get(ctx, &id, `SELECT id FROM deliveries WHERE id = ?`+t.lock("FOR NO KEY UPDATE"), d.ID); err != nil {
		return 0, err
	}
	var was struct {
		Standing bool
		At       stamp
	}
	err := t.get(ctx, &was, `SELECT standing, at FROM reactions WHERE delivery_id = ? AND type = ?`, d.ID, reaction)
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return 0, err
	}
	if at = at.Truncate(time.Millisecond); at.Before(was.At.Time()) {
		return 0, nil
	}
	_, err = t.exec(ctx, `INSERT INTO reactions (delivery_id, type, standing, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (delivery_id, type) DO UPDATE SET standing = excluded.standing, at = excluded.at`, d.ID, reaction, added, at)
	return step(added) - step(was.Standing), err
}
