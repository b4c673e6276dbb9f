package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Unseen lists a person's rows that were sent and not seen yet, with their activity ids.
func (s Deliveries) Unseen(ctx context.Context, personID int64) ([]domain.Delivery, error) {
	return s.ofPerson(ctx, personID, `seen_at IS NULL`)
}

// ByActivity is the row of a person whose message has this id on the channel.
func (s Deliveries) ByActivity(ctx context.Context, personID int64, activityID string) (domain.Delivery, error) {
	list, err := s.ofPerson(ctx, personID, `activity_id = ?`, activityID)
	if err == nil && len(list) == 0 {
		err = domain.Fail(domain.NotFound, "There is no such message.")
	}
	if err != nil {
		return domain.Delivery{}, err
	}
	return list[0], nil
}

func (s Deliveries) ofPerson(ctx context.Context, personID int64, where string, args ...any) ([]domain.Delivery, error) {
	var rows []deliveryRow
	err := s.DB.view().list(ctx, &rows, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE person_id = ? AND NOT trial AND state = 'sent' AND `+where, append([]any{personID}, args...)...)
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
func (t *tx) mark(ctx context.Context, d domain.Delivery, what string, now time.Time) error {
	n, err := t.exec(ctx, `UPDATE deliveries SET `+what+`_at = ? WHERE id = ? AND `+what+`_at IS NULL AND state = 'sent'`, now, d.ID)
	if err != nil {
		return err
	}
	if !d.Trial {
		if err := t.count(ctx, d.CampaignID, tally{what: n}); err != nil {
			return err
		}
	}
	if what == "seen" {
		return nil
	}
	return t.mark(ctx, d, "seen", now)
}

// React adds or removes a person's reaction to a message; doing it again changes nothing.
func (s Deliveries) React(ctx context.Context, d domain.Delivery, reaction string, added bool, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		text, step := `INSERT INTO reactions (delivery_id, type) VALUES (?, ?) ON CONFLICT DO NOTHING`, int64(1)
		if !added {
			text, step = `DELETE FROM reactions WHERE delivery_id = ? AND type = ?`, -1
		}
		n, err := t.exec(ctx, text, d.ID, reaction)
		if err != nil {
			return err
		}
		if n > 0 && !d.Trial {
			if _, err := t.exec(ctx, `INSERT INTO campaign_reactions (campaign_id, type, count) VALUES (?, ?, ?)
				ON CONFLICT (campaign_id, type) DO UPDATE SET count = campaign_reactions.count + excluded.count`, d.CampaignID, reaction, step); err != nil {
				return err
			}
		}
		return t.mark(ctx, d, "seen", now)
	})
}
