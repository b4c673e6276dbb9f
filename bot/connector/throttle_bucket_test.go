package connector

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fakeBucket is what a database does, without one.
type fakeBucket struct {
	latency time.Duration
	err     error

	mu     sync.Mutex
	next   map[string]time.Time
	closed map[string]time.Time
	takes  int
	taken  int
}

func (b *fakeBucket) Take(ctx context.Context, key string, n int, interval time.Duration, now time.Time) (first, closedUntil time.Time, err error) {
	time.Sleep(b.latency / 2)
	defer time.Sleep(b.latency - b.latency/2) // after the lock is free again
	b.mu.Lock()
	defer b.mu.Unlock()
	b.takes, b.taken = b.takes+1, b.taken+n
	if b.err != nil {
		return first, closedUntil, b.err
	}
	if b.next == nil {
		b.next = map[string]time.Time{}
	}
	first = latest(now, b.next[key], b.closed[key]).Truncate(time.Microsecond)
	b.next[key] = first.Add(time.Duration(n)*interval + time.Microsecond)
	if b.closed[key].After(now) {
		closedUntil = b.closed[key]
	}
	return first, closedUntil, nil
}

func (b *fakeBucket) Close(_ context.Context, key string, until time.Time) error {
	time.Sleep(b.latency)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed == nil {
		b.closed = map[string]time.Time{}
	}
	b.closed[key] = latest(until, b.closed[key])
	return nil
}

// A process that starts goes on where the others are.
func TestBucketIsSharedFromTheStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &fakeBucket{}
		passes(t, NewThrottle(ThrottleOptions{Rate: 1, Bucket: b}), "Tenant", 1)
		other := NewThrottle(ThrottleOptions{Rate: 1, Bucket: b})
		if at := passes(t, other, "tenant", 2); at[0] < time.Second || at[1]-at[0] < time.Second || at[1] > 2100*time.Millisecond {
			t.Errorf("passed at %v", at)
		}
		if at := passes(t, other, "another", 1); at[0] != 0 {
			t.Errorf("one tenant waits for another: %v", at)
		}
		for key := range b.next {
			if key != "tenant:tenant" && key != "tenant:another" {
				t.Errorf("key %q", key)
			}
		}
	})
}

// Turns are taken for those who wait, and for many at once.
func TestBucketIsAskedRarelyAndForNoMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &fakeBucket{latency: 2 * time.Millisecond}
		throttle := NewThrottle(ThrottleOptions{Rate: 5000, Bucket: b})
		start := time.Now()
		passes(t, throttle, "t", 10_000)
		if took := time.Since(start); b.takes > 30 || took < 2*time.Second || took > 2200*time.Millisecond {
			t.Errorf("%d statements, %v for 10,000 turns at 5,000 a second", b.takes, took)
		}
		b.taken = 0
		slow := NewThrottle(ThrottleOptions{Rate: 30, Bucket: b})
		passes(t, slow, "t", 40)
		if b.taken != 40 {
			t.Errorf("%d turns taken for 40", b.taken)
		}
	})
}

// A rate that nobody comes near holds nobody up: what one uses of a block later than another is
// still theirs, and the next block is there before this one is over.
func TestBucketOfAHighRate(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]int{1e6: 15_500, 1e5: 15_500, 2e4: 14_500, 5000: 4850, 100: 97} {
		synctest.Test(t, func(t *testing.T) {
			b := &fakeBucket{latency: 2 * time.Millisecond}
			one, other := NewThrottle(ThrottleOptions{Rate: rate, Bucket: b}), NewThrottle(ThrottleOptions{Rate: rate, Bucket: b})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var passed atomic.Int64
			var group sync.WaitGroup
			for i := range 32 {
				group.Go(func() {
					for throttle := []*Throttle{one, other}[i%2]; throttle.Wait(ctx, "t") == nil; passed.Add(1) {
						time.Sleep(2 * time.Millisecond) // the request: 16,000 a second if nothing is waited for
					}
				})
			}
			group.Wait()
			if n := int(passed.Load()); n < want || n > int(rate) || b.takes > 200 {
				t.Errorf("%d passed in a second at %v a second, by %d statements", n, rate, b.takes)
			}
		})
	}
}

func TestBucketFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("the database is gone")
		b := &fakeBucket{err: gone}
		throttle := NewThrottle(ThrottleOptions{Rate: 10, Bucket: b})
		err := throttle.Wait(t.Context(), "t")
		failure, ok := errors.AsType[*Error](err)
		if !ok || failure.Class != Retryable || failure.Wrote || !errors.Is(err, gone) || errors.Is(err, ErrThrottled) {
			t.Errorf("got %v", err)
		}
		b.err = nil
		if err := throttle.Wait(t.Context(), "t"); err != nil {
			t.Errorf("after it came back: %v", err)
		}
	})
}

// A gate that one process closes is closed for the other, which slows down too
// if it has sent anything.
func TestBucketSharesTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &fakeBucket{latency: 2 * time.Millisecond}
		o := ThrottleOptions{Rate: 10, Bucket: b}
		one, two, idle := NewThrottle(o), NewThrottle(o), NewThrottle(o)
		passes(t, two, "t", 3)
		one.Throttled("t", time.Now(), 1500*time.Millisecond)
		time.Sleep(10 * time.Millisecond)
		opens := one.ClosedUntil("t")
		for _, throttle := range []*Throttle{two, idle} {
			if at := passes(t, throttle, "t", 1); at[0] == 0 || time.Now().Before(opens) {
				t.Errorf("passed %v before the gate opens", time.Until(opens))
			}
		}
		if two.Rate("t") >= 10 || idle.Rate("t") != 10 {
			t.Errorf("rates %v and %v", two.Rate("t"), idle.Rate("t"))
		}

		one.Throttled("t", time.Now(), time.Minute)
		time.Sleep(10 * time.Millisecond)
		err := two.Wait(t.Context(), "t")
		if failure, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrThrottled) || failure.RetryAfter < 59*time.Second {
			t.Errorf("a minute's gate of another process: %v", err)
		}
		if two.ClosedUntil("t") != b.closed["tenant:t"] {
			t.Error("the other's gate is not known")
		}
	})
}

// Where others have taken the turns of the next minute nobody waits for theirs.
func TestBucketWaitEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle, started := NewThrottle(ThrottleOptions{Rate: 1, Bucket: farBucket{}}), time.Now()
		var failure *Error
		if err := throttle.Wait(t.Context(), "t"); !errors.As(err, &failure) || !errors.Is(err, ErrThrottled) || failure.RetryAfter != time.Second {
			t.Errorf("got %v", err)
		}
		if waited := time.Since(started); waited != longestWait {
			t.Errorf("it took %v", waited)
		}
	})
}

// farBucket has no turn for a minute.
type farBucket struct{}

func (farBucket) Take(_ context.Context, _ string, _ int, _ time.Duration, now time.Time) (first, closedUntil time.Time, err error) {
	return now.Add(time.Minute), time.Time{}, nil
}

func (farBucket) Close(context.Context, string, time.Time) error { return nil }

// Who gives up takes nobody else's turn along.
func TestBucketWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 10, Bucket: &fakeBucket{latency: time.Millisecond}})
		passes(t, throttle, "t", 1)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		ended := make(chan error)
		go func() { ended <- throttle.Wait(ctx, "t") }()
		at := passes(t, throttle, "t", 3)
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if len(at) != 3 || at[2] > 500*time.Millisecond {
			t.Errorf("passed at %v", at)
		}
	})
}
