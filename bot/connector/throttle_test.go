package connector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Inside synctest the clock stands until everybody waits, so these tests are
// exact and take no time.

// passes waits n times, each in its own goroutine, and returns when each was
// let through, counted from now.
func passes(t *testing.T, throttle *Throttle, tenant string, n int) []time.Duration {
	t.Helper()
	start := time.Now()
	var mu sync.Mutex
	var at []time.Duration
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if err := throttle.Wait(t.Context(), tenant); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Since(start))
		})
	}
	all.Wait()
	return at
}

func TestThrottleSpreadsRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 30})
		at := passes(t, throttle, "t", 100)
		for i := 1; i < len(at); i++ {
			if gap := at[i] - at[i-1]; gap < time.Second/30 || gap > time.Second/28 {
				t.Fatalf("gap %v between request %d and the one before", gap, i)
			}
		}
		// In no second more than the rate, even if some are 14 ms late.
		for i := 30; i < len(at); i++ {
			if at[i]-at[i-30] < time.Second+14*time.Millisecond {
				t.Fatalf("31 requests in %v", at[i]-at[i-30])
			}
		}
		// Idling saves nothing up.
		time.Sleep(time.Minute)
		if at := passes(t, throttle, "t", 2); at[1] < time.Second/30 {
			t.Errorf("a burst after idling: %v", at)
		}
	})
}

// Who comes a little late uses the turn that was theirs: the next ones stay
// where they are. What was missed by more is not caught up.
func TestThrottleLateness(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 10})
		const interval = 101500 * time.Microsecond
		start := time.Now()
		pass := func(want time.Duration) {
			t.Helper()
			passes(t, throttle, "t", 1)
			if at := time.Since(start); at != want {
				t.Errorf("passed at %v, want %v", at, want)
			}
		}
		pass(0)
		for i := range 20 {
			turn := time.Duration(2*i+1) * interval
			time.Sleep(time.Until(start.Add(turn + 5*time.Millisecond)))
			pass(turn + 5*time.Millisecond)
			pass(turn + interval)
		}
		time.Sleep(interval + 50*time.Millisecond)
		late := time.Since(start)
		pass(late)
		pass(late + interval)
	})
}

func TestThrottleTenantsAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 1})
		passes(t, throttle, "A", 1)
		if at := passes(t, throttle, "b", 1); at[0] != 0 {
			t.Errorf("one tenant waits for another: %v", at)
		}
		if at := passes(t, throttle, "a", 1); at[0] < time.Second {
			t.Errorf("a tenant in another spelling has a rate of its own: %v", at)
		}
	})
}

func TestThrottleWithoutALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{})
		if at := passes(t, throttle, "t", 500); at[499] != 0 {
			t.Errorf("waited %v", at[499])
		}
		throttle.Throttled("t", time.Now(), time.Second)
		if at := passes(t, throttle, "t", 1); at[0] != time.Second {
			t.Errorf("waited %v at a gate of a second", at[0])
		}
		if rate := throttle.Rate("t"); rate < 400 || rate > 500 {
			t.Errorf("rate %v after 500 at once and a 429", rate)
		}
	})
}

func TestThrottleGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var heard []time.Duration
		throttle := NewThrottle(ThrottleOptions{Rate: 10, OnThrottled: func(tenant string, d time.Duration) { heard = append(heard, d) }})
		throttle.Throttled("t", time.Now(), 10*time.Second)
		if got, want := throttle.ClosedUntil("T"), time.Now().Add(10*time.Second); !got.Equal(want) {
			t.Errorf("closed until %v, want %v", got, want)
		}
		var held *Error
		if err := throttle.Wait(t.Context(), "t"); !errors.As(err, &held) {
			t.Fatalf("a long gate was waited for: %v", err)
		}
		if held.Class != Retryable || held.RetryAfter != 10*time.Second || held.Wrote || !errors.Is(held, ErrThrottled) {
			t.Errorf("%+v", held)
		}
		time.Sleep(8 * time.Second)
		at := passes(t, throttle, "t", 3)
		if at[0] != 2*time.Second || at[1]-at[0] < time.Second/5 || at[2]-at[1] < time.Second/5 {
			t.Errorf("after the gate: %v", at)
		}
		if !throttle.ClosedUntil("t").IsZero() {
			t.Error("still closed")
		}
		if diff := cmp.Diff([]time.Duration{10 * time.Second}, heard); diff != "" {
			t.Error(diff)
		}
	})
}

// Who already had a place waits at the gate like the others.
func TestThrottleGateStopsThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 4})
		start := time.Now()
		done := make(chan []time.Duration)
		go func() { done <- passes(t, throttle, "t", 8) }()
		time.Sleep(300 * time.Millisecond) // two have passed
		throttle.Throttled("t", start, 1500*time.Millisecond)
		at := <-done
		for i := 2; i < len(at); i++ {
			if at[i] < 1800*time.Millisecond {
				t.Errorf("request %d passed the closed gate at %v", i, at[i])
			}
			if i > 2 && at[i]-at[i-1] < time.Second/2 {
				t.Errorf("request %d at %v, %v after the one before", i, at[i], at[i]-at[i-1])
			}
		}
	})
}

func TestThrottleSlowsDownOnceAGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 32})
		before := time.Now()
		passes(t, throttle, "t", 17) // in half a second
		for range 5 {                // all in flight when the first 429 came
			throttle.Throttled("t", time.Now(), time.Second)
		}
		rate := throttle.Rate("t")
		if rate < 13 || rate > 15 {
			t.Errorf("rate %v after 16 were taken and one was not, want a bit below 16", rate)
		}
		throttle.Succeeded("t", before)
		time.Sleep(time.Second)
		throttle.Succeeded("t", before)
		if now := throttle.Rate("t"); now != rate {
			t.Errorf("rate %v: a success from before the gate says nothing", now)
		}
		time.Sleep(time.Second)
		throttle.Throttled("t", time.Now(), time.Second)
		if now := throttle.Rate("t"); now > 0.9*rate || now < rate/3 {
			t.Errorf("from %v to %v", rate, now)
		}
	})
}

func TestThrottleWithoutRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 16})
		var got []time.Duration
		for range 8 {
			time.Sleep(time.Nanosecond)
			wait := throttle.Throttled("t", time.Now(), 0)
			got = append(got, wait)
			time.Sleep(wait)
		}
		s := time.Second
		if diff := cmp.Diff([]time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s, 60 * s}, got); diff != "" {
			t.Error(diff)
		}
		if rate := throttle.Rate("t"); rate != lowestRate {
			t.Errorf("rate %v, want the lowest", rate)
		}
		time.Sleep(time.Nanosecond)
		throttle.Succeeded("t", time.Now())
		if wait := throttle.Throttled("t", time.Now(), 0); wait != time.Second {
			t.Errorf("%v after a success, want a second again", wait)
		}
	})
}

func TestThrottleWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 1})
		passes(t, throttle, "t", 1)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := throttle.Wait(ctx, "t"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := throttle.Wait(ctx, "another"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("let through after its context ended: %v", err)
		}
	})
}

func TestThrottleForgetsTenants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 10})
		throttle.Throttled("slow", time.Now(), time.Minute)
		for i := range maxTenants + 100 {
			passes(t, throttle, fmt.Sprint(i), 1)
		}
		if n := len(throttle.paces); n > maxTenants {
			t.Errorf("%d tenants remembered", n)
		}
		time.Sleep(time.Second)
		passes(t, throttle, "one more", 1)
		if throttle.Rate("slow") == 10 {
			t.Error("forgot a tenant that is throttled")
		}
	})
}
