package delivery_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
)

// answered are people who have answered; what is asked of each first is an error.
type answered struct {
	mu    sync.Mutex
	asked map[int64]int
}

func (a *answered) Needless(_ context.Context, _ domain.Campaign, d domain.Delivery) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asked[d.Person.ID]++; a.asked[d.Person.ID] == 1 {
		return false, errors.New("away")
	}
	return d.Person.ID%3 == 0, nil
}

// What is needless goes to nobody, takes no turn of the tenant, and is accounted for.
func TestWhatIsNeedlessIsNotSent(t *testing.T) {
	t.Parallel()
	each(t, 30, domain.Policy{}, func(s *setup) {
		c := s.campaign
		c.Kind, c.Content = domain.KindSurvey, domain.Content{Title: "You", Survey: &domain.Survey{Questions: []domain.Question{{ID: "q", Type: domain.YesNo, Text: "Well?"}}}}
		saved, err := store.Campaigns{DB: s.db}.Save(s.Context(), c, domain.SystemClock())
		must(s.T, err)
		s.campaign = saved
		s.schedule(domain.SystemClock())
		e, _ := s.engineWith(func(o *delivery.Options) { o.Sole, o.Surveys = true, &answered{asked: map[int64]int{}} })
		n := s.until(e, domain.Done)
		if diff := cmp.Diff(domain.Counts{Listed: 30, Recipients: 30, Sent: 20, Cancelled: 10}, n); diff != "" {
			s.Error(diff)
		}
		if people, messages := s.channel.total(); people != 20 || messages != 20 {
			s.Errorf("%d people got %d messages", people, messages)
		}
	})
}
