package connector

import (
	"context"
	"fmt"
	"time"
)

// Bucket hands out turns to every process that shares it. All times are wall
// clock.
type Bucket interface {
	// Take reserves n turns for key, interval apart, none before now nor before
	// the gate opens. It answers the first of them, and until when the gate is
	// closed (zero: open).
	Take(ctx context.Context, key string, n int, interval time.Duration, now time.Time) (first, closedUntil time.Time, err error)
	// Close keeps turns from being handed out until then.
	Close(ctx context.Context, key string, until time.Time) error
}

const (
	bucketTimeout = 5 * time.Second
	// block is what is taken at the least, used or not: at a high rate a statement for
	// each handful of turns would cost more than the requests.
	block = 20 * time.Millisecond
	// batch is how far ahead turns are taken at once: few statements at a high
	// rate, and the other processes' turns come soon.
	batch = 125 * time.Millisecond
	// ahead is how long before the last turn in hand more are asked for, so
	// that the way to the bucket and back costs no turn.
	ahead = 50 * time.Millisecond
	// longestDelay bounds what a slow answer moves the next turns by.
	longestDelay = 250 * time.Millisecond
)

// shared says whether a tenant's turns come from the bucket: without a limit there is none
// to share, and each process finds out by itself where the service has one.
func (t *Throttle) shared(p *pace) bool { return t.bucket != nil && p.interval() > 0 }

// refill asks for turns for those who wait without one: for hardly any others,
// as a turn that nobody uses is lost for every process.
func (t *Throttle) refill(p *pace, now time.Time) {
	if len(p.waiting) == 0 {
		p.turns = nil
	}
	n := len(p.waiting) - len(p.turns)
	if n <= 0 || p.taking || len(p.turns) > 0 && p.turns[len(p.turns)-1].Sub(now) > ahead {
		return
	}
	interval := p.interval()
	if interval > 0 {
		n = min(max(n, int(block/interval)), max(1, int(batch/interval)))
	}
	p.taking = true
	go t.take(p, n, interval)
}

// take gets turns that can still be used when the answer is there: as much
// later than now as the last answer took.
func (t *Throttle) take(p *pace, n int, interval time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), bucketTimeout)
	defer cancel()
	asked := time.Now()
	t.mu.Lock()
	earliest := asked.Add(p.delay)
	t.mu.Unlock()
	first, closedUntil, err := t.bucket.Take(ctx, p.key, n, interval, earliest)

	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	p.taking, p.delay = false, min(now.Sub(asked), longestDelay)
	if err != nil {
		p.dismiss(&Error{Op: "wait", Class: Retryable, Err: fmt.Errorf("take a turn: %w", err)})
		return
	}
	if first.After(earliest) && closedUntil.IsZero() {
		p.countOthers(asked, first, interval)
	}
	p.receive(first, n, interval, now)
	if closedUntil.After(latest(now, p.closedUntil)) {
		// Another process was told. The rate is everybody's, so this one slows
		// down as well, unless it has done nothing since it did so last.
		if p.passed {
			p.slowDown(now, now)
		}
		t.shut(p, closedUntil, now)
		return
	}
	t.advance(p)
}

// receive keeps new turns. When the answer came too late for all of them, the
// next ones are asked for in better time; when it does so twice in a row, one
// counts all the same, or nobody would ever pass.
func (p *pace) receive(first time.Time, n int, interval time.Duration, now time.Time) {
	p.next = first.Add(time.Duration(n) * interval)
	if p.closedUntil.After(first) {
		return // the gate closed meanwhile
	}
	for i := range n {
		p.turns = append(p.turns, first.Add(time.Duration(i)*interval))
	}
	last := &p.turns[len(p.turns)-1]
	tooLate := now.Sub(*last) > p.clock.tolerance()
	if tooLate && p.tooLate {
		*last, tooLate = now, false
	}
	p.tooLate = tooLate
}

// countOthers notes what others took: as the new turn does not come at once,
// all turns before it, from the last of this process on if that was just now.
func (p *pace) countOthers(asked, first time.Time, interval time.Duration) {
	if interval <= 0 {
		return
	}
	from := asked
	if asked.Sub(p.next) < batch {
		from = p.next
	}
	for at := from; at.Before(first); at = at.Add(interval) {
		p.recent.add(at)
	}
}

// closeForAll tells the other processes. If that fails, they will be told by
// the service.
func (t *Throttle) closeForAll(key string, until time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), bucketTimeout)
	defer cancel()
	_ = t.bucket.Close(ctx, key, until)
}
