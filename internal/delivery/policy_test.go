package delivery_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
)

// directory is who is there, as the test wants it.
type directory struct {
	mu    sync.Mutex
	there map[string]domain.Presence
	err   error
	asked chan int
}

func (k *directory) Presence(_ context.Context, _ string, ids []string) (map[string]domain.Presence, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked <- len(ids)
	return k.there, k.err
}

// W-37, W-39: somebody who is not there is tried at the drawn time, ten minutes later, at the
// next full hour, and so on for three working days; then it is unscheduled.
func TestThePresenceLadder(t *testing.T) {
	t.Parallel()
	policy := domain.Policy{
		Presence: []domain.Presence{domain.Available}, OnUncertain: domain.Resend,
		Hours: &domain.WorkingHours{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "18:00", TimeZone: "Europe/Paris"},
	}
	each(t, 2, policy, func(s *setup) {
		paris, err := time.LoadLocation("Europe/Paris")
		must(s.T, err)
		start := time.Date(2026, 11, 20, 14, 27, 0, 0, paris) // a Friday
		s.setClock(start)
		k := &directory{there: map[string]domain.Presence{"aad-0": domain.Available, "aad-1": domain.Busy}, asked: make(chan int, 100)}
		s.schedule(start)
		e, _ := s.engineWith(func(o *delivery.Options) { o.Directory = k })
		var tries []string
		for {
			d := s.absent(e, len(tries)+1)
			tries = append(tries, d.DueAt.In(paris).Format("Mon 15:04"))
			if d.State == domain.Unscheduled {
				if d.Code != domain.NotPresent || d.Tries != 9 {
					s.Errorf("%+v", d)
				}
				break
			}
			s.setClock(d.DueAt)
			e.Wake()
		}
		want := map[int]string{0: "Fri 14:37", 1: "Fri 15:00"}
		for i, at := range want {
			if tries[i] != at {
				s.Errorf("after try %d it waits until %s, not %s: %v", i+1, tries[i], at, tries)
			}
		}
		if len(tries) != 9 || tries[2][:3] != "Mon" || tries[5][:3] != "Tue" {
			s.Errorf("the tries: %v", tries)
		}
		n := s.until(e, domain.Done)
		if people, messages := s.channel.total(); people != 1 || messages != 1 || n.Sent != 1 || n.Unscheduled != 1 {
			s.Errorf("%d people got %d messages: %+v", people, messages, n)
		}
	})
}

// absent waits until the person who is not there has been tried so often.
func (s *setup) absent(e *delivery.Engine, tries int) domain.Delivery {
	s.Helper()
	var found domain.Delivery
	s.eventually("another try", func() bool {
		e.Plan(s.Context())
		rows, err := store.Deliveries{DB: s.db}.List(s.Context(), s.campaign.ID, domain.DeliveryFilter{}, 0, 10)
		must(s.T, err)
		for _, d := range rows {
			if d.Tries >= tries {
				found = d
			}
		}
		return found.ID != 0
	})
	return found
}

// Without the permission to ask, the campaign pauses and names it; when nobody answers for a
// moment it waits, which costs nothing.
func TestADirectoryThatRefuses(t *testing.T) {
	t.Parallel()
	policy := domain.Policy{Presence: []domain.Presence{domain.Available}, OnUncertain: domain.Resend}
	each(t, 3, policy, func(s *setup) {
		k := &directory{err: &domain.Unavailable{Err: errors.New("busy"), RetryAfter: time.Minute}, asked: make(chan int, 100)}
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(func(o *delivery.Options) { o.Directory = k })
		<-k.asked
		s.eventually("it says why it waits", func() bool { return e.Progress(s.campaign).Waiting == domain.WaitPresence })
		k.mu.Lock()
		k.err = &domain.Unavailable{Err: errors.New("no consent"), Permission: "Presence.Read.All"}
		k.mu.Unlock()
		s.setClock(domain.SystemClock().Add(2 * time.Minute))
		e.Wake()
		n := s.until(e, domain.Paused)
		if n.Pending != 3 {
			s.Errorf("%+v", n)
		}
		c, err := store.Campaigns{DB: s.db}.Get(s.Context(), s.campaign.ID)
		must(s.T, err)
		if c.Notice != domain.PauseNotice(domain.NotPresent) {
			s.Errorf("notice %q", c.Notice)
		}
	})
}

// What does not go before the hours end moves to the next opening, and says so.
func TestAfterHoursItWaits(t *testing.T) {
	t.Parallel()
	policy := domain.Policy{OnUncertain: domain.Resend, Hours: &domain.WorkingHours{Days: []string{"mon"}, From: "09:00", To: "10:00", TimeZone: "UTC"}}
	each(t, 20, policy, func(s *setup) {
		start := time.Date(2026, 11, 23, 9, 59, 0, 0, time.UTC) // a Monday
		s.setClock(start)
		s.channel.answer = func(context.Context, domain.Delivery, int) domain.Result {
			s.setClock(start.Add(2 * time.Minute)) // after the first, the hour is over
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(start)
		e, _ := s.engineWith(nil)
		s.eventually("all but those in flight wait", func() bool {
			e.Plan(s.Context())
			n := s.counts()
			return n.Recipients == 20 && n.Postponed+n.Sent == 20
		})
		if n := s.counts(); n.Sent > 8 {
			s.Errorf("%d went, 8 were in flight", n.Sent)
		}
		rows, err := store.Deliveries{DB: s.db}.List(s.Context(), s.campaign.ID, domain.DeliveryFilter{State: domain.Postponed}, 0, 50)
		must(s.T, err)
		for _, d := range rows {
			if want := start.Add(7*24*time.Hour - 59*time.Minute); !d.DueAt.Equal(want) || d.Attempts != 0 {
				s.Errorf("row %d waits until %v after %d attempts, want %v", d.ID, d.DueAt, d.Attempts, want)
			}
		}
	})
}

// Two campaigns to the same tenant share its turns, and a test send overtakes both.
func TestCampaignsShareAndTestSendsOvertake(t *testing.T) {
	t.Parallel()
	each(t, 60, domain.Policy{}, func(s *setup) {
		ctx := s.Context()
		campaigns := store.Campaigns{DB: s.db}
		other, err := campaigns.Create(ctx, domain.Campaign{
			Name: "Other", Channel: domain.Teams, Kind: domain.KindImportant, Status: domain.Draft, Content: domain.Content{Text: "In"},
			Audience: domain.Audience{Everyone: true}, CreatedAt: domain.SystemClock(), UpdatedAt: domain.SystemClock(),
		})
		must(s.T, err)
		people, err := store.People{DB: s.db}.List(ctx, domain.PersonFilter{}, 0, 1)
		must(s.T, err)
		turns := &turnstile{channel: s.channel, pass: make(chan struct{})}
		order := make(chan domain.Delivery, 200)
		s.channel.answer = func(_ context.Context, d domain.Delivery, _ int) domain.Result {
			order <- d
			return domain.Result{Verdict: domain.Accepted, ActivityID: "x"}
		}
		s.schedule(domain.SystemClock())
		must(s.T, campaigns.Schedule(ctx, other.ID, other.Revision, domain.SystemClock(), domain.SystemClock()))
		e, _ := s.engineWith(func(o *delivery.Options) { o.Sender = turns })
		counts := map[int64]int{}
		for started := map[int64]bool{}; len(started) < 2; { // one of them may be written down first
			turns.pass <- struct{}{}
			started[(<-order).CampaignID] = true
		}
		for range 40 {
			turns.pass <- struct{}{}
			counts[(<-order).CampaignID]++
		}
		if counts[other.ID] < 15 || counts[s.campaign.ID] < 15 {
			s.Errorf("of 40 messages they got %v", counts)
		}
		must(s.T, store.Deliveries{DB: s.db}.AddTrials(ctx, other.ID, people, domain.SystemClock()))
		e.Wake()
		s.heldTrial()
		for i := 0; ; i++ {
			turns.pass <- struct{}{}
			if (<-order).Trial {
				break
			}
			if i > 40 {
				s.Fatal("the test send waits behind the campaigns")
			}
		}
	})
}

// heldTrial waits until the engine holds a test send.
func (s *setup) heldTrial() {
	s.Helper()
	s.eventually("a test send is held", func() bool {
		instances, err := store.Instances{DB: s.db}.List(s.Context())
		must(s.T, err)
		_, trials, err := store.Deliveries{DB: s.db}.Held(s.Context(), instances[0].Instance)
		must(s.T, err)
		return len(trials) > 0
	})
}

// turnstile is a channel that is throttled: it lets one pass at a time.
type turnstile struct {
	*channel
	pass chan struct{}
}

func (c *turnstile) Rate(string) float64 { return 8 }

func (c *turnstile) Turn(ctx context.Context, _ string) domain.Result {
	select {
	case <-c.pass:
		return domain.Result{}
	case <-ctx.Done():
		return domain.Result{Verdict: domain.Stopped}
	}
}
