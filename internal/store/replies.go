package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Replies keeps the results of requests that carried an idempotency key.
type Replies struct{ DB *DB }

type replyRow struct {
	Request string
	Status  int
	Header  string
	Body    string
}

// abandoned is how long a request may be under way; then its process has died, and the key
// is free for the next try.
const abandoned = time.Minute

// Begin claims a key for a request. The first caller gets nil; later ones the stored reply.
func (s Replies) Begin(ctx context.Context, key, request string, now time.Time) (*domain.Reply, error) {
	for {
		n, err := s.DB.once().exec(ctx, `INSERT INTO idempotency (key, request, status, header, body, at) VALUES (?, ?, 0, '', '', ?)
			ON CONFLICT (key) DO UPDATE SET request = excluded.request, at = excluded.at WHERE idempotency.status = 0 AND idempotency.at <= ?`,
			key, request, now, now.Add(-abandoned))
		if err != nil || n == 1 {
			return nil, err
		}
		var r replyRow
		err = s.DB.once().get(ctx, &r, `SELECT request, status, header, body FROM idempotency WHERE key = ?`, key)
		if domain.KindOf(err) == domain.NotFound {
			continue // it was dropped in between: the key is free again
		}
		if err != nil {
			return nil, err
		}
		reply := domain.Reply(r)
		return &reply, nil
	}
}

// Finish stores the result under the key.
func (s Replies) Finish(ctx context.Context, key string, r domain.Reply) error {
	_, err := s.DB.once().exec(ctx, `UPDATE idempotency SET status = ?, header = ?, body = ? WHERE key = ?`, r.Status, r.Header, r.Body, key)
	return err
}

// Drop frees a key whose request failed for no fault of its own.
func (s Replies) Drop(ctx context.Context, key string) error {
	_, err := s.DB.once().exec(ctx, `DELETE FROM idempotency WHERE key = ?`, key)
	return err
}
