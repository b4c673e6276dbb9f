package domain

import "slices"

// First is the question that is asked first.
func (s *Survey) First() (Question, bool) {
	if len(s.Questions) == 0 {
		return Question{}, false
	}
	return s.Questions[0], true
}

// Next is the question that follows another by its answer; false at the end, and after a
// question that is not there.
func (s *Survey) Next(after string, answers map[string]Value) (Question, bool) {
	i := slices.IndexFunc(s.Questions, func(q Question) bool { return q.ID == after })
	if i < 0 {
		return Question{}, false
	}
	if to := s.Questions[i].leads(answers[after]); to != "" && s.Style != SingleCard {
		return s.Question(to) // there is none called "end"
	}
	if i+1 == len(s.Questions) {
		return Question{}, false
	}
	return s.Questions[i+1], true
}

// leads is where an answer leads; empty: on in order. Of several choices, the first in the
// question's order that leads somewhere does.
func (q Question) leads(v Value) string {
	for _, answer := range q.answers() {
		number, isNumber := v.Number()
		yes, isYes := v.Yes()
		chosen := v.Text() == answer || slices.Contains(v.List(), answer) ||
			isNumber && numberText(number) == answer ||
			isYes && yes == (answer == "yes")
		if to := q.Goto[answer]; chosen && to != "" {
			return to
		}
	}
	return ""
}

// Path is the questions from the first to the end by these answers; where an answer is
// missing, on in order. Answers to other questions are from a way that was left by going
// back, and don't count.
func (s *Survey) Path(answers map[string]Value) []Question {
	var path []Question
	q, ok := s.First()
	for ok && len(path) < len(s.Questions) { // were there a loop, it would end all the same
		path = append(path, q)
		q, ok = s.Next(q.ID, answers)
	}
	return path
}

// Ends says whether nothing is asked any more after a question: what follows are statements, which
// are said with the thanks. Whoever has answered everything is through, also if they leave then.
func (s *Survey) Ends(after string, answers map[string]Value) bool {
	q, ok := s.Next(after, answers)
	for range s.Questions { // were there a loop, it would end all the same
		if !ok {
			return true
		}
		if q.Type != Statement {
			return false
		}
		q, ok = s.Next(q.ID, answers)
	}
	return false
}

// Closing are the statements after the last question on the way of these answers.
func (s *Survey) Closing(answers map[string]Value) []Question {
	path := s.Path(answers)
	last := len(path)
	for last > 0 && path[last-1].Type == Statement {
		last--
	}
	return path[last:]
}

// Back is the question before another on the way of these answers; false at the first, and
// for one that is not on the way.
func (s *Survey) Back(from string, answers map[string]Value) (Question, bool) {
	path := s.Path(answers)
	i := slices.IndexFunc(path, func(q Question) bool { return q.ID == from })
	if i < 1 {
		return Question{}, false
	}
	return path[i-1], true
}

// Progress says that a question is the n-th of so many, by the longest way that is left: a
// shorter way makes n jump, but it never goes back, and the last is the last. Statements
// don't count.
func (s *Survey) Progress(id string) (n, of int) {
	left := s.longest()
	for i, q := range s.Questions {
		if q.ID == id {
			return min(left[0]-left[i]+1, left[0]), left[0]
		}
	}
	return 0, 0
}
