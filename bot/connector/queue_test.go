package connector

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A queue longer than a few seconds is not waited in: whoever holds a row's lease could
// outlast it.
func TestALongQueueIsNotWaitedIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttle := NewThrottle(ThrottleOptions{Rate: 1})
		var mu sync.Mutex
		var longest time.Duration
		turned := 0
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				begun := time.Now()
				err := throttle.Wait(t.Context(), "tenant")
				mu.Lock()
				defer mu.Unlock()
				longest = max(longest, time.Since(begun))
				if failure, ok := errors.AsType[*Error](err); ok && errors.Is(err, ErrThrottled) && failure.RetryAfter > 0 {
					turned++
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if longest > longestQueue || turned < 90 {
			t.Errorf("somebody waited %v, and %d of 100 were turned away", longest, turned)
		}
	})
}
