package domain

import (
	"fmt"
	"strconv"
)

// ways are where a question can lead: indexes of questions, by question. len(Questions)
// stands for the end.
//
// From a question one goes where the answer leads (goto), else to the next in order, and
// from the last to the end. Where each possible answer leads somewhere and one has to be
// given, nobody goes on in order.
func (s *Survey) ways() [][]int {
	position := map[string]int{end: len(s.Questions)}
	for i, q := range s.Questions {
		position[q.ID] = i
	}
	all := make([][]int, len(s.Questions))
	for i, q := range s.Questions {
		led := 0
		for _, answer := range q.answers() {
			if to, leads := q.Goto[answer]; leads {
				all[i] = append(all[i], position[to])
				led++
			}
		}
		if q.Optional || led == 0 || led < len(q.answers()) {
			all[i] = append(all[i], i+1)
		}
	}
	return all
}

// answers are the answers that a question offers, by which it can lead somewhere; none for
// one whose answers are free.
func (q Question) answers() []string {
	switch q.Type {
	case Choice, Choices:
		return q.Options
	case YesNo:
		return []string{"yes", "no"}
	case Rating:
		return numbers(minRating, maxRating)
	case NPS:
		return numbers(minNPS, maxNPS)
	}
	return nil
}

func numbers(from, to int) []string {
	var list []string
	for n := from; n <= to; n++ {
		list = append(list, strconv.Itoa(n))
	}
	return list
}

// checkWays holds that every question can be reached and that no way comes back to where it
// was. Every way ends then: each question leads somewhere, and there are only so many.
func (s *Survey) checkWays(f *faults) {
	const under, done = 1, 2 // way
	ways, state, looped := s.ways(), make([]int, len(s.Questions)), false
	var walk func(i int)
	walk = func(i int) {
		state[i] = under
		for _, to := range ways[i] {
			switch {
			case to == len(s.Questions) || state[to] == done:
			case state[to] == under && !looped: // told once; mending it may mend the others
				looped = true
				f.add(fmt.Sprintf("content.questions[%d].goto", i), "From here people would come back to a question again and again.")
			case state[to] == 0:
				walk(to)
			}
		}
		state[i] = done
	}
	if len(s.Questions) > 0 {
		walk(0)
	}
	for i := range s.Questions {
		if state[i] == 0 {
			f.add(fmt.Sprintf("content.questions[%d]", i), "Nobody would get to this question.")
		}
	}
}

// longest is how many questions are left on the longest way from each, itself counted.
func (s *Survey) longest() []int {
	ways, left := s.ways(), make([]int, len(s.Questions)+1)
	known := make([]bool, len(s.Questions)+1)
	var count func(i int) int
	count = func(i int) int {
		if i == len(s.Questions) || known[i] {
			return left[i]
		}
		known[i] = true // before the others: were there a loop, it would end all the same
		for _, to := range ways[i] {
			left[i] = max(left[i], count(to))
		}
		if s.Questions[i].Type != Statement {
			left[i]++
		}
		return left[i]
	}
	for i := range s.Questions {
		count(i)
	}
	return left
}
