package storetest

import (
	"math/rand/v2"
	"time"

	"crier/internal/domain"
)

func accountTests() []test {
	return []test{
		{"whatever happens, the sums hold and everybody has one row", accountsHold},
		{"whatever happens at once, too", accountsHoldAtOnce},
	}
}

// campaigner does random things to a campaign, as officers, workers and their deaths do.
type campaigner struct {
	*fixture
	random   *rand.Rand
	campaign domain.Campaign
	after    time.Duration
	held     []domain.Delivery // begun, not finished yet
}

func (w *campaigner) step() error {
	w.after += time.Duration(w.random.IntN(90)) * time.Second
	id, now := w.campaign.ID, noon(w.after)
	switch n := w.random.IntN(20); {
	case n < 7:
		rows, err := w.worker.Claim(w.ctx, lane(w.campaign), now, 1+w.random.IntN(6))
		w.held = append(w.held, rows...)
		return err
	case n < 13:
		return w.finishSome(now)
	case n == 13:
		return w.die(now)
	case n == 14: // some that are held and never begun
		_, err := w.Deliveries.Reserve(w.ctx, w.worker.Instance, lane(w.campaign), now, 1+w.random.IntN(3))
		return err
	case n == 15:
		return w.Campaigns.Move(w.ctx, id, domain.Paused, "", now, domain.Sending)
	case n < 18:
		return w.Campaigns.Move(w.ctx, id, domain.Sending, "", now, domain.Paused)
	case n == 18:
		return w.Deliveries.Retry(w.ctx, id, now)
	case w.random.IntN(8) == 0:
		return w.Deliveries.Cancel(w.ctx, id, now)
	}
	return nil
}

// die ends the process that sends; the next one decides on what it had begun.
func (w *campaigner) die(now time.Time) error {
	late := outcomes(w.held, accepted(), domain.Policy{}, now)
	if err := w.bury(w.worker, now); err != nil {
		return err
	}
	if err := w.worker.Finish(w.ctx, late, now); domain.KindOf(err) != domain.Conflict {
		w.Errorf("a process that was buried recorded something: %v", err)
	}
	w.worker, w.held = w.newWorker(), nil
	return nil
}

// bury decides on what a process had begun as on sends of unknown outcome.
func (f *fixture) bury(dead *Worker, now time.Time) error {
	rows, at, err := f.Instances.InFlight(f.ctx, dead.Instance)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Attempts++
	}
	return f.Instances.Bury(f.ctx, at, outcomes(rows, lost(), domain.Policy{OnUncertain: domain.Resend}, now), now)
}

// finishSome records random outcomes of some of what is held, now and then twice.
func (w *campaigner) finishSome(now time.Time) error {
	w.random.Shuffle(len(w.held), func(i, j int) { w.held[i], w.held[j] = w.held[j], w.held[i] })
	var batch []domain.Finished
	for _, d := range w.held[:w.random.IntN(len(w.held)+1)] {
		s := steps()[w.random.IntN(len(steps()))]
		batch = append(batch, outcomes([]domain.Delivery{d}, s.result, s.policy, now)...)
	}
	w.held = w.held[len(batch):]
	err := w.worker.Finish(w.ctx, batch, now)
	if err == nil && w.random.IntN(4) == 0 {
		err = w.worker.Finish(w.ctx, batch, now)
	}
	return err
}

// unexpected is an error that is not "its status forbids it".
func unexpected(err error) bool { return err != nil && domain.KindOf(err) != domain.Conflict }

func accountsHold(f *fixture) {
	const people, seeds, steps = 10, 3, 40
	f.passersby(1, people)
	for seed := range uint64(seeds) {
		w := &campaigner{fixture: f, random: rand.New(rand.NewPCG(seed, 1)), campaign: f.started(draft(everyone()))}
		for range steps {
			if err := w.step(); unexpected(err) {
				f.Fatalf("seed %d: %v", seed, err)
			}
			f.settled(w.campaign.ID, people)
		}
		w.drain()
		f.settled(w.campaign.ID, people)
	}
}

// settled is a campaign whose books are right, and which is over when nothing is left.
func (f *fixture) settled(id int64, people int) {
	f.Helper()
	rows := f.all(id)
	counts := f.countedFrom(id, rows)
	once := map[int64]bool{}
	for _, d := range rows {
		once[d.Person.ID] = true
	}
	f.same([]int{int(counts.Listed), len(once)}, []int{people, people})
	status := f.campaign(id).Status
	if status != domain.Cancelled && (status == domain.Done) != (counts.Left() == 0) {
		f.Fatalf("the campaign is %s with %d rows left", status, counts.Left())
	}
}

// drain sends what is left, so that nothing stays open behind a campaign that is over.
func (w *campaigner) drain() {
	w.Helper()
	err := w.Campaigns.Move(w.ctx, w.campaign.ID, domain.Sending, "", noon(w.after), domain.Paused)
	if unexpected(err) {
		w.Fatal(err)
	}
	w.after += 24 * time.Hour
	now := noon(w.after)
	w.ok(w.die(now))
	rows, err := w.worker.Claim(w.ctx, lane(w.campaign), now.Add(time.Hour), 500)
	w.ok(err)
	w.ok(w.worker.Finish(w.ctx, outcomes(rows, accepted(), domain.Policy{}, now), now))
	w.withdrawn(w.campaign)
	w.same(w.counts(w.campaign.ID).Left(), int64(0))
}

func accountsHoldAtOnce(f *fixture) {
	const people, workers, steps = 40, 6, 25
	f.passersby(1, people)
	c, other := f.started(draft(everyone())), f.started(draft(everyone()))
	atOnce(workers, func(i int) {
		mine := *f
		mine.worker = f.newWorker()
		w := &campaigner{fixture: &mine, random: rand.New(rand.NewPCG(uint64(i), 2)), campaign: c}
		for range steps {
			if w.campaign = c; w.random.IntN(2) == 0 {
				w.campaign = other
			}
			if err := w.step(); unexpected(err) {
				f.Error(err)
			}
		}
		if err := w.die(noon(0)); err != nil {
			f.Error(err)
		}
	})
	for _, each := range []domain.Campaign{c, other} {
		f.settled(each.ID, people)
		w := &campaigner{fixture: f, campaign: each, after: 24 * time.Hour}
		w.drain()
		f.settled(each.ID, people)
	}
}
