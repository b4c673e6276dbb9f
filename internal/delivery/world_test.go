package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// channel is the outside world: it answers each send by what the test wants of the person,
// and keeps what arrived.
type channel struct {
	mu      sync.Mutex
	arrived map[int64]int // by person
	tries   map[int64]int
	answer  func(ctx context.Context, d domain.Delivery, try int) domain.Result
}

func (c *channel) Rate(string) float64 { return 0 }

func (c *channel) ClosedUntil(string) time.Time { return time.Time{} }

func (c *channel) Turn(ctx context.Context, _ string) domain.Result {
	if ctx.Err() != nil {
		return domain.Result{Verdict: domain.Stopped}
	}
	return domain.Result{}
}

func (c *channel) Send(ctx context.Context, _ domain.Campaign, d domain.Delivery) domain.Result {
	c.mu.Lock()
	c.tries[d.Person.ID]++
	try := c.tries[d.Person.ID]
	c.mu.Unlock()
	r := domain.Result{Verdict: domain.Accepted, ActivityID: fmt.Sprint(d.ID)}
	if c.answer != nil {
		r = c.answer(ctx, d, try)
	}
	if r.Verdict == domain.Accepted {
		c.mu.Lock()
		c.arrived[d.Person.ID]++
		c.mu.Unlock()
	}
	return r
}

func (c *channel) total() (people, messages int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.arrived {
		people, messages = people+1, messages+n
	}
	return people, messages
}

// setup is an engine over a real store with people in it and one campaign to everyone.
type setup struct {
	*testing.T
	db       *store.DB
	channel  *channel
	campaign domain.Campaign
	observed chan domain.Result
	ahead    atomic.Int64 // how far the engine's clock is ahead, in nanoseconds
}

func each(t *testing.T, people int, policy domain.Policy, do func(s *setup)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { eachOn(t, db, people, policy, do) })
}

func eachOn(t *testing.T, db *store.DB, people int, policy domain.Policy, do func(s *setup)) {
	s := &setup{T: t, db: db, observed: make(chan domain.Result, 10_000),
		channel: &channel{arrived: map[int64]int{}, tries: map[int64]int{}}}
	ctx := t.Context()
	for i := range people {
		must(t, store.People{DB: db}.Remember(ctx, domain.Sighting{Channel: domain.Teams, Install: true, AADObjectID: fmt.Sprintf("aad-%d", i), Reference: domain.ConversationReference{
			ConversationID: fmt.Sprintf("a:%d", i), UserID: fmt.Sprintf("29:%d", i), TenantID: "tenant", ServiceURL: "https://smba.trafficmanager.net/teams/", BotID: "28:bot",
		}}, domain.SystemClock()))
	}
	c, err := store.Campaigns{DB: db}.Create(ctx, domain.Campaign{
		Name: "Drill", Channel: domain.Teams, Kind: domain.KindImportant, Status: domain.Draft, Content: domain.Content{Text: "Out"},
		Audience: domain.Audience{Everyone: true}, Delivery: policy, CreatedAt: domain.SystemClock(), UpdatedAt: domain.SystemClock(),
	})
	must(t, err)
	s.campaign = c
	do(s)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *setup) schedule(at time.Time) {
	s.Helper()
	must(s.T, store.Campaigns{DB: s.db}.Schedule(s.Context(), s.campaign.ID, s.campaign.Revision, at, domain.SystemClock()))
}

// engine starts an engine and answers how to stop it; it is stopped at the end in any case.
func (s *setup) engine(sole bool) (e *delivery.Engine, stop func()) {
	return s.engineWith(func(o *delivery.Options) { o.Sole = sole })
}

func (s *setup) engineWith(change func(*delivery.Options)) (e *delivery.Engine, stop func()) {
	o := delivery.Options{
		Store: store.Deliveries{DB: s.db}, Instances: store.Instances{DB: s.db}, Campaigns: store.Campaigns{DB: s.db}, Audiences: store.Campaigns{DB: s.db}, Turns: store.Turns{DB: s.db},
		Sender: s.channel, Slots: 8, Zone: "UTC", Beat: 100 * time.Millisecond,
		Now: func() time.Time { return domain.SystemClock().Add(time.Duration(s.ahead.Load())) }, Log: slog.New(slog.DiscardHandler), Observe: func(r domain.Result, _ time.Duration) { s.observed <- r },
	}
	if change != nil {
		change(&o)
	}
	e = delivery.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		e.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	s.Cleanup(stop)
	e.WakePlan()
	return e, stop
}

// setClock makes it about that time for the engine.
func (s *setup) setClock(at time.Time) { s.ahead.Store(int64(time.Until(at))) }

// eventually waits for something that has no signal of its own.
func (s *setup) eventually(what string, holds func() bool) {
	s.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			s.Fatalf("it never came: %s", what)
		}
	}
}

// until waits for the campaign to reach a status, nudging the plan as the tick would.
func (s *setup) until(e *delivery.Engine, status domain.Status) domain.Counts {
	s.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := store.Campaigns{DB: s.db}.Get(s.Context(), s.campaign.ID)
		must(s.T, err)
		if c.Status == status {
			return s.counts()
		}
		select {
		case <-deadline:
			s.Fatalf("the campaign is %s, not %s: %+v", c.Status, status, s.counts())
		case <-tick.C:
			e.Plan(s.Context())
		}
	}
}

func (s *setup) counts() domain.Counts {
	s.Helper()
	by, err := store.Campaigns{DB: s.db}.Counts(s.Context(), s.campaign.ID)
	must(s.T, err)
	n := by[s.campaign.ID]
	if n.Listed != n.Recipients+n.Unreachable || n.Recipients != n.Pending+n.Postponed+n.Sent+n.Failed+n.Unscheduled+n.Uncertain+n.Cancelled {
		s.Errorf("the sums do not hold: %+v", n)
	}
	return n
}

// settle waits until nothing is in flight.
func (s *setup) settle() {
	s.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
		<-tick.C
		people, _ := s.channel.total()
		if n := s.counts(); int64(people) == n.Sent {
			return
		}
	}
	s.Fatal("sends stay in flight")
}
