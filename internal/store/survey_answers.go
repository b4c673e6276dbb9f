package store

import (
	"cmp"
	"context"
	"maps"
	"math/rand/v2"
	"slices"

	"crier/internal/domain"
)

// counted is a value of a question, as survey_counts counts it.
type counted struct{ question, value string }

// slots is in how many rows a value is counted.
const slots = 8

// writeAnswers writes the answers that are new, others or no more, adds what that changes to the
// counts, and says of each change whether anything was given.
func (t *tx) writeAnswers(ctx context.Context, changes []response, counts map[counted]int64) ([]bool, error) {
	given, answers := make([]bool, len(changes)), []any{}
	for i, r := range changes {
		count := func(q domain.Question, v domain.Value, n int64) {
			for _, key := range q.CountKeys(v) {
				if !r.delivery.Trial {
					counts[counted{q.ID, key}] += n
				}
			}
		}
		for _, q := range r.campaign.Content.Survey.Questions {
			was, had := r.before.Answers[q.ID]
			is, has := r.after.Answers[q.ID]
			if had == has && was == is {
				continue
			}
			if had {
				count(q, was, -1)
			}
			if has {
				count(q, is, 1)
				given[i] = true
				answers = append(answers, r.answer(q, is)...)
				continue
			}
			if _, err := t.exec(ctx, `DELETE FROM answers WHERE response_id = ? AND question_id = ?`, r.row.ID, q.ID); err != nil {
				return nil, err
			}
		}
	}
	for some := range slices.Chunk(answers, answerWidth*chunk) {
		rows, args := t.table(some, "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT")
		_, err := t.exec(ctx, `INSERT INTO answers (response_id, question_id, value, answered_at, answer_of, text_of)
			SELECT v.* FROM (`+rows+`) AS v WHERE v.c1 IS NOT NULL
			ON CONFLICT (response_id, question_id) DO UPDATE SET value = excluded.value, answered_at = excluded.answered_at,
				answer_of = excluded.answer_of, text_of = excluded.text_of`, args...)
		if err != nil {
			return nil, err
		}
	}
	return given, nil
}

const answerWidth = 6

// answer is an answer as a row.
func (r response) answer(q domain.Question, v domain.Value) []any {
	var counts, listed any // NULL, or the campaign
	if !v.IsZero() && !r.delivery.Trial {
		counts = r.campaign.ID
	}
	if q.Listed() {
		listed = counts
	}
	return []any{r.row.ID, q.ID, encode(v), r.now, counts, listed}
}

// countAnswers adds changes to the counts of a survey, all in one slot and in one order, so that
// no two wait for each other.
func (t *tx) countAnswers(ctx context.Context, campaignID int64, changes map[counted]int64) error {
	maps.DeleteFunc(changes, func(_ counted, n int64) bool { return n == 0 })
	if len(changes) == 0 {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(changes), func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.question, b.question), cmp.Compare(a.value, b.value))
	})
	slot, args := rand.IntN(slots), make([]any, 0, 5*len(keys))
	for _, k := range keys {
		args = append(args, campaignID, k.question, k.value, slot, changes[k])
	}
	_, err := t.exec(ctx, `INSERT INTO survey_counts (campaign_id, question_id, value, slot, count) VALUES `+placeholders(len(keys), 5)+`
		ON CONFLICT (campaign_id, question_id, value, slot) DO UPDATE SET count = survey_counts.count + excluded.count`, args...)
	return err
}

// countsOf is how often each value of a survey that is not anonymous was answered.
func (t *tx) countsOf(ctx context.Context, campaignID int64) (map[string]map[string]int64, error) {
	var rows []struct {
		QuestionID string `db:"question_id"`
		Value      string
		Count      int64
	}
	err := t.list(ctx, &rows, `SELECT question_id, value, CAST(SUM(count) AS BIGINT) AS count FROM survey_counts WHERE campaign_id = ?
		GROUP BY question_id, value`, campaignID)
	counts := map[string]map[string]int64{}
	for _, r := range rows {
		if r.Count == 0 {
			continue
		}
		if counts[r.QuestionID] == nil {
			counts[r.QuestionID] = map[string]int64{}
		}
		counts[r.QuestionID][r.Value] = r.Count
	}
	return counts, err
}
