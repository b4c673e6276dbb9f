package cards

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

const maxExpanded = 6 // more options are a drop-down

// question is how a question stands on a card: how far one is, its picture, what was
// wrong with the answer, and the input.
func (s sheet) question(q domain.Question) []any {
	var items []any
	if n, of := s.survey.Progress(q.ID); of > 1 && q.Type != domain.Statement {
		far := subtle(s.Text("Question %d of %d", n, of))
		far.Spacing = bodySpacing
		items = append(items, far)
	}
	if q.Image != nil && q.Image.URL != "" {
		items = append(items, image{
			Type: "Image", URL: s.url(q.Image.URL), AltText: s.label(q.Image.Alt), Spacing: bodySpacing, MSTeams: &msTeams{AllowExpand: true},
		})
	}
	if q.Type == domain.Statement {
		return append(items, paragraph(s.markdown(q.Text)))
	}
	if fault, ok := s.Faults[q.ID]; ok {
		items = append(items, faultLine(s.Text(fault.Format, fault.Args...)))
	}
	if s.byButtons(q) {
		return append(items, s.yesOrNo(q)...)
	}
	return append(items, s.input(q))
}

// faultLine says what is wrong with what stands below it; not by its colour alone.
func faultLine(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: "⚠ " + text, Color: "Attention", Weight: "Bolder", Spacing: bodySpacing, Wrap: true}
}

// byButtons says whether a question is answered by its buttons, without an input.
func (s sheet) byButtons(q domain.Question) bool {
	return q.Type == domain.YesNo && s.survey.Style != domain.SingleCard
}

// yesOrNo is the question before its buttons, and what was answered to it before.
func (s sheet) yesOrNo(q domain.Question) []any {
	question := paragraph(s.title(q.Text))
	question.Weight = "Bolder" // as labels are
	items := []any{question}
	if before := s.Answers[q.ID]; !before.IsZero() {
		items = append(items, subtle(s.Text("Your answer so far: %s", s.worded(q, before))))
	}
	return items
}

// input is what a question is answered with, holding what was filled in.
func (s sheet) input(q domain.Question) input {
	in := input{ID: answerPrefix + clean(q.ID), Label: s.label(q.Text), Spacing: bodySpacing, IsRequired: !q.Optional}
	if q.Optional {
		in.Label = s.Text("%s (optional)", in.Label)
	} else {
		in.ErrorMessage = s.Text("This question needs an answer.")
	}
	before := s.before(q)
	switch q.Type {
	case domain.FreeText:
		in.Type, in.IsMultiline, in.MaxLength = "Input.Text", true, domain.MaxText
		if q.MaxLength > 0 {
			in.MaxLength = q.MaxLength
		}
		if before != "" {
			in.Value = before
		}
	case domain.Number:
		in.Type, in.Min, in.Max, in.ErrorMessage = "Input.Number", q.Min, q.Max, s.expected(q)
		// What was typed may be any text, and JSON has no word for "NaN" or "Inf".
		if n, err := strconv.ParseFloat(before, 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			in.Value = n
		}
	case domain.Date:
		in.Type = "Input.Date"
		if _, err := time.Parse(time.DateOnly, before); err == nil {
			in.Value = before
		}
	default:
		return s.choices(in, q, before)
	}
	return in
}

// expected says what a number has to be, as the server would.
func (s sheet) expected(q domain.Question) string {
	_, err := q.Read("no number")
	text := domain.MessageOf(err)
	return s.Text(text.Format, text.Args...)
}

// choices makes the input one of a few answers, or of several of them. What it sends is
// what Question.Read reads.
func (s sheet) choices(in input, q domain.Question, before string) input {
	in.Type, in.Style, in.Wrap = "Input.ChoiceSet", "expanded", true
	in.IsMultiSelect = q.Type == domain.Choices
	all := s.offered(q)
	if !in.IsMultiSelect && len(all) > maxExpanded {
		in.Style, in.Placeholder = "compact", s.Text("Choose one")
	}
	for _, c := range all {
		if in.Style == "compact" && q.Type == domain.Choice {
			c.Title = s.label(c.Title)
		} else if q.Type == domain.Choice || q.Type == domain.Choices {
			c.Title = s.title(c.Title) // a drop-down draws no Markdown
		}
		in.Choices = append(in.Choices, c)
	}
	chosen := slices.DeleteFunc(strings.Split(before, ","), func(value string) bool {
		return !slices.ContainsFunc(all, func(c choice) bool { return c.Value == value })
	})
	if len(chosen) > 0 {
		in.Value = strings.Join(chosen, ",")
	}
	return in
}

// offered are the answers that a question offers; options in their author's words.
func (s sheet) offered(q domain.Question) []choice {
	var all []choice
	switch q.Type {
	case domain.Choice, domain.Choices:
		for i, o := range q.Options {
			all = append(all, choice{Title: o, Value: strconv.Itoa(i + 1)})
		}
	case domain.YesNo:
		all = []choice{{s.Text("Yes"), "yes"}, {s.Text("No"), "no"}}
	case domain.Rating:
		for n := 1; n <= 5; n++ {
			all = append(all, choice{s.stars(n), strconv.Itoa(n)})
		}
	case domain.NPS:
		for n := range 11 {
			all = append(all, choice{s.likely(n), strconv.Itoa(n)})
		}
	}
	return all
}

// before is what an input held, as it sends it: what was sent with a fault, else the
// answer that is kept.
func (s sheet) before(q domain.Question) string {
	if raw, ok := s.Inputs[q.ID]; ok {
		return clean(raw)
	}
	value := s.Answers[q.ID]
	if yes, ok := value.Yes(); ok {
		return map[bool]string{true: "yes", false: "no"}[yes]
	}
	if n, ok := value.Number(); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	if q.Type != domain.Choice && q.Type != domain.Choices {
		return clean(value.Text())
	}
	var numbers []string
	for i, o := range q.Options {
		if o == value.Text() || slices.Contains(value.List(), o) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, ",")
}
