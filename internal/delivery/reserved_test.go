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

// What is on the wire stays reserved however long it takes there, and however often it is looked at
// what is held without being known: nobody else sends it.
func TestASlowSendStaysReserved(t *testing.T) {
	t.Parallel()
	exactly(t, 3, domain.Policy{}, func(s *setup) {
		s.channel.answer = func(_ context.Context, d domain.Delivery, _ int) domain.Result {
			if d.Person.ID == 2 {
				time.Sleep(150 * time.Second)
			}
			return domain.Result{Verdict: domain.Accepted, ActivityID: "1"}
		}
		s.schedule(domain.SystemClock())
		first, _ := s.engine(false)
		s.engine(false)
		first.Plan(s.Context())
		time.Sleep(140 * time.Second)
		if n := s.counts(); n.Sent != 2 || n.Pending != 1 {
			s.Errorf("one should be on its way: %+v", n)
		}
		if n := s.until(first, domain.Done); n.Sent != 3 {
			s.Errorf("%+v", n)
		}
		if people, messages := s.channel.total(); people != 3 || messages != 3 {
			s.Errorf("%d people got %d messages", people, messages)
		}
	})
}

// forgetful is a store that says once of a row that it may not begin, and does nothing about it: as
// if it were another process's.
type forgetful struct {
	store.Deliveries
	once sync.Once
}

func (f *forgetful) Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error) {
	if len(x.Begin) > 0 {
		f.once.Do(func() { x.Begin = x.Begin[1:] })
	}
	return f.Deliveries.Exchange(ctx, instance, x, now)
}

// mute is a store whose first reservation succeeds and answers that there was nothing.
type mute struct {
	store.Deliveries
	once sync.Once
}

func (m *mute) Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	rows, err := m.Deliveries.Reserve(ctx, instance, lane, now, limit)
	m.once.Do(func() { rows = nil })
	return rows, err
}

// A reservation that this process does not know of is let go of, and its people get their message:
// within seconds where there is a reason to look, else within a minute or so.
func TestReservationsThatNobodyKnows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		wire     func(db *store.DB) delivery.Store
		from, to time.Duration
	}{
		{name: "rows that were not ours", wire: func(db *store.DB) delivery.Store { return &forgetful{Deliveries: store.Deliveries{DB: db}} }, to: 10 * time.Second},
		{name: "for no reason", wire: func(db *store.DB) delivery.Store { return &mute{Deliveries: store.Deliveries{DB: db}} }, from: 10 * time.Second, to: 70 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			exactly(t, 3, domain.Policy{}, func(s *setup) {
				s.schedule(domain.SystemClock())
				e, _ := s.engineWith(func(o *delivery.Options) { o.Store = c.wire(s.db) })
				begun := time.Now()
				for s.counts().Sent < 3 && time.Since(begun) < 2*c.to {
					e.Plan(s.Context())
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(begun); took < c.from || took > c.to {
					s.Errorf("%+v after %v, want all between %v and %v", s.counts(), took, c.from, c.to)
				}
				if people, messages := s.channel.total(); people != 3 || messages != 3 {
					s.Errorf("%d people got %d messages", people, messages)
				}
			})
		})
	}
}
