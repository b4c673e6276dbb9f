package api

import (
	"context"
	"math"
	"net/http"

	"crier/internal/domain"
)

// Surveys are the operations on surveys; *app.Surveys has them.
type Surveys interface {
	Results(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, domain.SurveyReport, error)
	Responses(ctx context.Context, by domain.Actor, id int64, question string, after int64, limit int) ([]domain.Response, error)
	Close(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
	Remind(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
	Share(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
}

// moveSurvey is the endpoint of an operation on a survey that was sent.
func (s *server) moveSurvey(do func(Surveys, context.Context, domain.Actor, int64) (domain.Campaign, error)) endpoint {
	return s.move(func(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
		return do(s.Surveys, ctx, by, id)
	})
}

// surveyReport is what people answered. Times of which nothing is known, or may be known, are
// null.
type surveyReport struct {
	Responses       int64            `json:"responses"`
	Completed       int64            `json:"completed"`
	AverageResponse *float64         `json:"average_response_seconds"`
	MedianResponse  *float64         `json:"median_response_seconds"`
	AverageReaction *float64         `json:"average_reaction_seconds"`
	MedianReaction  *float64         `json:"median_reaction_seconds"`
	Privacy         string           `json:"privacy"`
	Closed          bool             `json:"closed"`
	Withheld        bool             `json:"withheld"`
	Shown           int64            `json:"shown"` // the responses that the questions count
	Reminders       []*change        `json:"reminders"`
	Shared          *change          `json:"shared"` // null: the results were not shared
	Questions       []questionReport `json:"questions"`
}

type questionReport struct {
	ID       string        `json:"id"`
	Type     string        `json:"type"`
	Text     string        `json:"text"`
	Answers  *int64        `json:"answers"`  // null: withheld
	DropOff  *float64      `json:"drop_off"` // of those who got to it; null: not known
	Withheld bool          `json:"withheld"`
	Options  []optionCount `json:"options,omitzero"`
	Average  *float64      `json:"average,omitempty"` // as the others: left out where nobody answered
	Median   *float64      `json:"median,omitempty"`
	Minimum  *float64      `json:"minimum,omitempty"`
	Maximum  *float64      `json:"maximum,omitempty"`
	Score    *float64      `json:"score,omitempty"`
	Latest   []string      `json:"latest,omitzero"`
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
	found, r, err := s.Surveys.Results(c.Context(), c.by, id)
	if err != nil {
		return answer{}, err
	}
	out := encodeSurveyReport(r, languageOf(c.Request))
	out.Closed = found.Content.Survey.Closed(s.Now())
	return answer{status: http.StatusOK, body: out}, nil
}

func encodeSurveyReport(r domain.SurveyReport, language string) surveyReport {
	out := surveyReport{
		Responses: r.Responses, Completed: r.Completed, Shown: r.Shown, Privacy: string(r.Privacy), Withheld: r.Withheld,
		Reminders: []*change{}, Shared: encodeChange(r.Shared, language), Questions: []questionReport{},
	}
	out.AverageResponse, out.MedianResponse = seconds(r.ResponseTime)
	out.AverageReaction, out.MedianReaction = seconds(r.ReactionTime)
	for _, reminder := range r.Reminders {
		out.Reminders = append(out.Reminders, encodeChange(&reminder, language))
	}
	dropOff := map[string]*float64{}
	for _, p := range r.Passages {
		dropOff[p.QuestionID] = rounded(p.DropOff())
	}
	for _, q := range r.Questions {
		report := questionReport{ID: q.Question.ID, Type: string(q.Question.Type), Text: q.Question.Text, Withheld: true}
		if !r.Withheld {
			report = encodeQuestionReport(q)
			report.DropOff = dropOff[report.ID]
		}
		out.Questions = append(out.Questions, report)
	}
	return out
}

func encodeQuestionReport(q domain.QuestionReport) questionReport {
	out := questionReport{
		ID: q.Question.ID, Type: string(q.Question.Type), Text: q.Question.Text, Answers: &q.Answers, Withheld: q.Withheld || q.TextsWithheld, Latest: q.Latest,
	}
	for _, o := range q.Options {
		out.Options = append(out.Options, optionCount{Text: o.Text, Count: o.Count, Share: *rounded(q.Share(o))})
	}
	if n := q.Numbers; n.Answers > 0 {
		out.Average, out.Median, out.Minimum, out.Maximum = rounded(n.Average), &n.Median, &n.Minimum, &n.Maximum
	}
	if q.Score != nil {
		out.Score = rounded(*q.Score)
	}
	return out
}

// seconds are the average and the median of how long people took; nil where nobody is known.
func seconds(t domain.Timing) (average, median *float64) {
	if t.People == 0 {
		return nil, nil
	}
	return rounded(t.Average.Seconds()), rounded(t.Median.Seconds())
}

// rounded is a number of at most 3 digits after the point.
func rounded(v float64) *float64 {
	v = math.Round(v*1000) / 1000
	return &v
}
