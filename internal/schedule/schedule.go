// Package schedule runs named jobs at intervals. It is only a clock: what is due is decided
// by whoever is called, from the database, so that a missed tick forgets nothing.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Schedule is a set of ticks.
type Schedule struct {
	scheduler gocron.Scheduler
	ctx       context.Context
	cancel    context.CancelFunc
}

// New makes an empty schedule; Start starts it. Jobs get a context that Stop cancels. Of
// several processes only the one that leads runs them; leads is asked at each tick.
func New(log *slog.Logger, leads func() bool) (*Schedule, error) {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.UTC), gocron.WithLogger(quiet{log}), gocron.WithDistributedElector(elector(leads)))
	if err != nil {
		return nil, fmt.Errorf("make the scheduler: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Schedule{scheduler: s, ctx: ctx, cancel: cancel}, nil
}

// Every runs job at each interval, and once at the start; never twice at the same time.
func (s *Schedule) Every(interval time.Duration, name string, job func(context.Context)) error {
	_, err := s.scheduler.NewJob(gocron.DurationJob(interval), gocron.NewTask(func() { job(s.ctx) }),
		gocron.WithName(name), gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
	if err != nil {
		return fmt.Errorf("schedule %s: %w", name, err)
	}
	return nil
}

// Start begins to tick.
func (s *Schedule) Start() { s.scheduler.Start() }

// Stop ends the ticks and waits for jobs under way, whose context is cancelled.
func (s *Schedule) Stop() error {
	s.cancel()
	return s.scheduler.Shutdown()
}

// elector tells the scheduler whether this process leads.
type elector func() bool

var errFollows = errors.New("another process leads")

// IsLeader is an error where another process does the work.
func (leads elector) IsLeader(context.Context) error {
	if !leads() {
		return errFollows
	}
	return nil
}

// quiet passes on what needs somebody's attention: the scheduler's own chatter is debug.
type quiet struct{ log *slog.Logger }

func (q quiet) Debug(msg string, args ...any) {}
func (q quiet) Info(msg string, args ...any)  { q.log.Debug("scheduler: "+msg, args...) }
func (q quiet) Warn(msg string, args ...any)  { q.log.Warn("scheduler: "+msg, args...) }
func (q quiet) Error(msg string, args ...any) { q.log.Error("scheduler: "+msg, args...) }
