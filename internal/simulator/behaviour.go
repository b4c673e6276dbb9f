package simulator

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Behaviour is how badly the service treats the bot. The zero value is a perfect
// day. Shares are of people, 0 to 1, and say who: the same seed picks the same.
type Behaviour struct {
	Latency time.Duration // before every answer of the Connector and of Graph
	Jitter  time.Duration // up to this much more

	Rate       float64       // Connector requests a second for the whole tenant; 429 above; 0: no limit
	RetryAfter time.Duration // told with the 429; 0: one second (Graph: 1.5); negative: not told

	Blocked       float64 // 403 MessageWritesBlocked, errorCode 209 with JSON in a string
	BlockedByUser float64 // 403 ConversationBlockedByUser
	NotInRoster   float64 // 403 BotNotInConversationRoster
	Gone          float64 // 404 ConversationNotFound

	ServerError float64 // 500, 502, 503 or 504, half of them with an HTML body
	LostAnswer  float64 // the message arrives, and yet the bot reads 504
	Hang        float64 // no answer until the bot gives up

	// FailFirst limits ServerError, LostAnswer and Hang to the first n writes for
	// a person since the last SetBehaviour; 0: always.
	FailFirst int

	Redeliver float64 // share of activities that reach the bot twice

	// Scanners look at each link of the bot's site as soon as a message arrives: programs that
	// draw previews, look for viruses or load ahead of a click.
	Scanners bool
	// Late is how much later what people do may reach the bot, each thing for itself, so that
	// nothing comes in order; and so do repeats. Activities tell when they happened.
	Late time.Duration
	// Early is the share of messages that people act on before the bot reads the answer to its
	// send.
	Early float64

	NoPresence bool    // nobody has consented to Presence.Read.All: Graph answers 403
	GraphRate  float64 // Graph requests a second; 429 above, with RetryAfter; 0: no limit
}

// SetBehaviour changes the weather at once, and counts attempts from zero.
func (s *Simulator) SetBehaviour(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = b
	s.throttle.set(b.Rate)
	s.graph.set(b.GraphRate)
	for i := range s.seats {
		s.seats[i].attempts = 0
	}
}

func (s *Simulator) currentBehaviour() Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.behaviour
}

// throttle is a token bucket that holds one second's worth.
type throttle struct {
	mu     sync.Mutex
	bucket *rate.Limiter // nil: no limit
}

func (t *throttle) set(perSecond float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bucket = nil; perSecond > 0 {
		t.bucket = rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond)))
	}
}

func (t *throttle) allow(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bucket == nil || t.bucket.AllowN(now, 1)
}

// retryAfter is the header's value, in seconds, perhaps fractional (outbound 4).
func (b Behaviour) retryAfter() string {
	switch {
	case b.RetryAfter < 0:
		return ""
	case b.RetryAfter == 0:
		return "1"
	}
	return strconv.FormatFloat(b.RetryAfter.Seconds(), 'f', -1, 64)
}

// pause waits out the latency; false when the caller went away first.
func (s *Simulator) pause(ctx context.Context, b Behaviour) bool {
	wait := b.Latency
	if b.Jitter > 0 {
		wait += time.Duration(share(chance(s.opt.Seed, drawJitter, s.next())) * float64(b.Jitter))
	}
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.life.Done():
	}
	return false
}

// mishap is what befalls one write.
type mishap int

const (
	noMishap mishap = iota
	mishapServerError
	mishapLostAnswer
	mishapHang
)

// standing is the refusal a person has in store for every write, or nil.
func (s *Simulator) standing(b Behaviour, i int) *answer {
	among := func(what draw, part float64) bool { return part > 0 && share(s.people.draw(what, i)) < part }
	switch {
	case among(drawBlocked, b.Blocked):
		return writesBlocked()
	case s.blocks(i) || among(drawBlockedByUser, b.BlockedByUser):
		return blockedByUser()
	case among(drawRoster, b.NotInRoster):
		return notInRoster()
	case among(drawGone, b.Gone):
		return conversationNotFound()
	}
	return nil
}

// attempt counts one write for a person and says what befalls it, with the number
// of the attempt.
func (s *Simulator) attempt(b Behaviour, i int) (mishap, int) {
	s.mu.Lock()
	n := int(s.seats[i].attempts)
	if n < 1<<16-1 {
		s.seats[i].attempts++
	}
	s.mu.Unlock()
	if b.FailFirst > 0 && n >= b.FailFirst {
		return noMishap, n
	}
	among := func(what draw, part float64) bool { return part > 0 && share(s.people.draw(what, i)) < part }
	switch {
	case among(drawServerError, b.ServerError):
		return mishapServerError, n
	case among(drawLost, b.LostAnswer):
		return mishapLostAnswer, n
	case among(drawHang, b.Hang):
		return mishapHang, n
	}
	return noMishap, n
}
