package app_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/domain"
)

func TestAnInstallWakesWhoeverWelcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.same(w.wakesAfter(func() { w.newcomer("ana") }), int64(1))
	said := sighting("ana")
	said.Install, said.Locale = false, "fr-FR"
	w.same(w.wakesAfter(func() { w.ok(w.people.Remember(w.ctx, said)) }), int64(0))
	w.same(w.who("ana").Locale, "fr-FR")
}

func TestWhoLeavesMayComeBack(t *testing.T) {
	t.Parallel()
	speaks := func(at time.Time) domain.Sighting {
		v := sighting("ana")
		v.Install, v.At = false, at
		return v
	}
	tests := map[string]struct {
		sighting domain.Sighting
		back     bool
	}{
		"by an install":               {sighting("ana"), true},
		"by a message after it":       {speaks(noon.Add(2 * time.Minute)), true},
		"by a message without a time": {speaks(time.Time{}), true},
		"not by one from before":      {speaks(noon), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(w *world) {
				w.person("ana")
				w.pass(time.Minute)
				w.ok(w.people.Leave(w.ctx, domain.Teams, "29:ana"))
				w.same(w.who("ana").GoneAt, w.clock())
				w.pass(time.Minute)
				w.ok(w.people.Remember(w.ctx, test.sighting))
				w.same(w.who("ana").Installed, test.back)
			})
		})
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.person("ana")
	for _, words := range []string{"ana@example.com", " ANA@example.COM", "ana@corp.example"} {
		p, err := w.people.Lookup(w.ctx, analyst, words)
		w.ok(err)
		w.same(p, ana)
	}
	for _, words := range []string{"", "ana", "eve@example.com"} {
		_, err := w.people.Lookup(w.ctx, analyst, words)
		w.is(err, domain.NotFound)
	}
}

func TestErasingKeepsTheCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		ana := w.person("ana")
		c := w.done()
		counts := w.counts(c)
		w.ok(w.people.Erase(w.ctx, owner, ana.ID))
		w.same(w.counts(c), counts)
		_, err := w.people.Lookup(w.ctx, owner, address("ana"))
		w.is(err, domain.NotFound)
		w.is(w.people.Erase(w.ctx, owner, ana.ID), domain.NotFound)
		_, err = w.surveys.Submit(w.ctx, w.newcomer("ana"), domain.SurveySubmission{Ref: w.signals.Refs.Sign(w.rows(c)[0].ID)})
		w.is(err, domain.Forbidden) // who comes back is somebody new
	})
}

func TestOneWelcomeHoweverManyTry(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		ana := w.newcomer("ana")
		var welcomes atomic.Int64
		atOnce(8, func(int) {
			err := w.people.Welcome(w.ctx, ana, func() (bool, error) {
				welcomes.Add(1)
				return false, nil
			})
			if err != nil {
				w.Error(err)
			}
		})
		w.same(welcomes.Load(), int64(1))
		w.ok(w.people.Leave(w.ctx, domain.Teams, "29:ana"))
		w.ok(w.people.Welcome(w.ctx, w.newcomer("ana"), func() (bool, error) {
			w.Error("who comes back is welcomed again")
			return false, nil
		}))
	})
}

func TestAWelcomeThatDidNotArriveIsGivenBack(t *testing.T) {
	t.Parallel()
	broken := errors.New("the channel is down")
	tests := map[string]struct {
		undelivered bool
		err         error
		again       bool
	}{
		"arrived":                   {false, nil, false},
		"perhaps arrived":           {false, broken, false},
		"did not arrive":            {true, broken, true},
		"did not, nor did it break": {true, nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(w *world) {
				ana := w.newcomer("ana")
				ctx, stop := context.WithCancel(w.ctx)
				err := w.people.Welcome(ctx, ana, func() (bool, error) {
					stop() // the program stops meanwhile: the welcome is given back all the same
					return test.undelivered, test.err
				})
				if !errors.Is(err, test.err) {
					w.Errorf("error %v, want %v", err, test.err)
				}
				again := false
				w.ok(w.people.Welcome(w.ctx, ana, func() (bool, error) {
					again = true
					return false, nil
				}))
				w.same(again, test.again)
			})
		})
	}
}

func TestTheStandingAnswerIsGivenOnceADay(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.newcomer("ana")
		due := func() bool {
			due, err := w.people.DueAnswer(w.ctx, w.who("ana"))
			w.ok(err)
			return due
		}
		w.same(due(), true)
		w.same(due(), false)
		w.pass(24*time.Hour - time.Millisecond)
		w.same(due(), false)
		w.pass(time.Millisecond)
		w.same(due(), true)
	})
}

func TestOfManyMessagesAtOnceOneIsAnswered(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		ana := w.newcomer("ana")
		var mu sync.Mutex
		answers := 0
		atOnce(8, func(int) {
			due, err := w.people.DueAnswer(w.ctx, ana)
			if err != nil {
				w.Error(err)
			}
			if due {
				mu.Lock()
				answers++
				mu.Unlock()
			}
		})
		w.same(answers, 1)
	})
}

// ask claims the one newcomer, whose turn it must be.
func (w *world) ask() domain.Person {
	w.Helper()
	list, err := w.people.Newcomers(w.ctx, 10)
	w.ok(err)
	if len(list) != 1 {
		w.Fatalf("%d people are to be asked for, want 1", len(list))
	}
	return list[0]
}

func (w *world) nobodyToAsk() {
	w.Helper()
	list, err := w.people.Newcomers(w.ctx, 10)
	w.ok(err)
	if len(list) != 0 {
		w.Errorf("%d people are to be asked for, want none", len(list))
	}
}

func TestANewcomerIsLeftToOneWorkerForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newcomer("ana")
	w.same(w.ask().RosterTries, 1)
	w.nobodyToAsk()
	w.pass(time.Minute)
	w.same(w.ask().RosterTries, 2)
}

func TestWhatTheRosterSaysIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newcomer("ana")
	p := w.ask()
	p.FirstName, p.LastName, p.Email = "Ana", "López", "ana@example.com"
	w.ok(w.people.Learn(w.ctx, p))
	got := w.who("ana")
	w.same([]string{got.Name, got.FirstName, got.LastName, got.Email}, []string{"ana", "Ana", "López", "ana@example.com"})
	w.ok(w.people.Welcome(w.ctx, p, func() (bool, error) { return false, nil }))
	w.pass(24 * time.Hour)
	w.nobodyToAsk()
}

// The first waits are short, for most faults pass; after all of them, which take about a
// day, nobody asks any more.
func TestANewcomerIsAskedForLessAndLess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newcomer("ana")
	waits := []time.Duration{
		2 * time.Second, 4 * time.Second, 8 * time.Second, 192 * time.Second, 384 * time.Second, 768 * time.Second, 1536 * time.Second, 3072 * time.Second, time.Hour,
	}
	for try := 1; try < 30; try++ {
		p := w.ask()
		w.same(p.RosterTries, try)
		w.ok(w.people.AskAgain(w.ctx, p, 0, 0.5))
		wait := waits[min(try, len(waits))-1]
		w.same(w.who("ana").RosterDueAt, w.clock().Add(wait))
		w.pass(wait - time.Millisecond)
		w.nobodyToAsk()
		w.pass(time.Millisecond)
	}
	if took := w.clock().Sub(noon); took < 20*time.Hour || took > 28*time.Hour {
		t.Errorf("it took %s, which is not about a day", took)
	}
	w.ok(w.people.AskAgain(w.ctx, w.ask(), time.Second, 0.5))
	w.same(w.who("ana").RosterDueAt, time.Time{})
	w.pass(1000 * time.Hour)
	w.nobodyToAsk()
}

func TestAWaitThatTheChannelAsksForIsHonoured(t *testing.T) {
	t.Parallel()
	for tries, wait := range map[int][2]time.Duration{1: {time.Minute, time.Minute}, 2: {time.Second, 4 * time.Second}, 9: {3 * time.Hour, 3 * time.Hour}} {
		w := newWorld(t)
		p := w.newcomer("ana")
		p.RosterTries = tries
		w.ok(w.people.AskAgain(w.ctx, p, wait[0], 0.5))
		w.same(w.who("ana").RosterDueAt, noon.Add(wait[1]))
	}
}

func TestGivingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newcomer("ana")
	w.ok(w.people.GiveUp(w.ctx, w.ask()))
	w.pass(1000 * time.Hour)
	w.nobodyToAsk()
	w.ok(w.people.Leave(w.ctx, domain.Teams, "29:ana"))
	w.newcomer("ana") // with the next install it begins anew
	w.same(w.ask().RosterTries, 1)
}
