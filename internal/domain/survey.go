package domain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// QuestionType is how a question is answered.
type QuestionType string

// The types of question.
const (
	Choice   QuestionType = "choice"
	Choices  QuestionType = "choices"
	FreeText QuestionType = "text"
	Rating   QuestionType = "rating"
	NPS      QuestionType = "nps"
	YesNo    QuestionType = "yes_no"
	Number   QuestionType = "number"
	Date     QuestionType = "date"
)

// Style is how a survey is put to people, Privacy what is kept of who answered.
type (
	Style   string
	Privacy string
)

// The styles and privacies; the first of each is the default.
const (
	OneByOne   Style = "one_by_one"
	SingleCard Style = "single_card"

	Identified Privacy = "identified"
	Masked     Privacy = "masked"
	Anonymous  Privacy = "anonymous"
)

// Limits of a survey.
const (
	MaxQuestions = 50
	MaxOptions   = 25
	MaxOption    = 200
	MaxQuestion  = 1000
)

// end is where a question leads when it is the last one.
const end = "end"

// Survey is what a campaign of that kind asks.
type Survey struct {
	Style     Style
	Privacy   Privacy
	ClosesAt  time.Time // zero: open until closed by hand
	Thanks    string
	Questions []Question
}

// Question is one question of a survey.
type Question struct {
	ID       string
	Type     QuestionType
	Text     string
	Options  []string          // choice and choices only
	Optional bool              // may be left out
	Goto     map[string]string // option -> question id or "end"
}

// Normalize fills in what an author may leave out: style, privacy, question ids.
func (s *Survey) Normalize() {
	if s.Style == "" {
		s.Style = OneByOne
	}
	if s.Privacy == "" {
		s.Privacy = Identified
	}
	used := map[string]bool{}
	for _, q := range s.Questions {
		used[q.ID] = true
	}
	for i, n := 0, 1; i < len(s.Questions); i++ {
		for ; s.Questions[i].ID == ""; n++ {
			if id := fmt.Sprintf("q%d", n); !used[id] {
				s.Questions[i].ID, used[id] = id, true
			}
		}
	}
}

// Question is the question of that id.
func (s *Survey) Question(id string) (Question, bool) {
	for _, q := range s.Questions {
		if q.ID == id {
			return q, true
		}
	}
	return Question{}, false
}

func (s *Survey) check(f *faults) {
	if !slices.Contains([]Style{OneByOne, SingleCard}, s.Style) {
		f.add("content.style", "The style is one_by_one or single_card.")
	}
	if !slices.Contains([]Privacy{Identified, Masked, Anonymous}, s.Privacy) {
		f.add("content.privacy", "The privacy is identified, masked or anonymous.")
	}
	checkText(f, "content.thanks", s.Thanks, MaxText)
	if len(s.Questions) > MaxQuestions {
		f.add("content.questions", "At most %d questions.", MaxQuestions)
	}
	seen := map[string]bool{}
	for i, q := range s.Questions {
		field := fmt.Sprintf("content.questions[%d]", i)
		if seen[q.ID] {
			f.add(field+".id", "Two questions have this id.")
		}
		seen[q.ID] = true
		q.check(field, f)
	}
	for i, q := range s.Questions {
		s.checkGoto(fmt.Sprintf("content.questions[%d].goto", i), q, f)
	}
}

// checkGoto holds that a question leads from its own answers to questions that are there.
func (s *Survey) checkGoto(field string, q Question, f *faults) {
	if s.Style == SingleCard && len(q.Goto) > 0 {
		f.add(field, "A single card shows all questions at once; only one by one can an answer lead elsewhere.")
	}
	answers := q.Options
	if q.Type == YesNo {
		answers = []string{"yes", "no"}
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
	types := []QuestionType{Choice, Choices, FreeText, Rating, NPS, YesNo, Number, Date}
	if !slices.Contains(types, q.Type) {
		f.add(field+".type", "The type is choice, choices, text, rating, nps, yes_no, number or date.")
	}
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }
	if utf8.RuneCountInString(q.ID) > 64 || strings.ContainsFunc(q.ID, odd) || q.ID == end {
		f.add(field+".id", "An id is up to 64 characters without spaces, and not \"end\".")
	}
	checkText(f, field+".text", q.Text, MaxQuestion)
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
	if s == nil || len(s.Questions) == 0 {
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
	}
	// What can be sent grows with the survey engine; nothing is sent that could not be
	// answered or that would keep less privacy than it promises.
	if len(s.Questions) > 1 || s.Questions[0].Type != Choice {
		f.add("content.questions", "This version sends surveys of one question of the type choice.")
	}
	if s.Privacy != Identified {
		f.add("content.privacy", "This version sends identified surveys only.")
	}
}

// CheckAnswer is the answer as it is kept, or an Invalid error that says what is wrong.
func (q Question) CheckAnswer(value string) (string, error) {
	if strings.TrimSpace(value) == "" {
		return "", Fail(Invalid, "Choose one of the answers.")
	}
	for _, o := range q.Options {
		if strings.TrimSpace(o) == strings.TrimSpace(value) {
			return o, nil
		}
	}
	return "", Fail(Invalid, "That is not one of the answers.")
}

// Answer is one person's answer to one question.
type Answer struct {
	QuestionID string
	Value      string
	At         time.Time
}

// AnswerCount is how often a value was answered to a question.
type AnswerCount struct {
	QuestionID string
	Value      string
	Count      int64
}
