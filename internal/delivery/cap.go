package delivery

import (
	"context"
	"strconv"
	"time"
)

// A message that its campaign's cap allows goes within capGrace of its turn, and turns are a
// little wider apart than they need be. So no hour has more messages than the cap, wherever
// it begins: the one too many is over capGrace, and a second's worth of turns, away.
const (
	capGrace   = 3 * time.Second
	capStretch = 1.002
)

// capped is how many rows a campaign's cap an hour allows now. Its turns are taken a second's
// worth at once, by all processes in one sequence.
func (e *Engine) capped(ctx context.Context, s *shelf, j *job, want int, now time.Time) (int, error) {
	perHour := j.Delivery.MaxPerHour
	if s.turns == 0 {
		n := max(1, perHour/3600)
		apart := time.Duration(float64(time.Hour) / float64(perHour) * capStretch)
		first, _, err := e.Turns.Take(ctx, "campaign:"+strconv.FormatInt(j.ID, 10), n, apart, now)
		if err != nil {
			return 0, err
		}
		s.turns, s.turnAt = n, first
	}
	if s.turnAt.After(now) {
		return 0, nil
	}
	n := min(s.turns, want)
	s.turns = 0
	return n, nil
}
