package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// forgottenAtOnce bounds the rows that one transaction forgets.
const forgottenAtOnce = 5000

// anonymous says whether a campaign asks without keeping who answered what.
func anonymous(c domain.Campaign) bool {
	return c.Content.Survey != nil && c.Content.Survey.Privacy == domain.Anonymous
}

// Forget removes the rows of what was sent about anonymous surveys, when it is over: who got a
// reminder had not answered by then, and who gets the next one has not answered since. Their
// counts stay. What people asked for themselves is known for a day, so that nobody is reminded
// twice in one.
func (s Campaigns) Forget(ctx context.Context, now time.Time) error {
	const over = `DELETE FROM deliveries WHERE id IN (SELECT d.id FROM campaigns c JOIN deliveries d ON d.campaign_id = c.id
		WHERE c.fleeting AND d.state NOT IN ('pending', 'postponed') AND d.holder IS NULL AND `
	for _, which := range []struct {
		where string
		args  []any
	}{
		{`c.change <> 'later' AND c.status IN ('done', 'cancelled') LIMIT ?)`, []any{forgottenAtOnce}},
		{`c.change = 'later' AND COALESCE(d.sent_at, d.due_at) <= ? LIMIT ?)`, []any{now.Add(-domain.RemindAfter), forgottenAtOnce}},
	} {
		for n := int64(forgottenAtOnce); n == forgottenAtOnce; {
			err := s.DB.update(ctx, func(t *tx) (err error) {
				n, err = t.exec(ctx, over+which.where, which.args...)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
