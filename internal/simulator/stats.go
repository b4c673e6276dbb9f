package simulator

import (
	"context"
	"maps"
	"sync"
	"time"
)

// Stats is the tenant's own count of everything, to check a bot's report against.
type Stats struct {
	// What the bot did.
	Tokens, TokensRefused int
	Requests              int         // to the Connector, whatever came of them
	PeakPerSecond         int         // most of them in one second of the clock
	Throttled             int         // 429
	Refused               map[int]int // every answer of 400 and above, by status
	ServerErrors          int
	LostAnswers           int
	Hung                  int
	Delivered             int // messages that arrived; one that was split is two
	Updated, Deleted      int
	Split                 int // activities with text beside an attachment: a fault of the bot

	// What the bot asked Graph.
	PresenceRequests int         // whatever came of them
	PresenceIDs      int         // in those that were answered
	PresenceRefused  map[int]int // answers of 400 and above, by status

	// What the people did.
	Installed    int // who have the bot now
	Posted       int // activities sent to the bot, repeats included
	PostsFailed  int // of these, not answered with 2xx (501 to an invoke included)
	Redelivered  int // of these, repeats made by Behaviour.Redeliver
	Said         int
	Submitted    int // Action.Submit
	Executed     int // Action.Execute
	Reacted      int
	Unreacted    int
	Read         int // read receipts
	Clicked      int // links of the bot opened by people
	ClicksFailed int // of these, answered with 400 and above, or not at all
	Scanned      int // links of the bot looked at by programs

	// What the bot can know of it; see Deeds for more.
	Seen      int // messages that somebody showed to have seen, by whatever they did
	ClickedIn int // messages in which somebody opened a link

	Survey SurveyStats

	Pending int // messages that someone is yet to look at (Engage, Chatty)
}

// Report is what GET /report answers.
type Report struct {
	Installed int                 `json:"installed"` // people who have the bot now
	Requests  int                 `json:"requests"`  // to the Connector
	Throttled int                 `json:"throttled"` // of these, answered with 429
	Messages  map[string][]string `json:"messages"`  // by conversation id, in order of arrival
}

// tally counts, and wakes whoever waits for a count.
type tally struct {
	now     func() time.Time
	mu      sync.Mutex
	stats   Stats
	second  int64 // the second being counted, and how many requests it has seen
	inIt    int
	waiting map[chan struct{}]bool
}

func newTally(now func() time.Time) *tally {
	return &tally{now: now, stats: Stats{Refused: map[int]int{}, PresenceRefused: map[int]int{}}, waiting: map[chan struct{}]bool{}}
}

func (t *tally) add(change func(*Stats)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.stats)
	t.wake()
}

func (t *tally) wake() {
	for ch := range t.waiting {
		select {
		case ch <- struct{}{}:
		default: // it is awake already and will look again
		}
	}
}

func (t *tally) request() {
	second := t.now().Unix()
	t.add(func(st *Stats) {
		st.Requests++
		if second != t.second {
			t.second, t.inIt = second, 0
		}
		t.inIt++
		st.PeakPerSecond = max(st.PeakPerSecond, t.inIt)
	})
}

func (t *tally) snapshot() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.stats
	out.Refused = maps.Clone(out.Refused)
	out.PresenceRefused = maps.Clone(out.PresenceRefused)
	return out
}

func (t *tally) wait(ctx context.Context, cond func(Stats) bool) error {
	ch := make(chan struct{}, 1)
	t.mu.Lock()
	t.waiting[ch] = true
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		delete(t.waiting, ch)
		t.mu.Unlock()
	}()
	for !cond(t.snapshot()) {
		select {
		case <-ch:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Stats is the count as it stands.
func (s *Simulator) Stats() Stats { return s.tally.snapshot() }

// WaitFor returns when the condition holds. It is asked again after every change of
// a count; it must not call back into the simulator's waiting. The error is the
// context's.
func (s *Simulator) WaitFor(ctx context.Context, cond func(Stats) bool) error {
	return s.tally.wait(ctx, cond)
}

// Report is the whole of what arrived. It is as long as all messages together; ask
// Stats for counts.
func (s *Simulator) Report() Report {
	stats := s.Stats()
	out := Report{Installed: stats.Installed, Requests: stats.Requests, Throttled: stats.Throttled, Messages: map[string][]string{}}
	for i, texts := range s.mail.texts() {
		out.Messages[s.people.conversationID(i)] = texts
	}
	return out
}
