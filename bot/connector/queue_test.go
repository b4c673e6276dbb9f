package connector

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A queue of many seconds is not waited in: whoever waits holds something meanwhile.
func TestALongQueueIsNotWaitedIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 1})
		passed, longest := queue(t, throttle, 100)
		if longest > longestQueue || passed != 10 {
			t.Errorf("somebody waited %v, and %d of 100 were let in", longest, passed)
		}
	})
}

// At the lowest rate there is room for all who reply to people, and the engine.
func TestRepliesFindRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: lowestRate})
		if passed, _ := queue(t, throttle, 9); passed != 9 {
			t.Errorf("%d of 9 were let in", passed)
		}
	})
}

// queue lets n wait at once, and answers how many passed and how long the longest waited.
func queue(t *testing.T, throttle *Throttle, n int) (passed int, longest time.Duration) {
	t.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			begun := time.Now()
			err := throttle.Wait(t.Context(), "tenant")
			mu.Lock()
			defer mu.Unlock()
			longest = max(longest, time.Since(begun))
			if err == nil {
				passed++
			} else if failure, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrThrottled) || failure.RetryAfter <= 0 {
				t.Error(err)
			}
		})
	}
	group.Wait()
	return passed, longest
}
