package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"crier/internal/domain"
)

// Responses keeps what people answered to surveys: one response a delivery, one answer a
// question. Anonymous surveys keep neither: see Cast.
type Responses struct{ DB *DB }

type responseRow struct {
	ID         int64
	AtQuestion string `db:"at_question"`
	StartedAt  stamp  `db:"started_at"`
	FinishedAt stamp  `db:"finished_at"`
	TouchedAt  stamp  `db:"touched_at"`
	Answered   int
	Took       *int64 // milliseconds; nil: nothing to measure
	Reacted    *int64
}

const responseColumns = `id, at_question, started_at, finished_at, touched_at, answered, took, reacted`

type answerRow struct {
	ResponseID int64  `db:"response_id"`
	QuestionID string `db:"question_id"`
	Value      string
}

// Standing is how far somebody is in a survey that is not anonymous, by their row.
func (s Responses) Standing(ctx context.Context, d domain.Delivery) (domain.Standing, error) {
	var row responseRow
	t := s.DB.view()
	err := t.get(ctx, &row, `SELECT `+responseColumns+` FROM responses WHERE delivery_id = ?`, d.ID)
	if domain.KindOf(err) == domain.NotFound {
		return domain.Standing{}, nil
	}
	if err != nil {
		return domain.Standing{}, err
	}
	return t.standing(ctx, row)
}

// standing adds the answers to a response.
func (t *tx) standing(ctx context.Context, row responseRow) (domain.Standing, error) {
	st := domain.Standing{At: row.AtQuestion, Finished: !row.FinishedAt.Time().IsZero()}
	var rows []answerRow
	if err := t.list(ctx, &rows, `SELECT response_id, question_id, value FROM answers WHERE response_id = ?`, row.ID); err != nil {
		return st, err
	}
	for _, a := range rows {
		v, err := domain.ParseValue(a.Value)
		if err != nil {
			return st, err
		}
		if st.Answers == nil {
			st.Answers = map[string]domain.Value{}
		}
		st.Answers[a.QuestionID] = v
	}
	return st, nil
}

// errNothing ends a transaction that has nothing to write.
var errNothing = errors.New("nothing to write")

// Take changes how somebody stands in a survey, by their row: take is told how they stand, and
// answers how they stand then. Of several at once, each goes on from where the one before it
// ended. It answers how they stand now.
func (s Responses) Take(ctx context.Context, c domain.Campaign, d domain.Delivery, now time.Time,
	take func(domain.Standing) domain.Standing) (after domain.Standing, err error) {
	err = s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, c.ID); err != nil {
			return err
		}
		row, err := t.lockResponse(ctx, c, d, now)
		if err != nil {
			return err
		}
		before, err := t.standing(ctx, row)
		if err != nil {
			return err
		}
		if after = take(before); after.Equal(before) {
			return errNothing
		}
		return t.took(ctx, response{campaign: c, delivery: d, row: row, before: before, after: after, now: now})
	})
	if errors.Is(err, errNothing) {
		err = nil
	}
	return after, err
}

// lockResponse is the response to a row, made where there is none, and locked.
func (t *tx) lockResponse(ctx context.Context, c domain.Campaign, d domain.Delivery, now time.Time) (responseRow, error) {
	var row responseRow
	err := t.get(ctx, &row, `SELECT `+responseColumns+` FROM responses WHERE delivery_id = ?`+t.lock("FOR UPDATE"), d.ID)
	if domain.KindOf(err) != domain.NotFound {
		return row, err
	}
	// Of two at once who make it, one finds it, and has it locked too.
	err = t.get(ctx, &row, `INSERT INTO responses (campaign_id, delivery_id, trial, number, started_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (delivery_id) DO UPDATE SET trial = excluded.trial RETURNING `+responseColumns, c.ID, d.ID, d.Trial, rand.Int64(), now)
	return row, err
}

// response is a change of how somebody stands.
type response struct {
	campaign      domain.Campaign
	delivery      domain.Delivery
	row           responseRow
	before, after domain.Standing
	now           time.Time
}

// took writes a change: the answers, the response, and at the end the counts, which others wait for.
func (t *tx) took(ctx context.Context, r response) error {
	counts, changed, err := t.writeAnswers(ctx, r)
	if err != nil {
		return err
	}
	given := len(r.after.Given())
	set := r.changedRow(given, changed)
	_, err = t.exec(ctx, `UPDATE responses SET at_question = ?, answered = ?, started_at = ?, finished_at = ?, touched_at = ?, took = ?, reacted = ? WHERE id = ?`,
		set.AtQuestion, set.Answered, set.StartedAt, set.FinishedAt, set.TouchedAt, set.Took, set.Reacted, set.ID)
	if err != nil {
		return err
	}
	if !r.delivery.Trial {
		countRow(counts, r.row, -1)
		countRow(counts, set, 1)
		countLeft(counts, r.campaign.Content.Survey, r.before, -1)
		countLeft(counts, r.campaign.Content.Survey, r.after, 1)
		if err := t.countAnswers(ctx, r.campaign.ID, counts); err != nil {
			return err
		}
	}
	if given == 0 || !r.delivery.AnsweredAt.IsZero() {
		return nil
	}
	return t.mark(ctx, r.delivery, "answered", r.now)
}

// changedRow is the response after a change; changed says whether any answer is new or another.
func (r response) changedRow(given int, changed bool) responseRow {
	set := r.row
	set.AtQuestion, set.Answered = r.after.At, given
	first := r.row.Answered == 0 && given > 0
	if first {
		set.StartedAt = stamp(r.now)
	}
	if first && !r.delivery.Trial && !r.delivery.SentAt.IsZero() {
		set.Reacted = new(max(0, r.now.Sub(r.delivery.SentAt).Milliseconds()))
	}
	if changed || r.row.Answered == 0 {
		set.TouchedAt = stamp(r.now)
	}
	if r.after.Finished {
		set.FinishedAt = stamp(r.now)
	}
	set.Took = nil
	if given >= 2 && !first && !r.delivery.Trial { // not where all came at once
		set.Took = new(max(0, set.TouchedAt.Time().Sub(set.StartedAt.Time()).Milliseconds()))
	}
	return set
}

// What the question "" counts: people, and milliseconds of all of them together.
const (
	ofResponses = "responses"
	ofCompleted = "completed"
	ofTook      = "took"
	ofReacted   = "reacted"
	ofPeople    = "_people" // after a time: how many it is of
)

// ofLeft is what the other questions count beside answers: who has one before them, and has
// answered something, but not this, and has not finished.
const ofLeft = "left"

// countLeft adds where somebody stands, n times. At a statement they are before the question that
// comes after it (domain.Survey.Passages): who went back to one has answered that.
func countLeft(counts map[counted]int64, s *domain.Survey, st domain.Standing, n int64) {
	asked, _ := s.AsksFrom(st.At)
	if _, passed := st.Answers[asked.ID]; !passed && !st.Finished && len(st.Given()) > 0 {
		counts[counted{st.At, ofLeft}] += n
	}
}

// countRow adds what a response counts, n times.
func countRow(counts map[counted]int64, row responseRow, n int64) {
	finished := !row.FinishedAt.Time().IsZero()
	counts[counted{"", ofResponses}] += n * int64(step(finished || row.Answered > 0))
	counts[counted{"", ofCompleted}] += n * int64(step(finished))
	for name, milliseconds := range map[string]*int64{ofTook: row.Took, ofReacted: row.Reacted} {
		if milliseconds != nil {
			counts[counted{"", name}] += n * *milliseconds
			counts[counted{"", name + ofPeople}] += n
		}
	}
}
