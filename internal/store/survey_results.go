package store

import (
	"context"
	"fmt"
	"time"

	"crier/internal/domain"
)

// latestTexts is how many texts of a question results list.
const latestTexts = 10

// Tally is what was answered to a survey that is not anonymous; test sends are left out. It
// costs milliseconds however many answered: values are counted as they come, and the rest is
// read from indexes.
func (s Responses) Tally(ctx context.Context, c domain.Campaign) (domain.SurveyTally, error) {
	t := s.DB.view()
	counts, err := t.countsOf(ctx, c.ID)
	if err != nil {
		return domain.SurveyTally{}, err
	}
	totals := counts[""]
	delete(counts, "")
	tally := domain.SurveyTally{Responses: totals[ofResponses], Completed: totals[ofCompleted], Counts: counts, Left: map[string]int64{}}
	for id, values := range counts {
		if n := values[ofLeft]; n > 0 {
			tally.Left[id] = n
		}
		if delete(values, ofLeft); len(values) == 0 {
			delete(counts, id)
		}
	}
	if tally.Response, err = t.timing(ctx, c.ID, ofTook, totals); err != nil {
		return tally, err
	}
	if tally.Reaction, err = t.timing(ctx, c.ID, ofReacted, totals); err != nil {
		return tally, err
	}
	tally.Latest = map[string][]string{}
	for _, q := range c.Content.Survey.Questions {
		if q.Listed() {
			if tally.Latest[q.ID], err = t.latest(ctx, c, q); err != nil {
				return tally, err
			}
		}
	}
	return tally, nil
}

// timing is the average of a column of milliseconds, by what was counted of it, and the median,
// by an index that has it in order.
func (t *tx) timing(ctx context.Context, campaignID int64, column string, totals map[string]int64) (domain.Timing, error) {
	n := totals[column+ofPeople]
	if n <= 0 {
		return domain.Timing{}, nil
	}
	var middle []int64 // the one in the middle, or the two
	err := t.list(ctx, &middle, fmt.Sprintf(`SELECT %s FROM responses WHERE campaign_id = ? AND %s IS NOT NULL ORDER BY %s LIMIT ? OFFSET ?`,
		column, column, column), campaignID, 2-n%2, (n-1)/2)
	if err != nil || len(middle) == 0 {
		return domain.Timing{}, err
	}
	average := time.Duration(float64(totals[column]) / float64(n) * float64(time.Millisecond)).Round(time.Millisecond)
	return domain.Timing{People: int(n), Average: average, Median: time.Duration(middle[0]+middle[len(middle)-1]) * time.Millisecond / 2}, nil
}

// latest is the last texts to a question. Those of a masked survey are any, always the same
// while they stand: the last could be told from who answered last.
func (t *tx) latest(ctx context.Context, c domain.Campaign, q domain.Question) ([]string, error) {
	text := `SELECT value FROM answers WHERE text_of = ? AND question_id = ? ORDER BY answered_at DESC LIMIT ?`
	if c.Content.Survey.Privacy != domain.Identified {
		text = `SELECT a.value FROM responses r JOIN answers a ON a.response_id = r.id AND a.text_of = r.campaign_id
			WHERE r.campaign_id = ? AND a.question_id = ? AND NOT r.trial ORDER BY r.number LIMIT ?`
	}
	var values []string
	if err := t.list(ctx, &values, text, c.ID, q.ID, latestTexts); err != nil {
		return nil, err
	}
	texts := make([]string, len(values))
	for i, value := range values {
		v, err := domain.ParseValue(value)
		if err != nil {
			return nil, err
		}
		texts[i] = v.Text()
	}
	return texts, nil
}

type responsePageRow struct {
	ID         int64
	Number     int64
	DeliveryID int64 `db:"delivery_id"`
	StartedAt  stamp `db:"started_at"`
	FinishedAt stamp `db:"finished_at"`
	PersonID   int64 `db:"person_id"`
	Name       string
	Email      string
}

// List is a page of the responses to a survey that is not anonymous, after an id: all, or those
// that answered a question, or of people whose name, address or user principal name contains a
// query. The responses of a masked survey are in the order of their random numbers, which are
// their ids, and have neither person nor times.
func (s Responses) List(ctx context.Context, c domain.Campaign, question, query string, after int64, limit int) ([]domain.Response, error) {
	masked := c.Content.Survey.Privacy != domain.Identified
	key := "r.id"
	if masked {
		key = "r.number"
	}
	t := s.DB.view()
	of, err := t.responsesTo(ctx, c.ID, question)
	if err != nil {
		return nil, err
	}
	if query != "" {
		of.where += ` AND (p.name_key LIKE ? ESCAPE '\' OR p.email_key LIKE ? ESCAPE '\' OR p.upn_key LIKE ? ESCAPE '\')`
		of.args = append(of.args, like(query), like(query), like(query))
	}
	var rows []responsePageRow
	err = t.list(ctx, &rows, of.with+`SELECT r.id, r.number, r.delivery_id, r.started_at, r.finished_at, COALESCE(p.id, 0) AS person_id,
			COALESCE(p.name, '') AS name, COALESCE(p.email, '') AS email
		FROM `+of.from+` JOIN deliveries d ON d.id = r.delivery_id LEFT JOIN people p ON p.id = d.person_id
		WHERE `+of.where+` AND r.campaign_id = ? AND NOT r.trial AND (r.answered > 0 OR r.finished_at IS NOT NULL) AND `+key+` > ?
		ORDER BY `+key+` LIMIT ?`, append(of.args, c.ID, after, limit)...)
	if err != nil {
		return nil, err
	}
	answers, err := t.answersOf(ctx, rows)
	list := make([]domain.Response, len(rows))
	for i, r := range rows {
		list[i] = domain.Response{ID: r.Number, CampaignID: c.ID, Answers: answers[r.ID]}
		if !masked {
			list[i].ID, list[i].DeliveryID = r.ID, r.DeliveryID
			list[i].StartedAt, list[i].FinishedAt = r.StartedAt.Time(), r.FinishedAt.Time()
			list[i].Person = domain.Person{ID: r.PersonID, Name: r.Name, Email: r.Email}
		}
	}
	return list, err
}

// fewAnswers bounds the answers to a question by which its responses are looked up and sorted. Of
// one that more people answered, the next page is found sooner among all responses.
const fewAnswers = 5000

// responsesTo is the parts of a query that choose responses r: those to a question, or all.
type responsesTo struct {
	with, from, where string
	args              []any
}

func (t *tx) responsesTo(ctx context.Context, campaignID int64, question string) (responsesTo, error) {
	if question == "" {
		return responsesTo{from: `responses r`, where: `TRUE`}, nil
	}
	const given = `FROM answers WHERE answer_of = ? AND question_id = ? ORDER BY response_id` // as the index does
	var n int64
	err := t.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT response_id `+given+` LIMIT ?) AS given`, campaignID, question, fewAnswers)
	if n < fewAnswers { // CROSS JOIN, for SQLite would begin with the responses
		return responsesTo{
			with: `WITH few AS MATERIALIZED (SELECT response_id ` + given + `) `, from: `few CROSS JOIN responses r`,
			where: `r.id = few.response_id`, args: []any{campaignID, question},
		}, err
	}
	return responsesTo{
		from: `responses r`, args: []any{question},
		where: `EXISTS (SELECT 1 FROM answers a WHERE a.response_id = r.id AND a.question_id = ? AND a.value <> 'null')`,
	}, err
}

// answersOf are the answers of responses, by their ids; what was skipped is none.
func (t *tx) answersOf(ctx context.Context, responses []responsePageRow) (map[int64]map[string]domain.Value, error) {
	by := map[int64]map[string]domain.Value{}
	if len(responses) == 0 {
		return by, nil
	}
	ids := make([]int64, len(responses))
	for i, r := range responses {
		ids[i] = r.ID
		by[r.ID] = map[string]domain.Value{}
	}
	var rows []answerRow
	among, args := t.oneOf(ids)
	err := t.list(ctx, &rows, `SELECT response_id, question_id, value FROM answers WHERE response_id`+among+` AND value <> 'null'`, args...)
	for _, a := range rows {
		v, failed := domain.ParseValue(a.Value)
		if failed != nil {
			return by, failed
		}
		by[a.ResponseID][a.QuestionID] = v
	}
	return by, err
}
