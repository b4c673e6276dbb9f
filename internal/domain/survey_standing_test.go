package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// branched asks about tea; a no leads past the milk to the end.
func branched() *Survey {
	return &Survey{Questions: []Question{
		{ID: "hello", Type: Statement, Optional: true},
		{ID: "tea", Type: YesNo, Goto: map[string]string{"no": "why"}},
		{ID: "milk", Type: Rating, Optional: true},
		{ID: "sugar", Type: Number},
		{ID: "why", Type: FreeText, Optional: true},
	}}
}

// step is something that somebody does: an answer to a question, or with back the way back.
type step struct {
	question string
	value    Value
	back     bool
}

func TestHowSomebodyGetsOn(t *testing.T) {
	t.Parallel()
	yes, no, four := YesValue(true), YesValue(false), NumberValue(4)
	hello := step{question: "hello"}
	tests := map[string]struct {
		steps    []step
		at       string
		answers  map[string]Value
		finished bool
	}{
		"nothing":                  {nil, "hello", nil, false},
		"a statement":              {[]step{hello}, "tea", nil, false},
		"an answer":                {[]step{hello, {question: "tea", value: yes}}, "milk", map[string]Value{"tea": yes}, false},
		"a branch":                 {[]step{hello, {question: "tea", value: no}}, "why", map[string]Value{"tea": no}, false},
		"twice":                    {[]step{hello, hello, {question: "tea", value: yes}, {question: "tea", value: yes}}, "milk", map[string]Value{"tea": yes}, false},
		"too early":                {[]step{{question: "sugar", value: four}}, "hello", nil, false},
		"of no question":           {[]step{{question: "coffee", value: yes}}, "hello", nil, false},
		"an old card, replaced":    {[]step{hello, {question: "tea", value: yes}, {question: "milk", value: four}, {question: "milk", value: NumberValue(5)}}, "sugar", map[string]Value{"tea": yes, "milk": NumberValue(5)}, false},
		"an old card, another way": {[]step{hello, {question: "tea", value: yes}, {question: "milk", value: four}, {question: "tea", value: no}}, "why", map[string]Value{"tea": no}, false},
		"back":                     {[]step{hello, {question: "tea", value: yes}, {question: "milk", back: true}}, "tea", map[string]Value{"tea": yes}, false},
		"back twice by one click":  {[]step{hello, {question: "tea", value: yes}, {question: "milk", back: true}, {question: "milk", back: true}}, "tea", map[string]Value{"tea": yes}, false},
		"back from the first":      {[]step{{question: "hello", back: true}}, "hello", nil, false},
		"the end": {[]step{hello, {question: "tea", value: yes}, {question: "milk"}, {question: "sugar", value: four}, {question: "why"}},
			"", map[string]Value{"tea": yes, "milk": {}, "sugar": four, "why": {}}, true},
		"the end by another way": {[]step{hello, {question: "tea", value: yes}, {question: "milk", value: four}, {question: "sugar", back: true}, {question: "milk", back: true}, {question: "tea", value: no}, {question: "why", value: TextValue("x")}},
			"", map[string]Value{"tea": no, "why": TextValue("x")}, true},
		"after the end": {[]step{hello, {question: "tea", value: no}, {question: "why"}, {question: "why", value: TextValue("late")}, {question: "why", back: true}, {question: "tea", value: yes}},
			"", map[string]Value{"tea": no, "why": {}}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, st := branched(), Standing{}
			for _, step := range test.steps {
				if step.back {
					st = s.GoBack(st, step.question)
				} else {
					st = s.Take(st, step.question, step.value)
				}
			}
			asked, asking := s.Asked(st)
			if asked.ID != test.at || asking == test.finished || st.Finished != test.finished {
				t.Errorf("asked %q, finished %v; want %q, %v", asked.ID, st.Finished, test.at, test.finished)
			}
			if d := cmp.Diff(test.answers, st.Answers, cmp.AllowUnexported(Value{})); d != "" && len(test.answers)+len(st.Answers) > 0 {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// guests asks who comes how many they are, and everybody for a rating.
func guests() *Survey {
	return &Survey{Questions: []Question{
		{ID: "come", Type: YesNo, Goto: map[string]string{"no": "rate"}},
		{ID: "welcome", Type: Statement, Optional: true},
		{ID: "many", Type: Number},
		{ID: "wish", Type: FreeText, Optional: true},
		{ID: "rate", Type: Rating},
		{ID: "bye", Type: FreeText, Optional: true},
	}}
}

// Whoever has answered everything is through: what is only said after that comes with the thanks.
func TestAStatementAtTheEndIsWaitedForByNobody(t *testing.T) {
	t.Parallel()
	s := &Survey{Questions: []Question{
		{ID: "come", Type: YesNo, Goto: map[string]string{"no": "bye"}}, {ID: "many", Type: Number},
		{ID: "see", Type: Statement}, {ID: "bye", Type: Statement},
	}}
	for name, test := range map[string]struct {
		steps    []step
		finished bool
		closing  int
	}{
		"half-way":      {[]step{{question: "come", value: YesValue(true)}}, false, 2},
		"the end":       {[]step{{question: "come", value: YesValue(true)}, {question: "many", value: NumberValue(1)}}, true, 2},
		"the other end": {[]step{{question: "come", value: YesValue(false)}}, true, 1},
	} {
		st := Standing{}
		for _, step := range test.steps {
			st = s.Take(st, step.question, step.value)
		}
		if st.Finished != test.finished || len(s.Closing(st.Answers)) != test.closing {
			t.Errorf("%s: finished is %v, and %d statements are said", name, st.Finished, len(s.Closing(st.Answers)))
		}
	}
	if s.Ends("come", nil) || !s.Ends("come", map[string]Value{"come": YesValue(false)}) || !s.Ends("bye", nil) {
		t.Error("where it ends")
	}
}

func TestAnOldCardOpensAnotherWay(t *testing.T) {
	t.Parallel()
	yes, no, four := YesValue(true), YesValue(false), NumberValue(4)
	tests := map[string]struct {
		from  Standing
		steps []step
		asks  []string // after each step; empty: nothing any more
	}{
		"what lies before is asked": {Standing{}, []step{{question: "come", value: no}, {question: "come", value: yes}, {question: "welcome"}, {question: "many", value: four},
			{question: "wish"}, {question: "rate", value: four}, {question: "bye"}}, []string{"rate", "welcome", "many", "wish", "rate", "bye", ""}},
		"further on": {Standing{}, []step{{question: "come", value: no}, {question: "rate", value: four}, {question: "come", value: yes}, {question: "many", value: four}, {question: "welcome"}},
			[]string{"rate", "bye", "welcome", "welcome", "many"}},
		"the way is complete": {Standing{}, []step{{question: "come", value: yes}, {question: "welcome"}, {question: "many", value: four}, {question: "wish"},
			{question: "many", value: NumberValue(5)}, {question: "come", value: no}, {question: "come", value: yes}}, []string{"welcome", "many", "wish", "rate", "rate", "rate", "welcome"}},
		"some of it is answered": {Standing{}, []step{{question: "come", value: yes}, {question: "welcome"}, {question: "many", value: four}, {question: "wish", back: true},
			{question: "come", value: no}, {question: "come", value: yes}}, []string{"welcome", "many", "wish", "many", "rate", "welcome"}},
		"the end is not reached without": {Standing{Answers: map[string]Value{"come": yes, "rate": four}, At: "bye"},
			[]step{{question: "bye"}, {question: "many", value: four}, {question: "wish"}, {question: "rate", value: four}, {question: "bye"}}, []string{"many", "wish", "rate", "bye", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, st := guests(), test.from
			var asks []string
			for _, step := range test.steps {
				if step.back {
					st = s.GoBack(st, step.question)
				} else {
					st = s.Take(st, step.question, step.value)
				}
				asked, _ := s.Asked(st)
				asks = append(asks, asked.ID)
			}
			if d := cmp.Diff(test.asks, asks); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
