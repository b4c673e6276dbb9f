package store

import (
	"context"
	"slices"
	"time"
)

// Inbox remembers which activities were acted on.
type Inbox struct{ DB *DB }

// Known says whether an activity was acted on.
func (s Inbox) Known(ctx context.Context, key string) (bool, error) {
	var n int
	err := s.DB.view().get(ctx, &n, `SELECT COUNT(*) FROM inbox WHERE key = ?`, key)
	return n > 0, err
}

// Begin is true for the first caller with a key, and false for a redelivery.
func (s Inbox) Begin(ctx context.Context, key string, now time.Time) (bool, error) {
	n, err := s.DB.once().exec(ctx, `INSERT INTO inbox (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, now)
	return n == 1, err
}

// Note remembers activities that were acted on.
func (s Inbox) Note(ctx context.Context, keys []string, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		for some := range slices.Chunk(keys, chunk/2) {
			values := make([]any, 0, 2*len(some))
			for _, key := range some {
				values = append(values, key, now)
			}
			rows, args := t.table(values, "TEXT", "BIGINT")
			_, err := t.exec(ctx, `INSERT INTO inbox (key, at) SELECT v.* FROM (`+rows+`) AS v WHERE c1 IS NOT NULL ON CONFLICT DO NOTHING`, args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget lets an activity that could not be acted on be delivered again.
func (s Inbox) Forget(ctx context.Context, key string) error {
	_, err := s.DB.once().exec(ctx, `DELETE FROM inbox WHERE key = ?`, key)
	return err
}

// Purge forgets activities and idempotency keys from before a time.
func (s Inbox) Purge(ctx context.Context, before time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, `DELETE FROM inbox WHERE at < ?`, before); err != nil {
			return err
		}
		_, err := t.exec(ctx, `DELETE FROM idempotency WHERE at < ?`, before)
		return err
	})
}
