package simulator

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// SurveyHabits are how people go about a survey: they fill in what a card asks, press its button,
// read what comes back, and go on until nothing is asked any more. On Skype they write messages.
// Shares are 0 to 1.
type SurveyHabits struct {
	// Mark begins the name of a survey in its messages: "mark-" finds one that is called
	// mark-food. Without a mark, every card that asks with a survey's buttons is one of its own.
	Mark string

	Pace time.Duration // how long somebody looks at a card, at most; 0: no time at all

	// Settled is how long nothing must change before somebody who writes, or whose client is old,
	// takes what they see for what stays; 0: as long as it takes to write. It must be longer than
	// the bot takes to change a message.
	Settled time.Duration

	DropOut     float64 // of the sittings: end after a few questions
	Back        float64 // of the answers: go back to it and give another
	LeaveEmpty  float64 // of the cards: send it without what it needs first; who writes, writes nonsense
	DoubleClick float64 // of the presses: twice at once
	TwoDevices  float64 // of the answers: give another from the older card on another device
	Typed       float64 // of the answers: by a message, where there is a card too
	Later       float64 // of the cards that offer it: ask to be reminded tomorrow
	Late        float64 // of those who finished: answer an older card all the same
	Forge       float64 // of the people: send cards with something else in them as well
}

// SurveyStats is what people did with surveys.
type SurveyStats struct {
	Sat, Finished, DroppedOut             int // sittings
	Typed, Doubled, OtherDevice, WentBack int
	LeftEmpty, Postponed, Forged, TooLate int
	TakenAgain                            int // sittings with a survey that was left before
}

// surveys is the tenant's own account of them.
type surveys struct {
	mu sync.Mutex
	by map[sittingKey]*sitting
}

type sittingKey struct {
	survey string
	person int
}

// sitting is one person with one survey, however often they come back to it.
type sitting struct {
	*Simulator
	survey string
	person Person
	dice   dice
	old    bool // their client knows no Action.Execute
	forger bool // never with an old client: what comes of a forgery changes the message a while later

	mu       sync.Mutex // guards what follows
	busy     bool
	finished bool
	message  string              // the last one that the survey came in
	given    map[string][]string // what was answered last, by question
	path     []passed            // the questions that lie behind, by the way that was gone
	older    []page              // cards that were answered
	last     page                // what they saw last
	redrawn  page                // whose message is still to change, after a press that was answered already
	edits    int                 // how often it had changed before that press
	trail    []string            // what they did last, for whoever looks into a trouble
	troubles []string            // what the bot should not have done
}

// passed is a card that was answered.
type passed struct {
	key     string
	answers map[string][]string // by question; empty where one was left out
}

// surveyIn is the name of the survey in a message; empty: there is none.
func (s *Simulator) surveyIn(r Received, view cardView) string {
	mark := s.opt.Habits.Survey.Mark
	if mark == "" {
		if slices.ContainsFunc(view.actions, func(a cardAction) bool { return a.verb == verbAnswer }) {
			return r.ID
		}
		return ""
	}
	_, after, found := strings.Cut(r.Text+" "+string(r.Raw), mark)
	if !found {
		return ""
	}
	end := strings.IndexFunc(after, func(c rune) bool { return c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return mark + after[:max(end, 0)]
}

// sitting finds a person's, or begins it.
func (s *Simulator) sitting(survey string, i int) *sitting {
	s.surveys.mu.Lock()
	defer s.surveys.mu.Unlock()
	key := sittingKey{survey, i}
	t := s.surveys.by[key]
	if t == nil {
		p, seed := s.Person(i), chance(s.opt.Seed, drawSurvey, uint64(i))
		for _, c := range []byte(survey) {
			seed = mix(seed ^ uint64(c))
		}
		t = &sitting{Simulator: s, survey: survey, person: p, dice: dice{seed}, given: map[string][]string{}}
		t.old = share(chance(seed, drawSurveyClient)) < s.opt.Habits.OldClient
		t.forger = !p.Skype() && !t.old && share(chance(seed, drawForger)) < s.opt.Habits.Survey.Forge
		s.surveys.by[key] = t
	}
	return t
}

// sit has a person go about a survey, unless they are at it or through.
func (s *Simulator) sit(ctx context.Context, v visit, survey string, message Received) {
	t := s.sitting(survey, v.person)
	if !t.begin(message) {
		return
	}
	p := t.read(message)
	stop := -1
	if t.dice.under(s.opt.Habits.Survey.DropOut) {
		stop = t.dice.pick(4)
	}
	switch {
	case t.person.Skype(): // writing takes a moment
		s.plan(visit{due: s.opt.Now().Add(writing), do: func(ctx context.Context) { t.goOn(ctx, p, 0, stop) }})
	case !v.early:
		t.goOn(ctx, p, 0, stop)
	case t.old: // waits for the message to change, which the bot waits to hear of
		s.plan(visit{due: s.opt.Now(), do: func(ctx context.Context) { t.goOn(ctx, p, 0, stop) }})
	default:
		p, more := t.turn(ctx, p)
		s.plan(visit{due: s.opt.Now(), do: func(ctx context.Context) {
			if more {
				t.goOn(ctx, p, 1, stop)
			} else {
				t.end()
			}
		}})
	}
}

// writing is how long a message takes to write at least, and longer than a bot takes to know that
// what it answers was sent.
const writing = 1500 * time.Millisecond

// settled is how long nothing must change in a chat before people believe what they see.
func (t *sitting) settled() time.Duration { return cmp.Or(t.opt.Habits.Survey.Settled, writing) }

// begin says whether somebody has time for a survey and is not through with it.
func (t *sitting) begin(message Received) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy || t.finished {
		return false
	}
	again := t.message != ""
	t.busy, t.message = true, message.ID
	t.tally.add(func(st *Stats) {
		if st.Survey.Sat++; again {
			st.Survey.TakenAgain++
		}
	})
	return true
}

func (t *sitting) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy = false
}

// maxTurns is more than any survey takes.
const maxTurns = 400

// goOn goes from card to card until nothing is asked any more, or they have had enough: at the
// card that stop counts, -1: never. n cards lie behind.
func (t *sitting) goOn(ctx context.Context, p page, n, stop int) {
	for ; n < maxTurns; n++ {
		if !p.asks() {
			t.finish(ctx)
			t.end()
			return
		}
		if n == stop {
			t.did(func(st *SurveyStats) { st.DroppedOut++ })
			t.end()
			return
		}
		var more bool
		if p, more = t.turn(ctx, p); !more {
			t.end()
			return
		}
		if pace := t.opt.Habits.Survey.Pace; pace > 0 {
			look := time.Duration(share(t.dice.next()) * float64(pace))
			t.plan(visit{due: t.opt.Now().Add(look), do: func(ctx context.Context) { t.goOn(ctx, p, n+1, stop) }})
			return
		}
	}
	t.trouble("it asks for ever")
	t.end()
}

// turn is one card: answered, and perhaps more done with it. It gives the card that follows;
// false: that did not come.
func (t *sitting) turn(ctx context.Context, p page) (page, bool) {
	h := t.opt.Habits.Survey
	t.saw(p)
	if t.forger && t.dice.under(0.4) {
		t.forge(ctx, p)
	}
	if p.later != nil && !t.old && t.dice.under(h.Later) { // whose card would change later on
		t.postpone(ctx, p)
	}
	if t.ahead(p) && t.dice.under(h.LeaveEmpty) {
		p = t.leaveEmpty(ctx, p)
	}
	f := t.fill(p)
	next, ok := t.answer(ctx, &p, &f)
	if !ok {
		return p, false
	}
	if next.asks() && next.key == p.key {
		t.trouble("it asks again: " + p.key)
		return next, !t.fedUp()
	}
	known := t.note(p, f)
	if next.asks() && p.card != nil && len(p.asked) == 1 && t.dice.under(h.TwoDevices) {
		if next, ok = t.otherDevice(ctx, p); !ok {
			return p, false
		}
		known = true
	}
	if known && next.asks() {
		return t.backTo(ctx, next, p.key)
	}
	if next.asks() && next.back != nil && t.dice.under(h.Back) {
		return t.goBack(ctx, next)
	}
	return next, true
}

// otherDevice answers a card again, which another device still shows.
func (t *sitting) otherDevice(ctx context.Context, p page) (page, bool) {
	t.did(func(st *SurveyStats) { st.OtherDevice++ })
	f := t.fill(p)
	next, ok := t.press(ctx, p, f.button, f.inputs, aNext)
	if ok {
		t.note(p, f)
	}
	return next, ok
}

// backTo goes back to a card that was answered again: from there on the way is known, wherever
// the new answer leads.
func (t *sitting) backTo(ctx context.Context, p page, key string) (page, bool) {
	for p.asks() && p.key != key && p.back != nil {
		var ok bool
		if p, ok = t.goBack(ctx, p); !ok {
			return p, false
		}
	}
	return p, true
}

// goBack presses "Back".
func (t *sitting) goBack(ctx context.Context, p page) (page, bool) {
	t.did(func(st *SurveyStats) { st.WentBack++ })
	next, ok := t.press(ctx, p, p.back, nil, aPrevious)
	if ok {
		t.passedBack(next)
	}
	return next, ok
}

// finish ends a sitting whose last card asks nothing.
func (t *sitting) finish(ctx context.Context) {
	t.mu.Lock()
	t.finished = true
	older := t.older
	t.mu.Unlock()
	t.did(func(st *SurveyStats) { st.Finished++ })
	if len(older) > 0 && t.dice.under(t.opt.Habits.Survey.Late) {
		t.tooLate(ctx, older[t.dice.pick(len(older))])
	}
}

// dice are one person's chances with one survey, in their order.
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state = mix(d.state)
	return d.state
}

func (d *dice) under(part float64) bool { return share(d.next()) < part }
func (d *dice) pick(n int) int          { return pick(d.next(), n) }
