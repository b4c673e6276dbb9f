package api

import (
	"crier/internal/domain"
)

// surveyResponse is what one person answered, in the order of the questions.
type surveyResponse struct {
	ID         string           `json:"id"`
	Respondent *user            `json:"respondent"` // null: masked, or erased
	StartedAt  *string          `json:"started_at"`
	FinishedAt *string          `json:"finished_at"` // null: not finished
	Answers    []questionAnswer `json:"answers"`
}

type questionAnswer struct {
	QuestionID string       `json:"question_id"`
	Value      domain.Value `json:"value"`
}

func (s *server) listResponses(c *call) (answer, error) {
	found, err := s.campaign(c)
	if err != nil {
		return answer{}, err
	}
	q, err := c.query()
	if err != nil {
		return answer{}, err
	}
	asked, p := q.text("question"), q.page()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	fetch := func(after int64, limit int) ([]domain.Response, error) {
		return s.Surveys.Responses(c.Context(), c.by, found.ID, asked, after, limit)
	}
	encode := func(r domain.Response) surveyResponse { return encodeResponse(r, found.Content.Survey) }
	return answerPage(p, fetch, func(r domain.Response) int64 { return r.ID }, encode)
}

func encodeResponse(r domain.Response, survey *domain.Survey) surveyResponse {
	out := surveyResponse{
		ID: formatID(r.ID), StartedAt: formatTime(r.StartedAt), FinishedAt: formatTime(r.FinishedAt), Answers: []questionAnswer{},
	}
	if r.Person.ID > 0 {
		id := formatID(r.Person.ID)
		out.Respondent = &user{ID: &id, Name: r.Person.Name, Email: r.Person.Email}
	}
	for _, q := range survey.Questions {
		if v := r.Answers[q.ID]; !v.IsZero() {
			out.Answers = append(out.Answers, questionAnswer{QuestionID: q.ID, Value: v})
		}
	}
	return out
}
