package web

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

func reminderField(i int) string { return fmt.Sprintf("content.reminders[%d]", i) }

// setSurvey writes a survey as the editor's values.
func setSurvey(v url.Values, s *domain.Survey) {
	if s == nil {
		return
	}
	v.Set("content.style", string(s.Style))
	v.Set("content.privacy", string(s.Privacy))
	setText(v, "content.closes_at", instantText(s.ClosesAt))
	setText(v, "content.thanks", s.Thanks)
	for i, at := range s.Reminders {
		v.Set(reminderField(i), instantText(at))
	}
	var blocks []url.Values
	for _, q := range s.Questions {
		blocks = append(blocks, blockOf(q))
	}
	putBlocks(v, blocks)
}

func setText(v url.Values, field, value string) {
	if value != "" {
		v.Set(field, value)
	}
}

// instantText is a time as fields of the type datetime-local hold it, in UTC.
func instantText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04")
}

// blockOf writes a question as a block of values.
func blockOf(q domain.Question) url.Values {
	b := url.Values{"id": {q.ID}, "type": {string(q.Type)}, "text": {q.Text}}
	if q.Optional && q.Type != domain.Statement {
		b.Set("optional", "on")
	}
	if q.Image != nil {
		setText(b, "image.url", q.Image.URL)
		setText(b, "image.alt", q.Image.Alt)
	}
	if q.Min != nil {
		b.Set("min", strconv.FormatFloat(*q.Min, 'f', -1, 64))
	}
	if q.Max != nil {
		b.Set("max", strconv.FormatFloat(*q.Max, 'f', -1, 64))
	}
	if q.MaxLength > 0 { // less is what could not be read
		b.Set("max_length", strconv.Itoa(q.MaxLength))
	}
	var rows []optionRow
	for _, o := range q.Options {
		rows = append(rows, optionRow{o, q.Goto[o]})
	}
	putOptions(b, rows)
	for _, answer := range scaleOf(q.Type) {
		setText(b, "goto."+answer, q.Goto[answer])
	}
	return b
}

// scaleOf are the answers of a type that are the same for every question of it, as they
// lead elsewhere; none for other types.
func scaleOf(t domain.QuestionType) []string {
	least, greatest := 1, 5
	switch t {
	case domain.YesNo:
		return []string{"yes", "no"}
	case domain.NPS:
		least, greatest = 0, 10
	case domain.Rating:
	default:
		return nil
	}
	var all []string
	for n := least; n <= greatest; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

func hasOptions(t domain.QuestionType) bool { return t == domain.Choice || t == domain.Choices }

// surveyOf reads a survey. What a field of a page can't hold (the seconds of a time, blanks
// around an option) stays as it was in the older state of it. Each question gets an id.
func surveyOf(v url.Values, base *domain.Survey) *domain.Survey {
	if base == nil {
		base = &domain.Survey{}
	}
	s := domain.Survey{
		Style: domain.Style(v.Get("content.style")), Privacy: domain.Privacy(v.Get("content.privacy")),
		ClosesAt: instantOf(v, "content.closes_at", base.ClosesAt), Thanks: paragraphs(v.Get("content.thanks")),
	}
	for i := range domain.MaxReminders {
		was := time.Time{}
		if i < len(base.Reminders) {
			was = base.Reminders[i]
		}
		if at := instantOf(v, reminderField(i), was); !at.IsZero() {
			s.Reminders = append(s.Reminders, at)
		}
	}
	for _, b := range blocksOf(v) {
		before, _ := base.Question(b.Get("id"))
		s.Questions = append(s.Questions, questionOf(b, before))
	}
	s.Normalize()
	return &s
}

// instantOf reads a moment; browsers send a time or nothing.
func instantOf(v url.Values, field string, before time.Time) time.Time {
	at, _ := startOf(v.Get(field), v.Get(field+"_utc"))
	if instantText(at) == instantText(before) {
		return before
	}
	return at
}

// questionOf reads a question: of its fields, those that its type shows.
func questionOf(b url.Values, before domain.Question) domain.Question {
	q := domain.Question{ID: b.Get("id"), Type: domain.QuestionType(b.Get("type")), Text: paragraphs(b.Get("text")), Optional: b.Has("optional")}
	if q.Type == "" {
		q.Type = domain.Choice
	}
	q.Image = questionImage(b, before.Image)
	switch q.Type {
	case domain.Number:
		q.Min, _ = limitOf(b.Get("min"))
		q.Max, _ = limitOf(b.Get("max"))
	case domain.FreeText:
		q.MaxLength = lengthOf(b.Get("max_length"))
	}
	ways := map[string]string{}
	for _, row := range optionsOf(b) {
		if o := asBefore(row.Text, before.Options); hasOptions(q.Type) && strings.TrimSpace(o) != "" {
			q.Options = append(q.Options, o)
			ways[o] = row.Goto
		}
	}
	for _, answer := range scaleOf(q.Type) {
		ways[answer] = b.Get("goto." + answer)
	}
	maps.DeleteFunc(ways, func(_, to string) bool { return to == "" })
	if len(ways) > 0 {
		q.Goto = ways
	}
	return q
}

func questionImage(b url.Values, before *domain.Image) *domain.Image {
	i := domain.Image{URL: strings.TrimSpace(b.Get("image.url")), Alt: oneLine(b.Get("image.alt"))}
	if i == (domain.Image{}) {
		return nil
	}
	if before != nil {
		i.Alt = asBefore(i.Alt, []string{before.Alt})
	}
	return &i
}

// asBefore is the text that was there before and looks the same in a field of one line.
func asBefore(typed string, before []string) string {
	shown := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(paragraphs(s), "\n", "")) }
	if i := slices.IndexFunc(before, func(s string) bool { return shown(s) == shown(typed) }); i >= 0 {
		return before[i]
	}
	return oneLine(typed)
}

var decimal = regexp.MustCompile(`^[+-]?\d+([.,]\d+)?$`)

// limitOf is the least or the greatest answer as people type it; nil for none, and false for
// what is no number.
func limitOf(typed string) (*float64, bool) {
	typed = strings.Replace(oneLine(typed), "−", "-", 1)
	n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	switch {
	case typed == "":
		return nil, true
	case err != nil || !decimal.MatchString(typed):
		return nil, false
	}
	return &n, true
}

// lengthOf is a number of characters; what is none is refused with all that is wrong.
func lengthOf(typed string) int {
	if oneLine(typed) == "" {
		return 0
	}
	if n := capOf(typed); n != 0 {
		return n
	}
	return -1
}

// unread are the fields of a survey that hold something that can't be read, or that does not go
// together, as an Invalid error; nil when there are none.
func unread(v url.Values) error {
	if !shows(domain.Kind(v.Get("kind")), "content.questions") {
		return nil
	}
	var wrong []domain.FieldError
	led := false
	for i, b := range blocksOf(v) {
		led = led || questionOf(b, domain.Question{}).Goto != nil
		if b.Get("type") != string(domain.Number) {
			continue
		}
		for _, part := range []string{"min", "max"} {
			if _, ok := limitOf(b.Get(part)); !ok {
				wrong = append(wrong, domain.FieldError{Field: questionField(i, part), Message: domain.Say("Write a number, for example 12.5, or nothing for no limit.")})
			}
		}
	}
	if led && v.Get("content.style") == string(domain.SingleCard) {
		wrong = append(wrong, domain.FieldError{Field: "content.style", Message: domain.Say(
			"Some answers lead elsewhere, and one card shows every question at once. Choose “One by one”, or let each answer lead to the next question.")})
	}
	if wrong == nil {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: wrong}
}
