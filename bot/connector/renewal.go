package connector

import (
	"context"
	"errors"
	"sync"
	"time"
)

// renewal fetches something from outside for many callers: one fetch at a
// time, never twice at once, and not again right after a failure. Keys and
// tokens share it. What was fetched is kept by the owner.
type renewal struct {
	fetch func(context.Context) error // stores what it fetched
	now   func() time.Time
	limit time.Duration // of one fetch

	mu       sync.Mutex
	current  *fetch
	failures int
	retryAt  time.Time
	lastErr  error
}

// fetch is one fetch in progress.
type fetch struct {
	done chan struct{}
	err  error // to be read after done
}

// run waits for a fetch: the one in progress, else a new one if due says so.
// It gives up with ctx, and answers the last failure without fetching while
// its back-off lasts. due is asked under the lock and only when nothing is in
// progress, so the owner's fields that only due and fetch touch need no lock.
func (r *renewal) run(ctx context.Context, due func() bool) error {
	current, err := r.join(due)
	if current == nil {
		return err
	}
	select {
	case <-current.done:
		return current.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *renewal) join(due func() bool) (*fetch, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current != nil {
		return r.current, nil
	}
	if r.now().Before(r.retryAt) {
		return nil, r.lastErr
	}
	if !due() {
		return nil, nil
	}
	r.current = &fetch{done: make(chan struct{})}
	go r.do(r.current)
	return r.current, nil
}

// do runs apart from the caller that asked first: others wait for it too, and
// must not fail because that one went away.
func (r *renewal) do(f *fetch) {
	ctx, cancel := context.WithTimeout(context.Background(), r.limit)
	defer cancel()
	f.err = r.fetch(ctx)

	r.mu.Lock()
	r.current, r.lastErr = nil, f.err
	if f.err == nil {
		r.failures, r.retryAt = 0, time.Time{}
	} else {
		r.failures++
		r.retryAt = r.now().Add(backoff(r.failures, f.err))
	}
	r.mu.Unlock()
	close(f.done)
}

// backoff is 1 s after the first failure, doubling up to a minute, or what the
// other side asked for if that is longer.
func backoff(failures int, err error) time.Duration {
	wait := doubling(time.Second, failures, time.Minute)
	var failure *Error
	if errors.As(err, &failure) {
		wait = max(wait, failure.RetryAfter)
	}
	return wait
}

// doubling is first, then twice as long each time, up to longest.
func doubling(first time.Duration, times int, longest time.Duration) time.Duration {
	for ; times > 1 && first < longest; times-- {
		first *= 2
	}
	return min(first, longest)
}
