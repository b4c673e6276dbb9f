package domain

import (
	"maps"
	"slices"
	"time"
)

// Numbers is what many answered to a rating, an NPS or a number.
type Numbers struct {
	Answers                           int64
	Average, Median, Minimum, Maximum float64 // zero without answers
}

// SumUp sums up how often each number was answered.
func SumUp(counts map[float64]int64) Numbers {
	var all Numbers
	given := slices.DeleteFunc(slices.Sorted(maps.Keys(counts)), func(n float64) bool { return counts[n] <= 0 })
	for _, n := range given {
		all.Answers += counts[n]
	}
	if all.Answers == 0 {
		return Numbers{}
	}
	all.Minimum, all.Maximum = given[0], given[len(given)-1]
	for _, n := range given { // each divided first, so that the sum can't overflow
		all.Average += n * (float64(counts[n]) / float64(all.Answers))
	}
	low, high := nth(given, counts, (all.Answers-1)/2), nth(given, counts, all.Answers/2)
	all.Median = low/2 + high/2
	return all
}

// nth is the n-th of the answers in their order, from 0.
func nth(given []float64, counts map[float64]int64, n int64) float64 {
	for _, value := range given {
		if n -= counts[value]; n < 0 {
			return value
		}
	}
	return 0
}

// PromoterScore is the Net Promoter Score of answers from 0 to 10: the share of promoters
// (9 and 10) minus that of detractors (0 to 6), from -100 to 100. False without answers.
func PromoterScore(counts map[float64]int64) (float64, bool) {
	var answers, promoters, detractors int64
	for n, count := range counts {
		answers += count
		switch {
		case n >= 9:
			promoters += count
		case n <= 6:
			detractors += count
		}
	}
	if answers == 0 {
		return 0, false
	}
	return 100 * float64(promoters-detractors) / float64(answers), true
}

// Pace is when somebody was sent a survey and answered it; a zero time is not known.
type Pace struct {
	SentAt  time.Time
	FirstAt time.Time // the first answer
	LastAt  time.Time // the last answer
	Answers int
}

// Timing is how long people took. Without people it says nothing.
type Timing struct {
	People          int
	Average, Median time.Duration
}

// ResponseTime is how long people took from their first answer to their last. One answer
// takes no time that could be measured, and does not count.
func ResponseTime(of []Pace) Timing {
	var took []time.Duration
	for _, p := range of {
		if p.Answers >= 2 && !p.FirstAt.IsZero() && !p.LastAt.IsZero() {
			took = append(took, p.LastAt.Sub(p.FirstAt))
		}
	}
	return timing(took)
}

// ReactionTime is how long people took from the message to their first answer.
func ReactionTime(of []Pace) Timing {
	var took []time.Duration
	for _, p := range of {
		if !p.SentAt.IsZero() && !p.FirstAt.IsZero() {
			took = append(took, p.FirstAt.Sub(p.SentAt))
		}
	}
	return timing(took)
}

// timing sorts took. Clocks that differ may have an answer come before its message; that
// took no time.
func timing(took []time.Duration) Timing {
	if len(took) == 0 {
		return Timing{}
	}
	slices.Sort(took)
	var seconds float64
	for i := range took {
		took[i] = max(took[i], 0)
		seconds += took[i].Seconds()
	}
	n := len(took)
	low, high := took[(n-1)/2], took[n/2]
	return Timing{
		People: n, Median: low + (high-low)/2,
		Average: time.Duration(seconds / float64(n) * float64(time.Second)).Round(time.Millisecond),
	}
}

// Passage is how people got past a question.
type Passage struct {
	QuestionID string
	Reached    int64 // had the question before them
	Left       int64 // and never went on
}

// DropOff is the part of those who got to a question and never went on, 0 to 1.
func (p Passage) DropOff() float64 {
	if p.Reached == 0 {
		return 0
	}
	return float64(p.Left) / float64(p.Reached)
}

// Passages are the questions in order, and where people dropped off. Passed is how many
// answered a question or skipped it, left how many it was the last for who did not finish,
// both by question id. Statements are not asked: who stopped at one never answered the question
// after it.
func (s *Survey) Passages(passed, left map[string]int64) []Passage {
	before := map[string]int64{}
	for id, n := range left {
		if q, ok := s.AsksFrom(id); ok {
			before[q.ID] += n
		}
	}
	var all []Passage
	for _, q := range s.Questions {
		if q.Type != Statement {
			all = append(all, Passage{QuestionID: q.ID, Reached: passed[q.ID] + before[q.ID], Left: before[q.ID]})
		}
	}
	return all
}

// AsksFrom is the question that somebody is asked who is at one: that one, and after a statement
// the next, for a statement leads nowhere else. False: nothing is asked any more.
func (s *Survey) AsksFrom(id string) (Question, bool) {
	reached := false
	for _, q := range s.Questions {
		if reached = reached || q.ID == id; reached && q.Type != Statement {
			return q, true
		}
	}
	return Question{}, false
}
