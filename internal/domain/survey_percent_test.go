package domain

import (
	"slices"
	"testing"
)

func TestPercentsAddUp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind    QuestionType
		answers int64
		counts  []int64
		want    []int
	}{
		{Choice, 8, []int64{5, 3}, []int{63, 37}},
		{Choice, 8, []int64{3, 5}, []int{37, 63}},
		{Choice, 3, []int64{1, 1, 1}, []int{34, 33, 33}},
		{Rating, 6, []int64{1, 1, 1, 1, 2}, []int{17, 17, 17, 16, 33}},
		{YesNo, 1000, []int64{1, 999}, []int{0, 100}},
		{NPS, 7, []int64{0, 7, 0}, []int{0, 100, 0}},
		{Choice, 8, []int64{4, 1}, []int{50, 13}}, // the others answered something else
		{Choices, 8, []int64{5, 3, 8, 1, 0}, []int{63, 38, 100, 13, 0}},
		{Choices, 3, []int64{1, 2}, []int{33, 67}},
		{Choice, 0, []int64{0, 0}, []int{0, 0}},
		{Number, 4, nil, []int{}},
	} {
		q := QuestionReport{Question: Question{Type: test.kind}, Answers: test.answers}
		for _, n := range test.counts {
			q.Options = append(q.Options, OptionCount{Count: n})
		}
		if got := q.Percents(); !slices.Equal(got, test.want) {
			t.Errorf("%s, %v of %d: %v, want %v", test.kind, test.counts, test.answers, got, test.want)
		}
	}
}
