package bot

import (
	"context"
	"sync"

	"crier/internal/domain"
)

// redraws are the messages that are being redrawn, or are to be soon, with what they are to show
// next. Each is redrawn by one worker at a time, so that an older card can't come after a newer one.
type redraws struct {
	mu      sync.Mutex
	waiting map[string]*redrawing
}

type redrawing struct {
	step  *domain.SurveyStep // nil: nothing waits, and one is under way
	waits bool               // nobody has begun
	do    func(context.Context)
}

// maxWaiting bounds the redraws that wait; more begin at once.
const maxWaiting = 10_000

// put sets what a message is to show next. begin says that nobody is redrawing it, nor will, and
// wait that it may be done in a while.
func (r *redraws) put(key string, step domain.SurveyStep, mayWait bool, do func(context.Context)) (begin, wait bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting = map[string]*redrawing{}
	}
	e, under := r.waiting[key]
	if !under {
		wait = mayWait && len(r.waiting) < maxWaiting
		r.waiting[key] = &redrawing{step: &step, waits: wait, do: do}
		return true, wait
	}
	e.step = &step
	begin = e.waits && !mayWait
	e.waits = e.waits && mayWait
	return begin, false
}

// due says whether a message that waited is to be redrawn now; false: somebody has begun.
func (r *redraws) due(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.waiting[key]
	waited := e != nil && e.waits
	if waited {
		e.waits = false
	}
	return waited
}

// rest are the redraws that wait, to be done now.
func (r *redraws) rest() []func(context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []func(context.Context)
	for _, e := range r.waiting {
		if e.waits {
			e.waits = false
			all = append(all, e.do)
		}
	}
	return all
}

// next takes what a message is to show; false: it shows the newest.
func (r *redraws) next(key string) (domain.SurveyStep, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.waiting[key]
	if e == nil || e.step == nil {
		delete(r.waiting, key)
		return domain.SurveyStep{}, false
	}
	step := *e.step
	e.step = nil
	return step, true
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
