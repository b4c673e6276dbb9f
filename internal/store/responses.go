package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Responses keeps what people answered: one response a delivery, one answer a question.
type Responses struct{ DB *DB }

// Answer keeps a person's answer; a second one to the same question replaces the first,
// so that whatever is clicked twice counts once.
func (s Responses) Answer(ctx context.Context, d domain.Delivery, answers []domain.Answer, finished bool, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, d.CampaignID); err != nil {
			return err
		}
		end := time.Time{}
		if finished {
			end = now
		}
		var id int64
		err := t.get(ctx, &id, `INSERT INTO responses (campaign_id, delivery_id, started_at, finished_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (delivery_id) DO UPDATE SET finished_at = COALESCE(responses.finished_at, excluded.finished_at) RETURNING id`,
			d.CampaignID, d.ID, now, end)
		if err != nil {
			return err
		}
		for _, a := range answers {
			_, err := t.exec(ctx, `INSERT INTO answers (response_id, question_id, value, answered_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (response_id, question_id) DO UPDATE SET value = excluded.value`, id, a.QuestionID, a.Value, now)
			if err != nil {
				return err
			}
		}
		return t.mark(ctx, d, "answered", now)
	})
}

type answerCountRow struct {
	QuestionID string `db:"question_id"`
	Value      string
	Count      int64
}

// Counts is how many responded and finished, and how often each value was answered; test
// sends are left out.
func (s Responses) Counts(ctx context.Context, campaignID int64) (responses, completed int64, options []domain.AnswerCount, err error) {
	var totals struct{ Responses, Completed int64 }
	t := s.DB.view()
	err = t.get(ctx, &totals, `SELECT COUNT(*) AS responses, COUNT(r.finished_at) AS completed FROM responses r
		JOIN deliveries d ON d.id = r.delivery_id WHERE r.campaign_id = ? AND NOT d.trial`, campaignID)
	if err != nil {
		return 0, 0, nil, err
	}
	var rows []answerCountRow
	err = t.list(ctx, &rows, `SELECT a.question_id, a.value, COUNT(*) AS count FROM answers a JOIN responses r ON r.id = a.response_id
		JOIN deliveries d ON d.id = r.delivery_id WHERE r.campaign_id = ? AND NOT d.trial GROUP BY a.question_id, a.value`, campaignID)
	for _, r := range rows {
		options = append(options, domain.AnswerCount(r))
	}
	return totals.Responses, totals.Completed, options, err
}
