package storetest

import (
	"slices"
	"sync"
	"time"

	"crier/internal/store"
)

func turnTests() []test {
	return []test{
		{"one after the other, and none in the past", turnsFollow},
		{"many at once get places of their own", turnsAtOnce},
		{"closer than a millisecond", turnsClose},
		{"nearer than a microsecond, and without any distance", turnsTiny},
		{"none while the gate is closed", turnsGate},
		{"a clock that was ahead leaves nothing behind", turnsClock},
		{"a gate closed by a clock that is far ahead", turnsGateAhead},
		{"the longer gate counts", turnsLongerGate},
		{"each key for itself", turnsKeys},
		{"purged by age", turnsPurge},
	}
}

// take reserves turns and answers when the first is, counted from noon.
func (f *fixture) take(key string, n int, interval, at time.Duration) (first time.Duration, closedUntil time.Time) {
	f.Helper()
	t, closedUntil, err := store.Turns{DB: f.DB}.Take(f.ctx, key, n, interval, noon(at))
	f.ok(err)
	return t.Sub(noon(0)), closedUntil
}

func (f *fixture) open(key string, n int, interval, at time.Duration) time.Duration {
	f.Helper()
	first, closedUntil := f.take(key, n, interval, at)
	f.same(closedUntil.IsZero(), true)
	return first
}

func turnsFollow(f *fixture) {
	const s = time.Second
	got := []time.Duration{f.open("k", 1, s, 0), f.open("k", 3, s, 0), f.open("k", 1, 2*s, s/2), f.open("k", 1, s, 0), f.open("k", 1, s, 60*s)}
	f.same(got, []time.Duration{0, s, 4 * s, 6 * s, 60 * s})
}

func turnsAtOnce(f *fixture) {
	const interval = time.Second / 30
	var mu sync.Mutex
	var taken []time.Duration
	atOnce(16, func(i int) {
		n := i%4 + 1
		first, _, err := store.Turns{DB: f.DB}.Take(f.ctx, "k", n, interval, noon(0))
		if err != nil {
			f.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for i := range n {
			taken = append(taken, first.Add(time.Duration(i)*interval).Sub(noon(0)))
		}
	})
	f.same(len(taken), 40)
	slices.Sort(taken)
	for i := 1; i < len(taken); i++ {
		if gap := taken[i] - taken[i-1]; gap < interval || gap > interval+time.Microsecond {
			f.Fatalf("turn %d is %v after the one before", i, gap)
		}
	}
}

func turnsClose(f *fixture) {
	const us = time.Microsecond
	got := []time.Duration{f.open("k", 1, 200*us, 17*us), f.open("k", 5, 200*us, 17*us), f.open("k", 1, 200*us, 1217*us), f.open("k", 1, 200*us, 1218*us)}
	f.same(got, []time.Duration{17 * us, 217 * us, 1217 * us, 1417 * us})
}

func turnsTiny(f *fixture) {
	const us = time.Microsecond
	got := []time.Duration{f.open("k", 3, 500, 0), f.open("k", 1, 1, 0), f.open("k", 100, 0, 0), f.open("k", 1, us, 0)}
	f.same(got, []time.Duration{0, 2 * us, 3 * us, 3 * us})
}

func turnsGate(f *fixture) {
	const s = time.Second
	turns := store.Turns{DB: f.DB}
	f.ok(turns.Close(f.ctx, "new", noon(5*s)))
	first, closedUntil := f.take("new", 2, s, 0)
	f.same(first, 5*s)
	f.same(closedUntil.Equal(noon(5*s)), true)
	first, closedUntil = f.take("new", 1, s, s)
	f.same(first, 7*s)
	f.same(closedUntil.Equal(noon(5*s)), true)
	f.same(f.open("new", 1, s, 5*s), 8*s) // it has opened

	f.same(f.open("far", 50, s, 0), 0*s)
	f.ok(turns.Close(f.ctx, "far", noon(10*s)))
	first, _ = f.take("far", 1, s, 0)
	f.same(first, 50*s) // what was given before is not given again

	f.ok(turns.Close(f.ctx, "hours", noon(time.Hour)))
	first, _ = f.take("hours", 1, s, 0)
	f.same(first, time.Hour)
	first, _ = f.take("hours", 1, s, 0)
	f.same(first, time.Hour+s) // after the gate, and not twice
}

func turnsClock(f *fixture) {
	const s = time.Second
	f.same(f.open("k", 3, s, time.Hour), time.Hour) // by a clock that is an hour ahead
	f.same(f.open("k", 1, s, 0), 0*s)
	f.same(f.open("k", 1, s, 0), s)
}

// turnsGateAhead is a gate closed for seconds by a clock that is five hours ahead: whoever
// asks waits an hour at the most.
func turnsGateAhead(f *fixture) {
	const s = time.Second
	f.ok(store.Turns{DB: f.DB}.Close(f.ctx, "k", noon(5*time.Hour+10*s)))
	f.same([]time.Duration{f.open("k", 1, s, 0), f.open("k", 1, s, 0), f.open("k", 1, s, 4*time.Hour)}, []time.Duration{0, s, 4 * time.Hour})
	first, closedUntil := f.take("k", 1, s, 5*time.Hour)
	f.same(first, 5*time.Hour+10*s) // from near it looks like any other
	f.same(closedUntil.Equal(noon(5*time.Hour+10*s)), true)
	f.same(f.open("k", 1, s, 6*time.Hour), 6*time.Hour)
}

func turnsLongerGate(f *fixture) {
	turns := store.Turns{DB: f.DB}
	f.open("k", 1, time.Second, 0)
	for _, until := range []time.Duration{3 * time.Second, 9 * time.Second, 6 * time.Second} {
		f.ok(turns.Close(f.ctx, "k", noon(until)))
	}
	_, closedUntil := f.take("k", 1, time.Second, 0)
	f.same(closedUntil.Equal(noon(9*time.Second)), true)
}

func turnsKeys(f *fixture) {
	const s = time.Second
	f.open("tenant:a", 100, s, 0)
	f.ok(store.Turns{DB: f.DB}.Close(f.ctx, "tenant:a", noon(time.Hour)))
	f.same([]time.Duration{f.open("tenant:b", 1, s, 0), f.open("campaign:1", 1, s, 0), f.open("", 1, s, 0)}, []time.Duration{0, 0, 0})
}

func turnsPurge(f *fixture) {
	const s = time.Second
	turns := store.Turns{DB: f.DB}
	f.open("old", 10, s, 0)
	f.open("new", 10, s, 10*s)
	f.open("closed", 1, s, 0)
	f.ok(turns.Close(f.ctx, "closed", noon(time.Hour)))
	f.ok(turns.Purge(f.ctx, noon(15*s)))
	f.same([]time.Duration{f.open("old", 1, s, 0), f.open("new", 1, s, 0)}, []time.Duration{0, 20 * s})
	first, _ := f.take("closed", 1, s, 0)
	f.same(first, time.Hour)
}
