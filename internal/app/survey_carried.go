package app

import (
	"sync"

	"crier/internal/domain"
)

// carried is how somebody stands in an anonymous survey, as their card carries it.
type carried struct {
	domain.Standing
	Steps int // how many there were before: of two cards the one with more is newer
}

// maxCarried bounds the anonymous surveys under way that are remembered. Of whoever is forgotten
// what the card carries counts, and a message begins anew.
const maxCarried = 10_000

// standings remembers, in this process alone, how people stand in anonymous surveys, by their
// rows: so that a card from before takes nobody back, and a message finds the question that it
// answers. Those who have finished are remembered without their answers.
type standings struct {
	mu    sync.Mutex
	byRow map[int64]carried
}

// change changes how somebody stands, from the newer of what their card carries and what is
// remembered. finished says that it was this change that finished it.
func (s *standings) change(row int64, card carried, do func(domain.Standing) domain.Standing) (after carried, finished bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.newer(row, card)
	if before.Finished {
		return before, false
	}
	after = carried{Standing: do(before.Standing), Steps: before.Steps}
	if !after.Equal(before.Standing) {
		after.Steps++
	}
	if s.byRow == nil || len(s.byRow) >= maxCarried {
		s.byRow = map[int64]carried{}
	}
	s.byRow[row] = after
	if after.Finished {
		s.byRow[row] = carried{Standing: domain.Standing{Finished: true}, Steps: after.Steps}
	}
	return after, after.Finished
}

// now is the newer of what a card carries and what is remembered.
func (s *standings) now(row int64, card carried) carried {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newer(row, card)
}

func (s *standings) newer(row int64, card carried) carried {
	if kept, ok := s.byRow[row]; ok && kept.Steps >= card.Steps {
		return kept
	}
	return card
}

func (s *standings) forget(row int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byRow, row)
}
