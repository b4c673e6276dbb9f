package domain

import (
	"fmt"
	"slices"
	"testing"
)

// changed is a question with nothing wrong but this.
func changed(change func(*Question)) Question {
	q := tea()
	change(&q)
	return q
}

func TestWhatIsWrongWithASurvey(t *testing.T) {
	t.Parallel()
	with := func(change func(*Question)) Survey { return asks(tea(), changed(change)) }
	lead := func(kind QuestionType, options []string, to map[string]string) Survey {
		return asks(Question{Type: kind, Options: options, Goto: to}, tea())
	}
	options := func(n int) []string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprint("Option ", i))
		}
		return list
	}
	tests := map[string]struct {
		survey Survey
		blamed []string
	}{
		"nothing":                {asks(tea()), nil},
		"no questions yet":       {Survey{}, nil},
		"a style":                {Survey{Style: "chatty"}, []string{"content.style"}},
		"a privacy":              {Survey{Privacy: "none"}, []string{"content.privacy"}},
		"thanks":                 {Survey{Thanks: long(MaxText)}, nil},
		"long thanks":            {Survey{Thanks: long(MaxText + 1)}, []string{"content.thanks"}},
		"as many questions":      {asks(slices.Repeat([]Question{tea()}, MaxQuestions)...), nil},
		"too many questions":     {asks(slices.Repeat([]Question{tea()}, MaxQuestions+1)...), []string{"content.questions"}},
		"an id twice":            {asks(Question{ID: "a", Type: Date}, Question{ID: "a", Type: Date}), []string{"content.questions[1].id"}},
		"the longest id":         {with(func(q *Question) { q.ID = long(64) }), nil},
		"a longer id":            {with(func(q *Question) { q.ID = long(65) }), []string{"content.questions[1].id"}},
		"an id with a space":     {with(func(q *Question) { q.ID = "a\u00a0b" }), []string{"content.questions[1].id"}},
		"an id with a control":   {with(func(q *Question) { q.ID = "a\x00" }), []string{"content.questions[1].id"}},
		"the end's id":           {with(func(q *Question) { q.ID = "end" }), []string{"content.questions[1].id"}},
		"a type":                 {with(func(q *Question) { q.Type, q.Options = "riddle", nil }), []string{"content.questions[1].type"}},
		"the longest question":   {with(func(q *Question) { q.Text = long(MaxQuestion) }), nil},
		"a longer question":      {with(func(q *Question) { q.Text = long(MaxQuestion + 1) }), []string{"content.questions[1].text"}},
		"a question with a tag":  {with(func(q *Question) { q.Text = "[FIRSTNAME], tea?" }), nil},
		"an unknown tag":         {with(func(q *Question) { q.Text = "[NICK], tea?" }), []string{"content.questions[1].text"}},
		"as many options":        {with(func(q *Question) { q.Options = options(MaxOptions) }), nil},
		"too many options":       {with(func(q *Question) { q.Options = options(MaxOptions + 1) }), []string{"content.questions[1].options"}},
		"the longest option":     {with(func(q *Question) { q.Options[0] = long(MaxOption) }), nil},
		"a longer option":        {with(func(q *Question) { q.Options[0] = long(MaxOption + 1) }), []string{"content.questions[1].options[0]"}},
		"an option twice":        {with(func(q *Question) { q.Options = []string{"A", "B", " A"} }), []string{"content.questions[1].options[2]"}},
		"a blank option":         {with(func(q *Question) { q.Options = []string{"A", " "} }), []string{"content.questions[1].options[1]"}},
		"options of a date":      {with(func(q *Question) { q.Type = Date }), []string{"content.questions[1].options"}},
		"a way":                  {lead(Choice, []string{"A", "B"}, map[string]string{"A": "q2", "B": "end"}), nil},
		"a way from nothing":     {lead(Choice, []string{"A", "B"}, map[string]string{"C": "q2"}), []string{"content.questions[0].goto"}},
		"a way to nothing":       {lead(Choices, []string{"A", "B"}, map[string]string{"A": "q9", "B": ""}), []string{"content.questions[0].goto", "content.questions[0].goto"}},
		"the ways of yes and no": {lead(YesNo, nil, map[string]string{"yes": "q2", "no": "end"}), nil},
		"the way of perhaps":     {lead(YesNo, nil, map[string]string{"perhaps": "end"}), []string{"content.questions[0].goto"}},
		"the way of a number":    {lead(NPS, nil, map[string]string{"10": "end"}), nil},
		"of a number too high":   {lead(Rating, nil, map[string]string{"6": "end"}), []string{"content.questions[0].goto"}},
		"the way of a date":      {lead(Date, nil, map[string]string{"2026-01-01": "end"}), []string{"content.questions[0].goto"}},
		"the way of a statement": {lead(Statement, nil, map[string]string{"": "end"}), []string{"content.questions[0].goto"}},
		"a way before options":   {lead(Choice, nil, map[string]string{"A": "q2"}), nil},
		"a way on a single card": {Survey{Style: SingleCard, Questions: []Question{{Type: NPS, Goto: map[string]string{"1": "end"}}}}, []string{"content.questions[0].goto"}},

		"an image":               {with(func(q *Question) { q.Image = &Image{URL: " https://example.com/a.png\n", Alt: "A"} }), nil},
		"an image by http":       {with(func(q *Question) { q.Image = &Image{URL: "http://example.com/a.png"} }), []string{"content.questions[1].image.url"}},
		"a long description":     {with(func(q *Question) { q.Image = &Image{Alt: long(MaxAlt + 1)} }), []string{"content.questions[1].image.alt"}},
		"limits of a number":     {asks(Question{Type: Number, Min: new(-1.0), Max: new(-1.0)}), nil},
		"limits turned round":    {asks(Question{Type: Number, Min: new(2.0), Max: new(1.0)}), []string{"content.questions[0].min"}},
		"limits of a rating":     {asks(Question{Type: Rating, Max: new(3.0)}), []string{"content.questions[0].min"}},
		"a longest answer":       {asks(Question{Type: FreeText, MaxLength: MaxText}), nil},
		"a longer one":           {asks(Question{Type: FreeText, MaxLength: MaxText + 1}), []string{"content.questions[0].max_length"}},
		"one of less than none":  {asks(Question{Type: FreeText, MaxLength: -1}), []string{"content.questions[0].max_length"}},
		"a longest date":         {asks(Question{Type: Date, MaxLength: 1}), []string{"content.questions[0].max_length"}},
		"a statement of options": {asks(Question{Type: Statement, Options: []string{"A", "B"}}), []string{"content.questions[0].options"}},
	}
	for _, kind := range []QuestionType{FreeText, Rating, NPS, YesNo, Number, Date, Statement} {
		tests["the type "+string(kind)] = struct {
			survey Survey
			blamed []string
		}{asks(Question{Type: kind}), nil}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, message(surveyOf(test.survey)).Check(), test.blamed...)
		})
	}
}

func TestWhatIsMissingInASurvey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		survey Survey
		blamed []string
	}{
		"nothing":              {asks(tea()), nil},
		"an optional question": {asks(changed(func(q *Question) { q.Optional = true })), nil},
		"on a single card":     {Survey{Style: SingleCard, Questions: []Question{tea()}}, nil},
		"questions":            {Survey{}, []string{"content.questions"}},
		"words":                {asks(changed(func(q *Question) { q.Text = " " })), []string{"content.questions[0].text"}},
		"options":              {asks(changed(func(q *Question) { q.Options = q.Options[:1] })), []string{"content.questions[0].options"}},
		"a text":               {asks(Question{Type: FreeText, Text: "Why?"}), nil},
		"two questions":        {asks(tea(), tea()), nil},
		"a question":           {asks(Question{Type: Statement, Text: "Hello."}), []string{"content.questions"}},
		"an image's address":   {asks(changed(func(q *Question) { q.Image = &Image{Alt: "A"} })), []string{"content.questions[0].image.url"}},
		"masked":               {Survey{Privacy: Masked, Questions: []Question{tea()}}, nil},
		"anonymous":            {Survey{Privacy: Anonymous, Questions: []Question{tea()}}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := message(surveyOf(test.survey))
			blames(t, c.Check())
			blames(t, c.CheckComplete(), test.blamed...)
		})
	}
}

func TestAQuestionByItsID(t *testing.T) {
	t.Parallel()
	s := asks(Question{ID: "a", Text: "A?"}, Question{ID: "b", Text: "B?"})
	if q, ok := s.Question("b"); !ok || q.Text != "B?" {
		t.Errorf("%+v, %v", q, ok)
	}
	if q, ok := s.Question("c"); ok {
		t.Errorf("a question that was not asked: %+v", q)
	}
}

func TestWhatASurveyLeavesOutIsFilledIn(t *testing.T) {
	t.Parallel()
	image := &Image{URL: " https://example.com/a.png ", Alt: " A "}
	s := asks(Question{Type: Statement}, Question{ID: "q1", Type: Date, Image: image})
	s.Normalize()
	if s.Style != OneByOne || s.Privacy != Identified || s.Questions[0].ID != "q2" {
		t.Errorf("%+v", s)
	}
	if !s.Questions[0].Optional || s.Questions[1].Optional {
		t.Error("a statement needs no answer, and a date does")
	}
	if got := *s.Questions[1].Image; got != (Image{URL: "https://example.com/a.png", Alt: " A "}) || image.URL[0] != ' ' {
		t.Errorf("the image is %+v, what was given %+v", got, *image)
	}
}
