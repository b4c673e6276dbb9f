package main

import (
	"context"
	"sync"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

// alone are the processes that share the database, and since when this is the only one of them.
// The engine asks for them with each of its beats. In between, none comes and goes unnoticed.
type alone struct {
	store.Instances
	now domain.Clock

	mu     sync.Mutex
	mine   int64
	since  time.Time // zero: others are there, or nobody has looked yet
	looked time.Time
}

// unwatched is how long nobody may have looked: in more time another process can come and go.
const unwatched = 10 * time.Second

// instances are those that the engine beats among. Surveys ask them which answers reach others.
func (s *service) instances() *alone {
	a := &alone{Instances: store.Instances{DB: s.db}, now: domain.SystemClock}
	s.app.surveys.Alone = a.Since
	return a
}

// Beat is what the engine calls every two seconds.
func (a *alone) Beat(ctx context.Context, instance int64) ([]domain.Beat, error) {
	list, err := a.Instances.Beat(ctx, instance)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err == nil:
		a.mine = instance
		a.look(list)
	case domain.KindOf(err) == domain.Conflict: // others took this process for dead
		a.since = time.Time{}
	}
	return list, err
}

// Since is since when this process is the only one; false: it is not, as far as it can tell.
func (a *alone) Since(ctx context.Context) (time.Time, bool) {
	list, err := a.List(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		return time.Time{}, false
	}
	a.look(list)
	return a.since, !a.since.IsZero()
}

func (a *alone) look(list []domain.Beat) {
	before := a.looked
	a.looked = time.Now()
	switch {
	case len(list) != 1 || list[0].Instance != a.mine:
		a.since = time.Time{}
	case a.since.IsZero() || a.looked.Sub(before) > unwatched:
		a.since = a.now()
	}
}
