package api

import (
	"math"
	"net/http"
	"reflect"

	"crier/internal/domain"
)

// Survey is what a survey has beside title and text. It is exported because encoding/json
// fills in no embedded pointer that is not.
type Survey struct {
	Style     string     `json:"style"`
	Privacy   string     `json:"privacy"`
	ClosesAt  *string    `json:"closes_at"`
	Thanks    string     `json:"thanks"`
	Questions []question `json:"questions"`
}

type question struct {
	ID       string            `json:"id"`
	Type     string            `json:"type"`
	Text     string            `json:"text"`
	Options  []string          `json:"options,omitempty"`
	Required *bool             `json:"required"` // true where it is left out
	Goto     map[string]string `json:"goto,omitempty"`
}

// given says whether any field of a survey was sent.
func (in *Survey) given() bool { return in != nil && !reflect.ValueOf(*in).IsZero() }

func encodeSurvey(s *domain.Survey) *Survey {
	out := &Survey{Style: string(s.Style), Privacy: string(s.Privacy), ClosesAt: formatTime(s.ClosesAt), Thanks: s.Thanks, Questions: []question{}}
	for _, q := range s.Questions {
		required := !q.Optional
		out.Questions = append(out.Questions, question{
			ID: q.ID, Type: string(q.Type), Text: q.Text, Options: q.Options, Required: &required, Goto: q.Goto,
		})
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
	for _, q := range in.Questions {
		out.Questions = append(out.Questions, domain.Question{
			ID: q.ID, Type: domain.QuestionType(q.Type), Text: q.Text, Options: q.Options,
			Optional: q.Required != nil && !*q.Required, Goto: q.Goto,
		})
	}
	return out
}

// surveyReport is what people answered.
type surveyReport struct {
	Responses       int64            `json:"responses"`
	Completed       int64            `json:"completed"`
	AverageResponse *float64         `json:"average_response_seconds"` // null: not known
	MedianResponse  *float64         `json:"median_response_seconds"`
	Privacy         string           `json:"privacy"`
	Withheld        bool             `json:"withheld"`
	Questions       []questionReport `json:"questions"`
}

type questionReport struct {
	ID      string        `json:"id"`
	Type    string        `json:"type"`
	Text    string        `json:"text"`
	Answers int64         `json:"answers"`
	Options []optionCount `json:"options,omitempty"`
}

type optionCount struct {
	Text  string  `json:"text"`
	Count int64   `json:"count"`
	Share float64 `json:"share"` // of those who answered, rounded to 3 digits
}

func (s *server) getSurvey(c *call) (answer, error) {
	id, err := c.campaignID()
	if err != nil {
		return answer{}, err
	}
	campaign, r, err := s.Campaigns.Survey(c.Context(), c.by, id)
	if err != nil {
		return answer{}, err
	}
	out := surveyReport{Responses: r.Responses, Completed: r.Completed, Privacy: string(campaign.Content.Survey.Privacy), Questions: []questionReport{}}
	for _, q := range r.Questions {
		out.Questions = append(out.Questions, encodeQuestionReport(q))
	}
	return answer{status: http.StatusOK, body: out}, nil
}

func encodeQuestionReport(q domain.QuestionReport) questionReport {
	out := questionReport{ID: q.Question.ID, Type: string(q.Question.Type), Text: q.Question.Text, Answers: q.Answers}
	for _, o := range q.Options {
		out.Options = append(out.Options, optionCount{Text: o.Text, Count: o.Count, Share: math.Round(q.Share(o)*1000) / 1000})
	}
	return out
}
