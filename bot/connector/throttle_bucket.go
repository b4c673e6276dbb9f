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
	// block is how long turns taken should do, where they are used as fast as that: at a high rate
	// a statement for each handful of them would cost more than the requests.
	block = 20 * time.Millisecond
	// growth is how many more are taken than were used: the pace may pick up.
	growth = 1.5
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

// refill asks for turns for those who wait without one, and where they come by the block, for those
// who come next: while one is used, before those in hand are over. It asks for hardly any others, as a
// turn that nobody uses is lost for every process.
func (t *Throttle) refill(p *pace, used bool, now time.Time) {
	n, over := len(p.waiting)-p.turns.count(), p.turns.last().Add(patience)
	wanted := n > 0 && p.turns.last().Sub(now) <= ahead || n < 0 && used && over.Sub(now) <= p.delay
	if !wanted || p.taking {
		return
	}
	interval := p.interval()
	if interval > 0 {
		n = min(max(n, 1, min(p.inBlock(now), int(block/interval))), max(1, int(batch/interval)))
	}
	p.taking, p.asked, p.used = true, now, 0
	go t.take(p, n, interval)
}

// inBlock is how many turns this process will use in a block, and some more, if it goes on as since
// it last took some.
func (p *pace) inBlock(now time.Time) int {
	return int(growth * float64(p.used) * float64(block) / float64(max(now.Sub(p.asked), time.Millisecond)))
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
	p.turns = append(p.turns, run{first, n, interval})
	tooLate := now.Sub(p.turns.last()) > p.clock.tolerance()
	if tooLate && p.tooLate {
		p.turns, tooLate = turns{{now, 1, interval}}, false
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
