// Package delivery is the engine: a due campaign becomes a row per recipient, each row one
// send, each send an outcome. The database is the queue; what is in memory is only what is
// in flight. Wake-ups are hints that may be lost: a tick finds what they missed.
package delivery

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"crier/internal/domain"
)

// Store keeps the rows.
type Store interface {
	Lanes(ctx context.Context, now time.Time) ([]domain.Lane, error)
	Claim(ctx context.Context, lane domain.Lane, now, lease time.Time, limit int) ([]domain.Delivery, error)
	ClaimTrials(ctx context.Context, now, lease time.Time, limit int) ([]domain.Delivery, error)
	Finish(ctx context.Context, batch []domain.Finished, now time.Time) error
	Rescue(ctx context.Context, now, lease time.Time, limit int) ([]domain.Delivery, error)
}

// Campaigns keeps the campaigns.
type Campaigns interface {
	Due(ctx context.Context, now time.Time) ([]int64, error)
	Start(ctx context.Context, id int64, now time.Time) error
	Get(ctx context.Context, id int64) (domain.Campaign, error)
	Move(ctx context.Context, id int64, to domain.Status, notice string, now time.Time, from ...domain.Status) error
}

// Sender is the way out.
type Sender interface {
	// Send sends one message. Cancelling ctx keeps it from being sent (Stopped), but does
	// not cut short a request that has begun: its outcome would be unknown.
	Send(ctx context.Context, c domain.Campaign, d domain.Delivery) domain.Result
	// Room is how many sends to a tenant may wait for their turn at once, so that none
	// waits longer than its lease.
	Room(tenant string) int
}

// Options are what the engine needs.
type Options struct {
	Store     Store
	Campaigns Campaigns
	Sender    Sender
	Slots     int  // sends in flight
	Sole      bool // no other process shares the database: what is in flight at the start is of a dead one
	Now       domain.Clock
	Log       *slog.Logger
	// Observe is told of each try and how long it took.
	Observe func(r domain.Result, took time.Duration)
}

// lease is how long a row is left to whoever claimed it: longer than the longest wait for
// a turn (longestWait) and the longest requests together.
const (
	lease       = 60 * time.Second
	longestWait = 15 * time.Second
)

// poll is how long the dispatcher sleeps when nobody wakes it: the most that a lost hint costs.
const poll = 500 * time.Millisecond

// Engine sends what is due.
type Engine struct {
	Options
	wake    chan struct{}
	plan    chan struct{}
	slots   chan struct{} // holds one for each row from its claim until it is recorded
	results chan domain.Finished
	jitter  func() float64

	mu       sync.Mutex
	flight   map[int64]bool       // rows in flight here, by id
	waiting  map[string]int       // how many of them, by tenant
	closed   map[string]time.Time // tenants that asked us to wait, and until when
	refusals map[int64]int        // refused messages in a row, by campaign
}

// New makes an engine; Run starts it.
func New(o Options) *Engine {
	return &Engine{
		Options: o, wake: make(chan struct{}, 1), plan: make(chan struct{}, 1), slots: make(chan struct{}, o.Slots), results: make(chan domain.Finished, o.Slots),
		jitter: rand.Float64, flight: map[int64]bool{}, waiting: map[string]int{}, closed: map[string]time.Time{}, refusals: map[int64]int{},
	}
}

// Wake hints that a row may be due. It never blocks.
func (e *Engine) Wake() { hint(e.wake) }

// WakePlan hints that a campaign may be due. It never blocks.
func (e *Engine) WakePlan() {
	hint(e.plan)
	e.Wake()
}

func hint(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run sends until ctx is cancelled, then finishes what is in flight and records it before
// it returns: nothing is left to be rescued.
func (e *Engine) Run(ctx context.Context) {
	if e.Sole {
		e.rescue(ctx, e.Now().Add(lease+time.Hour)) // before the first claim: all that is in flight
	}
	recorded := make(chan struct{})
	go func() {
		defer close(recorded)
		e.record(context.WithoutCancel(ctx))
	}()
	var planner, sends sync.WaitGroup
	planner.Go(func() { e.planWhenTold(ctx) })
	e.dispatch(ctx, &sends)
	sends.Wait()
	planner.Wait()
	close(e.results)
	<-recorded
}

func (e *Engine) planWhenTold(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.plan:
			e.Plan(ctx)
		}
	}
}

// Plan starts the campaigns whose time has come and takes back what dead processes held.
// It is called by a tick and by Run; doing it twice at once is harmless.
func (e *Engine) Plan(ctx context.Context) {
	now := e.Now()
	due, err := e.Campaigns.Due(ctx, now)
	if err != nil {
		e.problem(ctx, "look for due campaigns", err)
	}
	for _, id := range due {
		err := e.Campaigns.Start(ctx, id, now)
		switch {
		case err == nil:
			e.Log.Info("campaign started", "campaign_id", id)
			e.Wake()
		case domain.KindOf(err) == domain.Conflict: // another instance was faster, or it was edited
		default:
			e.problem(ctx, "start a campaign", err, "campaign_id", id)
		}
	}
	e.rescue(ctx, now)
}

// rescue takes rows whose lease ended by then and decides on them as sends of unknown outcome.
func (e *Engine) rescue(ctx context.Context, ended time.Time) {
	for {
		now := e.Now()
		rows, err := e.Store.Rescue(ctx, ended, now.Add(lease), 500)
		if err != nil {
			e.problem(ctx, "look for lost sends", err)
			return
		}
		rows = e.notOurs(rows)
		if len(rows) == 0 {
			return
		}
		batch := make([]domain.Finished, 0, len(rows))
		policies := map[int64]domain.Policy{}
		for _, d := range rows {
			policy, ok := policies[d.CampaignID]
			if !ok {
				c, err := e.Campaigns.Get(ctx, d.CampaignID)
				if err != nil {
					e.problem(ctx, "read a campaign", err, "campaign_id", d.CampaignID)
					return
				}
				policy = c.Delivery
				policies[d.CampaignID] = policy
			}
			lost := domain.Result{Verdict: domain.Ambiguous, Code: domain.Timeout, Reason: "the process that was sending it stopped"}
			batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Next(d, lost, policy, now, e.jitter())})
		}
		if err := e.Store.Finish(ctx, batch, now); err != nil {
			e.problem(ctx, "record lost sends", err)
			return
		}
		e.Log.Warn("sends were under way when a process stopped", "count", len(rows))
		e.Wake()
	}
}

// notOurs leaves out rows that this very process is sending: they are late, not lost. Their
// lease has just been renewed.
func (e *Engine) notOurs(rows []domain.Delivery) []domain.Delivery {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.DeleteFunc(rows, func(d domain.Delivery) bool { return e.flight[d.ID] })
}

// problem logs what went wrong, unless the program is just stopping.
func (e *Engine) problem(ctx context.Context, doing string, err error, args ...any) {
	if ctx.Err() == nil {
		e.Log.Error("can't "+doing, append(args, "error", err)...)
	}
}
