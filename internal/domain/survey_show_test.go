package domain

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// smallBranch asks everybody "mark", and those who mind, "why".
func smallBranch() *Survey {
	return &Survey{Privacy: Anonymous, Questions: []Question{{ID: "mark", Type: Rating, Text: "Well?"}, {ID: "why", Type: FreeText, Text: "Why?"}}}
}

// tallied is what so many marked with 1, and so many of them wrote.
func tallied(marked, wrote int64) SurveyTally {
	t := SurveyTally{Responses: marked, Completed: marked, Counts: map[string]map[string]int64{"mark": {"1": marked}}, Latest: map[string][]string{"why": {}}}
	for n := range wrote {
		t.Latest["why"] = append(t.Latest["why"], strconv.FormatInt(n, 10))
	}
	if wrote > 0 {
		t.Counts["why"] = map[string]int64{answered: wrote}
	}
	return t
}

// A branch that few took shows nothing, and changes only when enough more took it.
func TestABranchIsASurveyOfItsOwn(t *testing.T) {
	t.Parallel()
	s, shown := smallBranch(), SurveyTally{}
	for _, step := range []struct {
		marked, wrote     int64 // so far
		mark, why         int64 // answers that are shown
		withheld, noTexts bool
		texts             int
	}{
		{marked: 5, wrote: 1, mark: 5, why: 0, withheld: true, noTexts: true},
		{marked: 10, wrote: 4, mark: 10, why: 0, withheld: true, noTexts: true},
		{marked: 15, wrote: 6, mark: 15, why: 6, noTexts: true},
		{marked: 20, wrote: 10, mark: 20, why: 6, noTexts: true},
		{marked: 25, wrote: 11, mark: 25, why: 11, texts: 11},
		{marked: 30, wrote: 11, mark: 30, why: 11, texts: 11},
		{marked: 33, wrote: 20, mark: 30, why: 20, texts: 20},
	} {
		shown = s.Show(shown, tallied(step.marked, step.wrote))
		r := s.Report(step.marked, step.marked, shown)
		mark, why := r.Questions[0], r.Questions[1]
		got := []any{mark.Answers, why.Answers, mark.Withheld, why.Withheld, why.TextsWithheld, len(why.Latest)}
		if diff := cmp.Diff([]any{step.mark, step.why, false, step.withheld, step.noTexts, step.texts}, got); diff != "" {
			t.Errorf("%d marked and %d wrote:\n%s", step.marked, step.wrote, diff)
		}
	}
}

func TestNumbersOfWhichThereAreTooMany(t *testing.T) {
	t.Parallel()
	q := Question{ID: "n", Type: Number}
	counts := map[string]int64{}
	for n := range 100_000 {
		counts[q.CountedAs(q.CountKeys(NumberValue(float64(n)))[0], counts)]++
	}
	if len(counts) > 1500 {
		t.Errorf("%d different numbers are counted", len(counts))
	}
	r := q.report(counts)
	if r.Answers != 100_000 || r.Numbers.Average < 49_000 || r.Numbers.Average > 51_000 {
		t.Errorf("%d answers, %v on average", r.Answers, r.Numbers.Average)
	}
	if counts["7"] != 1 || counts[""] != 0 {
		t.Error("the first are not counted as they are")
	}
	if key := (Question{Type: Choice}).CountedAs(`"x"`, counts); key != `"x"` {
		t.Errorf("an option counts as %s", key)
	}
}
