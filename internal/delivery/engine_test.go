package delivery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func TestEverybodyGetsItOnce(t *testing.T) {
	t.Parallel()
	each(t, 300, domain.Policy{}, func(s *setup) {
		s.schedule(domain.SystemClock())
		e, _ := s.engine(false)
		n := s.until(e, domain.Done)
		if diff := cmp.Diff(domain.Counts{Listed: 300, Recipients: 300, Sent: 300}, n); diff != "" {
			s.Error(diff)
		}
		if people, messages := s.channel.total(); people != 300 || messages != 300 {
			s.Errorf("%d people got %d messages", people, messages)
		}
	})
}

func TestWhatTheChannelSaysDecides(t *testing.T) {
	t.Parallel()
	each(t, 40, domain.Policy{}, func(s *setup) {
		s.channel.answer = func(_ context.Context, d domain.Delivery, try int) domain.Result {
			switch d.Person.ID % 4 {
			case 0:
				return domain.Result{Verdict: domain.Refused, Code: domain.BlockedByUser, Reason: "blocked"}
			case 1:
				if try == 1 {
					return domain.Result{Verdict: domain.Slowed, RetryAfter: 20 * time.Millisecond}
				}
			}
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		e, _ := s.engine(false)
		n := s.until(e, domain.Done)
		if diff := cmp.Diff(domain.Counts{Listed: 40, Recipients: 40, Sent: 30, Failed: 10}, n); diff != "" {
			s.Error(diff)
		}
		rows, err := store.Deliveries{DB: s.db}.List(s.Context(), s.campaign.ID, domain.DeliveryFilter{}, 0, 100)
		must(s.T, err)
		for _, d := range rows {
			want := 1 // a throttled try is given back
			if d.Attempts != want {
				s.Errorf("row %d: %d attempts, want %d", d.ID, d.Attempts, want)
			}
			if (d.Code == domain.BlockedByUser) != (d.State == domain.Failed) {
				s.Errorf("row %d is %s with code %q", d.ID, d.State, d.Code)
			}
		}
	})
}

func TestPassingErrorsAreTriedAgain(t *testing.T) {
	t.Parallel()
	each(t, 3, domain.Policy{}, func(s *setup) {
		s.channel.answer = func(_ context.Context, _ domain.Delivery, try int) domain.Result {
			if try == 1 {
				return domain.Result{Verdict: domain.Passing, Code: domain.ServiceError, Reason: "503"}
			}
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		e, _ := s.engine(false)
		if n := s.until(e, domain.Done); n.Sent != 3 {
			s.Errorf("%+v", n)
		}
	})
}

func TestNothingGoesWhilePausedOrBeforeItsTime(t *testing.T) {
	t.Parallel()
	each(t, 20, domain.Policy{}, func(s *setup) {
		s.schedule(domain.SystemClock().Add(time.Hour))
		e, _ := s.engine(false)
		e.Plan(s.Context())
		if people, _ := s.channel.total(); people != 0 {
			s.Errorf("%d people got it an hour early", people)
		}
		must(s.T, store.Campaigns{DB: s.db}.Move(s.Context(), s.campaign.ID, domain.Draft, "", domain.SystemClock(), domain.Scheduled))
		s.schedule(domain.SystemClock())
		first := make(chan struct{})
		release := make(chan struct{})
		var once sync.Once
		s.channel.mu.Lock()
		s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
			once.Do(func() { close(first) })
			<-release
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.channel.mu.Unlock()
		e.WakePlan()
		<-first
		must(s.T, store.Campaigns{DB: s.db}.Move(s.Context(), s.campaign.ID, domain.Paused, "", domain.SystemClock(), domain.Sending))
		close(release)
		s.settle()
		n := s.counts()
		if n.Sent > 8 || n.Pending+n.Sent != 20 {
			s.Errorf("after the pause: %+v; at most the 8 in flight may arrive", n)
		}
		must(s.T, store.Campaigns{DB: s.db}.Move(s.Context(), s.campaign.ID, domain.Sending, "", domain.SystemClock(), domain.Paused))
		e.Wake()
		if n := s.until(e, domain.Done); n.Sent != 20 {
			s.Errorf("%+v", n)
		}
	})
}

func TestAStopLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	each(t, 200, domain.Policy{}, func(s *setup) {
		s.schedule(domain.SystemClock())
		for range 5 {
			_, stop := s.engine(false)
			<-s.observed
			stop()
		}
		e, _ := s.engine(false)
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 200 || messages != 200 || n.Sent != 200 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

func TestACrashLeavesOnlyWhatWasInFlight(t *testing.T) {
	t.Parallel()
	for policy, want := range map[domain.OnUncertain]domain.Counts{
		domain.Hold:   {Listed: 10, Recipients: 10, Sent: 5, Uncertain: 5},
		domain.Resend: {Listed: 10, Recipients: 10, Sent: 5, Postponed: 5},
	} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			each(t, 10, domain.Policy{OnUncertain: policy}, func(s *setup) {
				now := domain.SystemClock()
				s.schedule(now)
				must(s.T, storetest.Start(s.Context(), store.Campaigns{DB: s.db}, s.campaign.ID, now))
				// A process begins five and is gone.
				dead, err := storetest.NewWorker(s.Context(), s.db)
				must(s.T, err)
				held, err := dead.Claim(s.Context(), domain.Lane{CampaignID: s.campaign.ID, TenantID: "tenant"}, now, 5)
				must(s.T, err)
				if len(held) != 5 {
					s.Fatalf("claimed %d", len(held))
				}
				_, stop := s.engine(true) // its successor is alone with the database
				for range 5 {
					<-s.observed
				}
				stop()
				if diff := cmp.Diff(want, s.counts()); diff != "" {
					s.Error(diff)
				}
			})
		})
	}
}

func TestACampaignThatCannotGoOnPausesAndSaysWhy(t *testing.T) {
	t.Parallel()
	for code, verdict := range map[domain.Code]domain.Verdict{domain.Unauthorized: domain.Misset, domain.CardRejected: domain.Refused} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			each(t, 100, domain.Policy{}, func(s *setup) {
				s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
					return domain.Result{Verdict: verdict, Code: code, Reason: "no"}
				}
				s.schedule(domain.SystemClock())
				e, stop := s.engine(false)
				s.until(e, domain.Paused)
				stop()
				c, err := store.Campaigns{DB: s.db}.Get(s.Context(), s.campaign.ID)
				must(s.T, err)
				if c.Notice != domain.PauseNotice(code) {
					s.Errorf("notice %q", c.Notice)
				}
				if n := s.counts(); n.Failed > 40 || n.Left() < 60 {
					s.Errorf("it went on for too long: %+v", n)
				}
			})
		})
	}
}

func TestATestSendIsCountedNowhere(t *testing.T) {
	t.Parallel()
	each(t, 2, domain.Policy{}, func(s *setup) {
		people, err := store.People{DB: s.db}.List(s.Context(), domain.PersonFilter{}, 0, 1)
		must(s.T, err)
		must(s.T, store.Deliveries{DB: s.db}.AddTrials(s.Context(), s.campaign.ID, people, domain.SystemClock()))
		_, stop := s.engine(false)
		<-s.observed
		stop()
		if got, messages := s.channel.total(); got != 1 || messages != 1 {
			s.Errorf("%d people got %d messages", got, messages)
		}
		if diff := cmp.Diff(domain.Counts{}, s.counts()); diff != "" {
			s.Error(diff)
		}
	})
}

// A send that outlasts its lease is late, not lost: the process that holds it does not take
// it from itself.
func TestALateSendIsNotRepeated(t *testing.T) {
	t.Parallel()
	each(t, 1, domain.Policy{}, func(s *setup) {
		begun, finish := make(chan struct{}), make(chan struct{})
		s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
			close(begun)
			<-finish
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		e, _ := s.engine(false)
		<-begun
		s.ahead.Store(int64(time.Hour)) // the lease is long over
		e.Plan(s.Context())
		if n := s.counts(); n.Pending != 1 {
			s.Errorf("it was decided on while it was under way: %+v", n)
		}
		close(finish)
		n := s.until(e, domain.Done)
		if _, messages := s.channel.total(); messages != 1 || n.Sent != 1 {
			s.Errorf("%d messages: %+v", messages, n)
		}
	})
}
