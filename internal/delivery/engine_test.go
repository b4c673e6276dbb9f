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

	"github.com/google/go-cmp/cmp"
)

// channel is the outside world: it answers each send by what the test wants of the person,
// and keeps what arrived.
type channel struct {
	mu      sync.Mutex
	arrived map[int64]int // by person
	tries   map[int64]int
	answer  func(ctx context.Context, d domain.Delivery, try int) domain.Result
	room    int
}

func (c *channel) Room(string) int {
	if c.room == 0 {
		return 1000
	}
	return c.room
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
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &setup{T: t, db: db, observed: make(chan domain.Result, 10_000),
			channel: &channel{arrived: map[int64]int{}, tries: map[int64]int{}}}
		ctx := t.Context()
		for i := range people {
			must(t, store.People{DB: db}.Remember(ctx, domain.Sighting{Channel: domain.Teams, Install: true, Reference: domain.ConversationReference{
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
	})
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
	e = delivery.New(delivery.Options{
		Store: store.Deliveries{DB: s.db}, Campaigns: store.Campaigns{DB: s.db}, Sender: s.channel, Slots: 8, Sole: sole,
		Now: func() time.Time { return domain.SystemClock().Add(time.Duration(s.ahead.Load())) }, Log: slog.New(slog.DiscardHandler), Observe: func(r domain.Result, _ time.Duration) { s.observed <- r },
	})
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
				rows := store.Deliveries{DB: s.db}
				must(s.T, store.Campaigns{DB: s.db}.Start(s.Context(), s.campaign.ID, now))
				// A process claims five and is gone.
				held, err := rows.Claim(s.Context(), domain.Lane{CampaignID: s.campaign.ID, TenantID: "tenant"}, now, now.Add(time.Hour), 5)
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
