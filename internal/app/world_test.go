package app_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// noon is when every test begins.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// The actors of the tests, by their roles.
var (
	stranger = domain.Actor{ID: "person:x", Name: "Xavier"}
	analyst  = domain.Actor{ID: "person:n", Name: "Nora", Role: domain.Analyst}
	author   = domain.Actor{ID: "person:a", Name: "Ada", Role: domain.Author}
	sender   = domain.Actor{ID: "person:s", Name: "Sam", Role: domain.Sender}
	owner    = domain.Actor{ID: "person:o", Name: "Olga", Role: domain.Owner}
)

// world is every operation over a real database, at a time that stands still.
type world struct {
	testing.TB
	ctx        context.Context
	db         *store.DB
	campaigns  *app.Campaigns
	people     *app.People
	signals    *app.Signals
	surveys    *app.Surveys
	clicks     *app.Clicks
	deliveries store.Deliveries
	worker     *storetest.Worker // the process that sends

	mu    sync.Mutex
	now   time.Time
	wakes atomic.Int64
}

// newWorld is on SQLite, for rules that no database could bend.
func newWorld(t testing.TB) *world {
	t.Helper()
	return worldOn(t, storetest.SQLite().Open(t))
}

// onEach runs a test on every database: for what many do at once.
func onEach(t *testing.T, test func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(worldOn(t, db)) })
}

func worldOn(t testing.TB, db *store.DB) *world {
	w := &world{TB: t, ctx: t.Context(), db: db, deliveries: store.Deliveries{DB: db}, now: noon}
	campaigns, people, responses := store.Campaigns{DB: db}, store.People{DB: db}, store.Responses{DB: db}
	wake := func() { w.wakes.Add(1) }
	w.campaigns = &app.Campaigns{
		Store: campaigns, Flow: campaigns, Count: campaigns, Deliveries: w.deliveries, Changes: campaigns, People: people,
		Now: w.clock, Wake: wake, MaxAhead: 144 * time.Hour, SendRate: 30,
	}
	w.people = &app.People{Store: people, References: people, Roster: people, Now: w.clock, Wake: wake}
	w.signals = &app.Signals{
		Store: w.deliveries, Deliveries: w.deliveries, Campaigns: campaigns,
		Refs: app.Refs{Secret: []byte("the tests' secret")}, Now: w.clock,
	}
	w.surveys = &app.Surveys{
		Standings: responses, Ballots: responses, Answers: responses, Flow: campaigns, Deliveries: w.deliveries, Campaigns: campaigns,
		Refs: w.signals.Refs, Now: w.clock, Wake: wake, Zone: "UTC",
	}
	w.clicks = &app.Clicks{Refs: w.signals.Refs, Deliveries: w.deliveries, Links: store.Links{DB: db}, Now: w.clock}
	worker, err := storetest.NewWorker(w.ctx, db)
	w.ok(err)
	w.worker = worker
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// ok fails the test on an error.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// is holds that an error is of a kind.
func (w *world) is(err error, kind domain.ErrorKind) {
	w.Helper()
	if domain.KindOf(err) != kind || err == nil {
		w.Errorf("error %v of kind %d, want kind %d", err, domain.KindOf(err), kind)
	}
}

// same holds that two values do not differ.
func (w *world) same(got, want any) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("(-want +got):\n%s", diff)
	}
}

// wakesAfter is how often do woke somebody up.
func (w *world) wakesAfter(do func()) int64 {
	before := w.wakes.Load()
	do()
	return w.wakes.Load() - before
}

// atOnce runs do n times at once.
func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-gate
			do(i)
		})
	}
	close(gate)
	all.Wait()
}
