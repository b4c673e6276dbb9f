package store_test

import (
	"fmt"
	"strings"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// TestResponsesToAQuestion holds that the responses to a question are found by an index of its
// answers where few people answered it, and among all where many did.
func TestResponsesToAQuestion(t *testing.T) {
	for _, d := range storetest.Databases() {
		for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked} {
			t.Run(d.Name+"/"+string(privacy), func(t *testing.T) {
				t.Parallel()
				p := &planned{T: t}
				at := d.URL(t)
				db, err := store.OpenRecording(t.Context(), at, func(query string, args []any) {
					p.mu.Lock()
					defer p.mu.Unlock()
					p.statements = append(p.statements, statement{query, args})
				})
				p.ok(err)
				t.Cleanup(func() { db.Close() })
				p.db, p.plain = db, raw(t, at)
				p.looksUp(privacy)
			})
		}
	}
}

// looksUp reads the responses to a question that nearly everybody answered, and to one of three.
func (p *planned) looksUp(privacy domain.Privacy) {
	p.Helper()
	const people = 10_000
	asked := anonymousSurvey()
	asked.Content.Survey.Privacy = privacy
	c := must(store.Campaigns{DB: p.db}.Create(p.Context(), asked))
	fillSurvey(p, p.db, c.ID, people)
	p.ok(store.Exec(p.Context(), p.db, fmt.Sprintf(`INSERT INTO answers (response_id, question_id, value, answered_at, answer_of)
		SELECT id, 'rare', '1', 1, campaign_id FROM responses WHERE campaign_id = %d AND id %% 4000 = 17`, c.ID)))
	p.ok(store.Exec(p.Context(), p.db, "ANALYZE"))
	for question, found := range map[string]int{"rare": 3, "why": 500} {
		plan := p.plans("LEFT JOIN people", func() error {
			list, err := store.Responses{DB: p.db}.List(p.Context(), c, question, "", 0, 500)
			if len(list) != found || len(list) > 0 && list[0].Answers[question].IsZero() {
				p.Errorf("%s: %d responses, want %d", question, len(list), found)
			}
			return err
		})
		if scans(plan, "responses") || scans(plan, "answers") || strings.Contains(plan, "answers_question") != (question == "rare") {
			p.Errorf("%s:\n%s", question, plan)
		}
	}
	for _, question := range []string{"rare", "why"} {
		plan := p.plans("COUNT(*) FROM (SELECT response_id", func() error {
			_, err := store.Responses{DB: p.db}.List(p.Context(), c, question, "", 0, 500)
			return err
		})
		if !strings.Contains(plan, "answers_question") {
			p.Errorf("how many answered %s is counted by\n%s", question, plan)
		}
	}
}
