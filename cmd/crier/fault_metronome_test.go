package main

import (
	"sync"
	"testing"
	"time"
)

// metronome knows when this machine was too busy to be on time. What is measured in such a
// moment says nothing about the program: every bound on a time or a rate gives way by that
// much.
type metronome struct {
	mu     sync.Mutex
	stalls []stall
}

// stall is a time in which nothing went on here.
type stall struct{ from, to time.Time }

const (
	beat  = 2 * time.Millisecond
	onCue = 3 * time.Millisecond // late by less is on time
)

// startMetronome runs one until the test ends.
func startMetronome(t testing.TB) *metronome {
	m, stop, stopped := &metronome{}, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for due := time.Now().Add(beat); ; due = time.Now().Add(beat) {
			select {
			case <-stop:
				return
			case <-time.After(time.Until(due)):
				m.note(due, time.Now())
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-stopped
	})
	return m
}

func (m *metronome) note(due, now time.Time) {
	if now.Sub(due) < onCue {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stalls = append(m.stalls, stall{due, now})
}

// worst is the longest stall that touches a stretch of time, or what led up to it.
func (m *metronome) worst(from, to time.Time) time.Duration {
	longest, _ := m.stood(from.Add(-100*time.Millisecond), to)
	return longest
}

// stood is the longest of the stalls in a stretch of time, and all of them together.
func (m *metronome) stood(from, to time.Time) (longest, together time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.stalls {
		if s.to.After(from) && s.from.Before(to) {
			longest = max(longest, s.to.Sub(s.from))
			together += s.to.Sub(s.from)
		}
	}
	return longest, together
}
