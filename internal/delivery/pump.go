package delivery

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"crier/internal/domain"
)

// pump repeats one transaction until ctx ends and nothing is left in flight: what is over is
// recorded, what comes next is noted as begun and then sent. While one runs, outcomes gather
// for the next: one at a time when it is quiet, many when it is not.
func (e *Engine) pump(ctx context.Context) {
	for {
		e.gather(ctx)
		x, items := e.next(ctx)
		switch {
		case len(x.Finished) > 0 || len(x.Begin) > 0:
			if !e.exchange(ctx, x, items) {
				return
			}
		case e.number() == 0:
			if !e.join(ctx) {
				e.drain()
				return
			}
			e.Wake()
		case ctx.Err() != nil && e.idle():
			return
		default:
			wait(context.Background(), e.step, time.Second)
		}
	}
}

// gathering is how long outcomes are waited for while many are on their way: a few large
// transactions cost less than many small ones.
const gathering = 2 * time.Millisecond

func (e *Engine) gather(ctx context.Context) {
	for deadline := time.Now().Add(gathering); ctx.Err() == nil && time.Now().Before(deadline); {
		e.mu.Lock()
		enough := e.busy < e.Slots/2 || len(e.over) >= e.Slots/2
		e.mu.Unlock()
		if enough {
			return
		}
		wait(ctx, e.step, time.Until(deadline))
	}
}

// next takes what is over and chooses what begins: test sends first, then one of each lane in
// turn, as far as there are slots and the tenants have room.
func (e *Engine) next(ctx context.Context) (domain.Exchange, map[int64]*item) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance == 0 {
		return domain.Exchange{}, nil
	}
	if ctx.Err() != nil {
		e.letGo()
	}
	x := domain.Exchange{Finished: e.over}
	e.over = nil
	for _, f := range x.Finished {
		delete(e.begun, f.Delivery.ID)
	}
	items := map[int64]*item{}
	take := func(it *item) {
		items[it.ID] = it
		x.Begin = append(x.Begin, it.Delivery)
		e.queueing[it.tenant()]++
	}
	free := e.Slots - e.busy
	for len(e.trials) > 0 && free > len(items) {
		take(e.trials[0])
		e.trials = e.trials[1:]
	}
	for more := true; more && free > len(items); {
		more = false
		for _, s := range e.shelves {
			if free > len(items) && len(s.items) > 0 && e.room(s.TenantID) {
				take(s.pop())
				more = true
			}
		}
	}
	if len(e.shelves) > 1 { // whoever was first is last the next time
		e.shelves = append(e.shelves[1:], e.shelves[0])
	}
	if len(x.Finished)+len(x.Begin) > 0 {
		x.Keep = slices.Sorted(maps.Keys(e.begun))
	}
	return x, items
}

// room says whether another send to a tenant may queue for its turn: a quarter of a second's
// worth of them, so that the turns are kept although noting a send takes a moment, and a
// test send or an answer in a chat comes through at once.
func (e *Engine) room(tenant string) bool {
	if e.Sender.ClosedUntil(tenant).After(time.Now()) {
		return false
	}
	return e.queueing[tenant] < e.queue(tenant)
}

// queue is how many sends to a tenant may wait for their turn at once.
func (e *Engine) queue(tenant string) int {
	if rate := e.Sender.Rate(tenant); rate > 0 {
		return max(1, int(min(rate/4, math.MaxInt32)))
	}
	return math.MaxInt32
}

// exchange carries one step through and starts what may begin. It repeats it for as long as
// the database does not answer; false when the program stops meanwhile.
func (e *Engine) exchange(ctx context.Context, x domain.Exchange, items map[int64]*item) bool {
	instance, stopping := e.number(), time.Time{}
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		asked := time.Now()
		limited, cancel := trying(ctx)
		begun, err := e.Store.Exchange(limited, instance, x, e.Now())
		cancel()
		switch {
		case err == nil:
			e.database(nil)
			e.show(asked)
			e.recorded(x.Finished)
			e.start(ctx, instance, begun, items)
			e.settle(ctx, x.Finished)
			return true
		case domain.KindOf(err) == domain.Conflict:
			e.forget(items)
			e.lost(instance)
			return true
		}
		e.database(err)
		if ctx.Err() != nil {
			if stopping.IsZero() {
				stopping = time.Now()
			} else if time.Since(stopping) > patience {
				e.Log.Error("the database does not answer: what was under way will count as sends of unknown outcome", "count", len(x.Finished)+len(x.Keep))
				return false
			}
		}
		wait(context.Background(), nil, pause)
	}
}

// recorded forgets rows that are held no more.
func (e *Engine) recorded(batch []domain.Finished) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range batch {
		e.unhold(f.Delivery)
	}
}

// unhold forgets a row that is held no more, unless it has been held again since. The caller
// holds e.mu.
func (e *Engine) unhold(d domain.Delivery) {
	if e.held[d.ID].hold == d.Hold {
		delete(e.held, d.ID)
	}
}

// patience is how long a program that stops waits for a database that does not answer.
const patience = 15 * time.Second

// start sends what has been noted as begun, unless this process was taken for dead since.
// What was let go instead is of a campaign that is not being sent any more, or has been
// corrected: so is the rest of its shelf.
func (e *Engine) start(ctx context.Context, instance int64, begun []domain.Delivery, items map[int64]*item) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance != instance {
		begun = nil
	}
	for _, d := range begun {
		it := items[d.ID]
		delete(items, d.ID)
		e.begun[d.ID] = true
		e.busy++
		it.instance = instance
		it.Attempts++
		e.begin(ctx, it)
	}
	if len(items) > 0 { // of those that were not ours their reservations know nothing
		e.unsure = time.Now().Add(unsureFor)
	}
	for _, it := range items {
		e.unhold(it.Delivery)
		e.leaveQueue(it.tenant())
		e.jobs.forget(it.CampaignID)
		for _, s := range e.shelves {
			if s.CampaignID == it.CampaignID {
				e.empty(s)
			}
		}
	}
	e.feed()
}

// forget takes back that items were to begin.
func (e *Engine) forget(items map[int64]*item) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, it := range items {
		e.leaveQueue(it.tenant())
	}
}

// idle says whether nothing is in flight or waits to be recorded.
func (e *Engine) idle() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.busy == 0 && len(e.over) == 0 && len(e.shelves) == 0 && len(e.trials) == 0
}

// drain waits for the sends on their way, whose outcome is no longer ours to record.
func (e *Engine) drain() {
	for {
		e.mu.Lock()
		busy := e.busy
		e.mu.Unlock()
		if busy == 0 {
			return
		}
		wait(context.Background(), e.step, time.Second)
	}
}
