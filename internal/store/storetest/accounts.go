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
	held     []domain.Delivery // claimed, not finished yet
}

func (w *campaigner) step() error {
	w.after += time.Duration(w.random.IntN(90)) * time.Second
	id, now := w.campaign.ID, noon(w.after)
	switch n := w.random.IntN(20); {
	case n < 7:
		rows, err := w.Deliveries.Claim(w.ctx, lane(w.campaign), now, now.Add(lease), 1+w.random.IntN(6))
		w.held = append(w.held, rows...)
		return err
	case n < 13:
		return w.finishSome(now)
	case n < 15:
		rows, err := w.Deliveries.Rescue(w.ctx, now, now.Add(lease), 1+w.random.IntN(6))
		w.held = append(w.held, rows...)
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

// finishSome records random outcomes of some of what is held, now and then a second time.
func (w *campaigner) finishSome(now time.Time) error {
	w.random.Shuffle(len(w.held), func(i, j int) { w.held[i], w.held[j] = w.held[j], w.held[i] })
	var batch []domain.Finished
	for _, d := range w.held[:w.random.IntN(len(w.held)+1)] {
		s := steps()[w.random.IntN(len(steps()))]
		batch = append(batch, outcomes([]domain.Delivery{d}, s.result, s.policy, now)...)
	}
	if w.random.IntN(4) > 0 {
		w.held = w.held[len(batch):]
	}
	return w.Deliveries.Finish(w.ctx, batch, now)
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
	rows, err := w.Deliveries.Rescue(w.ctx, now, now.Add(lease), 500)
	w.ok(err)
	more, err := w.Deliveries.Claim(w.ctx, lane(w.campaign), now, now.Add(lease), 500)
	w.ok(err)
	w.ok(w.Deliveries.Finish(w.ctx, outcomes(append(rows, more...), accepted(), domain.Policy{}, now), now))
	w.same(w.counts(w.campaign.ID).Left(), int64(0))
}

func accountsHoldAtOnce(f *fixture) {
	const people, workers, steps = 40, 6, 25
	f.passersby(1, people)
	c, other := f.started(draft(everyone())), f.started(draft(everyone()))
	atOnce(workers, func(i int) {
		w := &campaigner{fixture: f, random: rand.New(rand.NewPCG(uint64(i), 2)), campaign: c}
		for range steps {
			if w.campaign = c; w.random.IntN(2) == 0 {
				w.campaign = other
			}
			if err := w.step(); unexpected(err) {
				f.Error(err)
			}
		}
	})
	for _, each := range []domain.Campaign{c, other} {
		f.settled(each.ID, people)
		w := &campaigner{fixture: f, campaign: each, after: 24 * time.Hour}
		w.drain()
		f.settled(each.ID, people)
	}
}
