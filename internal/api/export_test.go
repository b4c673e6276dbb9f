package api

import (
	"encoding/csv"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

// file gets a file, which the description has no schema for.
func (w *world) file(path, language string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), "GET", base+path, nil)
	r.Header.Set("Authorization", "Bearer analyst")
	r.Header.Set("Accept-Language", language)
	answer := httptest.NewRecorder()
	w.server.router.ServeHTTP(answer, r)
	content, _ := w.spec.find("paths", "/campaigns/{id}/export", "get", "responses", "200", "content")
	if kind := answer.Header().Get("Content-Type"); answer.Code != 200 || content.(map[string]any)[kind] == nil {
		w.t.Fatalf("status %d, %s: %s", answer.Code, kind, answer.Body)
	}
	return answer
}

// table gets a file of CSV.
func (w *world) table(path, language string) [][]string {
	w.t.Helper()
	text, marked := strings.CutPrefix(w.file(path, language).Body.String(), "\ufeff")
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked {
		w.t.Fatal(err, marked)
	}
	return all
}

func TestExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(`{"title":"T","questions":[{"type":"yes_no","text":"A dog?"},{"type":"text","text":"=Else","required":false}]}`, everybody...)
	w.fill(id, "ana.roy@example.com", "q1=yes", "q2=@SUM(1)")
	w.fill(id, "ben.lee@example.com", "q1=no")
	path := fmt.Sprintf("/campaigns/%d/export", id)
	want := [][]string{
		{"Name", "Email", "Started at", "Finished at", "A dog?", "'=Else"},
		{"Ana Roy", "ana.roy@example.com", "2026-09-01T08:00:00Z", "2026-09-01T08:00:01Z", "Yes", "'@SUM(1)"},
		{"Ben Lee", "ben.lee@example.com", "2026-09-01T08:00:02Z", "", "No", ""},
	}
	if diff := cmp.Diff(want, w.table(path+"?what=responses&format=csv", "en")); diff != "" {
		t.Error(diff)
	}
	french := w.table(path, "fr-CA, en;q=0.5")
	if len(french) != 6 || french[0][1] != "Adresse e-mail" || french[1][1] != "ana.roy@example.com" || french[1][10] != "2026-09-01T08:00:00Z" {
		t.Errorf("%q", french)
	}
	if sheet := w.file(path+"?format=xlsx&what=deliveries", "en"); !strings.HasPrefix(sheet.Body.String(), "PK") || !strings.Contains(sheet.Header().Get("Content-Disposition"), `"Lunch - recipients.xlsx"`) {
		t.Errorf("%v", sheet.Header())
	}
	of := func(query string) string { return "GET " + path + query }
	w.run(
		step{name: "somebody unknown", as: "-", call: of(""), status: 401},
		step{name: "without a role", as: "nobody", call: of("?what=responses"), status: 403},
		step{call: of("?what=everything&format=pdf"), status: 422, has: fields{"/errors/0/field": "what", "/errors/1/field": "format"}},
		step{call: "GET /campaigns/99/export", status: 404},
		step{call: "HEAD /campaigns/99/export", status: 404},
		step{call: "GET /campaigns/x/export", status: 404},
		step{call: "POST " + path, status: 405},
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "answers to no survey", call: "GET /campaigns/2/export?what=responses", status: 409},
	)
	if head := w.do(step{call: "HEAD " + path}); head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("HEAD: %d, %v", head.Code, head.Header())
	}
}

// What the privacy of a survey withholds, its files do too.
func TestExportAndPrivacy(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Masked, domain.Anonymous} {
		w := newWorld(t)
		id := w.sendSurvey(fmt.Sprintf(`{"title":"T","privacy":%q,"questions":[{"type":"yes_no","text":"A dog?"}]}`, privacy), everybody...)
		w.fill(id, "ana.roy@example.com", "q1=yes")
		path := fmt.Sprintf("/campaigns/%d/export", id)
		rows := w.table(path, "en")
		if len(rows) != 6 || rows[1][7] != "2026-09-01T08:00:00Z" || rows[1][10] != "" || privacy == domain.Masked && rows[1][8] != "" {
			t.Errorf("%s: %q", privacy, rows)
		}
		if privacy == domain.Anonymous {
			for _, format := range []string{"csv", "xlsx"} {
				w.run(step{call: "GET " + path + "?what=responses&format=" + format, status: 403,
					has: fields{"/detail": "This survey is anonymous: what one person answered is not kept."}})
			}
			continue
		}
		rows = w.table(path+"?what=responses", "en")
		if len(rows) != 2 || len(rows[1]) != 2 || rows[0][0] != "Respondent" || len(rows[1][0]) < 6 || rows[1][1] != "Yes" {
			t.Errorf("%s: %q", privacy, rows)
		}
	}
}
