package export

import (
	"strings"
	"testing"

	"crier/internal/domain"
)

// What a spreadsheet would take for a formula, and what it should not touch.
var cellsOfPeople = map[string]string{
	"=1+1":                         "'=1+1",
	"+33 6 12 34 56 78":            "'+33 6 12 34 56 78",
	"-2+3+cmd|' /C calc'!A0":       "'-2+3+cmd|' /C calc'!A0",
	"@SUM(1)":                      "'@SUM(1)",
	"\t=1":                         "'\t'=1",
	"\tx":                          "'\tx",
	"\rx":                          "'\rx",
	" =1":                          " '=1",
	"\u00a0=1":                     "\u00a0'=1",
	"\u200b=1":                     "\u200b'=1",
	`"=1"`:                         `"'=1"`,
	"'=1":                          "''=1",
	"＝1":                           "'＝1",
	"＠SUM(1)":                      "'＠SUM(1)",
	"x;=1":                         "x;'=1",
	"x; =1;@a":                     "x; '=1;'@a",
	"x\n=1":                        "x\n'=1",
	"x\r\n=1":                      "x\r\n'=1",
	"x\t=1":                        "x\t'=1",
	`x;"=1"`:                       `x;"'=1"`,
	"":                             "",
	"a=b":                          "a=b",
	"ana@example.com":              "ana@example.com",
	"Well - no, not at all":        "Well - no, not at all",
	"Soup; Bread":                  "Soup; Bread",
	"a\tb":                         "a\tb",
	"a\n\nb":                       "a\n\nb",
	"2026-12-31":                   "2026-12-31",
	"'quoted'":                     "'quoted'",
	"1 + 1 = 2":                    "1 + 1 = 2",
	"It's \"fine\", isn't it; yes": "It's \"fine\", isn't it; yes",
}

func TestNoFormulas(t *testing.T) {
	t.Parallel()
	for text, want := range cellsOfPeople {
		if got := harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// In both formats texts come back as texts, whatever is in them, in every place that people or
// authors write.
func TestNoFormulasInFiles(t *testing.T) {
	t.Parallel()
	for text, want := range cellsOfPeople {
		s := party(domain.Identified)
		s.campaign.Content.Survey.Questions = []domain.Question{{ID: "t", Type: domain.FreeText, Text: text}}
		s.responses = []domain.Response{{ID: 1, Person: domain.Person{ID: 1, Name: text, Email: text}, Answers: map[string]domain.Value{"t": domain.TextValue(text)}}}
		// As encoding/csv writes and reads line breaks.
		want = strings.ReplaceAll(strings.ReplaceAll(want, "\r\n", "\n"), "\r", "")
		rows := records(t, s.export(t, Request{What: Responses}).Body.Bytes())
		if got := []string{rows[0][4], rows[1][0], rows[1][1], rows[1][4]}; strings.Join(got, "|") != strings.Join([]string{want, want, want, want}, "|") {
			t.Errorf("%q in CSV: %q", text, got)
		}
		file := s.export(t, Request{What: Responses, Format: XLSX}).Body.Bytes()
		table := cells(t, file)
		if text != "" && (table[0][4] != text || table[1][0] != text || table[1][4] != text) {
			t.Errorf("%q in XLSX: %q", text, table)
		}
		if xml := sheet(t, file); strings.Count(xml, `t="inlineStr"`) != strings.Count(xml, "<c ") || strings.Contains(xml, "<v>") {
			t.Errorf("%q in XLSX: not every cell is a text: %s", text, xml)
		}
	}
}

// Numbers stay numbers, so that they can be summed up.
func TestNumbers(t *testing.T) {
	t.Parallel()
	file := party(domain.Identified).export(t, Request{What: Responses, Format: XLSX}).Body.Bytes()
	if xml := sheet(t, file); !strings.Contains(xml, "<v>-12.5</v>") || strings.Contains(xml, "9007199254740993") {
		t.Errorf("%s", xml)
	}
	if got := plain(1e21); got != "1000000000000000000000" {
		t.Errorf("%s", got)
	}
}

// Lines end as RFC 4180 has it, the last one too.
func TestLines(t *testing.T) {
	t.Parallel()
	s := drill()
	s.rows = 1
	s.row = func(int64) domain.Delivery {
		return domain.Delivery{ID: 1, Person: domain.Person{ID: 1, Name: "A\nB", Email: `"a"@b`}, State: domain.Pending}
	}
	text := s.export(t, Request{}).Body.String()
	if want := "\"A\r\nB\",\"\"\"a\"\"@b\",pending,,,0,,,,,,\r\n"; !strings.HasSuffix(text, "Change\r\n"+want) {
		t.Errorf("%q", text)
	}
}
