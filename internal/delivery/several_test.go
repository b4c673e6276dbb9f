package delivery_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// Two processes share the work of one campaign: each sends some, nobody gets it twice.
func TestTwoProcessesShare(t *testing.T) {
	t.Parallel()
	eachOn(t, storetest.Postgres().Open(t), 200, domain.Policy{}, func(s *setup) {
		first, second := make(chan struct{}), make(chan struct{})
		e, _ := s.engineWith(func(o *delivery.Options) { o.Sender = &waiting{channel: s.channel, mine: first, other: second} })
		s.engineWith(func(o *delivery.Options) { o.Sender = &waiting{channel: s.channel, mine: second, other: first} })
		s.schedule(domain.SystemClock())
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 200 || messages != 200 || n.Sent != 200 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

// waiting is a process's channel on which nothing goes before the other process sends, too.
type waiting struct {
	*channel
	mine, other chan struct{}
	once        sync.Once
}

// Rate is a limit: a process that knows none holds as much as it can.
func (c *waiting) Rate(string) float64 { return 20 }

func (c *waiting) Send(ctx context.Context, m domain.Campaign, d domain.Delivery) domain.Result {
	c.once.Do(func() { close(c.mine) })
	<-c.other
	return c.channel.Send(ctx, m, d)
}

// Only one process leads, and another takes over when it leaves.
func TestOneProcessLeads(t *testing.T) {
	t.Parallel()
	db := storetest.Postgres().Open(t)
	eachOn(t, db, 1, domain.Policy{}, func(s *setup) {
		first, stop := s.engineWith(nil)
		s.eventually("somebody leads", first.Leading)
		second, _ := s.engineWith(nil)
		if second.Leading() {
			s.Error("both lead")
		}
		stop()
		s.eventually("the other leads", second.Leading)
		if first.Leading() {
			s.Error("one that stopped leads")
		}
	})
}

// A process that the others took for dead goes on under another number; what it had begun
// was decided on without it.
func TestTheBuriedGoOn(t *testing.T) {
	t.Parallel()
	each(t, 20, domain.Policy{OnUncertain: domain.Hold}, func(s *setup) {
		begun, finish := make(chan struct{}, 20), make(chan struct{})
		s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
			begun <- struct{}{}
			<-finish
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(nil)
		for range 8 {
			<-begun
		}
		s.buryAll()
		close(finish)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 20 || messages != 20 || n.Uncertain != 8 || n.Sent != 12 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

// buryAll takes every process for dead.
func (s *setup) buryAll() {
	s.Helper()
	instances := store.Instances{DB: s.db}
	for {
		list, err := instances.List(s.Context())
		must(s.T, err)
		again := false
		for _, b := range list {
			rows, at, err := instances.InFlight(s.Context(), b.Instance)
			must(s.T, err)
			var batch []domain.Finished
			for _, d := range rows {
				d.Attempts++
				batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Next(d, domain.Result{Verdict: domain.Ambiguous},
					domain.NewTimetable(s.campaign.Delivery, d.CampaignID, domain.SystemClock(), "UTC"), domain.SystemClock(), 0)})
			}
			err = instances.Bury(s.Context(), at, batch, domain.SystemClock())
			if again = domain.KindOf(err) == domain.Conflict; !again { // it just had a beat
				must(s.T, err)
			}
		}
		if !again {
			return
		}
	}
}

// sick is a store whose database does not answer while ill.
type sick struct {
	store.Deliveries
	ill  atomic.Bool
	seen chan struct{} // something was tried meanwhile
}

var errIll = errors.New("connection refused")

func (k *sick) Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error) {
	if k.ill.Load() {
		select {
		case k.seen <- struct{}{}:
		default:
		}
		return nil, errIll
	}
	return k.Deliveries.Exchange(ctx, instance, x, now)
}

// When the database does not answer, sending waits, says so, and goes on by itself.
func TestADatabaseThatIsGone(t *testing.T) {
	t.Parallel()
	each(t, 60, domain.Policy{}, func(s *setup) {
		k := &sick{Deliveries: store.Deliveries{DB: s.db}, seen: make(chan struct{}, 1)}
		var once sync.Once
		s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
			once.Do(func() { k.ill.Store(true) })
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(func(o *delivery.Options) { o.Store, o.Beat = k, time.Hour })
		<-k.seen
		s.eventually("it says so", func() bool { return !e.Up() })
		if p := e.Progress(s.campaign); p.Waiting != domain.WaitDatabase {
			s.Errorf("it waits for %q", p.Waiting)
		}
		_, before := s.channel.total()
		if before > 8 {
			s.Errorf("%d messages went while nothing could be recorded", before)
		}
		k.ill.Store(false)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 60 || messages != 60 || n.Sent != 60 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
		if !e.Up() {
			s.Error("it still says that the database is gone")
		}
	})
}
