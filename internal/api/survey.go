package api

import (
	"fmt"
	"reflect"

	"crier/internal/domain"
)

// Survey is what a survey has beside title and text. It is exported because encoding/json
// fills in no embedded pointer that is not.
type Survey struct {
	Style     string     `json:"style"`
	Privacy   string     `json:"privacy"`
	ClosesAt  *string    `json:"closes_at"`
	Reminders []string   `json:"reminders,omitempty"`
	Thanks    string     `json:"thanks"`
	Questions []question `json:"questions"`
}

type question struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Text      string            `json:"text"`
	Image     *image            `json:"image,omitempty"`
	Options   []string          `json:"options,omitempty"`
	Required  *bool             `json:"required"` // true where it is left out
	Min       *float64          `json:"min,omitempty"`
	Max       *float64          `json:"max,omitempty"`
	MaxLength int               `json:"max_length,omitempty"` // 0: as long as any text
	Goto      map[string]string `json:"goto,omitempty"`
}

// given says whether any field of a survey was sent.
func (in *Survey) given() bool { return in != nil && !reflect.ValueOf(*in).IsZero() }

func encodeSurvey(s *domain.Survey) *Survey {
	out := &Survey{
		Style: string(s.Style), Privacy: string(s.Privacy), ClosesAt: formatTime(s.ClosesAt),
		Thanks: s.Thanks, Questions: []question{},
	}
	for _, at := range s.Reminders {
		out.Reminders = append(out.Reminders, value(formatTime(at)))
	}
	for _, q := range s.Questions {
		out.Questions = append(out.Questions, encodeQuestion(q))
	}
	return out
}

func encodeQuestion(q domain.Question) question {
	required := !q.Optional
	out := question{
		ID: q.ID, Type: string(q.Type), Text: q.Text, Options: q.Options, Required: &required,
		Min: q.Min, Max: q.Max, MaxLength: q.MaxLength, Goto: q.Goto,
	}
	if q.Image != nil {
		out.Image = &image{URL: q.Image.URL, Alt: q.Image.Alt}
	}
	return out
}

func (in *Survey) decode(f *faults) *domain.Survey {
	if in == nil {
		return &domain.Survey{}
	}
	out := &domain.Survey{
		Style: domain.Style(in.Style), Privacy: domain.Privacy(in.Privacy), ClosesAt: f.time("content.closes_at", in.ClosesAt), Thanks: in.Thanks,
	}
	for i, at := range in.Reminders {
		out.Reminders = append(out.Reminders, f.time(fmt.Sprintf("content.reminders[%d]", i), &at))
	}
	for _, q := range in.Questions {
		out.Questions = append(out.Questions, q.decode())
	}
	return out
}

func (in question) decode() domain.Question {
	out := domain.Question{
		ID: in.ID, Type: domain.QuestionType(in.Type), Text: in.Text, Options: in.Options, Optional: in.Required != nil && !*in.Required,
		Min: in.Min, Max: in.Max, MaxLength: in.MaxLength, Goto: in.Goto,
	}
	if in.Image != nil {
		out.Image = &domain.Image{URL: in.Image.URL, Alt: in.Image.Alt}
	}
	return out
}
