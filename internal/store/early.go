package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Signals may come before the message they are for is recorded as sent: outcomes are recorded
// in batches, and while the database is away not at all. They are kept here, not in memory: a
// signal that was answered to the channel does not come again, and the process that records the
// message may be another one.

// markLater keeps what is to be marked once the row is sent.
func (t *tx) markLater(ctx context.Context, d domain.Delivery, what string, now time.Time) error {
	if d.Trial {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO early_marks (delivery_id, what, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, d.ID, what, now)
	return err
}

// settleAtOnce bounds what one look reads.
const settleAtOnce = 500

// SettleMarks marks what was kept for rows that are sent by now. Those of rows that are not
// stay: a message of unknown outcome may be tried again much later. It looks rows up one by one:
// PostgreSQL takes a table that is mostly empty for a large one, and would read all rows there are.
func (s Deliveries) SettleMarks(ctx context.Context) error {
	for {
		var rows []struct {
			ID         int64
			CampaignID int64 `db:"campaign_id"`
			What       string
			At         stamp
		}
		err := s.DB.view().list(ctx, &rows, `SELECT e.delivery_id AS id, (SELECT campaign_id FROM deliveries WHERE id = e.delivery_id) AS campaign_id, e.what, e.at
			FROM early_marks e WHERE (SELECT state FROM deliveries WHERE id = e.delivery_id) = 'sent' LIMIT ?`, settleAtOnce)
		if err != nil {
			return err
		}
		for _, r := range rows {
			d := domain.Delivery{ID: r.ID, CampaignID: r.CampaignID}
			if err := s.settleMark(ctx, d, r.What, r.At.Time()); err != nil && domain.KindOf(err) != domain.NotFound {
				return err
			}
		}
		if len(rows) < settleAtOnce {
			return nil
		}
	}
}

func (s Deliveries) settleMark(ctx context.Context, d domain.Delivery, what string, at time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		if err := t.mark(ctx, d, what, at); err != nil {
			return err
		}
		_, err := t.exec(ctx, `DELETE FROM early_marks WHERE delivery_id = ? AND what = ?`, d.ID, what)
		return err
	})
}

// KeepSignal keeps a signal until nothing is on the way to its person any more. Of the same
// kept twice the later counts.
func (s Deliveries) KeepSignal(ctx context.Context, v domain.EarlySignal) error {
	_, err := s.DB.once().exec(ctx, `INSERT INTO early_signals (person_id, what, activity_id, reaction, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person_id, what, activity_id, reaction) DO UPDATE SET at = excluded.at WHERE excluded.at > early_signals.at`,
		v.PersonID, string(v.Kind), v.ActivityID, v.Reaction, v.At)
	return err
}

type earlyRow struct {
	ID         int64
	PersonID   int64 `db:"person_id"`
	What       string
	ActivityID string `db:"activity_id"`
	Reaction   string
	At         stamp
}

// RipeSignals lists signals that were kept and whose person has nothing on the way any more: at
// most 500, the first first. What is on the way is sent or let go, so none stays for ever.
func (s Deliveries) RipeSignals(ctx context.Context) ([]domain.EarlySignal, error) {
	var rows []earlyRow
	err := s.DB.view().list(ctx, &rows, `SELECT id, person_id, what, activity_id, reaction, at FROM early_signals
		WHERE (SELECT MIN(id) FROM deliveries WHERE deliveries.person_id = early_signals.person_id AND NOT trial
			AND origin_id IS NULL AND `+onTheWay+`) IS NULL ORDER BY id LIMIT ?`, settleAtOnce)
	list := make([]domain.EarlySignal, len(rows))
	for i, r := range rows {
		list[i] = domain.EarlySignal{
			ID: r.ID, PersonID: r.PersonID, Kind: domain.SignalKind(r.What), ActivityID: r.ActivityID, Reaction: r.Reaction, At: r.At.Time(),
		}
	}
	return list, err
}

// DropSignal forgets a signal, unless it was kept anew meanwhile.
func (s Deliveries) DropSignal(ctx context.Context, v domain.EarlySignal) error {
	_, err := s.DB.once().exec(ctx, `DELETE FROM early_signals WHERE id = ? AND at = ?`, v.ID, v.At)
	return err
}

// NoteReceipts notes that read receipts come from a tenant.
func (s Deliveries) NoteReceipts(ctx context.Context, tenantID string) error {
	_, err := s.DB.once().exec(ctx, `INSERT INTO receipt_tenants (tenant_id) VALUES (?) ON CONFLICT DO NOTHING`, tenantID)
	return err
}
