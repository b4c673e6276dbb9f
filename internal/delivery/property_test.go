package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"crier/internal/delivery"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// TestWhateverHappens drives random campaigns through engines that are killed and stopped,
// over a channel that fails and a clock that jumps, and checks what is promised: one row
// each, sums that hold, nothing before its time, outside its hours, to somebody who is not
// there, above its cap or while paused, nobody missed, and nobody twice without need.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for seed := range seeds {
			newChaos(t, db, seed).run()
		}
	})
}

// chaos is a world in which anything may happen.
type chaos struct {
	*testing.T
	db        *store.DB
	campaigns store.Campaigns
	rows      store.Deliveries
	random    *rand.Rand
	seed      uint64
	plans     map[int64]*planned // by campaign
	engines   []*mortal          // one on SQLite, two on PostgreSQL
	clock     *jumpy

	mu     sync.Mutex
	dice   *rand.Rand // of the channel
	kills  int        // processes taken for dead: on a slow machine some may live
	faults []string
}

// planned is a campaign and what came of it.
type planned struct {
	domain.Campaign
	table   *domain.Timetable
	strict  bool          // paused, and nothing of it is in flight any more
	arrived map[int64]int // messages, by person
	unsure  map[int64]int // sends of unknown outcome, by person
	times   []time.Time   // of every try, for the cap
	retried int
}

// jumpy is a clock that jumps, but never while a send is between its turn and its end.
type jumpy struct {
	mu     sync.Mutex
	still  *sync.Cond
	now    time.Time
	inside int
}

func (k *jumpy) time() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *jumpy) enter(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.inside += n
	k.still.Broadcast()
}

func (k *jumpy) jump(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.inside > 0 {
		k.still.Wait()
	}
	k.now = k.now.Add(d).Truncate(time.Millisecond)
}

var chaosZones = []string{"Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "", "Nowhere/Else"}

const chaosPeople = 24

func newChaos(t *testing.T, db *store.DB, seed uint64) *chaos {
	random := rand.New(rand.NewPCG(seed, 7))
	// Some days before the clocks change in Europe, on a day of the week that differs.
	start := time.Date(2026, 10, 20+int(seed%7), random.IntN(24), random.IntN(60), 0, 0, time.UTC)
	w := &chaos{T: t, db: db, campaigns: store.Campaigns{DB: db, Zone: "Europe/Paris"}, rows: store.Deliveries{DB: db}, random: random, seed: seed,
		plans: map[int64]*planned{}, clock: &jumpy{now: start}, dice: rand.New(rand.NewPCG(seed, 8))}
	w.clock.still = sync.NewCond(&w.clock.mu)
	for i := range chaosPeople {
		must(t, store.People{DB: db}.Remember(t.Context(), domain.Sighting{
			Channel: domain.Teams, Install: true, AADObjectID: fmt.Sprintf("aad-%d", i), TimeZone: chaosZones[i%len(chaosZones)],
			Reference: domain.ConversationReference{ConversationID: fmt.Sprintf("a:%d", i), UserID: fmt.Sprintf("29:%d", i), TenantID: fmt.Sprintf("tenant-%d", i%2),
				ServiceURL: "https://smba.trafficmanager.net/teams/", BotID: "28:bot"},
		}, start.Add(-time.Hour)))
	}
	return w
}

func (w *chaos) policy() domain.Policy {
	any := func(n int) bool { return w.random.IntN(n) == 0 }
	p := domain.Policy{OnUncertain: domain.Resend, Spread: []time.Duration{0, 0, 2 * time.Hour, 60 * time.Hour}[w.random.IntN(4)]}
	if any(3) {
		p.OnUncertain = domain.Hold
	}
	weekdays := []string{"mon", "tue", "wed", "thu", "fri"}
	p.Hours = []*domain.WorkingHours{nil,
		{Days: weekdays, From: "09:00", To: "18:00", TimeZone: "Europe/Paris"},
		{Days: weekdays, From: "09:00", To: "17:30", TimeZone: domain.Recipient},
		{Days: []string{"sat", "sun", "wed"}, From: "22:00", To: "06:00", TimeZone: "America/New_York"},
	}[w.random.IntN(4)]
	if any(3) {
		p.Presence = []domain.Presence{domain.Available}
	}
	if any(3) {
		p.MaxPerHour = 5 + w.random.IntN(10)
	}
	return p
}

func (w *chaos) run() {
	w.Logf("seed %d", w.seed)
	for range 3 {
		w.plan()
	}
	w.engines = make([]*mortal, 1)
	if w.db.Dialect() == store.Postgres {
		w.engines = make([]*mortal, 2)
	}
	w.beginAll()
	defer w.stopAll()
	for range 400 {
		w.clock.jump(time.Duration(w.random.IntN(20*60)) * time.Second)
		w.nudge()
		w.act()
		w.check()
	}
	for id, p := range w.plans { // from here on nothing but time
		w.strict(p, false)
		w.move(id, domain.Sending, domain.Paused)
	}
	for range 2000 {
		if w.over() {
			break
		}
		w.clock.jump(time.Duration(10+w.random.IntN(50)) * time.Minute)
		w.nudge()
		w.settle(20 * time.Millisecond) // a turn under a cap, or somebody who is there, is lost when the clock jumps first
	}
	w.check()
	w.judge()
}

// plan schedules a campaign to everyone.
func (w *chaos) plan() {
	now := w.clock.time()
	c, err := w.campaigns.Create(w.Context(), domain.Campaign{
		Name: "Any", Channel: domain.Teams, Kind: domain.KindImportant, Status: domain.Draft, Content: domain.Content{Text: "Out"},
		Audience: domain.Audience{Everyone: true}, Delivery: w.policy(), CreatedAt: now, UpdatedAt: now,
	})
	must(w.T, err)
	at := now.Add(time.Duration(w.random.IntN(5)) * time.Hour)
	must(w.T, w.campaigns.Schedule(w.Context(), c.ID, c.Revision, at, now))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plans[c.ID] = &planned{Campaign: c, arrived: map[int64]int{}, unsure: map[int64]int{}}
}

// nudge tells the engines that time has passed, and starts what is due by any of them.
func (w *chaos) nudge() {
	for _, e := range w.engines {
		e.Wake()
	}
	w.engines[w.random.IntN(len(w.engines))].Plan(w.Context())
}

func (w *chaos) beginAll() {
	for i := range w.engines {
		w.begin(i)
	}
}

func (w *chaos) stopAll() {
	for _, e := range w.engines {
		e.stop()
	}
}

// begin starts an engine.
func (w *chaos) begin(i int) {
	m := &mortal{Deliveries: w.rows}
	m.Engine = delivery.New(delivery.Options{
		Store: m, Instances: mortalInstances{store.Instances{DB: w.db}, w, m}, Campaigns: w.campaigns, Audiences: w.campaigns, Turns: store.Turns{DB: w.db}, Sender: w, Directory: w,
		Slots: 6, Sole: w.db.Dialect() == store.SQLite, Zone: "Europe/Paris", Beat: 50 * time.Millisecond,
		Now: w.clock.time, Log: slog.New(slog.DiscardHandler), Observe: func(_ domain.Result, took time.Duration) {
			if took > 0 { // it had its turn
				w.clock.enter(-1)
			}
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.Run(ctx)
	}()
	m.stop = func() {
		cancel()
		<-ended
	}
	w.engines[i] = m
}

// act does something that officers or fate do.
func (w *chaos) act() {
	for id, p := range w.plans {
		switch n := w.random.IntN(60); {
		case n < 3:
			w.pause(id, p)
		case n < 8:
			w.strict(p, false)
			w.move(id, domain.Sending, domain.Paused)
		case n == 8:
			w.retry(id, p)
		case n == 9 && w.random.IntN(12) == 0:
			w.ignoreConflict(w.rows.Cancel(w.Context(), id, w.clock.time()))
		case n == 10:
			i := w.random.IntN(len(w.engines))
			w.engines[i].kill()
			w.begin(i)
		case n == 11:
			i := w.random.IntN(len(w.engines))
			w.engines[i].stop()
			w.begin(i)
		}
	}
	w.settle(time.Duration(w.random.IntN(4)) * time.Millisecond)
}

// settle gives the engine a moment; nothing that is checked depends on how much it does in it.
func (w *chaos) settle(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	<-timer.C
}

// pause holds a campaign. What is in flight still goes; after the engine has stopped it has
// come back, and from then on nothing may go.
func (w *chaos) pause(id int64, p *planned) {
	if !w.move(id, domain.Paused, domain.Sending) || w.random.IntN(2) == 0 {
		return
	}
	w.stopAll()
	w.strict(p, true)
	w.beginAll()
}

// retry may take a campaign that was paused, and then done, back to sending.
func (w *chaos) retry(id int64, p *planned) {
	was := p.strict
	w.strict(p, false)
	err := w.rows.Retry(w.Context(), id, w.clock.time())
	w.ignoreConflict(err)
	if err == nil {
		p.retried++
	}
	if c, err := w.campaigns.Get(w.Context(), id); err == nil && c.Status == domain.Paused {
		w.strict(p, was)
	}
}

func (w *chaos) strict(p *planned, strict bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.strict = strict
}

func (w *chaos) move(id int64, to, from domain.Status) bool {
	err := w.campaigns.Move(w.Context(), id, to, "", w.clock.time(), from)
	w.ignoreConflict(err)
	return err == nil
}

func (w *chaos) ignoreConflict(err error) {
	if err != nil && domain.KindOf(err) != domain.Conflict {
		w.Fatalf("seed %d: %v", w.seed, err)
	}
}

func (w *chaos) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// check looks at the sums, and at what the channel saw.
func (w *chaos) check() {
	for id := range w.plans {
		by, err := w.campaigns.Counts(w.Context(), id)
		must(w.T, err)
		if n := by[id]; n.Listed != n.Recipients+n.Unreachable ||
			n.Recipients != n.Pending+n.Postponed+n.Sent+n.Failed+n.Unscheduled+n.Uncertain+n.Cancelled || n.Listed > chaosPeople {
			w.Fatalf("seed %d: the sums do not hold: %+v", w.seed, n)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.faults) > 0 {
		w.Fatalf("seed %d: %v", w.seed, w.faults[:min(len(w.faults), 5)])
	}
}

func (w *chaos) over() bool {
	for id := range w.plans {
		c, err := w.campaigns.Get(w.Context(), id)
		must(w.T, err)
		by, err := w.campaigns.Counts(w.Context(), id)
		must(w.T, err)
		if !c.Status.Over() || by[id].Left() > 0 {
			return false
		}
	}
	return true
}

// judge compares the rows with what arrived, when all is over.
func (w *chaos) judge() {
	if !w.over() {
		for id, p := range w.plans {
			c, _ := w.campaigns.Get(w.Context(), id)
			by, _ := w.campaigns.Counts(w.Context(), id)
			w.Logf("campaign %d is %s: %+v, policy %+v, hours %+v, now %v", id, c.Status, by[id], p.Delivery, p.Delivery.Hours, w.clock.time())
			rows, _ := w.rows.List(w.Context(), id, domain.DeliveryFilter{State: domain.Postponed}, 0, 5)
			for _, d := range rows {
				w.Logf("row %d, tries %d, attempts %d, hold %d, due %v, code %s", d.ID, d.Tries, d.Attempts, d.Hold, d.DueAt, d.Code)
			}
		}
		w.Fatalf("seed %d: it does not come to an end", w.seed)
	}
	for id, p := range w.plans {
		rows, err := w.rows.List(w.Context(), id, domain.DeliveryFilter{}, 0, 500)
		must(w.T, err)
		once := map[int64]bool{}
		for _, d := range rows {
			once[d.Person.ID] = true
			w.judgeRow(p, d)
		}
		if c, _ := w.campaigns.Get(w.Context(), id); !c.StartedAt.IsZero() && (len(rows) != chaosPeople || len(once) != chaosPeople) {
			w.Errorf("seed %d: campaign %d has %d rows of %d people", w.seed, id, len(rows), len(once))
		}
	}
}

func (w *chaos) judgeRow(p *planned, d domain.Delivery) {
	got, most := p.arrived[d.Person.ID], 1
	if p.Delivery.OnUncertain == domain.Resend {
		most += p.unsure[d.Person.ID] + w.kills
	} else {
		most += p.retried
	}
	switch {
	case got > most:
		w.Errorf("seed %d: person %d got it %d times, at most %d", w.seed, d.Person.ID, got, most)
	case d.State == domain.Sent && got == 0:
		w.Errorf("seed %d: row %d counts as sent, and nothing arrived", w.seed, d.ID)
	case got > 0 && d.State != domain.Sent && p.unsure[d.Person.ID] == 0 && w.kills == 0:
		w.Errorf("seed %d: row %d is %s, and it arrived", w.seed, d.ID, d.State)
	}
}

// Turn, Send, Rate and ClosedUntil are the channel.

// Turn lets everybody through.
func (w *chaos) Turn(ctx context.Context, _ string) domain.Result {
	w.clock.enter(1)
	if ctx.Err() != nil {
		return domain.Result{Verdict: domain.Stopped}
	}
	return domain.Result{}
}

// Rate has no limit.
func (w *chaos) Rate(string) float64 { return 0 }

// ClosedUntil is never.
func (w *chaos) ClosedUntil(string) time.Time { return time.Time{} }

// Send checks that the message may go now, and does with it what chance wants.
func (w *chaos) Send(_ context.Context, c domain.Campaign, d domain.Delivery) domain.Result {
	now := w.clock.time()
	w.mu.Lock()
	defer w.mu.Unlock()
	p, zone := w.plans[c.ID], d.Person.TimeZone
	if p.table == nil {
		p.table = domain.NewTimetable(c.Delivery, c.ID, c.StartedAt, "Europe/Paris")
	}
	if first := p.table.First(d.Person.ID, zone); now.Before(first) {
		w.fault("row %d goes at %v, before its time %v", d.ID, now, first)
	}
	if now.Before(d.DueAt) {
		w.fault("row %d goes at %v, and is due at %v", d.ID, now, d.DueAt)
	}
	if !p.table.Open(now, zone) {
		w.fault("row %d goes at %v in %q, outside %+v", d.ID, now, zone, *c.Delivery.Hours)
	}
	if p.strict {
		w.fault("row %d goes while its campaign is paused", d.ID)
	}
	p.times = append(p.times, now)
	if n := since(p.times, now.Add(-time.Hour)); c.Delivery.MaxPerHour > 0 && n > c.Delivery.MaxPerHour {
		w.fault("%d messages within an hour, at most %d", n, c.Delivery.MaxPerHour)
	}
	return w.chance(p, d)
}

// since counts the times after one.
func since(times []time.Time, after time.Time) int {
	n := 0
	for _, t := range times {
		if t.After(after) {
			n++
		}
	}
	return n
}

func (w *chaos) chance(p *planned, d domain.Delivery) domain.Result {
	switch n := w.dice.IntN(100); {
	case n < 6:
		return domain.Result{Verdict: domain.Passing, Code: domain.ServiceError}
	case n < 10:
		return domain.Result{Verdict: domain.Slowed, RetryAfter: time.Minute}
	case n < 13:
		return domain.Result{Verdict: domain.Refused, Code: domain.BlockedByUser}
	case n < 18:
		p.unsure[d.Person.ID]++
		if n < 16 {
			p.arrived[d.Person.ID]++
		}
		return domain.Result{Verdict: domain.Ambiguous, Code: domain.Timeout}
	}
	p.arrived[d.Person.ID]++
	return domain.Result{Verdict: domain.Accepted, ActivityID: fmt.Sprint(d.ID)}
}

// Presence is by chance, and another each half hour; now and then nobody answers.
func (w *chaos) Presence(_ context.Context, _ string, ids []string) (map[string]domain.Presence, error) {
	now := w.clock.time()
	w.mu.Lock()
	silent := w.dice.IntN(20) == 0
	w.mu.Unlock()
	if silent {
		return nil, &domain.Unavailable{RetryAfter: time.Minute, Err: errors.New("busy")}
	}
	there := map[string]domain.Presence{}
	for _, id := range ids {
		h := fnv.New32a()
		fmt.Fprint(h, id, now.Unix()/1800)
		if h.Sum32()%5 < 2 {
			there[id] = domain.Available
		}
	}
	return there, nil
}

// mortal is an engine that can be killed: from then on it reaches the database no more.
type mortal struct {
	*delivery.Engine
	store.Deliveries
	stop func()

	mu   sync.RWMutex
	dead bool
}

// kill ends it as kill -9 does. What it was about to write is lost, what is being written
// gets done.
func (m *mortal) kill() {
	m.mu.Lock()
	m.dead = true
	m.mu.Unlock()
	m.stop()
}

var errDead = domain.Fail(domain.Conflict, "dead")

func living[T any](m *mortal, do func() (T, error)) (T, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.dead {
		var none T
		return none, errDead
	}
	return do()
}

func (m *mortal) Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error) {
	return living(m, func() ([]domain.Delivery, error) { return m.Deliveries.Exchange(ctx, instance, x, now) })
}

func (m *mortal) Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	return living(m, func() ([]domain.Delivery, error) { return m.Deliveries.Reserve(ctx, instance, lane, now, limit) })
}

func (m *mortal) ReserveTrials(ctx context.Context, instance int64, now time.Time, limit int) ([]domain.Delivery, error) {
	return living(m, func() ([]domain.Delivery, error) { return m.Deliveries.ReserveTrials(ctx, instance, now, limit) })
}

// mortalInstances are the processes, as a mortal sees them.
type mortalInstances struct {
	store.Instances
	w *chaos
	m *mortal
}

func (i mortalInstances) Join(ctx context.Context) (int64, error) {
	return living(i.m, func() (int64, error) { return i.Instances.Join(ctx) })
}

func (i mortalInstances) Beat(ctx context.Context, instance int64) ([]domain.Beat, error) {
	return living(i.m, func() ([]domain.Beat, error) { return i.Instances.Beat(ctx, instance) })
}

func (i mortalInstances) Bury(ctx context.Context, at domain.Beat, batch []domain.Finished, now time.Time) error {
	_, err := living(i.m, func() (struct{}, error) { return struct{}{}, i.Instances.Bury(ctx, at, batch, now) })
	if err == nil {
		i.w.mu.Lock()
		defer i.w.mu.Unlock()
		i.w.kills++
	}
	return err
}

func (i mortalInstances) Leave(ctx context.Context, instance int64) error {
	_, err := living(i.m, func() (struct{}, error) { return struct{}{}, i.Instances.Leave(ctx, instance) })
	return err
}
