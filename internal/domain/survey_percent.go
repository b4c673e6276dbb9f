package domain

import (
	"cmp"
	"slices"
)

// Percents are the shares of the options in whole percent. Where everybody chose one option
// they add up to 100: each is cut to a whole, and those that lost most by it get what is
// missing.
func (q QuestionReport) Percents() []int {
	shares := make([]int, len(q.Options))
	if q.Answers == 0 {
		return shares
	}
	lost, missing := make([]int64, len(q.Options)), int64(0)
	for i, o := range q.Options {
		shares[i], lost[i] = int(100*o.Count/q.Answers), 100*o.Count%q.Answers
		missing += lost[i]
	}
	half := q.Answers / 2
	if q.Question.Type == Choices { // each stands for itself
		for i := range shares {
			if lost[i] >= q.Answers-half {
				shares[i]++
			}
		}
		return shares
	}
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(lost[b], lost[a]), cmp.Compare(q.Options[b].Count, q.Options[a].Count))
	})
	for _, i := range order[:(missing+half)/q.Answers] {
		shares[i]++
	}
	return shares
}
