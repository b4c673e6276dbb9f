package domain

import (
	"maps"
	"slices"
	"time"
)

// Standing is how far somebody is in a survey. The zero Standing has not begun.
type Standing struct {
	Answers  map[string]Value // by question; the zero Value: it was skipped
	At       string           // the question to ask now; empty: the first, or none any more
	Finished bool
}

// Given is the answers without the questions that were skipped.
func (st Standing) Given() map[string]Value {
	given := maps.Clone(st.Answers)
	maps.DeleteFunc(given, func(_ string, v Value) bool { return v.IsZero() })
	return given
}

// Equal says whether two are the same.
func (st Standing) Equal(other Standing) bool {
	return st.At == other.At && st.Finished == other.Finished && maps.Equal(st.Answers, other.Answers)
}

func (st Standing) with(id string, v Value) Standing {
	answers := maps.Clone(st.Answers)
	if answers == nil {
		answers = map[string]Value{}
	}
	answers[id] = v
	return Standing{Answers: answers, At: st.At, Finished: st.Finished}
}

// Closed says whether a survey takes no more answers.
func (s *Survey) Closed(now time.Time) bool { return !s.ClosesAt.IsZero() && !now.Before(s.ClosesAt) }

// Asked is the question that somebody is to be asked now; false when they have finished.
func (s *Survey) Asked(st Standing) (Question, bool) {
	if st.Finished {
		return Question{}, false
	}
	if q, ok := s.Question(st.At); ok {
		return q, true
	}
	return s.First()
}

// Take is how somebody stands after an answer to a question; the zero Value skips it. Cards
// are pressed twice, on two devices and months later: an answer to a question that was passed
// replaces the one before, one to a question that was not reached changes nothing, and nothing
// changes any more after the end.
func (s *Survey) Take(st Standing, id string, v Value) Standing {
	now, asking := s.Asked(st)
	q, known := s.Question(id)
	if !asking || !known || id != now.ID && !s.comesBefore(id, now.ID, st.Answers) {
		return st
	}
	next := st
	if q.Type != Statement {
		next = st.with(id, v)
	}
	if id != now.ID && s.comesBefore(id, now.ID, next.Answers) {
		return next // the question asked now is still on the way
	}
	following, more := s.Next(id, next.Answers)
	next.At = following.ID
	if !more {
		return s.finish(next)
	}
	return next
}

// TakeAll is how somebody stands after the answers to all questions at once.
func (s *Survey) TakeAll(st Standing, values map[string]Value) Standing {
	if st.Finished {
		return st
	}
	for _, q := range s.Questions {
		if q.Type != Statement {
			st = st.with(q.ID, values[q.ID])
		}
	}
	return s.finish(st)
}

// GoBack is how somebody stands after going back from a question. From another than the one
// that is asked now, or from the first, nothing changes.
func (s *Survey) GoBack(st Standing, from string) Standing {
	now, asking := s.Asked(st)
	if !asking || from != "" && from != now.ID {
		return st
	}
	if before, ok := s.Back(now.ID, st.Answers); ok {
		st.At = before.ID
	}
	return st
}

// finish ends a survey. Answers on a way that was left by going back are dropped.
func (s *Survey) finish(st Standing) Standing {
	path := s.Path(st.Answers)
	answers := maps.Clone(st.Answers)
	maps.DeleteFunc(answers, func(id string, _ Value) bool {
		return !slices.ContainsFunc(path, func(q Question) bool { return q.ID == id })
	})
	return Standing{Answers: answers, Finished: true}
}

// comesBefore says whether one question lies before another on the way of these answers.
func (s *Survey) comesBefore(id, other string, answers map[string]Value) bool {
	path := s.Path(answers)
	at := func(id string) int { return slices.IndexFunc(path, func(q Question) bool { return q.ID == id }) }
	return at(id) >= 0 && at(id) < at(other)
}
