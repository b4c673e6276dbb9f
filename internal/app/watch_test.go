package app_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"crier/internal/app"
	"crier/internal/domain"
)

// looked counts the looks at a database, and breaks it.
type looked struct {
	app.CountStore
	looks  atomic.Int64
	broken atomic.Bool
}

func (s *looked) Glance(ctx context.Context, id int64) (domain.Glance, error) {
	s.looks.Add(1)
	if s.broken.Load() {
		return domain.Glance{}, errors.New("the database is gone")
	}
	return s.CountStore.Glance(ctx, id)
}

// watched is a world whose looks are counted.
func watched(t *testing.T) (*world, *looked) {
	w := newWorld(t)
	w.person("ana")
	s := &looked{CountStore: w.campaigns.Count}
	w.campaigns.Count = s
	t.Cleanup(w.campaigns.StopWatching)
	return w, s
}

func (w *world) watch(ctx context.Context, c domain.Campaign) <-chan domain.Report {
	w.Helper()
	reports, err := w.campaigns.Watch(ctx, analyst, c.ID)
	w.ok(err)
	return reports
}

// until reads reports until one is right; false when there are no more.
func until(reports <-chan domain.Report, right func(domain.Report) bool) bool {
	for r := range reports {
		if right(r) {
			return true
		}
	}
	return false
}

func TestAWatchTellsWhatChangesAndEnds(t *testing.T) {
	t.Parallel()
	w, _ := watched(t)
	c := w.sending()
	reports := w.watch(w.ctx, c)
	if r := <-reports; r.Campaign.ID != c.ID || r.Counts.Pending != 1 {
		t.Errorf("first: %+v", r)
	}
	w.deliver(c, accepted)
	if !until(reports, func(r domain.Report) bool { return r.Campaign.Status == domain.Done && r.Counts.Sent == 1 }) {
		t.Error("the end is not told")
	}
	if _, more := <-reports; more {
		t.Error("more after the end")
	}
}

// However many follow a campaign, and however late they come, one looks.
func TestManyWatchersAreOneLook(t *testing.T) {
	t.Parallel()
	w, store := watched(t)
	c := w.sending()
	var all []<-chan domain.Report
	for range 50 {
		all = append(all, w.watch(w.ctx, c))
	}
	before := store.looks.Load()
	w.deliver(c, accepted)
	for _, reports := range all {
		if !until(reports, app.Over) {
			t.Fatal("somebody is not told the end")
		}
	}
	if looks := store.looks.Load(); looks-before > 2 || before > 2 {
		t.Errorf("%d looks for 50 who came, %d until the end", before, looks-before)
	}
}

func TestAWatchEndsWithItsWatcher(t *testing.T) {
	t.Parallel()
	w, _ := watched(t)
	c := w.sending()
	ctx, leave := context.WithCancel(w.ctx)
	gone, stays := w.watch(ctx, c), w.watch(w.ctx, c)
	leave()
	if until(gone, app.Over) {
		t.Error("the end came before it was sent")
	}
	w.deliver(c, accepted)
	if !until(stays, app.Over) {
		t.Error("who stayed is not told the end")
	}
	if _, err := w.campaigns.Watch(ctx, analyst, c.ID); err == nil {
		t.Error("who is gone can watch")
	}
}

func TestADatabaseThatIsGoneIsTold(t *testing.T) {
	t.Parallel()
	w, store := watched(t)
	c := w.sending()
	reports := w.watch(w.ctx, c)
	<-reports
	store.broken.Store(true)
	if !until(reports, func(r domain.Report) bool {
		return r.Progress.Waiting == domain.WaitDatabase && r.ExpectedFinishAt.IsZero() && r.Counts.Pending == 1
	}) {
		t.Error("it is not told")
	}
	if _, err := w.campaigns.Watch(w.ctx, analyst, w.sending().ID); err == nil || domain.KindOf(err) != 0 {
		t.Errorf("a watch that can't begin: %v", err)
	}
	store.broken.Store(false)
	if !until(reports, func(r domain.Report) bool { return r.Progress.Waiting == "" }) {
		t.Error("that it is back is not told")
	}
}

func TestWhoMayWatchWhat(t *testing.T) {
	t.Parallel()
	w, _ := watched(t)
	c := w.sending()
	_, err := w.campaigns.Watch(w.ctx, stranger, c.ID)
	w.is(err, domain.Forbidden)
	_, err = w.campaigns.Watch(w.ctx, analyst, 99)
	w.is(err, domain.NotFound)
	over := w.watch(w.ctx, w.done())
	if r, more := <-over; !more || !app.Over(r) {
		t.Errorf("of what is over: %+v", r)
	}
	if _, more := <-over; more {
		t.Error("more of what is over")
	}

	draft := w.draft()
	reports := w.watch(w.ctx, draft)
	w.ok(w.campaigns.Delete(w.ctx, owner, draft.ID))
	if until(reports, app.Over) {
		t.Error("what was deleted is over")
	}
}

func TestWatchersAreBoundedAndStopped(t *testing.T) {
	t.Parallel()
	w, _ := watched(t)
	c := w.sending()
	ctx, leave := context.WithCancel(w.ctx)
	var last <-chan domain.Report
	for range 200 {
		last = w.watch(ctx, c)
	}
	if _, err := w.campaigns.Watch(w.ctx, analyst, c.ID); !errors.Is(err, app.ErrWatched) {
		t.Errorf("the one too many: %v", err)
	}
	leave()
	until(last, app.Over) // until it is closed
	var reports <-chan domain.Report
	for err := error(app.ErrWatched); err != nil; { // the others leave one by one
		reports, err = w.campaigns.Watch(w.ctx, analyst, c.ID)
		if err != nil && !errors.Is(err, app.ErrWatched) {
			t.Fatal(err)
		}
	}
	w.campaigns.StopWatching()
	if until(reports, app.Over) {
		t.Error("it went on until the end")
	}
	if _, err := w.campaigns.Watch(w.ctx, analyst, c.ID); !errors.Is(err, app.ErrWatched) {
		t.Errorf("after the stop: %v", err)
	}
}

// A cancelled campaign is over when what was in flight has come to something.
func TestWhenThereIsNothingMoreToSee(t *testing.T) {
	t.Parallel()
	report := func(s domain.Status, n domain.Counts) domain.Report {
		return domain.Report{Campaign: domain.Campaign{Status: s}, Counts: n}
	}
	for _, r := range []domain.Report{report(domain.Done, domain.Counts{}), report(domain.Cancelled, domain.Counts{Cancelled: 3})} {
		if !app.Over(r) {
			t.Errorf("%+v is not over", r)
		}
	}
	for _, r := range []domain.Report{
		report(domain.Cancelled, domain.Counts{Pending: 1}), report(domain.Sending, domain.Counts{Sent: 1}), report(domain.Paused, domain.Counts{}),
		report(domain.Draft, domain.Counts{}), report(domain.Scheduled, domain.Counts{}),
	} {
		if app.Over(r) {
			t.Errorf("%+v is over", r)
		}
	}
}
