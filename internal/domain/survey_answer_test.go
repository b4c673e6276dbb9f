package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lunch is a choice whose options are awkward to read.
func lunch(kind QuestionType) Question {
	return Question{ID: "q", Type: kind, Text: "?", Options: []string{"Soup, bread and cheese", "**Fish** & chips", "Bread", "3", " Salad "}}
}

// asJSON is a value as the API shows it.
func asJSON(t *testing.T, v Value) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back Value
	if err := json.Unmarshal(raw, &back); err != nil || back != v {
		t.Errorf("%s comes back as %v, %v", raw, back, err)
	}
	return string(raw)
}

func TestAnswersOfInputs(t *testing.T) {
	t.Parallel()
	number := func(least, greatest *float64) Question {
		return Question{Type: Number, Min: least, Max: greatest}
	}
	two, ten := new(2.0), new(10.5)
	optional := func(kind QuestionType) Question { return Question{Type: kind, Optional: true} }
	tests := map[string]struct {
		question Question
		raw      string
		want     string // JSON; or, of an error, "!" and words of it
	}{
		"a choice":                 {lunch(Choice), "1", `"Soup, bread and cheese"`},
		"the last, with blanks":    {lunch(Choice), " 5\n", `" Salad "`},
		"its words":                {lunch(Choice), "Bread", "!number from 1 to 5"},
		"none of the choices":      {lunch(Choice), "6", "!number from 1 to 5"},
		"the choice before":        {lunch(Choice), "0", "!number from 1 to 5"},
		"two of one":               {lunch(Choice), "1,2", "!number from 1 to 5"},
		"no choice":                {lunch(Choice), " ", "!needs an answer"},
		"choices":                  {lunch(Choices), "3,1", `["Soup, bread and cheese","Bread"]`},
		"choices twice":            {lunch(Choices), "3, 3", `["Bread"]`},
		"a choice that is none":    {lunch(Choices), "1,9", "!numbers from 1 to 5"},
		"a comma too many":         {lunch(Choices), "1,", "!numbers from 1 to 5"},
		"yes":                      {Question{Type: YesNo}, "yes", "true"},
		"a toggle's no":            {Question{Type: YesNo}, "false", "false"},
		"perhaps":                  {Question{Type: YesNo}, "perhaps", "!yes or no"},
		"a rating":                 {Question{Type: Rating}, "5", "5"},
		"a rating too high":        {Question{Type: Rating}, "6", "!from 1 to 5"},
		"a rating too low":         {Question{Type: Rating}, "0", "!from 1 to 5"},
		"half a rating":            {Question{Type: Rating}, "4.5", "!whole number"},
		"an NPS":                   {Question{Type: NPS}, "0", "0"},
		"an NPS below":             {Question{Type: NPS}, "-1", "!from 0 to 10"},
		"an NPS of a client's own": {Question{Type: NPS}, "10.0", "10"},
		"a number":                 {number(nil, nil), "-12.50", "-12.5"},
		"a number from a client":   {number(nil, nil), "1e3", "1000"},
		"minus zero":               {number(nil, nil), "-0", "0"},
		"the least":                {number(two, ten), "2", "2"},
		"less":                     {number(two, ten), "1.99", "!from 2 to 10.5"},
		"more":                     {number(nil, ten), "11", "!at most 10.5"},
		"less than at least":       {number(two, nil), "1", "!at least 2"},
		"a number of no end":       {number(nil, nil), "Inf", "!a number"},
		"a number too big":         {number(nil, nil), "1e999", "!a number"},
		"no number at all":         {number(nil, nil), "NaN", "!a number"},
		"a number of programmers":  {number(nil, nil), "0x10", "!a number"},
		"a date":                   {Question{Type: Date}, "2028-02-29", `"2028-02-29"`},
		"a day there is not":       {Question{Type: Date}, "2026-02-29", "!a date"},
		"a date with a time":       {Question{Type: Date}, "2026-02-01T00:00", "!a date"},
		"a text":                   {Question{Type: FreeText}, " <b>Good</b> & \"fine\" ", `"<b>Good</b> & \"fine\""`},
		"the longest":              {Question{Type: FreeText, MaxLength: 3}, "ééé", `"ééé"`},
		"a longer":                 {Question{Type: FreeText, MaxLength: 3}, "éééé", "!At most 3 characters; it has 4"},
		"longer than any":          {Question{Type: FreeText}, long(MaxText + 1), "!At most 4000"},
		"a zero":                   {Question{Type: FreeText}, "a\x00", "!can't be shown"},
		"no rating, as may be":     {optional(Rating), "", "null"},
		"a bad one all the same":   {optional(Rating), "9", "!from 1 to 5"},
		"to a statement":           {Question{Type: Statement, Optional: true}, "", "!nothing to answer"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := test.question.Read(test.raw)
			holds(t, value, err, test.want)
		})
	}
}

// holds that a value is want in JSON or, where that begins with "!", that the error is
// Invalid and says the words.
func holds(t *testing.T, value Value, err error, want string) {
	t.Helper()
	words, bad := strings.CutPrefix(want, "!")
	switch {
	case bad && (KindOf(err) != Invalid || !strings.Contains(err.Error(), words) || !value.IsZero()):
		t.Errorf("%v, error %v; want one with %q", value, err, words)
	case bad:
	case err != nil:
		t.Error(err)
	default:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(value); err != nil || strings.TrimSpace(b.String()) != want {
			t.Errorf("got %s, %v, want %s", b.String(), err, want)
		}
		asJSON(t, value)
	}
}

func TestTypedAnswers(t *testing.T) {
	t.Parallel()
	choice, choices, yesNo := lunch(Choice), lunch(Choices), Question{Type: YesNo}
	number, date, rating := Question{Type: Number}, Question{Type: Date}, Question{Type: Rating}
	alike := Question{Type: Choice, Options: []string{"IT", "It"}}
	tests := []struct {
		question       Question
		language, text string
		want           string // as in TestAnswersOfInputs
	}{
		{choice, "en", "bread.", `"Bread"`},
		{choice, "en", "fish  &  CHIPS", `"**Fish** & chips"`},
		{choice, "en", "salad", `" Salad "`},
		{choice, "en", "2)", `"**Fish** & chips"`},
		{choice, "en", "3", `"3"`}, // its own words come before its number
		{choice, "en", "Soup", "!one of the choices"},
		{choice, "en", "", "!needs an answer"},
		{alike, "en", "It", `"It"`},
		{alike, "en", "it", "!one of the choices"},
		{choices, "en", "soup, bread and cheese", `["Soup, bread and cheese"]`},
		{choices, "en", "bread, soup, bread and cheese", `["Soup, bread and cheese","Bread"]`},
		{choices, "en", "bread and fish & chips", `["**Fish** & chips","Bread"]`},
		{choices, "fr", "1 et 5", `["Soup, bread and cheese"," Salad "]`},
		{choices, "en", "5 1", `["Soup, bread and cheese"," Salad "]`},
		{choices, "en", "1, 2, ", `["Soup, bread and cheese","**Fish** & chips"]`},
		{choices, "en", "bread and water", "!numbers from 1 to 5"},
		{choices, "en", ",", "!numbers from 1 to 5"},
		{yesNo, "fr", "Oui !", "true"},
		{yesNo, "en", "No.", "false"},
		{yesNo, "en", "2", "false"},
		{yesNo, "en", "maybe", "!yes or no"},
		{rating, "en", "4/5", "4"},
		{rating, "en", "4", "4"},
		{rating, "en", "4,5", "!whole number from 1 to 5"},
		{Question{Type: NPS}, "en", "8/10", "8"},
		{number, "fr", "12,5", "12.5"},
		{number, "en", "12,5", "12.5"},
		{number, "fr", "1,500", "1.5"},
		{number, "en-GB", "1,500", "1500"},
		{number, "en", "1,234,567.8", "1234567.8"},
		{number, "fr", "-1\u202f234,5", "-1234.5"},
		{number, "fr", "\u22125", "-5"},
		{number, "en", "1,2,3", "!a number"},
		{number, "en", "a lot", "!a number"},
		{date, "fr", "1/9/2026", `"2026-09-01"`},
		{date, "fr", "31.12.2026", `"2026-12-31"`},
		{date, "en", "2026-12-31", `"2026-12-31"`},
		{date, "en-US", "9/1/2026", "!a date"},
		{date, "en-US", "9/9/2026", `"2026-09-09"`},
		{date, "en-US", "31/12/2026", `"2026-12-31"`},
		{date, "fr", "31/2/2026", "!a date"},
		{date, "fr", "demain", "!a date"},
		{Question{Type: FreeText}, "en", " 1, 2 ", `"1, 2"`},
		{Question{Type: Rating, Optional: true}, "en", " ", "null"},
		{Question{Type: Statement}, "en", "hello", "!nothing to answer"},
	}
	for _, test := range tests {
		t.Run(string(test.question.Type)+" "+test.text, func(t *testing.T) {
			t.Parallel()
			value, err := test.question.ReadTyped(test.text, test.language)
			holds(t, value, err, test.want)
		})
	}
}

func TestAllAnswersOfACard(t *testing.T) {
	t.Parallel()
	s := asks(
		Question{ID: "hello", Type: Statement, Optional: true}, lunch(Choices), Question{ID: "stars", Type: Rating},
		Question{ID: "why", Type: FreeText, Optional: true}, Question{ID: "when", Type: Date},
	)
	values, wrong := s.ReadAll(map[string]string{"q": "2,3", "stars": "7", "made-up": "1", "hello": "x"})
	want := map[string]Value{"q": ListValue([]string{"**Fish** & chips", "Bread"})}
	if diff := cmp.Diff(want, values, cmp.Comparer(func(a, b Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	tells(t, said(wrong), "stars: whole number from 1 to 5", "when: needs an answer")
	if values, wrong = s.ReadAll(map[string]string{"q": "1", "stars": "3", "why": "Good", "when": "2026-01-02"}); len(wrong) > 0 || len(values) != 4 {
		t.Errorf("%v, %v", values, wrong)
	}
}

func TestValuesCompareAndTell(t *testing.T) {
	t.Parallel()
	counts := map[Value]int{}
	for _, v := range []Value{TextValue("1"), NumberValue(1), NumberValue(1.0), ListValue([]string{"1"}), ListValue([]string{"1"}), YesValue(true), TextValue("true"), {}} {
		counts[v]++
	}
	if len(counts) != 6 || counts[NumberValue(1)] != 2 || counts[ListValue([]string{"1"})] != 2 {
		t.Errorf("%v", counts)
	}
	for v, want := range map[Value]string{
		{}: "", TextValue("a <b>"): "a <b>", ListValue([]string{"a", "b"}): "a, b", NumberValue(1e21): "1e+21", YesValue(false): "false", TextValue(""): `""`,
	} {
		if v.String() != want {
			t.Errorf("%q, want %q", v.String(), want)
		}
	}
	if n, ok := TextValue("5").Number(); ok {
		t.Errorf("a text is the number %v", n)
	}
	if n, ok := NumberValue(2.5).Number(); !ok || n != 2.5 {
		t.Errorf("%v, %v", n, ok)
	}
	if yes, ok := YesValue(true).Yes(); !yes || !ok {
		t.Errorf("%v, %v", yes, ok)
	}
	if asJSON(t, ListValue(nil)) != "[]" || ListValue(nil).IsZero() {
		t.Error("no choices are an answer all the same")
	}
}

func TestValuesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{`{}`, `[1]`, `["a",null,{}]`, `{"a":1}`} {
		var v Value
		if err := json.Unmarshal([]byte(raw), &v); KindOf(err) != Invalid {
			t.Errorf("%s: %v, %v", raw, v, err)
		}
	}
}
