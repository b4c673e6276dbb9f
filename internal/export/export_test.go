package export

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

// both exports a table in both formats, which have to say the same, and is its rows.
func both(t *testing.T, s *source, what What, language string) [][]string {
	t.Helper()
	asCSV := records(t, s.export(t, Request{What: what, Format: CSV, Language: language}).Body.Bytes())
	asXLSX := cells(t, s.export(t, Request{What: what, Format: XLSX, Language: language}).Body.Bytes())
	for i, row := range asXLSX { // excelize leaves out empty cells at the end
		for len(row) < len(asCSV[0]) {
			row = append(row, "")
		}
		asXLSX[i] = row
	}
	if diff := cmp.Diff(asCSV, asXLSX); diff != "" {
		t.Errorf("the formats differ (-csv +xlsx):\n%s", diff)
	}
	return asCSV
}

func same(t *testing.T, got, want [][]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRecipients(t *testing.T) {
	t.Parallel()
	same(t, both(t, drill(), Deliveries, "en"), [][]string{
		{"Name", "Email", "State", "Code", "Message", "Attempts", "Due at", "Sent at", "Seen at", "Clicked at", "Answered at", "Change"},
		{"Zoë Roy", "zoe@example.com", "sent", "", "", "1", "2026-09-01T10:00:00.25Z", "2026-09-01T10:00:00.25Z", "2026-09-01T10:01:00.25Z",
			"2026-09-01T11:00:00.25Z", "2026-09-01T12:00:00.25Z", "recall: changed"},
		{`Bob "B", Fox`, "bob@example.com", "failed", "blocked_by_user", "This person blocked the app. Only they can unblock it, in Teams.", "8",
			"2026-09-01T10:00:00.25Z", "", "", "", "", ""},
		{"", "nobody@example.com", "unreachable", "unknown_person", domain.UnknownPerson.Explain().Format, "0", "", "", "", "", "", ""},
	})
	french := both(t, drill(), Deliveries, "fr")
	same(t, french[:1], [][]string{{"Nom", "Adresse e-mail", "État", "Code", "Message", "Essais", "Prévu le", "Envoyé le", "Vu le", "Cliqué le", "Répondu le", "Modification"}})
	if message := french[2][4]; message == "" || message == domain.BlockedByUser.Explain().Format {
		t.Errorf("in French: %q", message)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	survey := party(domain.Identified)
	survey.campaign.Content.Survey.Questions[7].Text = "Else"
	same(t, both(t, survey, Responses, "en"), [][]string{
		{"Name", "Email", "Started at", "Finished at", "Coming?", "Food, please", "A dog?", "Degrees", "Stars", "When", "Else"},
		{"Bob", "bob@example.com", "2026-09-01T10:00:00.25Z", "", "", "", "No", "", "", "", ""},
		{"Zoë Roy", "zoe@example.com", "2026-09-01T10:00:00.25Z", "2026-09-01T10:01:00.25Z", "Of course", "Soup; Bread", "Yes", "-12.5", "4", "2026-12-31", "Two\nlines"},
	})
	survey = party(domain.Masked)
	survey.campaign.Content.Survey.Questions[7].Text = "Else"
	same(t, both(t, survey, Responses, "fr"), [][]string{
		{"Répondant", "Coming?", "Food, please", "A dog?", "Degrees", "Stars", "When", "Else"},
		{"R12", "", "", "Non", "", "", "", ""},
		{"R9007199254740993", "Of course", "Soup; Bread", "Oui", "-12.5", "4", "2026-12-31", "Two\nlines"},
	})
}

// What nobody is in has a heading all the same.
func TestNothingToExport(t *testing.T) {
	t.Parallel()
	for _, what := range Whats() {
		s := party(domain.Identified)
		s.responses, s.campaign.Content.Survey.Questions = nil, s.campaign.Content.Survey.Questions[:2]
		if rows := both(t, s, what, "en"); len(rows) != 1 || len(rows[0]) < 5 {
			t.Errorf("%s: %v", what, rows)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	refused := party(domain.Anonymous)
	refused.refusal = domain.Fail(domain.Forbidden, "Answers to an anonymous survey are counted only.")
	for _, format := range Formats() {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		err := refused.serve(w, r, Request{What: Responses, Format: format})
		if domain.KindOf(err) != domain.Forbidden || w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Errorf("%s: %v, header %v", format, err, w.Header())
		}
	}
	e := Exports{Campaigns: drill()}
	if _, err := e.Open(t.Context(), Request{By: domain.Actor{}, Campaign: 1}); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("somebody without a role: %v", err)
	}
}

// The file's name says what is in it, and the answer what it is; a HEAD asks for no more.
func TestTheHead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what        What
		format      Format
		language    string
		kind, named string
	}{
		{"", "", "", "text/csv; charset=utf-8", `attachment; filename="Fire drill - recipients.csv"; filename*=UTF-8''Fire%20drill%20-%20recipients.csv`},
		{Responses, XLSX, "fr", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			`attachment; filename="Fire drill - r_ponses.xlsx"; filename*=UTF-8''Fire%20drill%20-%20r%C3%A9ponses.xlsx`},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			s, w := drill(), httptest.NewRecorder()
			s.row(1)
			r := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
			if err := s.serve(w, r, Request{What: test.what, Format: test.format, Language: test.language}); err != nil {
				t.Fatal(err)
			}
			h := w.Header()
			if h.Get("Content-Type") != test.kind || h.Get("Content-Disposition") != test.named || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: header %v", method, h)
			}
			if w.Code != http.StatusOK || (w.Body.Len() == 0) != (method == http.MethodHead) || method == http.MethodHead && len(s.asked) != 1 {
				t.Errorf("%s: status %d, %d bytes, pages after %v", method, w.Code, w.Body.Len(), s.asked)
			}
		}
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for campaign, want := range map[string]string{
		"Fire drill":              "Fire drill - x",
		" ../..\\etc/passwd\x00":  "etc-passwd - x",
		"a\r\nSet-Cookie: b":      "a Set-Cookie- b - x",
		`"quoted" <b> 50% | why?`: "quoted- -b- 50- - why - x",
		"\u202egpj.exe\u200b":     "gpj.exe - x",
		"":                        "x",
		"...":                     "x",
		"Été à Málaga":            "Été à Málaga - x",
		"\xff\xfe":                "x",
		"0123456789012345678901234567890123456789012345678901234567890123456789": "012345678901234567890123456789012345678901234567890123456789 - x",
	} {
		if got := fileName(campaign, "x"); got != want {
			t.Errorf("%q: %q, want %q", campaign, got, want)
		}
	}
	if got, want := disposition("Zoë's (1), 100€.csv"), `attachment; filename="Zo_'s (1), 100_.csv"; filename*=UTF-8''Zo%C3%AB%27s%20%281%29%2C%20100%E2%82%AC.csv`; got != want {
		t.Errorf("%s", got)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	if moment(time.Time{}) != "" {
		t.Error("no time is something")
	}
	late := time.Date(2026, 9, 1, 1, 0, 0, 0, time.FixedZone("Paris", 7200))
	if moment(late) != "2026-08-31T23:00:00Z" {
		t.Errorf("%s", moment(late))
	}
}
