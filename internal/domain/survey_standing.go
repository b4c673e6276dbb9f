package domain

import (
	"cmp"
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
// changes any more after the end. Nobody gets to the end past a question that needs an answer.
func (s *Survey) Take(st Standing, id string, v Value) Standing {
	now, asking := s.Asked(st)
	q, known := s.Question(id)
	if !asking || !known || id != now.ID && !s.comesBefore(id, now.ID, st.Answers) {
		return st
	}
	next := st
	if q.Type != Statement {
		next = s.onTheWay(st.with(id, v))
	}
	if id != now.ID {
		if at, ok := s.goesOn(id, now.ID, next.Answers); ok {
			next.At = at
			return next
		}
	}
	following, more := s.Next(id, next.Answers)
	if more = more && !s.Ends(id, next.Answers); !more {
		following, more = s.unanswered(next.Answers)
	}
	next.At = following.ID
	if !more {
		return s.finish(next)
	}
	return next
}

// goesOn is where somebody goes on who answered a question again that they had passed: where
// they are, if everything on the way there is answered; else at the first question of the way
// that is not, with what is said right before it. False: the way has neither.
func (s *Survey) goesOn(again, now string, answers map[string]Value) (string, bool) {
	path := s.Path(answers)
	said := "" // the first of the statements right before a question
	for _, q := range path[slices.IndexFunc(path, func(q Question) bool { return q.ID == again })+1:] {
		_, answered := answers[q.ID]
		switch {
		case q.ID == now:
			return now, true
		case q.Type == Statement:
			said = cmp.Or(said, q.ID)
		case answered:
			said = ""
		default:
			return cmp.Or(said, q.ID), true
		}
	}
	return "", false
}

// unanswered is the first question on the way that needs an answer and has none.
func (s *Survey) unanswered(answers map[string]Value) (Question, bool) {
	for _, q := range s.Path(answers) {
		if q.Type != Statement && !q.Optional && answers[q.ID].IsZero() {
			return q, true
		}
	}
	return Question{}, false
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

// onTheWay drops the answers of a way that was left.
func (s *Survey) onTheWay(st Standing) Standing {
	path := s.Path(st.Answers)
	answers := maps.Clone(st.Answers)
	maps.DeleteFunc(answers, func(id string, _ Value) bool {
		return !slices.ContainsFunc(path, func(q Question) bool { return q.ID == id })
	})
	st.Answers = answers
	return st
}

func (s *Survey) finish(st Standing) Standing {
	return Standing{Answers: s.onTheWay(st).Answers, Finished: true}
}

// comesBefore says whether one question lies before another on the way of these answers.
func (s *Survey) comesBefore(id, other string, answers map[string]Value) bool {
	path := s.Path(answers)
	at := func(id string) int { return slices.IndexFunc(path, func(q Question) bool { return q.ID == id }) }
	return at(id) >= 0 && at(id) < at(other)
}
