package delivery

import (
	"context"
	"slices"
	"time"

	"crier/internal/domain"
)

// shelf is what is held of one lane, the longest due first.
type shelf struct {
	domain.Lane
	items  []*item
	asking int // rows whose presence is being asked for
	turns  int // messages that its campaign's cap allows at turnAt
	turnAt time.Time
}

func (s *shelf) pop() *item {
	it := s.items[0]
	s.items[0], s.items = nil, s.items[1:]
	return it
}

const (
	// poll is how often the database is asked for rows that fall due by themselves: the
	// most that a message is late.
	poll = 200 * time.Millisecond
	// perSlot is how many rows are held for each slot where nothing limits the rate. More
	// make fewer and larger transactions.
	perSlot = 16
)

// stock holds rows for the pump until ctx ends.
func (e *Engine) stock(ctx context.Context) {
	for ctx.Err() == nil {
		if e.number() != 0 {
			e.restock(ctx)
		}
		wait(ctx, e.hungry, poll)
	}
	hint(e.step)
}

func (e *Engine) restock(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	now := e.Now()
	if err := e.reclaim(ctx); err != nil {
		e.stockFailed(ctx, "look for what is held", err)
		return
	}
	if err := e.stockTrials(ctx, now); err != nil {
		e.stockFailed(ctx, "hold test sends", err)
		return
	}
	lanes, err := e.Store.Lanes(ctx, now)
	if err != nil {
		e.stockFailed(ctx, "look for due rows", err)
		return
	}
	e.letGoOfStopped(ctx)
	shelves := e.arrange(lanes)
	for more := true; more && ctx.Err() == nil; {
		more = false
		for _, s := range shelves {
			full, err := e.fill(ctx, s)
			if err != nil {
				e.stockFailed(ctx, "hold rows", err, "campaign_id", s.CampaignID)
				return
			}
			more = more || full
		}
	}
}

func (e *Engine) stockFailed(ctx context.Context, doing string, err error, args ...any) {
	if domain.KindOf(err) == domain.Conflict || stopping(ctx) {
		return // the beat finds out that we are taken for dead
	}
	e.mu.Lock()
	e.unsure = time.Now().Add(unsureFor)
	e.mu.Unlock()
	e.database(err)
	e.Log.Debug("can't "+doing, append(args, "error", err)...)
}

// settledIn says whether this process may hold test sends, which lie in no reservation. A statement
// of another that began before it joined knows nothing of it, and would take its rows for free:
// those are over by then.
func (e *Engine) settledIn() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.Sole || time.Since(e.joined) > min(e.Beat/2, time.Second)
}

const (
	// unsureFor is how long after a failure the database may still carry out what was asked
	// of it: longer than one try.
	unsureFor = 2 * oneTry
	// reclaimEvery is how often it is looked at meanwhile, and reclaimAnyway how often without
	// a reason: a reservation that nobody knows would keep its people waiting.
	reclaimEvery  = 5 * time.Second
	reclaimAnyway = time.Minute
)

// reclaim lets go of what is held here without being known: the database may have held it, and its
// answer was lost.
func (e *Engine) reclaim(ctx context.Context) error {
	e.mu.Lock()
	instance, now := e.instance, time.Now()
	since := now.Sub(e.reclaimed)
	look := since >= reclaimAnyway || since >= reclaimEvery && now.Before(e.unsure)
	if look {
		e.reclaimed = now
	}
	e.mu.Unlock()
	if !look {
		return nil
	}
	reservations, trials, err := e.Store.Held(ctx, instance)
	if err != nil {
		return err
	}
	unknown := e.unknown(instance, reservations, trials)
	if len(unknown) == 0 {
		return nil
	}
	return e.Store.Release(ctx, instance, unknown)
}

// unknown lets go of test sends that are not known here, and answers the reservations of which no
// row is.
func (e *Engine) unknown(instance int64, reservations []int64, trials []domain.Delivery) []int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance != instance {
		return nil
	}
	known := map[int64]bool{}
	for _, h := range e.held {
		known[h.reserved] = true
	}
	for _, d := range trials {
		if _, here := e.held[d.ID]; !here {
			e.held[d.ID] = held{hold: d.Hold}
			e.over = append(e.over, d.Unchanged())
			hint(e.step)
		}
	}
	return slices.DeleteFunc(reservations, func(id int64) bool { return known[id] })
}

// held is how a row is held.
type held struct{ hold, reserved int64 }

// hold notes rows that have just been held.
func (e *Engine) hold(rows []domain.Delivery) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, d := range rows {
		e.held[d.ID] = held{d.Hold, d.Reserved}
	}
}

func (e *Engine) stockTrials(ctx context.Context, now time.Time) error {
	e.mu.Lock()
	instance, want := e.instance, e.Slots-len(e.trials)
	e.mu.Unlock()
	if want <= 0 || !e.settledIn() {
		return nil
	}
	rows, err := e.Store.ReserveTrials(ctx, instance, now, want)
	if err != nil {
		return err
	}
	e.hold(rows)
	items := e.items(ctx, rows)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance == instance && len(items) > 0 {
		e.trials = append(e.trials, items...)
		hint(e.step)
	}
	return nil
}

// items joins rows to their campaigns. A row whose campaign can't be read goes back.
func (e *Engine) items(ctx context.Context, rows []domain.Delivery) []*item {
	list := make([]*item, 0, len(rows))
	for _, d := range rows {
		j, err := e.jobs.get(ctx, d)
		if err != nil {
			e.problem(ctx, "read a campaign", err, "campaign_id", d.CampaignID)
			e.finished(d.Unchanged())
			continue
		}
		d.Revision = j.Campaign.Revision
		list = append(list, &item{Delivery: d, job: j})
	}
	return list
}

// finished hands the pump what became of rows that were not begun.
func (e *Engine) finished(batch ...domain.Finished) {
	if len(batch) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance != 0 {
		e.over = append(e.over, batch...)
		hint(e.step)
	}
}

// arrange makes a shelf for each lane that has rows due, and takes away those that are empty
// and have none. It answers those to fill.
func (e *Engine) arrange(lanes []domain.Lane) []*shelf {
	e.mu.Lock()
	defer e.mu.Unlock()
	due := map[domain.Lane]bool{}
	for _, l := range lanes {
		due[l] = true
	}
	var kept, fill []*shelf
	clear(e.lanes)
	for _, s := range e.shelves {
		closed := e.Sender.ClosedUntil(s.TenantID).After(time.Now()) // Progress tells
		if len(s.items) > 0 || s.asking > 0 || due[s.Lane] || closed {
			kept = append(kept, s)
			e.lanes[s.TenantID]++
			if due[s.Lane] {
				fill = append(fill, s)
			}
		}
		delete(due, s.Lane)
	}
	for _, l := range lanes {
		if due[l] {
			s := &shelf{Lane: l}
			kept, fill = append(kept, s), append(fill, s)
			e.lanes[l.TenantID]++
		}
	}
	e.shelves = kept
	return fill
}

// fill holds more rows of a lane when half of what it may hold is gone. It answers whether
// there may be more to hold at once.
func (e *Engine) fill(ctx context.Context, s *shelf) (bool, error) {
	e.mu.Lock()
	instance, limit := e.instance, e.capacity(s.TenantID)
	want := limit - len(s.items) - s.asking
	e.mu.Unlock()
	now := e.Now()
	if instance == 0 || want < (limit+1)/2 || e.Sender.ClosedUntil(s.TenantID).After(time.Now()) {
		return false, nil
	}
	j, err := e.jobs.get(ctx, domain.Delivery{CampaignID: s.CampaignID})
	if err != nil { // deleted meanwhile; the other lanes go on
		e.problem(ctx, "read a campaign", err, "campaign_id", s.CampaignID)
		return false, nil
	}
	var until time.Time
	limited := j.Delivery.MaxPerHour > 0
	if limited {
		if want, err = e.capped(ctx, s, j, want, now); want <= 0 || err != nil {
			return false, err
		}
		until = s.turnAt.Add(capGrace)
	}
	rows, err := e.Store.Reserve(ctx, instance, s.Lane, now, want)
	if err != nil {
		return false, err
	}
	e.hold(rows)
	items := make([]*item, len(rows))
	for i, d := range rows {
		d.Revision = j.Campaign.Revision
		items[i] = &item{Delivery: d, job: j, instance: instance, until: until}
	}
	e.shelve(ctx, s, items, now)
	return len(rows) == want && !limited, nil
}

// capacity is how many rows of a lane are held at most: two seconds' worth, so that other
// processes find some, too. The caller holds e.mu.
func (e *Engine) capacity(tenant string) int {
	most := perSlot * e.Slots
	if rate := e.Sender.Rate(tenant); rate > 0 {
		most = min(most, int(2*rate)+1)
	}
	return max(2, most/max(1, e.lanes[tenant]))
}

// shelve puts rows where the pump takes them: at once, or when it is known that the person
// is there.
func (e *Engine) shelve(ctx context.Context, s *shelf, items []*item, now time.Time) {
	if len(items) == 0 {
		return
	}
	ready := make([]*item, 0, len(items))
	var closed []domain.Finished
	for _, it := range items {
		if it.open(now) {
			ready = append(ready, it)
		} else {
			closed = append(closed, e.notTried(it, domain.Result{Verdict: domain.Closed}))
		}
	}
	e.finished(closed...)
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(items[0].job.Delivery.Presence) > 0 && len(ready) > 0 {
		s.asking += len(ready)
		go e.lookFor(ctx, s, ready)
		return
	}
	e.ready(s, ready)
}

// ready puts items where the pump takes them, unless they were held under another of our
// numbers: then they are not ours any more. The caller holds e.mu.
func (e *Engine) ready(s *shelf, items []*item) {
	if len(items) > 0 && items[0].instance == e.instance {
		s.items = append(s.items, items...)
		hint(e.step)
	}
}

// notTried is what becomes of a row that was held and not begun.
func (e *Engine) notTried(it *item, r domain.Result) domain.Finished {
	d := it.Delivery
	d.Attempts++ // the try that Next gives back
	f := domain.Finished{Delivery: it.Delivery, Outcome: domain.Next(d, r, it.job.table, e.Now(), e.jitter())}
	e.Observe(r, 0)
	return f
}

// feed hints that there is room for more rows. The caller holds e.mu.
func (e *Engine) feed() {
	for _, s := range e.shelves {
		if 2*(len(s.items)+s.asking) <= e.capacity(s.TenantID) {
			hint(e.hungry)
			return
		}
	}
}

// letGo gives everything back that is held and not begun. The caller holds e.mu.
func (e *Engine) letGo() {
	for _, s := range e.shelves {
		e.empty(s)
	}
	e.shelves = nil
	for _, it := range e.trials {
		e.over = append(e.over, it.Unchanged())
	}
	e.trials = nil
}

// empty gives back what a shelf holds. The caller holds e.mu.
func (e *Engine) empty(s *shelf) {
	for _, it := range s.items {
		e.over = append(e.over, it.Unchanged())
	}
	s.items = nil
	hint(e.step)
}

// letGoOfStopped gives back what is held of campaigns that are not being sent any more, and
// does not go because their tenant asked us to wait.
func (e *Engine) letGoOfStopped(ctx context.Context) {
	e.mu.Lock()
	var held []*shelf
	for _, s := range e.shelves {
		if len(s.items) > 0 && !e.room(s.TenantID) {
			held = append(held, s)
		}
	}
	e.mu.Unlock()
	for _, s := range held {
		c, err := e.Campaigns.Get(ctx, s.CampaignID)
		if err == nil && c.Status == domain.Sending {
			continue
		}
		e.mu.Lock()
		e.empty(s)
		e.mu.Unlock()
	}
}
