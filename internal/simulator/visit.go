package simulator

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Habits are what people do with a message that arrives, when Options.Engage is
// set. Shares are of messages, 0 to 1.
type Habits struct {
	MinDelay, MaxDelay time.Duration // between arrival and the first look

	Read   float64 // send a read receipt
	Click  float64 // open a link of the bot's own site
	React  float64
	Answer float64 // press an Action.Execute or Action.Submit

	OldClient  float64 // of these, take the Execute's fallback instead
	EveryLink  float64 // of those who open a link, open the others too
	ClickAgain float64 // of the links opened, open it a second time
	Unreact    float64 // of the reactions, take it back a second later

	Survey SurveyHabits // of those who answer, where the message is a survey
}

// DefaultHabits are those of a friendly office in a hurry.
func DefaultHabits() Habits {
	return Habits{
		MaxDelay: 5 * time.Second, Read: 0.8, Click: 0.3, React: 0.2, Answer: 0.4, OldClient: 0.1,
		Survey: SurveyHabits{Pace: 4 * time.Second, DropOut: 0.12, Back: 0.05, LeaveEmpty: 0.05, DoubleClick: 0.05, Later: 0.03},
	}
}

// visit is a person's look at a message, to come.
type visit struct {
	due     time.Time
	person  int
	message int64
	greet   bool                  // only to answer the card that followed the hello
	early   bool                  // the bot does not know yet that the message arrived
	do      func(context.Context) // instead of a look: something that was begun before; may be nil
}

type visits []visit

func (v visits) Len() int           { return len(v) }
func (v visits) Less(i, j int) bool { return v[i].due.Before(v[j].due) }
func (v visits) Swap(i, j int)      { v[i], v[j] = v[j], v[i] }
func (v *visits) Push(x any)        { *v = append(*v, x.(visit)) }
func (v *visits) Pop() any {
	old := *v
	last := old[len(old)-1]
	*v = old[:len(old)-1]
	return last
}

// agenda keeps the visits in order of time. A person costs nothing while nothing is
// due: there is one goroutine that waits and a few that act.
type agenda struct {
	mu    sync.Mutex
	queue visits
	wake  chan struct{}
}

func newAgenda() *agenda { return &agenda{wake: make(chan struct{}, 1)} }

func (a *agenda) add(v visit) {
	a.mu.Lock()
	heap.Push(&a.queue, v)
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// next takes the first visit that is due, or tells how long it is till then;
// negative: for ever.
func (a *agenda) next(now time.Time) (v visit, due bool, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 {
		return v, false, -1
	}
	if wait = a.queue[0].due.Sub(now); wait > 0 {
		return v, false, wait
	}
	return heap.Pop(&a.queue).(visit), true, 0
}

// arrived counts a message and puts a look at it on somebody's agenda.
func (s *Simulator) arrived(i int, message int64) {
	s.tally.add(func(st *Stats) { st.Delivered++ })
	v := visit{due: s.opt.Now(), person: i, message: message}
	b := s.currentBehaviour()
	if b.Scanners {
		s.plan(visit{due: v.due, do: func(ctx context.Context) { s.scan(ctx, i, message) }})
	}
	switch h := s.opt.Habits; {
	case s.opt.Engage && share(s.visitDraw(drawEarly, v)) < b.Early:
		s.lookAtOnce(v)
	case s.opt.Engage:
		span := max(0, h.MaxDelay-h.MinDelay)
		wait := h.MinDelay + time.Duration(share(s.visitDraw(drawDelay, v))*float64(span))
		s.plan(visit{due: v.due.Add(wait), person: i, message: message})
	}
	if s.opt.Chatty && s.opens(i, message) {
		v.greet = true
		s.plan(v)
	}
}

// longestLook is how long a bot is kept waiting, while somebody looks, to hear that their message
// arrived: well within what bots wait, for one that hears nothing sends it once more.
const longestLook = 5 * time.Second

// lookAtOnce has somebody look at a message while the bot still waits to hear that it arrived. What
// takes them longer they go on with after it.
func (s *Simulator) lookAtOnce(v visit) {
	v.early = true
	looked := make(chan struct{})
	s.tally.add(func(st *Stats) { st.Pending++ })
	go func() {
		defer close(looked)
		s.visit(s.life, v)
		s.tally.add(func(st *Stats) { st.Pending-- })
	}()
	late := time.NewTimer(longestLook)
	defer late.Stop()
	select {
	case <-looked:
	case <-late.C:
	}
}

func (s *Simulator) plan(v visit) {
	s.tally.add(func(st *Stats) { st.Pending++ })
	s.visits.add(v)
}

// opens tells whether a message is the first one with a card to answer; each person
// has one of these.
func (s *Simulator) opens(i int, message int64) bool {
	r, _ := s.mail.one(i, message)
	if len(look(r).actions) == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.seats[i].greeted
	s.seats[i].greeted = true
	return first
}

// startVisits begins to work the agenda off, at most Concurrency visits at a time.
func (s *Simulator) startVisits(ctx context.Context) {
	due := make(chan visit)
	s.workers.Go(func() {
		defer close(due)
		s.dispatch(ctx, due)
	})
	for range cap(s.slots) {
		s.workers.Go(func() {
			for v := range due {
				s.visit(ctx, v)
				s.tally.add(func(st *Stats) { st.Pending-- })
			}
		})
	}
}

func (s *Simulator) dispatch(ctx context.Context, due chan<- visit) {
	for ctx.Err() == nil {
		v, now, wait := s.visits.next(s.opt.Now())
		if now {
			select {
			case due <- v:
			case <-ctx.Done():
			}
			continue
		}
		s.visits.sleep(ctx, wait)
	}
}

// sleep returns when the time is over, something new is on the agenda, or the
// context ends.
func (a *agenda) sleep(ctx context.Context, wait time.Duration) {
	var over <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-a.wake:
	case <-ctx.Done():
	}
}

// visitDraw asks chance about one look at one message. The message's number in its
// conversation is what it goes by, not its id, which depends on the clock.
func (s *Simulator) visitDraw(what draw, v visit) uint64 {
	return chance(s.opt.Seed, what, uint64(v.person), uint64(s.mail.number(v.person, v.message)))
}
