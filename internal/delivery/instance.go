package delivery

import (
	"context"
	"time"

	"crier/internal/domain"
)

// beats is how many of our own a process may miss before it is taken for dead. With two
// seconds between them, and the time between two looks, it is replaced within some twelve
// seconds. That is measured by our own clock alone: whatever the others' say, and whether
// ours is set back or forward, does not matter.
const beats = 4

// join makes this process one of those that send; false when ctx ended first.
func (e *Engine) join(ctx context.Context) bool {
	for pause := 50 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 2*time.Second) {
		asked := time.Now()
		id, err := e.Instances.Join(ctx)
		if err == nil {
			e.database(nil)
			e.mu.Lock()
			e.instance, e.joined, e.reclaimed, e.shown = id, time.Now(), time.Now(), asked
			e.mu.Unlock()
			if e.Sole {
				e.buryAll(ctx, id)
			}
			return true
		}
		e.database(err)
		wait(ctx, nil, pause)
	}
	return false
}

// buryAll decides on what the processes before this one left.
func (e *Engine) buryAll(ctx context.Context, but int64) {
	list, err := e.Instances.List(ctx)
	if err != nil {
		e.problem(ctx, "look for lost sends", err)
	}
	for _, b := range list {
		if b.Instance != but {
			e.bury(ctx, b)
		}
	}
}

// show notes that the others saw this process live: when it asked, however late the answer.
func (e *Engine) show(asked time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shown = asked
}

// doubtful says whether the others have taken this process for dead since it had that number,
// or may be about to, for it hung or has no way to the database: what it has begun and not
// sent yet had better stay.
func (e *Engine) doubtful(instance int64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return instance != e.instance || time.Since(e.shown) > (beats-1)*e.Beat
}

// watched is when a beat was seen to change.
type watched struct {
	count int64
	at    time.Time
}

// beat shows that this process lives, and buries those that do not, until ctx ends.
func (e *Engine) beat(ctx context.Context) {
	seen := map[int64]watched{}
	for ctx.Err() == nil {
		e.beatOnce(ctx, seen)
		wait(ctx, nil, e.Beat)
	}
	e.leading.Store(false)
}

func (e *Engine) beatOnce(ctx context.Context, seen map[int64]watched) {
	limited, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	mine, asked := e.number(), time.Now()
	if mine == 0 {
		return
	}
	list, err := e.Instances.Beat(limited, mine)
	switch {
	case ctx.Err() != nil:
		return
	case domain.KindOf(err) == domain.Conflict:
		e.leading.Store(false)
		e.lost(mine)
		hint(e.step)
		return
	case err != nil:
		e.leading.Store(false) // nobody knows what the others think
		e.database(err)
		return
	}
	e.database(nil)
	if e.blinked(asked) {
		clear(seen)
	}
	e.show(asked)
	if leads := len(list) > 0 && list[0].Instance == mine; leads != e.leading.Swap(leads) && leads {
		e.WakePlan()
	}
	e.watch(ctx, mine, list, seen)
}

// blinked says whether this process has not looked for a while. Then the others may have been
// unable to beat, as it was unable to look.
func (e *Engine) blinked(asked time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return asked.Sub(e.shown) > 2*e.Beat
}

// watch buries the processes whose beat has stood still for too long.
func (e *Engine) watch(ctx context.Context, mine int64, list []domain.Beat, seen map[int64]watched) {
	there := map[int64]bool{}
	for _, b := range list {
		there[b.Instance] = true
		before, known := seen[b.Instance]
		switch {
		case b.Instance == mine:
		case !known || before.count != b.Count:
			seen[b.Instance] = watched{b.Count, time.Now()}
		case time.Since(before.at) >= beats*e.Beat:
			e.bury(ctx, b)
		}
	}
	for id := range seen {
		if !there[id] {
			delete(seen, id)
		}
	}
}

// bury decides on what a process had begun, as on sends of unknown outcome, if it has not
// shown itself since that beat. What it held is free then.
func (e *Engine) bury(ctx context.Context, seen domain.Beat) {
	ctx, cancel := trying(ctx)
	defer cancel()
	rows, at, err := e.Instances.InFlight(ctx, seen.Instance)
	if domain.KindOf(err) == domain.NotFound || err == nil && at != seen {
		return
	}
	if err != nil {
		e.problem(ctx, "look for lost sends", err)
		return
	}
	now := e.Now()
	batch := make([]domain.Finished, 0, len(rows))
	for _, d := range rows {
		j, err := e.jobs.get(ctx, d)
		if err != nil {
			e.problem(ctx, "read a campaign", err, "campaign_id", d.CampaignID)
			return
		}
		d.Attempts++
		unknown := domain.Result{Verdict: domain.Ambiguous, Code: domain.Timeout, Reason: "the process that was sending it stopped"}
		batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Next(d, unknown, j.table, now, e.jitter())})
	}
	switch err := e.Instances.Bury(ctx, at, batch, now); {
	case err == nil:
		e.Log.Warn("a process stopped without a word; its sends under way are of unknown outcome", "instance", seen.Instance, "count", len(batch))
		e.Wake()
	case domain.KindOf(err) != domain.Conflict: // it lives, or another was faster
		e.problem(ctx, "record lost sends", err)
	}
}

// leave takes this process out, when nothing is in flight any more.
func (e *Engine) leave() {
	ctx, cancel := trying(context.Background())
	defer cancel()
	if err := e.Instances.Leave(ctx, e.number()); err != nil && domain.KindOf(err) != domain.Conflict {
		e.problem(ctx, "take this process out of those that send", err)
	}
}

func (e *Engine) number() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.instance
}

// lost forgets everything held: the others took this process for dead and have decided on
// it. What is on its way still comes back, to be left alone.
func (e *Engine) lost(instance int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.instance != instance {
		return
	}
	e.instance = 0
	e.shelves, e.trials, e.over = nil, nil, nil
	clear(e.lanes)
	clear(e.begun)
	clear(e.held)
	e.Log.Warn("other processes took this one for dead; it starts anew", "instance", instance)
}

// database notes whether the database answers, and says so when that changes.
func (e *Engine) database(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case err != nil && e.down.IsZero():
		e.down = time.Now()
		e.Log.Error("the database does not answer; sending waits for it", "error", err)
	case err == nil && !e.down.IsZero():
		e.Log.Info("the database answers again", "after", time.Since(e.down).Round(time.Millisecond))
		e.down = time.Time{}
	}
}

// Up says whether the database answered the engine last.
func (e *Engine) Up() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.down.IsZero()
}
