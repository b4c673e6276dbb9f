package domain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check finds what is wrong with a survey, be it finished or not.
func (s *Survey) check(f *faults) {
	if !slices.Contains([]Style{OneByOne, SingleCard}, s.Style) {
		f.add("content.style", "The style is one_by_one or single_card.")
	}
	if !slices.Contains([]Privacy{Identified, Masked, Anonymous}, s.Privacy) {
		f.add("content.privacy", "The privacy is identified, masked or anonymous.")
	}
	checkText(f, "content.thanks", s.Thanks, MaxText)
	s.checkReminders(f)
	if len(s.Questions) > MaxQuestions {
		f.add("content.questions", "At most %d questions.", MaxQuestions)
	}
	for i, q := range s.Questions {
		q.check(fmt.Sprintf("content.questions[%d]", i), f)
	}
	s.checkOrder(f)
}

// checkOrder holds that each question has an id of its own and that the ways from question
// to question lead somewhere. Only ways that do are followed further.
func (s *Survey) checkOrder(f *faults) {
	var order faults
	seen := map[string]bool{}
	for i, q := range s.Questions {
		if seen[q.ID] {
			order.add(fmt.Sprintf("content.questions[%d].id", i), "Two questions have this id.")
		}
		seen[q.ID] = true
		s.checkGoto(fmt.Sprintf("content.questions[%d].goto", i), q, &order)
	}
	if s.Style != SingleCard && len(order.list) == 0 {
		s.checkWays(&order)
	}
	f.list = append(f.list, order.list...)
}

// checkGoto holds that a question leads from its own answers to questions that are there.
func (s *Survey) checkGoto(field string, q Question, f *faults) {
	if s.Style == SingleCard && len(q.Goto) > 0 {
		f.add(field, "A single card shows all questions at once; only one by one can an answer lead elsewhere.")
	}
	answers := q.answers()
	if len(q.Goto) > 0 && !slices.Contains([]QuestionType{Choice, Choices, YesNo, Rating, NPS}, q.Type) {
		f.add(field, "Only a choice, yes or no, a rating or an NPS can lead elsewhere; the answers to others are not known before.")
		return
	}
	for _, from := range slices.Sorted(maps.Keys(q.Goto)) {
		if len(answers) > 0 && !slices.Contains(answers, from) {
			f.add(field, "%q is no answer to this question.", from)
		}
		if _, known := s.Question(q.Goto[from]); !known && q.Goto[from] != end {
			f.add(field, "There is no question %q to go to.", q.Goto[from])
		}
	}
}

func (q Question) check(field string, f *faults) {
	types := []QuestionType{Choice, Choices, FreeText, Rating, NPS, YesNo, Number, Date, Statement}
	if !slices.Contains(types, q.Type) {
		f.add(field+".type", "The type is choice, choices, text, rating, nps, yes_no, number, date or statement.")
	}
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }
	if utf8.RuneCountInString(q.ID) > 64 || strings.ContainsFunc(q.ID, odd) || q.ID == end {
		f.add(field+".id", "An id is up to 64 characters without spaces, and not \"end\".")
	}
	checkText(f, field+".text", q.Text, MaxQuestion)
	if q.Image != nil {
		checkText(f, field+".image.alt", q.Image.Alt, MaxAlt)
		if q.Image.URL != "" {
			checkURL(f, field+".image.url", q.Image.URL, imageSchemes(q.Image.URL)...)
		}
	}
	q.checkLimits(field, f)
	q.checkOptions(field, f)
}

// checkLimits holds that the limits of an answer can be kept.
func (q Question) checkLimits(field string, f *faults) {
	if q.Type != Number && (q.Min != nil || q.Max != nil) {
		f.add(field+".min", "Only the type number has a least and a greatest answer.")
	} else if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		f.add(field+".min", "The least answer is above the greatest.")
	}
	switch {
	case q.MaxLength < 0 || q.MaxLength > MaxText:
		f.add(field+".max_length", "The longest answer has between 1 and %d characters.", MaxText)
	case q.MaxLength > 0 && q.Type != FreeText:
		f.add(field+".max_length", "Only the type text has a longest answer.")
	}
}

func (q Question) checkOptions(field string, f *faults) {
	if len(q.Options) > 0 && q.Type != Choice && q.Type != Choices {
		f.add(field+".options", "Only the types choice and choices have options.")
	}
	if len(q.Options) > MaxOptions {
		f.add(field+".options", "At most %d options.", MaxOptions)
	}
	seen := map[string]bool{}
	for j, o := range q.Options {
		checkText(f, fmt.Sprintf("%s.options[%d]", field, j), o, MaxOption)
		if key := strings.TrimSpace(o); key == "" || seen[key] {
			f.add(fmt.Sprintf("%s.options[%d]", field, j), "Each option needs words of its own.")
		} else {
			seen[key] = true
		}
	}
}

// missing finds what a survey still needs before it is sent.
func (s *Survey) missing(f *faults) {
	asks := func(q Question) bool { return q.Type != Statement }
	if s == nil || !slices.ContainsFunc(s.Questions, asks) {
		f.add("content.questions", "Ask at least one question.")
		return
	}
	for i, q := range s.Questions {
		field := fmt.Sprintf("content.questions[%d]", i)
		if strings.TrimSpace(q.Text) == "" {
			f.add(field+".text", "Write the question.")
		}
		if (q.Type == Choice || q.Type == Choices) && len(q.Options) < 2 {
			f.add(field+".options", "Offer at least two options.")
		}
		if q.Image != nil && q.Image.URL == "" {
			f.add(field+".image.url", "Give the image's address, or remove the image.")
		}
	}
}
