package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// stuck is a store that takes answers only when it is let.
type stuck struct {
	app.StandingStore
	entered, let chan struct{}
}

func (s stuck) Take(ctx context.Context, c domain.Campaign, all []*domain.Taking, now time.Time) error {
	s.entered <- struct{}{}
	<-s.let
	return s.StandingStore.Take(ctx, c, all, now)
}

// A press is told in time that nobody knows what becomes of it: pressed again it comes to the same.
// A message would answer the next question, and so it waits.
func TestAnswersWhileTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"ana", "ben"} {
		w.person(name)
	}
	c := w.done(party())
	store := stuck{w.surveys.Standings, make(chan struct{}), make(chan struct{})}
	w.surveys.Standings = store
	answered := func(do func(context.Context) error) (<-chan error, context.CancelFunc) {
		ctx, cancel := context.WithCancel(w.ctx)
		came := make(chan error, 1)
		go func() { came <- do(ctx) }()
		return came, cancel
	}
	pressed, leave := answered(func(ctx context.Context) error {
		_, err := w.surveys.Submit(ctx, w.who("ana"), domain.SurveySubmission{
			Verb: domain.VerbAnswer, Ref: w.hand(c, "ana").step.Ref, Question: "come", Inputs: map[string]string{"come": "yes"},
		})
		return err
	})
	<-store.entered
	leave()
	if err := <-pressed; !errors.Is(err, context.Canceled) {
		t.Errorf("the press got %v", err)
	}
	store.let <- struct{}{}
	typed, leave := answered(func(ctx context.Context) error {
		_, _, err := w.surveys.Typed(ctx, w.who("ben"), "yes")
		return err
	})
	<-store.entered
	leave()
	select {
	case err := <-typed:
		t.Errorf("the message did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	store.let <- struct{}{}
	w.ok(<-typed)
	w.same(w.results(c).Responses, int64(2))
}
