package app

import "sync"

// maxTyped bounds the surveys that are remembered; who is forgotten is told once more.
const maxTyped = 10_000

// word is what somebody is told once about a survey.
type word int

const (
	tooLate word = iota // it is closed
	onCard              // only its card can be answered
)

// typed remembers, in this process alone, by the rows of surveys, the question whose answer could
// not be read, and what was said about a message.
type typed struct {
	mu     sync.Mutex
	failed map[int64]string
	said   map[said]bool
}

type said struct {
	row int64
	word
}

// failedFirst notes that the answer to a question could not be read, and says whether that is
// the first time in a row.
func (t *typed) failedFirst(row int64, question string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed[row] == question {
		delete(t.failed, row)
		return false
	}
	if t.failed == nil || len(t.failed) >= maxTyped {
		t.failed = map[int64]string{}
	}
	t.failed[row] = question
	return true
}

// read notes that an answer could be read.
func (t *typed) read(row int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, row)
}

// sayNow says whether a word was not said of a survey yet, and notes that it is.
func (t *typed) sayNow(row int64, w word) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.said[said{row, w}] {
		return false
	}
	if t.said == nil || len(t.said) >= maxTyped {
		t.said = map[said]bool{}
	}
	t.said[said{row, w}] = true
	return true
}
