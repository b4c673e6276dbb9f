package domain

import (
	"fmt"
	"strings"
	"time"
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

	// Statement is a text between questions: it has no answer.
	Statement QuestionType = "statement"
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

// The scales of Rating and NPS.
const (
	minRating, maxRating = 1, 5
	minNPS, maxNPS       = 0, 10
)

// end is where a question leads when it is the last one.
const end = "end"

// Survey is what a campaign of that kind asks.
type Survey struct {
	Style     Style
	Privacy   Privacy
	ClosesAt  time.Time // zero: open until closed by hand
	Thanks    string
	Reminders []time.Time // when to ask again those who did not finish; up to MaxReminders
	Questions []Question
}

// Question is one question of a survey.
type Question struct {
	ID       string
	Type     QuestionType
	Text     string
	Image    *Image            // shown with the text
	Options  []string          // choice and choices only
	Optional bool              // may be left out; always so of a statement
	Goto     map[string]string // option -> question id or "end"

	Min, Max  *float64 // number only; nil: no limit
	MaxLength int      // text only, in characters; 0: MaxText
}

// Normalize fills in what an author may leave out: style, privacy, question ids. Nobody has
// to answer a statement, and a copied address loses the blanks around it.
func (s *Survey) Normalize() {
	if s.Style == "" {
		s.Style = OneByOne
	}
	if s.Privacy == "" {
		s.Privacy = Identified
	}
	used := map[string]bool{}
	for i, q := range s.Questions {
		used[q.ID] = true
		s.Questions[i].Optional = q.Optional || q.Type == Statement
		if q.Image != nil {
			s.Questions[i].Image = &Image{URL: strings.TrimSpace(q.Image.URL), Alt: q.Image.Alt}
		}
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
