package domain

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNumbersAreSummedUp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		counts map[float64]int64
		want   Numbers
	}{
		"nobody":         {nil, Numbers{}},
		"nobody, noted":  {map[float64]int64{3: 0}, Numbers{}},
		"one":            {map[float64]int64{4: 1}, Numbers{1, 4, 4, 4, 4}},
		"an odd number":  {map[float64]int64{1: 1, 2: 1, 9: 1}, Numbers{3, 4, 2, 1, 9}},
		"an even number": {map[float64]int64{1: 2, 4: 2}, Numbers{4, 2.5, 2.5, 1, 4}},
		"a long tail":    {map[float64]int64{5: 7, -15: 1}, Numbers{8, 2.5, 5, -15, 5}},
		"none of some":   {map[float64]int64{1: 0, 2: 4, 3: 0}, Numbers{4, 2, 2, 2, 2}},
		"huge numbers":   {map[float64]int64{math.MaxFloat64: 2}, Numbers{2, math.MaxFloat64, math.MaxFloat64, math.MaxFloat64, math.MaxFloat64}},
	}
	for name, test := range tests {
		if diff := cmp.Diff(test.want, SumUp(test.counts)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestPromoterScore(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		counts map[float64]int64
		want   float64
	}{
		"promoters":  {map[float64]int64{9: 1, 10: 3}, 100},
		"detractors": {map[float64]int64{0: 1, 6: 1}, -100},
		"passives":   {map[float64]int64{7: 5, 8: 5}, 0},
		"a mixture":  {map[float64]int64{10: 5, 9: 2, 8: 1, 7: 0, 6: 1, 3: 1}, 50},
		"a third":    {map[float64]int64{9: 1, 7: 2}, 100.0 / 3},
	}
	for name, test := range tests {
		if got, ok := PromoterScore(test.counts); !ok || math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, test.want)
		}
	}
	if got, ok := PromoterScore(nil); ok {
		t.Errorf("the score of nobody is %v", got)
	}
}

func TestTimings(t *testing.T) {
	t.Parallel()
	// pace is somebody who was sent it at noon and answered so many seconds later.
	pace := func(first, last, answers int) Pace {
		return Pace{SentAt: noon, FirstAt: noon.Add(time.Duration(first) * time.Second), LastAt: noon.Add(time.Duration(last) * time.Second), Answers: answers}
	}
	timing := func(people int, average, median float64) Timing {
		return Timing{people, time.Duration(average * float64(time.Second)), time.Duration(median * float64(time.Second))}
	}
	tests := map[string]struct {
		paces              []Pace
		response, reaction Timing
	}{
		"nobody":                 {nil, Timing{}, Timing{}},
		"somebody":               {[]Pace{pace(420, 467, 3)}, timing(1, 47, 47), timing(1, 420, 420)},
		"three":                  {[]Pace{pace(10, 20, 2), pace(20, 40, 2), pace(60, 150, 2)}, timing(3, 40, 20), timing(3, 30, 20)},
		"four":                   {[]Pace{pace(1, 2, 2), pace(2, 4, 2), pace(3, 6, 2), pace(4, 8, 2)}, timing(4, 2.5, 2.5), timing(4, 2.5, 2.5)},
		"one answer is no time":  {[]Pace{pace(10, 10, 1), pace(30, 50, 2)}, timing(1, 20, 20), timing(2, 20, 20)},
		"who did not answer":     {[]Pace{{SentAt: noon}, pace(10, 20, 2)}, timing(1, 10, 10), timing(1, 10, 10)},
		"sent at no known time":  {[]Pace{{FirstAt: noon, LastAt: noon.Add(time.Second), Answers: 2}}, timing(1, 1, 1), Timing{}},
		"before it was sent":     {[]Pace{pace(-5, 20, 2), pace(10, 20, 2)}, timing(2, 17.5, 17.5), timing(2, 5, 5)},
		"all at the same moment": {[]Pace{pace(0, 0, 5)}, timing(1, 0, 0), timing(1, 0, 0)},
	}
	for name, test := range tests {
		if got := ResponseTime(test.paces); got != test.response {
			t.Errorf("%s: response time %+v, want %+v", name, got, test.response)
		}
		if got := ReactionTime(test.paces); got != test.reaction {
			t.Errorf("%s: reaction time %+v, want %+v", name, got, test.reaction)
		}
	}
}

func TestDropOff(t *testing.T) {
	t.Parallel()
	s := asks(Question{ID: "hello", Type: Statement}, Question{ID: "a", Type: Rating}, Question{ID: "b", Type: YesNo}, Question{ID: "c", Type: Date})
	// Ten begin; two stop before they answer a, of the eight others three skip b by goto,
	// one stops there, and all seven who are left answer c.
	got := s.Passages(map[string]int64{"a": 8, "b": 4, "c": 7, "made-up": 3}, map[string]int64{"a": 2, "b": 1})
	if diff := cmp.Diff([]Passage{{"a", 10, 2}, {"b", 5, 1}, {"c", 7, 0}}, got); diff != "" {
		t.Error(diff)
	}
	if a, b, nobody := got[0].DropOff(), got[1].DropOff(), (Passage{}).DropOff(); a != 0.2 || b != 0.2 || nobody != 0 {
		t.Errorf("drop-off %v, %v, of nobody %v", a, b, nobody)
	}
}

func TestDropOffAtAStatement(t *testing.T) {
	t.Parallel()
	say := func(id string) Question { return Question{ID: id, Type: Statement} }
	s := asks(Question{ID: "a", Type: Rating}, say("so"), say("now"), Question{ID: "b", Type: YesNo}, say("bye"))
	// Ten answer a; three stop at one statement, one at the other, one at b, and one at the end.
	got := s.Passages(map[string]int64{"a": 10, "b": 5}, map[string]int64{"so": 3, "now": 1, "b": 1, "bye": 1})
	if diff := cmp.Diff([]Passage{{"a", 10, 0}, {"b", 10, 5}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestThresholds(t *testing.T) {
	t.Parallel()
	for responses := range int64(20) {
		if got := Withheld(Anonymous, responses); got != (responses < 5) {
			t.Errorf("of %d anonymous responses withheld is %v", responses, got)
		}
		if got := TextsWithheld(Anonymous, responses); got != (responses < 10) {
			t.Errorf("of %d anonymous responses texts withheld is %v", responses, got)
		}
		for _, p := range []Privacy{Identified, Masked} {
			if Withheld(p, responses) || TextsWithheld(p, responses) || ShownAt(p, 0, responses) != responses {
				t.Errorf("%d responses of a survey that is %s are withheld", responses, p)
			}
		}
	}
}

// TestNoTwoViewsIsolateAnybody looks at a growing survey at random moments: any two views
// are the same, or five or more people lie between them.
func TestNoTwoViewsIsolateAnybody(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		views, shown := []int64{0}, int64(0) // before any view, nothing is known
		for responses := int64(0); responses < 60; responses += r.Int64N(4) {
			shown = ShownAt(Anonymous, shown, responses)
			if responses-shown >= MinResponses || shown > responses {
				t.Fatalf("seed %d: of %d responses %d are shown", seed, responses, shown)
			}
			views = append(views, shown)
		}
		for _, a := range views {
			for _, b := range views {
				if a != b && max(a, b)-min(a, b) < MinResponses {
					t.Fatalf("seed %d: the views %v isolate %d", seed, views, max(a, b)-min(a, b))
				}
			}
		}
	}
}
