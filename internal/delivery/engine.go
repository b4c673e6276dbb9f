// Package delivery is the engine: a due campaign becomes a row per recipient, each row one
// send, each send an outcome. The database is the queue; in memory is only what goes next
// and what is in flight. Wake-ups are hints that may be lost: a tick finds what they missed.
//
// Three loops share the work. stock holds rows that are due for this process alone. pump
// repeats one transaction that records what is over and notes what begins. Each send that
// has begun runs on its own. Several processes may do all this on one database: whoever
// dies is buried by the others, and exactly what it had begun is of unknown outcome.
package delivery

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"crier/internal/domain"
)

// Store keeps the rows.
type Store interface {
	Lanes(ctx context.Context, now time.Time) ([]domain.Lane, error)
	Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error)
	ReserveTrials(ctx context.Context, instance int64, now time.Time, limit int) ([]domain.Delivery, error)
	Held(ctx context.Context, instance int64) (reservations []int64, trials []domain.Delivery, err error)
	Release(ctx context.Context, instance int64, reservations []int64) error
	Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error)
}

// Instances keeps the processes that send.
type Instances interface {
	Join(ctx context.Context) (int64, error)
	Beat(ctx context.Context, instance int64) ([]domain.Beat, error)
	List(ctx context.Context) ([]domain.Beat, error)
	InFlight(ctx context.Context, instance int64) ([]domain.Delivery, domain.Beat, error)
	Bury(ctx context.Context, at domain.Beat, batch []domain.Finished, now time.Time) error
	Leave(ctx context.Context, instance int64) error
}

// Campaigns keeps the campaigns.
type Campaigns interface {
	Due(ctx context.Context, now time.Time) ([]int64, error)
	Start(ctx context.Context, id int64, now time.Time) error
	Get(ctx context.Context, id int64) (domain.Campaign, error)
	Move(ctx context.Context, id int64, to domain.Status, notice string, now time.Time, from ...domain.Status) error
	Expiring(ctx context.Context, now time.Time) ([]int64, error)
	Expire(ctx context.Context, id int64, now time.Time) error
}

// Reminders knows the surveys that are to remind people.
type Reminders interface {
	RemindersDue(ctx context.Context, now time.Time) ([]int64, error)
	RemindDue(ctx context.Context, id int64, now time.Time) error
}

// Audiences does what takes long with many recipients, a part at a time: it writes down whom
// a campaign is for, and withdraws what was cancelled.
type Audiences interface {
	Naming(ctx context.Context) ([]int64, error)
	Name(ctx context.Context, id int64, now time.Time) (more bool, err error)
	Withdrawing(ctx context.Context) ([]int64, error)
	Withdraw(ctx context.Context, id int64) (more bool, err error)
}

// Sender is the way out.
type Sender interface {
	// Turn waits until a request to the tenant may go, but not for long. The zero Result says that
	// it may.
	Turn(ctx context.Context, tenant string) domain.Result
	// Send sends one message in the turn that was waited for. Cancelling ctx does not cut
	// short a request that has begun: its outcome would be unknown.
	Send(ctx context.Context, c domain.Campaign, d domain.Delivery) domain.Result
	// Rate is how many requests a second a tenant is allowed now; 0: no limit.
	Rate(tenant string) float64
	// ClosedUntil is when a tenant that asked us to wait may be sent to again; zero: now.
	ClosedUntil(tenant string) time.Time
}

// Directory knows who is there.
type Directory interface {
	Presence(ctx context.Context, tenantID string, ids []string) (map[string]domain.Presence, error)
}

// Surveys know who is to hear about a survey.
type Surveys interface {
	// Needless says that a message need not go: nobody can answer any more, or they have.
	Needless(ctx context.Context, c domain.Campaign, d domain.Delivery) (bool, error)
}

// Turns hands out the turns of campaigns with a cap an hour, to all processes together.
type Turns interface {
	Take(ctx context.Context, key string, n int, interval time.Duration, now time.Time) (first, closedUntil time.Time, err error)
}

// Options are what the engine needs.
type Options struct {
	Store     Store
	Instances Instances
	Campaigns Campaigns
	Audiences Audiences
	Reminders Reminders // nil: no survey reminds anybody
	Sender    Sender
	Directory Directory // nil: no campaign asks for presence
	Surveys   Surveys   // nil: whoever has a row is sent the message
	Turns     Turns
	Slots     int           // sends in flight
	Sole      bool          // no other process shares the database: whoever is in it at the start is dead
	Zone      string        // of recipients whose own is not known, IANA
	Beat      time.Duration // between two signs of life; default: two seconds
	Now       domain.Clock
	Log       *slog.Logger
	// Observe is told of each try and how long it took.
	Observe func(r domain.Result, took time.Duration)
}

// Engine sends what is due.
type Engine struct {
	Options
	plan   chan struct{} // hints that a campaign may be due
	hungry chan struct{} // hints that there is room for more rows
	step   chan struct{} // hints that the pump has something to do
	work   chan *item    // sends that begin, to goroutines that wait for the next
	jitter func() float64

	planning sync.Mutex
	leading  atomic.Bool
	jobs     *jobs

	mu        sync.Mutex
	instance  int64          // our number among the processes; 0: not joined
	shelves   []*shelf       // what is held, by lane
	trials    []*item        // test sends that are held
	lanes     map[string]int // how many shelves each tenant has
	held      map[int64]held // rows held and not recorded yet, wherever they are here
	unsure    time.Time      // until when rows may be held that are not known here
	reclaimed time.Time      // when that was last looked at
	begun     map[int64]bool // rows noted as begun and not recorded yet
	busy      int            // sends that have not come back, of any of our numbers
	queueing  map[string]int // of these, by tenant, those that wait for their turn
	over      []domain.Finished
	joined    time.Time     // when we got our number
	shown     time.Time     // when the others last saw us live
	down      time.Time     // since when the database does not answer; zero: it does
	refusals  map[int64]int // refused messages in a row, by campaign
	speeds    map[int64]*speed
	blind     map[int64]time.Time // until when the directory does not say who is there, by campaign
}

// New makes an engine; Run starts it.
func New(o Options) *Engine {
	o.Beat = cmp.Or(o.Beat, 2*time.Second)
	return &Engine{
		Options: o, plan: make(chan struct{}, 1), hungry: make(chan struct{}, 1), step: make(chan struct{}, 1), work: make(chan *item),
		jitter: rand.Float64, jobs: newJobs(o.Campaigns, o.Zone),
		held: map[int64]held{}, begun: map[int64]bool{}, lanes: map[string]int{}, queueing: map[string]int{}, refusals: map[int64]int{}, speeds: map[int64]*speed{}, blind: map[int64]time.Time{},
	}
}

// Wake hints that a row may be due. It never blocks.
func (e *Engine) Wake() { hint(e.hungry) }

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

// Leading says whether this process is the one that does what is done once for all.
func (e *Engine) Leading() bool { return e.leading.Load() }

// Run sends until ctx is cancelled, then finishes what is in flight and records it before
// it returns: nothing is left of unknown outcome.
func (e *Engine) Run(ctx context.Context) {
	if !e.join(ctx) {
		return
	}
	var loops sync.WaitGroup
	loops.Go(func() { e.planWhenTold(ctx) })
	loops.Go(func() { e.stock(ctx) })
	beating, stopBeating := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBeating()
	loops.Go(func() { e.beat(beating) }) // to the end: what is in flight is still ours
	e.pump(ctx)
	stopBeating()
	loops.Wait()
	e.leave()
}

// wait sleeps until a hint, or a while.
func wait(ctx context.Context, c <-chan struct{}, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-c:
	case <-timer.C:
	}
}

// stopping says whether a failure under ctx is of the program's stop. A time limit that ran
// out is none: it is the database that does not answer.
func stopping(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// problem logs what went wrong, unless the program is just stopping.
func (e *Engine) problem(ctx context.Context, doing string, err error, args ...any) {
	if !stopping(ctx) {
		e.Log.Error("can't "+doing, append(args, "error", err)...)
	}
}

// oneTry bounds one call to the database: one that hangs must not hold the program.
const oneTry = 10 * time.Second

// trying is a context for one call that goes on although the program stops.
func trying(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), oneTry)
}
