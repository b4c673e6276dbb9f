package app

import "context"

// turn is one change of how somebody stands in an anonymous survey, while it is under way.
type turn struct {
	done  chan struct{}
	ended bool  // once it is done: it was the last answer, and that is counted
	err   error // once it is done: the last answer could not be counted
}

// wait waits for the end of a turn, and says whether the survey ended with it.
func (t *turn) wait(ctx context.Context) (ended bool, err error) {
	select {
	case <-t.done:
		return t.ended, t.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// enter begins a turn of a row, or answers the other one that is under way.
func (s *standings) enter(row int64) (mine, other *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, under := s.turns[row]; under {
		return nil, t
	}
	if s.turns == nil {
		s.turns = map[int64]*turn{}
	}
	s.turns[row] = &turn{done: make(chan struct{})}
	return s.turns[row], nil
}

func (s *standings) leave(row int64, mine *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.turns, row)
	close(mine.done)
}

// settled waits until nobody changes how somebody stands.
func (s *standings) settled(ctx context.Context, row int64) error {
	for {
		s.mu.Lock()
		t, under := s.turns[row]
		s.mu.Unlock()
		if !under {
			return nil
		}
		t.wait(ctx) //nolint:errcheck // what came of it shows in the standing
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
