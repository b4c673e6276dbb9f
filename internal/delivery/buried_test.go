package delivery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
)

// barrier is a channel on which nobody's turn comes before it is opened.
type barrier struct {
	*channel
	waiting, open chan struct{}
}

func (c *barrier) Turn(ctx context.Context, _ string) domain.Result {
	c.waiting <- struct{}{}
	select {
	case <-c.open:
		return domain.Result{}
	case <-ctx.Done():
		return domain.Result{Verdict: domain.Stopped}
	}
}

func newBarrier(s *setup) *barrier {
	return &barrier{channel: s.channel, waiting: make(chan struct{}, 100), open: make(chan struct{})}
}

// A process that was taken for dead sends nothing of what it had begun, when the turn of that
// comes: others have decided on it.
func TestTheBuriedSendNothingMore(t *testing.T) {
	t.Parallel()
	exactly(t, 20, domain.Policy{OnUncertain: domain.Hold}, func(s *setup) {
		c := newBarrier(s)
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(func(o *delivery.Options) { o.Sender, o.Beat = c, heart })
		for range 8 {
			<-c.waiting
		}
		s.buryAll()
		time.Sleep(3 * heart) // it knows, and goes on under another number
		close(c.open)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 12 || messages != 12 || n.Uncertain != 8 || n.Sent != 12 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

// A process that has had no way to the database for so long that it may be taken for dead
// sends nothing of what it had begun, and all of it when it knows that it was not.
func TestWhoMayBeTakenForDeadSendsNothing(t *testing.T) {
	t.Parallel()
	exactly(t, 20, domain.Policy{OnUncertain: domain.Hold}, func(s *setup) {
		c, i := newBarrier(s), &cutOff{Instances: store.Instances{DB: s.db}}
		k := &sick{Deliveries: store.Deliveries{DB: s.db}}
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(func(o *delivery.Options) { o.Sender, o.Instances, o.Store, o.Beat = c, i, k, heart })
		for range 8 {
			<-c.waiting
		}
		i.out.Store(true)
		k.ill.Store(true)
		time.Sleep(5 * heart)
		close(c.open)
		for range 8 {
			if r := <-s.observed; r.Verdict != domain.Stopped {
				s.Errorf("it was sent: %+v", r)
			}
		}
		i.out.Store(false)
		k.ill.Store(false)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 20 || messages != 20 || n.Sent != 20 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

// slow is a store whose first answer that something may begin is long on its way.
type slow struct {
	store.Deliveries
	once          sync.Once
	done, arrives chan struct{}
}

func (k *slow) Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error) {
	begun, err := k.Deliveries.Exchange(ctx, instance, x, now)
	if len(begun) > 0 {
		k.once.Do(func() {
			close(k.done)
			<-k.arrives
		})
	}
	return begun, err
}

// The answer that rows may begin comes to a process that has been taken for dead meanwhile:
// nothing of it begins, and nothing is left of it when the process stops.
func TestAnAnswerToTheBuried(t *testing.T) {
	t.Parallel()
	exactly(t, 20, domain.Policy{OnUncertain: domain.Hold}, func(s *setup) {
		k := &slow{Deliveries: store.Deliveries{DB: s.db}, done: make(chan struct{}), arrives: make(chan struct{})}
		s.schedule(domain.SystemClock())
		e, stop := s.engineWith(func(o *delivery.Options) { o.Store, o.Beat = k, heart })
		<-k.done
		s.buryAll()
		time.Sleep(3 * heart) // it knows
		close(k.arrives)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 12 || messages != 12 || n.Uncertain != 8 || n.Sent != 12 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
		stop()
		close(s.observed)
		for r := range s.observed {
			if r.Verdict != domain.Accepted {
				s.Errorf("it was begun: %+v", r)
			}
		}
		if left, err := (store.Instances{DB: s.db}).List(context.WithoutCancel(s.Context())); err != nil || len(left) > 0 {
			s.Errorf("it has not left: %v %v", left, err)
		}
	})
}
