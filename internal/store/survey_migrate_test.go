package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

// migrates does once more what a migration does to what there is, from these words on.
func migrates(t *testing.T, db *store.DB, dialect, name, from string) {
	t.Helper()
	text := string(must(os.ReadFile(filepath.Join("migrations", dialect, name))))
	_, after, found := strings.Cut(text, from)
	statement, _, _ := strings.Cut(after, ";")
	if !found {
		t.Fatalf("%s does not %s", name, from)
	}
	check(t, store.Exec(t.Context(), db, from+statement))
}

// TestSurveysFromBefore holds that a new version knows when surveys close that the one before it
// began, and whom the answers count for.
func TestSurveysFromBefore(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			at := d.URL(t)
			db := must(store.Open(t.Context(), at, 4))
			t.Cleanup(func() { db.Close() })
			plain, campaigns := raw(t, at), store.Campaigns{DB: db}
			closes := []time.Time{{}, now().Add(time.Hour), now().Add(2*time.Hour + 500*time.Millisecond).In(time.FixedZone("", 7200))}
			for _, when := range closes {
				c := anonymousSurvey()
				c.Content.Survey.ClosesAt = when
				c = must(campaigns.Create(t.Context(), c))
				check(t, campaigns.Schedule(t.Context(), c.ID, c.Revision, now(), now()))
				check(t, campaigns.Start(t.Context(), c.ID, now()))
			}
			must(plain.Exec(`DELETE FROM survey_closings`))
			migrates(t, db, d.Name, "0008_survey_closings.sql", "INSERT")
			for i, after := range []time.Duration{time.Hour, time.Hour + time.Second, 2*time.Hour + 2*time.Second} {
				if due := must(campaigns.RemindersDue(t.Context(), now().Add(after))); len(due) != i {
					t.Errorf("after %v %d surveys close, want %d", after, len(due), i)
				}
			}
			c := must(campaigns.Create(t.Context(), anonymousSurvey()))
			fillSurvey(t, db, c.ID, 20)
			must(plain.Exec(`UPDATE answers SET answer_of = NULL`))
			migrates(t, db, d.Name, "0007_answers_by_question.sql", "UPDATE")
			var n int
			check(t, plain.QueryRow(`SELECT COUNT(*) FROM answers WHERE answer_of IS NOT NULL`).Scan(&n))
			if n != 38 {
				t.Errorf("%d answers count, want 38", n)
			}
		})
	}
}
