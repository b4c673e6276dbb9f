package connector

import (
	"slices"
	"time"
)

// tooFar is how far off the next turn can't be while the gate is open: it was taken by a clock that
// was ahead, and has been put right since.
const tooFar = time.Minute

// waiter gets one value: nil when its turn has come, else why it will not.
type waiter chan error

// join puts a new waiter at the end of the tenant's queue.
func (t *Throttle) join(tenant string) (waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, p := time.Now(), t.pace(tenant)
	if closed := p.closedUntil.Sub(now); closed > longestHold {
		return nil, held(closed)
	}
	if t.shared(p) && p.next.Sub(now) > tooFar {
		p.turns, p.next = nil, time.Time{} // the bucket knows better
	}
	without := time.Duration(len(p.waiting) - p.turns.count())
	if max(p.next.Sub(now), 0)+without*p.interval() > longestQueue {
		return nil, held(time.Second)
	}
	w := make(waiter, 1)
	p.waiting = append(p.waiting, w)
	t.advance(p)
	return w, nil
}

// held is what those get who are not let wait.
func held(retryAfter time.Duration) *Error {
	return &Error{Op: "wait", Class: Retryable, Code: "Throttled", RetryAfter: retryAfter, Err: ErrThrottled}
}

// leave takes out a waiter that gave up, unless its turn has come already.
func (t *Throttle) leave(tenant string, w waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.pace(tenant)
	if i := slices.Index(p.waiting, w); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	t.advance(p)
}

// dismiss sends everybody away.
func (p *pace) dismiss(err error) {
	for _, w := range p.waiting {
		w <- err
	}
	p.waiting = nil
}

// advance lets those pass whose turn has come, sees that there are turns for
// the others, and comes back when the next one is due.
func (t *Throttle) advance(p *pace) {
	now := time.Now()
	if len(p.waiting) > 0 && p.closedUntil.After(now) {
		t.wake(p, p.closedUntil)
		return
	}
	used := false
	for len(p.waiting) > 0 {
		turn, known := t.turn(p, now)
		if known && turn.After(now) {
			t.wake(p, turn)
		}
		if !known || turn.After(now) {
			break
		}
		t.use(p, turn, now)
		used = true
	}
	if t.shared(p) {
		t.refill(p, used, now)
	}
}

// turn is the tenant's next one, if it is known. One that was missed is void:
// the requests that were held up must not all go together with those after.
func (t *Throttle) turn(p *pace, now time.Time) (time.Time, bool) {
	missed := now.Add(-p.clock.tolerance())
	if t.shared(p) {
		p.turns = p.turns.since(missed)
		return p.turns.next()
	}
	if p.next.Before(missed) {
		return now, true
	}
	return p.next, true
}

// use lets the first waiter pass. The next turn follows on this one and not on
// the clock, so that being late now and then does not add up.
func (t *Throttle) use(p *pace, turn, now time.Time) {
	p.waiting[0] <- nil
	p.waiting = p.waiting[1:]
	if !t.shared(p) {
		p.next = turn.Add(p.interval())
	} else {
		p.turns = p.turns.use()
		p.used++
	}
	p.recent.add(now)
	p.passed = true
}

const (
	// patience is how late a turn may be used. Of the 15 ms that 31 requests
	// are spread beyond a second (paceSlack), the rest is for the way.
	patience = 10 * time.Millisecond
	// latestWake bounds what one sleep teaches: the machine may have slept.
	latestWake = 100 * time.Millisecond
)

// alarm wakes a queue, and knows how late that usually happens: on a busy
// machine all turns are used late, which changes nothing of their distance.
type alarm struct {
	timer *time.Timer
	at    time.Time
	usual time.Duration
}

func (a *alarm) tolerance() time.Duration { return patience + a.usual }

// rang learns from being woken.
func (a *alarm) rang(now time.Time) {
	if late := now.Sub(a.at); late >= 0 {
		a.usual += (min(late, latestWake) - a.usual) / 8
	}
}

func (t *Throttle) wake(p *pace, at time.Time) {
	p.clock.at = at
	if p.clock.timer != nil {
		p.clock.timer.Reset(time.Until(at))
		return
	}
	p.clock.timer = time.AfterFunc(time.Until(at), func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		p.clock.rang(time.Now())
		t.advance(p)
	})
}
