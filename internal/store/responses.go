package store

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
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
	all, err := t.standings(ctx, map[int64]responseRow{0: row})
	return all[row.ID], err
}

// standings adds the answers to responses, and answers them by the responses' ids.
func (t *tx) standings(ctx context.Context, rows map[int64]responseRow) (map[int64]domain.Standing, error) {
	all, ids := map[int64]domain.Standing{}, []int64{}
	for _, row := range rows {
		all[row.ID] = domain.Standing{At: row.AtQuestion, Finished: !row.FinishedAt.Time().IsZero()}
		ids = append(ids, row.ID)
	}
	var answers []answerRow
	among, args := t.oneOf(ids)
	err := t.list(ctx, &answers, `SELECT response_id, question_id, value FROM answers WHERE response_id`+among, args...)
	for _, a := range answers {
		v, wrong := domain.ParseValue(a.Value)
		if wrong != nil {
			return nil, wrong
		}
		st := all[a.ResponseID]
		if st.Answers == nil {
			st.Answers = map[string]domain.Value{}
		}
		st.Answers[a.QuestionID] = v
		all[a.ResponseID] = st
	}
	return all, err
}

// errNothing ends a transaction that has nothing to write.
var errNothing = errors.New("nothing to write")

// Take changes how people stand in a survey, each by their row, in their order: Do is told how
// they stand, and answers how they stand then. Of several at once, also of one person's, each goes
// on from where the one before it ended. After says how they stand now.
func (s Responses) Take(ctx context.Context, c domain.Campaign, all []*domain.Taking, now time.Time) error {
	err := s.DB.update(ctx, func(t *tx) error {
		if err := t.keep(ctx, c.ID); err != nil {
			return err
		}
		rows, err := t.lockResponses(ctx, c, all, now)
		if err != nil {
			return err
		}
		standing, err := t.standings(ctx, rows)
		if err != nil {
			return err
		}
		changes := taken(c, all, rows, standing, now)
		if len(changes) == 0 {
			return errNothing
		}
		return t.took(ctx, c, changes)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// taken does what is to be done, and answers what changed, by row.
func taken(c domain.Campaign, all []*domain.Taking, rows map[int64]responseRow, standing map[int64]domain.Standing, now time.Time) []response {
	first := map[int64]domain.Standing{}
	byRow := map[int64]domain.Delivery{}
	for _, one := range all {
		id := one.Delivery.ID
		if _, again := byRow[id]; !again {
			first[id], byRow[id] = standing[rows[id].ID], one.Delivery
		}
		one.After = one.Do(standing[rows[id].ID])
		standing[rows[id].ID] = one.After
	}
	var changes []response
	for _, id := range slices.Sorted(maps.Keys(byRow)) {
		r := response{campaign: c, delivery: byRow[id], row: rows[id], before: first[id], after: standing[rows[id].ID], now: now}
		if !r.after.Equal(r.before) {
			changes = append(changes, r)
		}
	}
	return changes
}

// lockResponses are the responses to these rows, made where there are none, and locked.
func (t *tx) lockResponses(ctx context.Context, c domain.Campaign, all []*domain.Taking, now time.Time) (map[int64]responseRow, error) {
	byRow := map[int64]domain.Delivery{}
	for _, one := range all {
		byRow[one.Delivery.ID] = one.Delivery
	}
	ids := slices.Sorted(maps.Keys(byRow))
	var known []lockedRow
	among, args := t.oneOf(ids)
	err := t.list(ctx, &known, `SELECT delivery_id, `+responseColumns+` FROM responses WHERE delivery_id`+among+` ORDER BY id`+t.lock("FOR UPDATE"), args...)
	if err != nil {
		return nil, err
	}
	rows := map[int64]responseRow{}
	for _, r := range known {
		rows[r.DeliveryID] = r.responseRow
	}
	for _, id := range ids {
		if _, ok := rows[id]; ok {
			continue
		}
		// Of two at once who make one, one finds it, and has it locked too.
		var row responseRow
		err := t.get(ctx, &row, `INSERT INTO responses (campaign_id, delivery_id, trial, number, started_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (delivery_id) DO UPDATE SET trial = excluded.trial RETURNING `+responseColumns, c.ID, id, byRow[id].Trial, rand.Int64(), now)
		if err != nil {
			return nil, err
		}
		rows[id] = row
	}
	return rows, nil
}

// lockedRow is a response with the row that it is to.
type lockedRow struct {
	DeliveryID int64 `db:"delivery_id"`
	responseRow
}

// response is a change of how somebody stands.
type response struct {
	campaign      domain.Campaign
	delivery      domain.Delivery
	row           responseRow
	before, after domain.Standing
	now           time.Time
}

// took writes changes: the answers, the responses, and at the end the counts, which others wait for.
func (t *tx) took(ctx context.Context, c domain.Campaign, changes []response) error {
	counts := map[counted]int64{}
	given, err := t.writeAnswers(ctx, changes, counts)
	if err != nil {
		return err
	}
	values := make([]any, 0, 8*len(changes))
	for i, r := range changes {
		set := r.changedRow(len(r.after.Given()), given[i])
		values = append(values, set.ID, set.AtQuestion, set.Answered, set.StartedAt, set.FinishedAt, set.TouchedAt, set.Took, set.Reacted)
		if !r.delivery.Trial {
			countRow(counts, r.row, -1)
			countRow(counts, set, 1)
			countLeft(counts, c.Content.Survey, r.before, -1)
			countLeft(counts, c.Content.Survey, r.after, 1)
		}
	}
	rows, args := t.table(values, "BIGINT", "TEXT", "INTEGER", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT")
	_, err = t.exec(ctx, `WITH v AS (`+rows+`)
		UPDATE responses SET at_question = v.c2, answered = v.c3, started_at = v.c4, finished_at = v.c5, touched_at = v.c6, took = v.c7, reacted = v.c8
		FROM v WHERE responses.id = v.c1`, args...)
	if err != nil {
		return err
	}
	if err := t.countAnswers(ctx, c.ID, counts); err != nil {
		return err
	}
	return t.markAnswered(ctx, c, changes)
}

// markAnswered marks the rows of those who answered for the first time: all of them before the
// counts of the campaign, which come last.
func (t *tx) markAnswered(ctx context.Context, c domain.Campaign, changes []response) error {
	together := tally{}
	for _, r := range changes {
		if len(r.after.Given()) == 0 || !r.delivery.AnsweredAt.IsZero() {
			continue
		}
		marked, err := t.markRow(ctx, r.delivery, "answered", r.now)
		if err != nil {
			return err
		}
		for what, n := range marked {
			together[what] += n
		}
	}
	if len(together) == 0 {
		return nil
	}
	return t.count(ctx, c.ID, together)
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
