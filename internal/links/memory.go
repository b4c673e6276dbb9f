package links

import (
	"sync"
	"time"

	"crier/internal/domain"
)

// How long an answer counts, and how many are kept. What did not answer is tried again
// soon: its author may be mending it.
const (
	keepAnswer  = 10 * time.Minute
	keepFailure = time.Minute
	maxKept     = 1000
)

// memory keeps how addresses answered. The zero value is ready.
type memory struct {
	mu   sync.Mutex
	kept map[string]memo
}

type memo struct {
	verdict verdict
	until   time.Time
}

func (m *memory) get(address string, now time.Time) (verdict, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.kept[address]
	return e.verdict, ok && now.Before(e.until)
}

func (m *memory) put(address string, v verdict, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= maxKept {
		m.kept = map[string]memo{} // all at once: it is no loss to try them anew
	}
	keep := keepFailure
	if v.status == domain.LinkOK {
		keep = keepAnswer
	}
	m.kept[address] = memo{v, now.Add(keep)}
}
