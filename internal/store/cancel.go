package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// withdrawnAtOnce is how many rows are withdrawn in one transaction: a million of them would
// keep everybody waiting.
const withdrawnAtOnce = 5000

// Cancel moves a campaign to cancelled: from now on nothing of it begins, no reminder either. It
// withdraws the first of its rows; Withdraw goes on with the others. Rows that a process holds are
// withdrawn when it lets go of them unsent.
func (s Deliveries) Cancel(ctx context.Context, campaignID int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error { return changed(t.cancel(ctx, campaignID, "", now)) })
}

// cancel cancels a campaign with a notice ("" for none), and answers 0 where it was over before.
// Its reminders end even then.
func (t *tx) cancel(ctx context.Context, id int64, notice string, now time.Time) (int64, error) {
	n, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = ?, updated_at = ?, finished_at = ?
		WHERE id = ? AND status IN ('scheduled', 'sending', 'paused')`, notice, now, now, id)
	if err != nil {
		return n, err
	}
	if err := t.endReminders(ctx, id, now); err != nil || n == 0 {
		return n, err
	}
	_, err = t.withdraw(ctx, id)
	return n, err
}

// Withdrawing lists the campaigns that were cancelled and have rows that are open still.
func (s Campaigns) Withdrawing(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := s.DB.view().list(ctx, &ids, `SELECT c.id FROM campaigns c JOIN campaign_counts n ON n.campaign_id = c.id
		WHERE c.status = 'cancelled' AND n.pending + n.postponed > 0 ORDER BY c.id`)
	return ids, err
}

// Withdraw withdraws the next rows of a cancelled campaign that nobody holds, and answers
// whether there may be more.
func (s Campaigns) Withdraw(ctx context.Context, id int64) (more bool, err error) {
	err = s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, id); err != nil {
			return err
		}
		n, err := t.withdraw(ctx, id)
		more = n == withdrawnAtOnce
		return err
	})
	return more, err
}

func (t *tx) withdraw(ctx context.Context, id int64) (int64, error) {
	total := int64(0)
	for _, from := range []domain.State{domain.Pending, domain.Postponed} {
		n, err := t.exec(ctx, `UPDATE deliveries SET state = 'cancelled', hold = hold + 1 WHERE id IN (
			SELECT id FROM deliveries WHERE campaign_id = ? AND state = ? AND NOT trial AND `+free+` ORDER BY id LIMIT ?`+t.lock("FOR UPDATE SKIP LOCKED")+`)`,
			id, string(from), withdrawnAtOnce-total)
		if err != nil {
			return total, err
		}
		changes := tally{}
		changes.move(from, domain.Withdrawn, n)
		if err := t.count(ctx, id, changes); err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
