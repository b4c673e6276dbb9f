package directory

import (
	"sync"
	"time"

	"crier/internal/domain"
)

const (
	factLifetime = time.Minute
	maxFacts     = 100_000 // in both halves together
)

// memory keeps what Graph answered for a minute. It has two halves: when the young
// one is full or a minute old it becomes the old one, and what was in the old one is
// forgotten. So it is bounded, and what has expired goes first.
type memory struct {
	mu         sync.Mutex
	young, old map[subject]fact
	since      time.Time // when the young half began
}

type subject struct {
	tenantID string
	id       guid
}

type fact struct {
	presence domain.Presence // absent is known as well
	until    time.Time
}

// recall adds what it knows to found, and gives the ids that are left.
func (m *memory) recall(now time.Time, tenantID string, ids []guid, found presences) []guid {
	m.mu.Lock()
	defer m.mu.Unlock()
	unknown := ids[:0]
	for _, id := range ids {
		if f, ok := m.lookup(subject{tenantID, id}); ok && now.Before(f.until) {
			found[id] = f.presence
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

func (m *memory) lookup(s subject) (fact, bool) {
	if f, ok := m.young[s]; ok {
		return f, true
	}
	f, ok := m.old[s]
	return f, ok
}

// keep remembers a batch; who is not in the answer is absent.
func (m *memory) keep(now time.Time, tenantID string, batch []guid, answer presences) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || now.Sub(m.since) >= factLifetime || len(m.young)+len(batch) > maxFacts/2 {
		m.young, m.old, m.since = map[subject]fact{}, m.young, now
	}
	for _, id := range batch {
		m.young[subject{tenantID, id}] = fact{answer[id], now.Add(factLifetime)}
	}
}
