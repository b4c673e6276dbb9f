package connector

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	longestHold  = 2 * time.Second  // a gate closed for longer is not waited at
	longestQueue = 10 * time.Second // a place farther off is not waited for
	longestWait  = 15 * time.Second // a turn that is not there by then is not waited for any more
	firstClosing = time.Second      // when a 429 says nothing of Retry-After
	longClosing  = time.Minute      // its doubling ends here
	maxTenants   = 4096
)

// ThrottleOptions are the settings of a [Throttle].
type ThrottleOptions struct {
	Rate float64 // requests a second for each tenant; 0: no limit

	// Bucket, if set, makes the rate and the gates hold for all processes that
	// share it together. nil: this process is alone.
	Bucket Bucket

	// OnThrottled, if set, hears of each 429, with the time that the gate stays
	// closed from now. It must return soon.
	OnThrottled func(tenant string, closedFor time.Duration)
}

// Throttle spreads requests to the Connector evenly, each tenant by itself
// (contract section 6 point 7, protocol/outbound.md section 3). A 429 closes
// the tenant's gate for as long as it asks, and lowers the rate to what the
// service seems to allow; with success it finds its way back (see limit).
//
// Tenants are compared without regard to case; the empty one (Skype) is a
// tenant like the others.
type Throttle struct {
	rate        float64
	bucket      Bucket
	onThrottled func(string, time.Duration)

	mu    sync.Mutex
	paces map[string]*pace
}

// pace is where one tenant stands in this process.
type pace struct {
	key string // in the shared bucket
	limit
	recent tally

	waiting []waiter      // in the order of their calls
	turns   turns         // taken from the shared bucket, not used yet
	next    time.Time     // the first turn that was not given out, as far as is known here
	taking  bool          // more turns are being taken
	asked   time.Time     // when they were last asked for
	used    int           // turns of the bucket since then
	delay   time.Duration // how long that took the last time
	tooLate bool          // so long that no turn could be used
	clock   alarm

	closedUntil time.Time
	closedAt    time.Time // when the rate was last lowered
	closings    int       // in a row, without a success between
	passed      bool      // somebody passed since the gate last closed
}

// NewThrottle takes a negative rate for no limit as well.
func NewThrottle(o ThrottleOptions) *Throttle {
	return &Throttle{rate: max(o.Rate, 0), bucket: o.Bucket, onThrottled: o.OnThrottled, paces: make(map[string]*pace)}
}

// Wait returns when the tenant's next request may start, in the order of the
// calls. If its gate stays closed for more than two seconds, or the queue is
// longer than ten, it returns at once: an [*Error], Retryable, wrapping
// ErrThrottled, with RetryAfter. So it does after fifteen seconds, when things
// turned out worse than they looked. When the shared bucket fails, the error is
// Retryable as well and wraps the cause. Else it fails only with ctx.
func (t *Throttle) Wait(ctx context.Context, tenant string) error {
	var late <-chan time.Time // nil while nothing had to be waited for, as mostly
	for ctx.Err() == nil {
		w, err := t.join(tenant)
		if err != nil {
			return err
		}
		if len(w) == 0 && late == nil {
			timer := time.NewTimer(longestWait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case err := <-w:
			// The gate may have closed since the turn came.
			if err != nil || t.ClosedUntil(tenant).IsZero() {
				return err
			}
		case <-late:
			t.leave(tenant, w)
			return held(time.Second)
		case <-ctx.Done():
			t.leave(tenant, w)
		}
	}
	return ctx.Err()
}

// Throttled records a 429 for a request that started then, and returns for how
// long the gate is closed from now. retryAfter 0: not said; then a second,
// doubling up to a minute. Requests that started before the gate closed tell
// nothing new about the rate and do not lower it again.
func (t *Throttle) Throttled(tenant string, started time.Time, retryAfter time.Duration) time.Duration {
	closedFor := t.close(tenant, started, retryAfter)
	if t.onThrottled != nil {
		t.onThrottled(tenant, closedFor)
	}
	return closedFor
}

func (t *Throttle) close(tenant string, started time.Time, retryAfter time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, p := time.Now(), t.pace(tenant)
	if started.After(p.closedAt) {
		p.closings++
		p.slowDown(started, now)
	}
	if retryAfter <= 0 {
		retryAfter = doubling(firstClosing, p.closings, longClosing)
	}
	if until := now.Add(retryAfter); until.After(p.closedUntil) {
		t.shut(p, until, now)
		if t.bucket != nil {
			go t.closeForAll(p.key, until)
		}
	}
	return p.closedUntil.Sub(now)
}

// slowDown lowers the rate to what was let through until a request was refused.
func (p *pace) slowDown(refused, now time.Time) {
	p.lower(p.recent.allowed(refused))
	p.closedAt = now
}

// shut closes the gate: turns given before are void, and those who wait do so
// here or, where that takes too long, elsewhere.
func (t *Throttle) shut(p *pace, until, now time.Time) {
	p.closedUntil, p.turns, p.passed = until, nil, false
	p.next = latest(p.next, until)
	if closed := until.Sub(now); closed > longestHold {
		p.dismiss(held(closed))
	}
	t.advance(p)
}

// Succeeded records an accepted request that started then.
func (t *Throttle) Succeeded(tenant string, started time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.pace(tenant)
	if !started.After(p.closedAt) {
		return // it passed before the gate closed
	}
	p.closings = 0
	p.raise(time.Now())
}

// Rate is the tenant's rate in force, in requests a second; 0: no limit.
func (t *Throttle) Rate(tenant string) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.paces[strings.ToLower(tenant)]; p != nil {
		return p.rate()
	}
	return t.rate
}

// ClosedUntil is when the tenant's gate opens; the zero time while it is open.
func (t *Throttle) ClosedUntil(tenant string) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.paces[strings.ToLower(tenant)]; p != nil && p.closedUntil.After(time.Now()) {
		return p.closedUntil
	}
	return time.Time{}
}

// pace is the tenant's own, made when it is new.
func (t *Throttle) pace(tenant string) *pace {
	tenant = strings.ToLower(tenant)
	p := t.paces[tenant]
	if p == nil {
		if len(t.paces) >= maxTenants {
			t.makeRoom(time.Now())
		}
		p = &pace{key: "tenant:" + tenant, limit: limit{ceiling: t.rate}}
		t.paces[tenant] = p
	}
	return p
}

// makeRoom forgets tenants that a new start would treat the same. If there are
// none, it forgets the one that was idle longest.
func (t *Throttle) makeRoom(now time.Time) {
	idlest := ""
	for tenant, p := range t.paces {
		switch {
		case len(p.waiting) > 0 || p.taking:
		case p.base == 0 && !p.next.After(now) && !p.closedUntil.After(now):
			delete(t.paces, tenant)
		case t.paces[idlest] == nil || p.next.Before(t.paces[idlest].next):
			idlest = tenant
		}
	}
	if len(t.paces) >= maxTenants {
		delete(t.paces, idlest)
	}
}

func latest(times ...time.Time) time.Time {
	last := times[0]
	for _, t := range times[1:] {
		if t.After(last) {
			last = t
		}
	}
	return last
}
