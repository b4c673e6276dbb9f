package store

import (
	"context"
	"slices"
	"time"
)

// Turns is when the next request of a tenant, or the next message of a campaign with a
// cap, may go: one row a key, shared by every process. Its times are kept in microseconds.
type Turns struct{ DB *DB }

// longestGate is how far off a gate may open to be believed by those who did not close it: a
// clock that was ahead must not shut a tenant for everybody. Whoever was told keeps to it.
const longestGate = time.Hour

// Take reserves n turns for a key, interval apart, none before now nor before the gate
// opens. It answers the first, and until when the gate is closed (zero: open). Two that
// ask at once get turns one after the other. A next turn that lies beyond all that processes
// could have taken was left by a clock that was ahead, and does not count.
func (s Turns) Take(ctx context.Context, key string, n int, interval time.Duration, now time.Time) (first, closedUntil time.Time, err error) {
	span := microseconds(time.Duration(n) * interval)
	earliest := now.UnixMicro()
	farthest := earliest + longestGate.Microseconds()
	// From where the gate opens, now mostly, the next turn counts if it is not too far.
	const gate = `CASE WHEN turns.closed_until BETWEEN CAST(? AS BIGINT) AND CAST(? AS BIGINT) THEN turns.closed_until ELSE CAST(? AS BIGINT) END`
	gateArgs := []any{earliest, farthest, earliest}
	args := slices.Concat([]any{key, earliest + span, span}, gateArgs, gateArgs, []any{max(10*span, time.Minute.Microseconds())}, gateArgs)
	var row struct {
		NextAt      int64 `db:"next_at"`
		ClosedUntil int64 `db:"closed_until"`
	}
	err = s.DB.once().get(ctx, &row, `INSERT INTO turns (key, next_at) VALUES (?, CAST(? AS BIGINT))
		ON CONFLICT (key) DO UPDATE SET next_at = CAST(? AS BIGINT) +
			CASE WHEN turns.next_at BETWEEN `+gate+` AND `+gate+` + CAST(? AS BIGINT) THEN turns.next_at ELSE `+gate+` END
		RETURNING next_at, closed_until`, args...)
	if err != nil {
		return first, closedUntil, err
	}
	if row.ClosedUntil > earliest && row.ClosedUntil <= farthest {
		closedUntil = time.UnixMicro(row.ClosedUntil).UTC()
	}
	return time.UnixMicro(row.NextAt - span).UTC(), closedUntil, nil
}

// Close keeps turns from being handed out until then. A gate that is closed for longer
// stays so.
func (s Turns) Close(ctx context.Context, key string, until time.Time) error {
	_, err := s.DB.once().exec(ctx, `INSERT INTO turns (key, next_at, closed_until) VALUES (?, 0, ?)
		ON CONFLICT (key) DO UPDATE SET closed_until = excluded.closed_until WHERE turns.closed_until < excluded.closed_until`,
		key, until.UnixMicro())
	return err
}

// Purge forgets keys whose turns and gates all were before a time.
func (s Turns) Purge(ctx context.Context, before time.Time) error {
	_, err := s.DB.once().exec(ctx, `DELETE FROM turns WHERE next_at < ? AND closed_until < ?`, before.UnixMicro(), before.UnixMicro())
	return err
}

// microseconds is a length of time, rounded up: turns may be closer than one.
func microseconds(d time.Duration) int64 {
	return int64((d + time.Microsecond - 1) / time.Microsecond)
}
