package app

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"crier/internal/domain"
)

const (
	lookEvery   = time.Second
	lookTime    = 5 * time.Second // how long one look may take
	maxWatchers = 200             // in this process
)

// ErrWatched says that nobody else can follow a campaign just now: too many do, or the
// service is stopping.
var ErrWatched = errors.New("app: nobody else can follow a campaign just now")

// watches are the campaigns that somebody follows. However many follow one, the database is
// asked once a second.
type watches struct {
	mu      sync.Mutex
	by      map[int64]*watch
	count   int // of all watchers
	stopped bool
}

// watch is one campaign that is followed. Its watchers and last report are guarded by the
// watches' mutex.
type watch struct {
	watchers map[chan domain.Report]bool
	last     domain.Report
	cancel   context.CancelFunc
	looked   chan struct{} // closed after the first look
	err      error         // of the first look; to be read once looked is closed
}

// Watch follows a campaign: its report as it is, then whenever it changed, at most one a
// second; who is slow gets the newest alone. The channel is closed when it is over (see
// Over), when the campaign is deleted, with ctx, and by StopWatching. While the database does
// not answer, the last report says so. ErrWatched when too many watch.
func (a *Campaigns) Watch(ctx context.Context, by domain.Actor, id int64) (<-chan domain.Report, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // and not by luck below, while others watch the same
		return nil, ctx.Err()
	}
	reports := make(chan domain.Report, 1)
	w := a.join(id, reports)
	if w == nil {
		return nil, ErrWatched
	}
	context.AfterFunc(ctx, func() { a.leave(id, w, reports) })
	select {
	case <-w.looked:
		return reports, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Over says whether a campaign's report changes no more: it was sent, or was cancelled and
// nothing is in flight.
func Over(r domain.Report) bool {
	s := r.Campaign.Status
	if r.Change != nil && (r.Change.Status == domain.Sending || r.Change.Status == domain.Paused) {
		return false
	}
	return s == domain.Done || s == domain.Cancelled && r.Counts.Left() == 0
}

// StopWatching ends every Watch, and allows no more: a server that stops waits for its
// streams.
func (a *Campaigns) StopWatching() {
	a.watches.mu.Lock()
	defer a.watches.mu.Unlock()
	a.watches.stopped = true
	for _, w := range a.watches.by {
		w.cancel()
	}
}

// join adds a watcher; nil when there is no room.
func (a *Campaigns) join(id int64, reports chan domain.Report) *watch {
	all := &a.watches
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.stopped || all.count >= maxWatchers {
		return nil
	}
	w := all.by[id]
	if w == nil {
		var ctx context.Context
		w = &watch{watchers: map[chan domain.Report]bool{}, looked: make(chan struct{})}
		ctx, w.cancel = context.WithCancel(context.Background())
		if all.by == nil {
			all.by = map[int64]*watch{}
		}
		all.by[id] = w
		go a.follow(ctx, id, w)
	} else if w.last.Campaign.ID != 0 {
		reports <- w.last
	}
	w.watchers[reports] = true
	all.count++
	return w
}

// leave takes a watcher away; with the last one the looking ends.
func (a *Campaigns) leave(id int64, w *watch, reports chan domain.Report) {
	all := &a.watches
	all.mu.Lock()
	defer all.mu.Unlock()
	if w.watchers[reports] {
		all.drop(w, reports)
	}
	if len(w.watchers) == 0 {
		all.end(id, w)
	}
}

// drop and end are called with the mutex held.
func (all *watches) drop(w *watch, reports chan domain.Report) {
	delete(w.watchers, reports)
	all.count--
	close(reports)
}

func (all *watches) end(id int64, w *watch) {
	w.cancel()
	for reports := range w.watchers {
		all.drop(w, reports)
	}
	if all.by[id] == w {
		delete(all.by, id)
	}
}

// follow looks at a campaign until it is over or nobody watches any more.
func (a *Campaigns) follow(ctx context.Context, id int64, w *watch) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	err := a.look(ctx, id, w)
	if err != errOver {
		w.err = err
	}
	close(w.looked)
	for err == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		err = a.look(ctx, id, w)
	}
	a.watches.mu.Lock()
	defer a.watches.mu.Unlock()
	a.watches.end(id, w)
}

// errOver ends a watch without anything wrong.
var errOver = errors.New("app: there is nothing more to see")

// look asks the database once and tells the watchers what changed; an error ends the watch.
func (a *Campaigns) look(ctx context.Context, id int64, w *watch) error {
	limited, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	r, err := a.report(limited, id)
	switch {
	case ctx.Err() != nil: // nobody watches any more, or nobody may
		return ErrWatched
	case domain.KindOf(err) != 0, err != nil && w.last.Campaign.ID == 0:
		return err
	case err != nil: // it may answer again
		r = w.last
		r.Progress, r.ExpectedFinishAt = domain.Progress{Waiting: domain.WaitDatabase}, time.Time{}
	}
	a.watches.tell(w, r)
	if Over(r) {
		return errOver
	}
	return nil
}

// tell hands a report that changed to every watcher, in place of an older one not taken yet.
func (all *watches) tell(w *watch, r domain.Report) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if reflect.DeepEqual(w.last, r) {
		return
	}
	w.last = r
	for reports := range w.watchers {
		select {
		case <-reports:
		default:
		}
		reports <- r
	}
}
