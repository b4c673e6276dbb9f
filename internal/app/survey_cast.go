package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"crier/internal/domain"
)

// All who answer an anonymous survey are counted in the same few rows, one after the other. While
// some are written the next gather, and are written at once: many cost as much as one, and which
// of them came first is written nowhere.

// casts are the ballots that gather, by survey.
type casts struct {
	turn    sync.Mutex // of who writes
	mu      sync.Mutex
	waiting map[int64]*gathering
}

// gathering is ballots that are written together.
type gathering struct {
	ballots []domain.Ballot
	done    chan struct{}
	err     error // once it is done
}

// castTime bounds one writing: it goes on although who waits for it has left.
const castTime = 30 * time.Second

// cast counts a ballot. It answers what came of it, however long that takes: who answered is told
// neither thanks for what was not counted nor a failure of what was.
func (a *Surveys) cast(ctx context.Context, c domain.Campaign, b domain.Ballot) error {
	g, first := a.casts.join(c.ID, b)
	if first {
		a.write(ctx, c, g)
	}
	<-g.done
	return g.err
}

// write waits for its turn and writes what has gathered by then.
func (a *Surveys) write(ctx context.Context, c domain.Campaign, g *gathering) {
	a.casts.turn.Lock()
	defer a.casts.turn.Unlock()
	a.casts.leave(c.ID)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), castTime)
	defer cancel()
	defer close(g.done)
	g.err = errNotCounted // should it panic
	g.err = a.Ballots.Cast(ctx, c, g.ballots)
}

var errNotCounted = errors.New("ballots were not counted")

// join adds a ballot to those that gather, and says whether it is the first.
func (s *casts) join(campaignID int64, b domain.Ballot) (*gathering, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[int64]*gathering{}
	}
	g, known := s.waiting[campaignID]
	if !known {
		g = &gathering{done: make(chan struct{})}
		s.waiting[campaignID] = g
	}
	g.ballots = append(g.ballots, b)
	return g, !known
}

// leave makes whoever comes from now on gather anew.
func (s *casts) leave(campaignID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, campaignID)
}
