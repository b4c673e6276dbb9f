package bot

import (
	"sync"

	"crier/internal/domain"
)

// redraws are the messages that are being redrawn, with what they are to show next. Each is
// redrawn by one worker at a time, so that an older card can't come after a newer one.
type redraws struct {
	mu      sync.Mutex
	waiting map[string]*domain.SurveyStep // nil: nothing waits, and one is under way
}

// put sets what a message is to show next, and says whether nobody is redrawing it.
func (r *redraws) put(key string, step domain.SurveyStep) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting = map[string]*domain.SurveyStep{}
	}
	_, under := r.waiting[key]
	r.waiting[key] = &step
	return !under
}

// next takes what a message is to show; false: it shows the newest.
func (r *redraws) next(key string) (domain.SurveyStep, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	step := r.waiting[key]
	if step == nil {
		delete(r.waiting, key)
		return domain.SurveyStep{}, false
	}
	r.waiting[key] = nil
	return *step, true
}

// maxRecent bounds the activities remembered in memory.
const maxRecent = 8192

// recent remembers the last activities, in memory and without a time.
type recent struct {
	mu    sync.Mutex
	known map[string]bool
	order [maxRecent]string
	at    int
}

// claim says whether an activity is new, and takes note of it. One without a key is new.
func (r *recent) claim(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key == "" || r.known[key] {
		return key == ""
	}
	if r.known == nil {
		r.known = map[string]bool{}
	}
	delete(r.known, r.order[r.at])
	r.known[key], r.order[r.at] = true, key
	r.at = (r.at + 1) % maxRecent
	return true
}

// release forgets an activity that was claimed and not acted on.
func (r *recent) release(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, key)
}
