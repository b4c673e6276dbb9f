package export

import (
	"context"
	"strconv"
	"strings"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// responses is what each person answered, a column for each question.
func (e Exports) responses(ctx context.Context, r Request, c domain.Campaign, tr i18n.Translator) (table, error) {
	fetch := func(after int64) ([]domain.Response, error) {
		return e.Surveys.Responses(ctx, r.By, r.Campaign, "", after, pageSize)
	}
	asked, respondent, heading := questions(c), identified, []string{tr.Text("Name"), tr.Text("Email"), tr.Text("Started at"), tr.Text("Finished at")}
	if c.Content.Survey != nil && c.Content.Survey.Privacy != domain.Identified {
		respondent, heading = masked, []string{tr.Text("Respondent")}
	}
	row := func(v domain.Response) []any {
		cells := respondent(v)
		for _, q := range asked {
			cells = append(cells, answer(v.Answers[q.ID], tr))
		}
		return cells
	}
	for _, q := range asked {
		heading = append(heading, q.Text)
	}
	rows, err := inPages(fetch, func(v domain.Response) int64 { return v.ID }, row)
	return table{heading: heading, rows: rows}, err
}

// questions are the ones that people answer.
func questions(c domain.Campaign) []domain.Question {
	var asked []domain.Question
	if c.Content.Survey == nil {
		return nil
	}
	for _, q := range c.Content.Survey.Questions {
		if q.Type != domain.Statement {
			asked = append(asked, q)
		}
	}
	return asked
}

// identified is who answered, and when.
func identified(v domain.Response) []any {
	return []any{v.Person.Name, v.Person.Email, moment(v.StartedAt), moment(v.FinishedAt)}
}

// masked is a number for who answered, which says nothing. There are no times, which could be
// paired with somebody's.
func masked(v domain.Response) []any { return []any{Respondent(v)} }

// Respondent is the number of somebody whose name is withheld, as people read it: a text also
// for spreadsheets, which round long numbers.
func Respondent(v domain.Response) string { return "R" + strconv.FormatInt(v.ID, 10) }

// answer is an answer as a cell: a number, or words.
func answer(v domain.Value, tr i18n.Translator) any {
	if n, ok := v.Number(); ok {
		return n
	}
	switch yes, ok := v.Yes(); {
	case ok && yes:
		return tr.Text("Yes")
	case ok:
		return tr.Text("No")
	}
	if list := v.List(); list != nil {
		return strings.Join(list, "; ")
	}
	return v.Text()
}
