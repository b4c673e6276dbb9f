package simulator

import "net/http"

// Play takes a person over: from now on they look at nothing and answer nothing by themselves.
func (s *Simulator) Play(i int) { s.change(i, func(seat *seat) { seat.played = true }) }

// Block has a person block the bot, which is not told: from now on every send meets 403. Or they
// let it through again.
func (s *Simulator) Block(i int, blocked bool) {
	s.change(i, func(seat *seat) { seat.blocked = blocked })
}

// Has tells whether a person has the bot, and whether they have blocked it.
func (s *Simulator) Has(i int) (has, blocked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seats[i].state == installed, s.seats[i].blocked
}

// Behaviour is how the service treats the bot now.
func (s *Simulator) Behaviour() Behaviour { return s.currentBehaviour() }

func (s *Simulator) change(i int, do func(*seat)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(&s.seats[i])
}

func (s *Simulator) played(i int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seats[i].played
}

func (s *Simulator) blocks(i int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seats[i].blocked
}

func blockedByUser() *answer {
	return failure(http.StatusForbidden, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
}
