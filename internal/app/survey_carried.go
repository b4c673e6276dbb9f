package app

import (
	"container/list"
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"crier/internal/domain"
)

// carried is how somebody stands in an anonymous survey, as their card carries it.
type carried struct {
	domain.Standing
	Steps int // how many there were before: of two cards the one with more is newer
}

// maxCarried bounds the anonymous surveys under way that are remembered: whoever did nothing for
// the longest time is forgotten first. Of them what the card carries counts.
const maxCarried = 10_000

// standings remembers, in this process alone, how people stand in anonymous surveys, by their
// rows: so that a card from before takes nobody back, and a message finds the question that it
// answers. Who has finished is not remembered, but for test sends: the ballots know them.
type standings struct {
	mu      sync.Mutex
	byRow   map[int64]*list.Element // of remembered
	order   list.List               // the longest unchanged first
	evicted time.Time               // when somebody was last forgotten for want of room
	turns   map[int64]*turn
}

// remembered is how somebody stands, and since when.
type remembered struct {
	carried
	row int64
	at  time.Time
}

// now is the newer of what a card carries and what is remembered.
func (s *standings) now(row int64, card carried) carried {
	if kept, ok := s.find(row); ok && kept.Steps >= card.Steps {
		return kept.carried
	}
	return card
}

func (s *standings) find(row int64) (remembered, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byRow[row]
	if !ok {
		return remembered{}, false
	}
	return e.Value.(remembered), true
}

func (s *standings) keep(row int64, st carried, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byRow == nil {
		s.byRow = map[int64]*list.Element{}
	}
	if e, known := s.byRow[row]; known {
		s.order.Remove(e)
	} else if len(s.byRow) >= maxCarried {
		oldest := s.order.Remove(s.order.Front()).(remembered)
		delete(s.byRow, oldest.row)
		s.evicted = now
	}
	s.byRow[row] = s.order.PushBack(remembered{st, row, now})
}

func (s *standings) forget(row int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, known := s.byRow[row]; known {
		s.order.Remove(e)
		delete(s.byRow, row)
	}
}

// lastEvicted is when somebody was last forgotten for want of room.
func (s *standings) lastEvicted() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.evicted
}

// stands is how somebody stands in an anonymous survey: who has cast their ballot has finished,
// of others only their card and this process know.
func (a *Surveys) stands(ctx context.Context, to asking) (carried, error) {
	if !to.row.Trial {
		if cast, err := a.Ballots.HasCast(ctx, to.ID, to.row.Person.ID); cast || err != nil {
			return carried{Standing: domain.Standing{Finished: true}}, err
		}
	}
	return a.standings.now(to.row.ID, a.open(to.row.ID, to.state)), nil
}

// errTooLong refuses an answer that the card could not carry.
var errTooLong = domain.Fail(domain.Invalid, "Your answers have become too long for this card. Please shorten this one.")

// takeCarried changes how somebody stands in an anonymous survey. Of several at once, each goes on
// from where the one before it ended; who comes while the last answer is counted does nothing
// more, and is told what comes of that.
func (a *Surveys) takeCarried(ctx context.Context, to asking, do func(domain.Standing) domain.Standing) (domain.Standing, error) {
	mine, other := a.standings.enter(to.row.ID)
	for other != nil {
		if ended, err := other.wait(ctx); ended || err != nil {
			return domain.Standing{Finished: true}, err
		}
		mine, other = a.standings.enter(to.row.ID)
	}
	defer a.standings.leave(to.row.ID, mine)
	before, err := a.stands(ctx, to)
	if err != nil || before.Finished {
		return before.Standing, err
	}
	after := carried{Standing: do(before.Standing), Steps: before.Steps}
	if !after.Equal(before.Standing) {
		after.Steps++
	}
	switch {
	case after.Finished && to.row.Trial:
		a.standings.keep(to.row.ID, carried{Standing: domain.Standing{Finished: true}, Steps: after.Steps}, a.Now())
	case after.Finished:
		mine.err = a.count(ctx, to, before, after)
		mine.ended = mine.err == nil
	case !maps.Equal(before.Answers, after.Answers) && !a.fits(to.row.ID, after):
		return before.Standing, errTooLong
	default:
		a.standings.keep(to.row.ID, after, a.Now())
	}
	return after.Standing, mine.err
}

// remembered is how somebody stands. Of an anonymous survey it is remembered from now on, so that a
// message finds the question of the card that they pressed on.
func (a *Surveys) remembered(ctx context.Context, to asking) (domain.Standing, error) {
	if !to.anonymous {
		return a.standing(ctx, to)
	}
	return a.takeCarried(ctx, to, func(st domain.Standing) domain.Standing { return st })
}

// count counts the answers of somebody who gave the last one. When that fails they stand where
// they stood, so that the same answer can be sent again.
func (a *Surveys) count(ctx context.Context, to asking, before, after carried) error {
	err := a.cast(ctx, to.Campaign, domain.Ballot{Delivery: to.row, Answers: after.Answers})
	if err != nil {
		a.standings.keep(to.row.ID, before, a.Now())
		return err
	}
	a.standings.forget(to.row.ID)
	return nil
}

// surelyFits is what fits a card however badly it packs, in bytes.
const surelyFits = 8_500

// fits says whether a card can carry how somebody stands.
func (a *Surveys) fits(row int64, st carried) bool {
	raw, err := json.Marshal(st)
	return err == nil && len(raw) <= surelyFits || len(a.seal(row, st)) <= maxState
}
