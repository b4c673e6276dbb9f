package domain

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// forked is a survey with two ways from q1: yes asks q2 and q3, no goes to q4 at once.
func forked() Survey {
	s := asks(
		Question{ID: "q1", Type: YesNo, Goto: map[string]string{"no": "q4"}},
		Question{ID: "hint", Type: Statement},
		Question{ID: "q2", Type: Choices, Options: []string{"A", "B", "C"}, Goto: map[string]string{"B": "end", "C": "q4"}},
		Question{ID: "q3", Type: FreeText, Optional: true},
		Question{ID: "q4", Type: NPS, Goto: map[string]string{"10": "end"}},
		Question{ID: "q5", Type: FreeText},
	)
	s.Normalize()
	return s
}

func ids(path []Question) string {
	var all []string
	for _, q := range path {
		all = append(all, q.ID)
	}
	return strings.Join(all, " ")
}

func TestTheWayThroughASurvey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers map[string]Value
		want    string
	}{
		"no answers yet":          {nil, "q1 hint q2 q3 q4 q5"},
		"no":                      {map[string]Value{"q1": YesValue(false)}, "q1 q4 q5"},
		"yes":                     {map[string]Value{"q1": YesValue(true), "q2": ListValue([]string{"A"})}, "q1 hint q2 q3 q4 q5"},
		"a way to the end":        {map[string]Value{"q2": ListValue([]string{"B"})}, "q1 hint q2"},
		"of two the first counts": {map[string]Value{"q2": ListValue([]string{"C", "B"})}, "q1 hint q2"},
		"beside one that doesn't": {map[string]Value{"q2": ListValue([]string{"A", "C"})}, "q1 hint q2 q4 q5"},
		"a number's way":          {map[string]Value{"q1": YesValue(false), "q4": NumberValue(10)}, "q1 q4"},
		"another number":          {map[string]Value{"q1": YesValue(false), "q4": NumberValue(1)}, "q1 q4 q5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := forked()
			path := s.Path(test.answers)
			if got := ids(path); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			for i, q := range path[1:] {
				if back, ok := s.Back(q.ID, test.answers); !ok || back.ID != path[i].ID {
					t.Errorf("back from %s is %s", q.ID, back.ID)
				}
			}
		})
	}
}

func TestWhereNoWayGoes(t *testing.T) {
	t.Parallel()
	s, empty := forked(), Survey{}
	if q, ok := empty.First(); ok {
		t.Errorf("the first of none is %+v", q)
	}
	for _, id := range []string{"q5", "made-up", ""} {
		if q, ok := s.Next(id, nil); ok {
			t.Errorf("after %q comes %s", id, q.ID)
		}
	}
	for _, id := range []string{"q1", "made-up"} {
		if q, ok := s.Back(id, nil); ok {
			t.Errorf("before %q comes %s", id, q.ID)
		}
	}
	if q, ok := s.Back("q3", map[string]Value{"q1": YesValue(false)}); ok {
		t.Errorf("before what is not on the way comes %s", q.ID)
	}
	s.Style = SingleCard // where nothing leads elsewhere
	if got := ids(s.Path(map[string]Value{"q1": YesValue(false)})); got != "q1 hint q2 q3 q4 q5" {
		t.Error(got)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	s := forked()
	for id, want := range map[string]string{"q1": "1 of 5", "hint": "2 of 5", "q2": "2 of 5", "q3": "3 of 5", "q4": "4 of 5", "q5": "5 of 5", "made-up": "0 of 0"} {
		n, of := s.Progress(id)
		if got := fmt.Sprintf("%d of %d", n, of); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	s = asks(Question{ID: "a", Type: Rating}, Question{ID: "thanks", Type: Statement})
	if n, of := s.Progress("thanks"); n != 1 || of != 1 {
		t.Errorf("a last statement is %d of %d", n, of)
	}
}

// TestProgressOnlyGrows walks random surveys that were found right: each way ends, passes
// the checks of its own steps, and its progress grows to the last of so many.
func TestProgressOnlyGrows(t *testing.T) {
	t.Parallel()
	walked := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := randomSurvey(r)
		c := message(surveyOf(s))
		if c.Check() != nil {
			continue
		}
		walked++
		before, steps := 0, 0
		q, ok := s.First()
		for ok {
			n, of := s.Progress(q.ID)
			if n <= before || n > of {
				t.Fatalf("seed %d: %d of %d after %d", seed, n, of, before)
			}
			before = n
			if steps++; steps > len(s.Questions) {
				t.Fatalf("seed %d: the way does not end", seed)
			}
			value, err := q.Read(fmt.Sprint(1 + r.IntN(2)))
			if err != nil {
				t.Fatal(err)
			}
			next, on := s.Next(q.ID, map[string]Value{q.ID: value})
			if n == of && on {
				t.Fatalf("seed %d: %s comes after the last", seed, next.ID)
			}
			q, ok = next, on
		}
	}
	if walked < 200 {
		t.Errorf("only %d surveys were right", walked)
	}
}

func randomSurvey(r *rand.Rand) Survey {
	var s Survey
	for i := range 2 + r.IntN(6) {
		q := Question{ID: fmt.Sprint("q", i), Type: Choice, Text: "?", Options: []string{"A", "B"}, Goto: map[string]string{}}
		for _, o := range q.Options {
			if r.IntN(3) == 0 {
				q.Goto[o] = []string{"end", fmt.Sprint("q", r.IntN(8)), fmt.Sprint("q", i+1+r.IntN(3))}[r.IntN(3)]
			}
		}
		s.Questions = append(s.Questions, q)
	}
	s.Normalize()
	return s
}

func TestWaysThatDoNotEnd(t *testing.T) {
	t.Parallel()
	to := func(id string, ways ...string) Question {
		q := Question{ID: id, Type: Choice, Options: []string{"A", "B"}, Goto: map[string]string{}}
		for i, way := range ways {
			q.Goto[q.Options[i]] = way
		}
		return q
	}
	optional := func(q Question) Question { q.Optional = true; return q }
	tests := map[string]struct {
		questions []Question
		blamed    []string
	}{
		"in order":                      {[]Question{to("a"), to("b"), to("c")}, nil},
		"ways that meet again":          {[]Question{to("a", "c"), to("b"), to("c")}, nil},
		"back, but never around":        {[]Question{to("a", "c", "c"), to("b", "end", "end"), to("c", "b", "b")}, nil},
		"to itself":                     {[]Question{to("a", "a")}, []string{"content.questions[0].goto"}},
		"around":                        {[]Question{to("a"), to("b"), to("c", "a")}, []string{"content.questions[2].goto"}},
		"around, two by two":            {[]Question{to("a", "b", "b"), to("b", "c", "c"), to("c", "b", "b")}, []string{"content.questions[2].goto"}},
		"around, by two ways":           {[]Question{to("a", "c"), to("b", "a"), to("c", "b")}, []string{"content.questions[1].goto"}},
		"past one":                      {[]Question{to("a", "c", "end"), to("b"), to("c")}, []string{"content.questions[1]"}},
		"past one that's asked of some": {[]Question{optional(to("a", "c", "c")), to("b"), to("c")}, nil},
		"past all":                      {[]Question{to("a", "end", "end"), to("b"), to("c")}, []string{"content.questions[1]", "content.questions[2]"}},
		"to nowhere is told first":      {[]Question{to("a", "x", "end"), to("b")}, []string{"content.questions[0].goto"}},
		"an id twice is told first":     {[]Question{to("a", "end", "end"), to("a")}, []string{"content.questions[1].id"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, message(surveyOf(asks(test.questions...))).Check(), test.blamed...)
		})
	}
}
