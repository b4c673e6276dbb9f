package app

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"crier/internal/domain"
)

// gatherings are things that are written together, by survey: while some are written the next
// gather, and are written at once. Many cost as much as one.
type gatherings[T any] struct {
	turn    sync.Mutex // of who writes
	mu      sync.Mutex
	waiting map[int64]*gathering[T]
}

type gathering[T any] struct {
	items []T
	done  chan struct{}
	err   error // once it is done
}

// maxTogether bounds what is written at once, and with it a statement's parameters.
const maxTogether = 256

// writingTime bounds one writing: it goes on although who waits for it has left.
const writingTime = 30 * time.Second

// together has an item written with those that gather meanwhile, and answers what came of it. Who
// gives up with ctx does not know: the item may be written all the same.
func (s *gatherings[T]) together(ctx context.Context, survey int64, item T, write func(context.Context, []T) error) error {
	g, first := s.join(survey, item)
	if first {
		go s.write(context.WithoutCancel(ctx), survey, g, write)
	}
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write waits for its turn and writes what has gathered by then.
func (s *gatherings[T]) write(ctx context.Context, survey int64, g *gathering[T], write func(context.Context, []T) error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.leave(survey, g)
	ctx, cancel := context.WithTimeout(ctx, writingTime)
	defer cancel()
	defer close(g.done)
	defer func() {
		if p := recover(); p != nil {
			g.err = fmt.Errorf("writing answers panicked: %v\n%s", p, debug.Stack())
		}
	}()
	g.err = write(ctx, g.items)
}

// join adds an item to those that gather, and says whether it is the first.
func (s *gatherings[T]) join(survey int64, item T) (*gathering[T], bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[int64]*gathering[T]{}
	}
	g, known := s.waiting[survey]
	if !known || len(g.items) >= maxTogether {
		g, known = &gathering[T]{done: make(chan struct{})}, false
		s.waiting[survey] = g
	}
	g.items = append(g.items, item)
	return g, !known
}

// leave makes whoever comes from now on gather anew.
func (s *gatherings[T]) leave(survey int64, g *gathering[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting[survey] == g {
		delete(s.waiting, survey)
	}
}

// cast counts a ballot. All who answer an anonymous survey are counted in the same few rows, and
// which of those that are written together came first is written nowhere. Whoever is told waits
// however long it takes: nobody may be told thanks for what was not kept, nor a failure of what was.
func (a *Surveys) cast(ctx context.Context, c domain.Campaign, b domain.Ballot) error {
	return a.casts.together(context.WithoutCancel(ctx), c.ID, b, func(ctx context.Context, all []domain.Ballot) error { return a.Ballots.Cast(ctx, c, all) })
}

// takeKept changes how somebody stands in a survey whose answers are kept as they come. An answer
// that is sent again, as after a failure, comes to the same.
func (a *Surveys) takeKept(ctx context.Context, to asking, do func(domain.Standing) domain.Standing) (domain.Standing, error) {
	one := &domain.Taking{Delivery: to.row, Do: do}
	now := a.Now()
	err := a.takings.together(ctx, to.ID, one, func(ctx context.Context, all []*domain.Taking) error {
		return a.Standings.Take(ctx, to.Campaign, all, now)
	})
	if err != nil {
		return domain.Standing{}, err // it may be under way still: one is not to be read
	}
	return one.After, nil
}
