package store

import (
	"context"
	"math"
	"time"

	"crier/internal/domain"
)

// askedRow is a message of a survey that somebody has, with how they stand and when they were
// last reminded of it.
type askedRow struct {
	ID         int64
	PersonID   int64  `db:"person_id"`
	TenantID   string `db:"tenant_id"`
	TimeZone   string `db:"time_zone"`
	ActivityID string `db:"activity_id"`
	SentAt     stamp  `db:"sent_at"`
	RemindedAt stamp  `db:"reminded_at"`
	Answered   int
	Finished   bool
}

// asked are rows of askedRow. Its parameters are the time now and, twice, the survey's id. A
// reminder that is still to go counts as sent now.
const asked = `SELECT d.id, d.person_id, d.tenant_id, p.time_zone, d.activity_id, d.sent_at,
		(SELECT MAX(CASE WHEN m.state IN ('pending', 'postponed') THEN CAST(? AS BIGINT) ELSE m.sent_at END)
			FROM campaigns k JOIN deliveries m ON m.campaign_id = k.id AND m.person_id = d.person_id AND NOT m.trial
			WHERE k.parent_id = ? AND k.change IN ('remind', 'later')) AS reminded_at,
		COALESCE(r.answered, 0) AS answered, r.finished_at IS NOT NULL AS finished
	FROM deliveries d JOIN people p ON p.id = d.person_id LEFT JOIN responses r ON r.delivery_id = d.id
	WHERE d.campaign_id = ? AND d.state = 'sent' AND NOT d.trial`

// open says whether somebody may be reminded now.
func (r askedRow) open(now time.Time) bool {
	before := now.Add(-domain.RemindAfter)
	return !r.Finished && !r.SentAt.Time().After(before) && !r.RemindedAt.Time().After(before)
}

// chosen says whether a change is for somebody. A correction leaves the cards alone on which
// people have answered. Of an anonymous survey there are no answers here: everybody is written
// down, and whether they have answered decides when their turn comes (app.Surveys.Needless).
func (r askedRow) chosen(c domain.Campaign, now time.Time) bool {
	switch c.Change {
	case domain.Remind:
		return r.open(now)
	case domain.Share:
		return r.Finished || r.Answered > 0 || c.Anonymous()
	}
	return !r.Finished && r.Answered == 0 && r.ActivityID != ""
}

// nameBySurvey writes down the next people that a change of a survey is for, by how they stand
// in it.
func (t *tx) nameBySurvey(ctx context.Context, c domain.Campaign, table *domain.Timetable, after int64, now time.Time) (more bool, err error) {
	until := int64(math.MaxInt64)
	if c.Change == domain.Correct { // who has the better one already is left alone
		until = c.Revision
	}
	var page []askedRow
	err = t.list(ctx, &page, asked+` AND d.id > ? AND d.revision < ? ORDER BY d.id LIMIT ?`, now, c.Parent, c.Parent, after, until, namedAtOnce)
	if err != nil {
		return false, err
	}
	var people []askedRow
	last := after
	for _, r := range page {
		last = r.ID
		if r.chosen(c, now) {
			people = append(people, r)
		}
	}
	written, err := t.addRows(ctx, c, table, people, now)
	if err != nil {
		return false, err
	}
	more = len(page) == namedAtOnce
	return more, t.namedChange(ctx, c, after, last, more, written, written, now)
}

// addRows writes a row of a change for each of these messages, unless there is one, and answers
// how many it wrote. What is sent is a message of its own, in working hours.
func (t *tx) addRows(ctx context.Context, c domain.Campaign, table *domain.Timetable, rows []askedRow, now time.Time) (int64, error) {
	total := int64(0)
	n := naming{t: t, campaign: c, table: table}
	for len(rows) > 0 {
		some := rows[:min(len(rows), chunk)]
		rows = rows[len(some):]
		values, people := make([]any, 0, 6*len(some)), make([]named, len(some))
		for i, r := range some {
			activity := r.ActivityID
			if c.Change.Sends() {
				activity = ""
			}
			people[i] = named{ID: r.PersonID, TenantID: r.TenantID}
			values = append(values, c.ID, r.ID, r.PersonID, r.TenantID, activity, table.Reopens(r.PersonID, r.TimeZone, 0, now))
		}
		if err := n.lanes(ctx, people); err != nil {
			return total, err
		}
		v, args := t.table(values, "BIGINT", "BIGINT", "BIGINT", "TEXT", "TEXT", "BIGINT")
		written, err := t.exec(ctx, `INSERT INTO deliveries (campaign_id, origin_id, person_id, tenant_id, activity_id, due_at, state, address, trial)
			SELECT v.*, 'pending', '', FALSE FROM (`+v+`) AS v
			WHERE c1 IS NOT NULL ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return total, err
		}
		total += written
	}
	return total, nil
}
