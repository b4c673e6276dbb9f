package connector

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	// paceSlack stretches the distance between requests by 3 %. Requests leave
	// a little late and travel at different speeds; without slack the one that
	// belongs to the next second would now and then arrive in this one.
	paceSlack = 1.03
	// recovery is how many seconds of success lead from nothing to the full
	// rate: a halved rate is whole again after half of them.
	recovery     = 30
	lowestRate   = 1.0 // requests a second that 429s leave at least
	longestHold  = 2 * time.Second
	longestQueue = 5 * time.Second // a place farther off is not waited for
	firstClosing = time.Second     // when a 429 says nothing of Retry-After
	longClosing  = time.Minute     // its doubling ends here
	maxTenants   = 4096
)

// ThrottleOptions are the settings of a [Throttle].
type ThrottleOptions struct {
	Rate float64 // requests a second for each tenant; 0: no limit

	// OnThrottled, if set, hears of each 429, with the time that the gate stays
	// closed from now. It must return soon.
	OnThrottled func(tenant string, closedFor time.Duration)
}

// Throttle spreads requests to the Connector evenly, each tenant by itself
// (contract section 6 point 7, protocol/outbound.md section 3). A 429 closes
// the tenant's gate for as long as it asks and halves the rate, which then
// finds its way back with each success.
//
// It holds within one process. Tenants are compared without regard to case;
// the empty one (Skype) is a tenant like the others.
type Throttle struct {
	rate        float64
	onThrottled func(string, time.Duration)

	mu    sync.Mutex
	paces map[string]*pace
}

// pace is where one tenant stands.
type pace struct {
	rate        float64   // in force
	next        time.Time // when the next request may start
	closedUntil time.Time
	closedAt    time.Time // when a 429 last closed an open gate
	closings    int       // in a row, without a success between
	generation  int       // changes with closedUntil: places given before are void
}

// NewThrottle takes a negative rate for no limit as well.
func NewThrottle(o ThrottleOptions) *Throttle {
	return &Throttle{rate: max(o.Rate, 0), onThrottled: o.OnThrottled, paces: make(map[string]*pace)}
}

// Wait returns when the tenant's next request may start, in the order of the
// calls. If its gate stays closed for more than two seconds, or the queue is
// longer than five, it returns at once: an [*Error], Retryable, wrapping
// ErrThrottled, with RetryAfter. Else it fails only with ctx.
func (t *Throttle) Wait(ctx context.Context, tenant string) error {
	for {
		wait, generation, err := t.reserve(tenant)
		if err != nil {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		if wait == 0 || t.stands(tenant, generation) {
			return nil
		}
	}
}

// reserve gives the next place: how long to wait for it, and its generation.
func (t *Throttle) reserve(tenant string) (time.Duration, int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, p := time.Now(), t.pace(tenant)
	if closed := p.closedUntil.Sub(now); closed > longestHold {
		return 0, 0, &Error{Op: "wait", Class: Retryable, Code: "Throttled", RetryAfter: closed, Err: ErrThrottled}
	}
	start := latest(now, p.next, p.closedUntil)
	if start.Sub(now) > longestQueue {
		return 0, 0, &Error{Op: "wait", Class: Retryable, Code: "Throttled", RetryAfter: time.Second, Err: ErrThrottled}
	}
	p.next = start.Add(p.interval())
	return start.Sub(now), p.generation, nil
}

// stands tells whether a place still counts: a gate that closed since makes
// everybody ask again.
func (t *Throttle) stands(tenant string, generation int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pace(tenant).generation == generation
}

// Throttled records a 429 for a request that started then, and returns for how
// long the gate is closed from now. retryAfter 0: not said; then a second,
// doubling up to a minute. Requests that started before the gate closed tell
// nothing new about the rate and do not halve it again.
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
		p.closedAt = now
		p.closings++
		p.rate = max(p.rate/2, min(t.rate, lowestRate))
	}
	if retryAfter <= 0 {
		retryAfter = doubling(firstClosing, p.closings, longClosing)
	}
	if until := now.Add(retryAfter); until.After(p.closedUntil) {
		p.closedUntil, p.next = until, until
		p.generation++
	}
	return p.closedUntil.Sub(now)
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
	if p.rate < t.rate {
		p.rate = min(t.rate, p.rate+t.rate/recovery/p.rate)
	}
}

// Rate is the tenant's rate in force, in requests a second; 0: no limit.
func (t *Throttle) Rate(tenant string) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.paces[strings.ToLower(tenant)]; p != nil {
		return p.rate
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
		p = &pace{rate: t.rate}
		t.paces[tenant] = p
	}
	return p
}

// makeRoom forgets tenants that a new start would treat the same. If there are
// none, it forgets the one that was idle longest.
func (t *Throttle) makeRoom(now time.Time) {
	idlest := ""
	for tenant, p := range t.paces {
		if p.rate == t.rate && !p.next.After(now) && !p.closedUntil.After(now) {
			delete(t.paces, tenant)
		} else if t.paces[idlest] == nil || p.next.Before(t.paces[idlest].next) {
			idlest = tenant
		}
	}
	if len(t.paces) >= maxTenants {
		delete(t.paces, idlest)
	}
}

func (p *pace) interval() time.Duration {
	if p.rate == 0 {
		return 0
	}
	return time.Duration(paceSlack / p.rate * float64(time.Second))
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

func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
