package delivery_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// Inside synctest the clock stands until everybody waits, so that these tests are exact, and
// outages of many seconds take no time.

// exactly runs a test on SQLite by a clock that stands until everybody waits.
func exactly(t *testing.T, people int, policy domain.Policy, do func(s *setup)) {
	synctest.Test(t, func(t *testing.T) { eachOn(t, storetest.SQLite().Open(t), people, policy, do) })
}

// heart is the time between two signs of life of the tests' engines.
const heart = 100 * time.Millisecond

// cutOff are the processes for one that has no way to them while it is out.
type cutOff struct {
	store.Instances
	out atomic.Bool
}

func (i *cutOff) Beat(ctx context.Context, instance int64) ([]domain.Beat, error) {
	if i.out.Load() {
		return nil, errIll
	}
	return i.Instances.Beat(ctx, instance)
}

// After an outage of the database nobody has beaten for a while: that says nothing of who is
// dead, and whoever lives gets the time to show it.
func TestAnOutageBuriesNobody(t *testing.T) {
	t.Parallel()
	exactly(t, 0, domain.Policy{}, func(s *setup) {
		i := &cutOff{Instances: store.Instances{DB: s.db}}
		other, err := i.Join(s.Context())
		must(s.T, err)
		s.engineWith(func(o *delivery.Options) { o.Instances, o.Beat = i, heart })
		time.Sleep(heart + heart/2) // it has seen the other twice
		i.out.Store(true)
		time.Sleep(20 * heart)
		i.out.Store(false)
		time.Sleep(heart) // it has looked again
		if _, err := i.Beat(s.Context(), other); err != nil {
			s.Errorf("the other was taken for dead: %v", err)
		}
		time.Sleep(6 * heart) // without a word, and without an outage
		if _, err := i.Beat(s.Context(), other); domain.KindOf(err) != domain.Conflict {
			s.Errorf("the other was not taken for dead: %v", err)
		}
	})
}

// deaf is a store whose first answer to a reservation is lost: the rows are held, and who
// asked for them waits in vain.
type deaf struct {
	store.Deliveries
	once   sync.Once
	gaveUp chan struct{} // the time limit is over
	look   chan struct{} // lets the first look at what is held go on

	mu    sync.Mutex
	looks []time.Time
}

func (k *deaf) Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	rows, err := k.Deliveries.Reserve(ctx, instance, lane, now, limit)
	k.once.Do(func() {
		<-ctx.Done()
		close(k.gaveUp)
		rows, err = nil, ctx.Err()
	})
	return rows, err
}

func (k *deaf) Held(ctx context.Context, instance int64) ([]int64, []domain.Delivery, error) {
	k.mu.Lock()
	k.looks = append(k.looks, time.Now())
	k.mu.Unlock()
	<-k.look
	return k.Deliveries.Held(ctx, instance)
}

// A reservation that runs into its time limit is a database that does not answer. What it
// held all the same is let go of and sent; it is looked for now and then only, for that is
// dear, and not for ever.
func TestAReservationWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	exactly(t, 5, domain.Policy{}, func(s *setup) {
		k := &deaf{Deliveries: store.Deliveries{DB: s.db}, gaveUp: make(chan struct{}), look: make(chan struct{})}
		s.schedule(domain.SystemClock())
		// It beats so rarely that nothing but the lost answer tells how the database is.
		e, _ := s.engineWith(func(o *delivery.Options) { o.Store, o.Beat = k, time.Hour })
		<-k.gaveUp
		synctest.Wait()
		if e.Up() {
			s.Error("the database counts as answering")
		}
		close(k.look)
		if n := s.until(e, domain.Done); n.Sent != 5 {
			s.Errorf("%+v", n)
		}
		if people, messages := s.channel.total(); people != 5 || messages != 5 {
			s.Errorf("%d people got %d messages", people, messages)
		}
		if !e.Up() {
			s.Error("it still says that the database is gone")
		}
		time.Sleep(50 * time.Second)
		k.mu.Lock()
		defer k.mu.Unlock()
		for n := 1; n < len(k.looks); n++ {
			if apart := k.looks[n].Sub(k.looks[n-1]); apart < 5*time.Second {
				s.Errorf("look %d is %v after the one before", n, apart)
			}
		}
		if n := len(k.looks); n < 2 || n > 4 {
			s.Errorf("it looked %d times within 20 seconds of doubt: %v", n, k.looks)
		}
	})
}
