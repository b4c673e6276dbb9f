package store_test

import (
	"fmt"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// BenchmarkTally reads the results of a survey that 100,000 people answered.
func BenchmarkTally(b *testing.B) {
	for _, d := range storetest.Databases() {
		b.Run(d.Name, func(b *testing.B) {
			db := d.Open(b)
			asked := anonymousSurvey()
			asked.Content.Survey.Privacy = domain.Identified
			c := must(store.Campaigns{DB: db}.Create(b.Context(), asked))
			fillSurvey(b, db, c.ID, 100_000)
			for b.Loop() {
				tally, err := store.Responses{DB: db}.Tally(b.Context(), c)
				check(b, err)
				if tally.Completed != 90_000 || tally.Left["why"] != 10_000 || tally.Response.People != 90_000 {
					b.Fatalf("%+v", tally)
				}
			}
		})
	}
}

// fillSurvey writes responses, each tenth of which is not finished.
func fillSurvey(b testing.TB, db *store.DB, campaign int64, people int) {
	b.Helper()
	const each = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `
	for _, text := range []string{
		`INSERT INTO deliveries (campaign_id, trial, address, tenant_id, state) ` + each + `SELECT %[2]d, FALSE, 'p' || CAST(i AS TEXT), 't', 'sent' FROM n`,
		`INSERT INTO responses (campaign_id, delivery_id, number, started_at, touched_at, answered, took, reacted, at_question, finished_at)
			SELECT campaign_id, id, id, 1, 1, 2, CASE WHEN id %% 10 > 0 THEN id %% 977 END, id %% 9973, CASE WHEN id %% 10 > 0 THEN '' ELSE 'why' END,
				CASE WHEN id %% 10 > 0 THEN 2 END FROM deliveries WHERE campaign_id = %[2]d AND %[1]d > 0`,
		`INSERT INTO answers (response_id, question_id, value, answered_at, answer_of) SELECT id, 'mark', '3', 1, campaign_id FROM responses WHERE campaign_id = %[2]d AND %[1]d > 0`,
		`INSERT INTO answers (response_id, question_id, value, answered_at, answer_of, text_of) SELECT id, 'why', '"So"', id, campaign_id, campaign_id FROM responses
			WHERE campaign_id = %[2]d AND finished_at IS NOT NULL AND %[1]d > 0`,
		`INSERT INTO survey_counts (campaign_id, question_id, value, slot, count) VALUES (%[2]d, 'mark', '3', 0, %[1]d), (%[2]d, 'why', '*', 0, %[1]d * 9 / 10), (%[2]d, 'why', 'left', 0, %[1]d / 10),
			(%[2]d, '', 'responses', 0, %[1]d), (%[2]d, '', 'completed', 0, %[1]d * 9 / 10), (%[2]d, '', 'took', 0, 1), (%[2]d, '', 'took_people', 0, %[1]d * 9 / 10),
			(%[2]d, '', 'reacted', 0, 1), (%[2]d, '', 'reacted_people', 0, %[1]d)`,
		`ANALYZE`,
	} {
		if text != "ANALYZE" {
			text = fmt.Sprintf(text, people, campaign)
		}
		check(b, store.Exec(b.Context(), db, text))
	}
}
