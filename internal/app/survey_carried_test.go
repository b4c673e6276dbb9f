package app

import (
	"testing"
	"time"

	"crier/internal/domain"
)

// Where there is no room, whoever did nothing for the longest time is forgotten, and nobody else.
func TestStandingsAreBounded(t *testing.T) {
	t.Parallel()
	var s standings
	noon := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for row := range int64(maxCarried) {
		s.keep(row, carried{Steps: 1}, noon)
	}
	s.keep(0, carried{Steps: 2}, noon)
	if !s.lastEvicted().IsZero() {
		t.Error("somebody was forgotten although there was room")
	}
	s.keep(maxCarried, carried{Steps: 1}, noon.Add(time.Hour))
	for row, want := range map[int64]bool{0: true, 1: false, 2: true, maxCarried - 1: true, maxCarried: true} {
		if _, known := s.find(row); known != want {
			t.Errorf("%d is remembered: %v", row, known)
		}
	}
	if len(s.byRow) != maxCarried || s.order.Len() != maxCarried {
		t.Errorf("%d are remembered, in an order of %d", len(s.byRow), s.order.Len())
	}
	s.forget(0)
	s.forget(1)
	if _, known := s.find(0); known || s.order.Len() != maxCarried-1 {
		t.Error("who has finished is remembered")
	}

	a := &Surveys{}
	a.standings.evicted = noon.Add(time.Hour)
	for minutes, want := range map[time.Duration]bool{30: false, 90: true} {
		if got := a.untouched(asking{row: domain.Delivery{SentAt: noon.Add(minutes * time.Minute), Attempts: 1}}, noon); got != want {
			t.Errorf("sent after %d minutes: %v", minutes, got)
		}
	}
}
