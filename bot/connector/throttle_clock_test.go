package connector

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

// A gate that another process closed for seconds, by a clock that is hours ahead, keeps nobody
// waiting for more than an hour, whenever they come.
func TestAGateClosedByAClockThatIsAhead(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"a little": 40 * time.Minute, "far": 5 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				turns := store.Turns{DB: storetest.SQLite().Open(t)}
				throttle := NewThrottle(ThrottleOptions{Rate: 10, Bucket: turns})
				if err := turns.Close(t.Context(), "tenant:t", time.Now().Add(ahead+10*time.Second)); err != nil {
					t.Fatal(err)
				}
				for range 12 {
					if waited := patiently(t, throttle, "t"); waited > time.Hour {
						t.Errorf("waited %v", waited)
					}
					time.Sleep(ahead / 8)
				}
				if at := throttle.ClosedUntil("t"); !at.IsZero() {
					t.Errorf("closed until %v", at)
				}
			})
		})
	}
}

// A process whose clock was an hour ahead when it took turns, and is put right, goes on.
func TestTurnsTakenByAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 10, Bucket: &aheadOnce{by: time.Hour}})
		if waited := patiently(t, throttle, "t"); waited > time.Minute {
			t.Errorf("waited %v", waited)
		}
	})
}

// aheadOnce is a bucket whose first turns are far off.
type aheadOnce struct{ by time.Duration }

func (b *aheadOnce) Take(_ context.Context, _ string, _ int, _ time.Duration, now time.Time) (first, closedUntil time.Time, err error) {
	first, b.by = now.Add(b.by), 0
	return first, time.Time{}, nil
}

func (b *aheadOnce) Close(context.Context, string, time.Time) error { return nil }

// patiently waits for a turn, coming back as often as it is told to, and answers for how long.
func patiently(t *testing.T, throttle *Throttle, tenant string) time.Duration {
	t.Helper()
	begun := time.Now()
	for time.Since(begun) < 24*time.Hour {
		err := throttle.Wait(t.Context(), tenant)
		if err == nil {
			return time.Since(begun)
		}
		failure, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrThrottled) || failure.RetryAfter <= 0 {
			t.Fatal(err)
		}
		time.Sleep(failure.RetryAfter)
	}
	return time.Since(begun)
}
