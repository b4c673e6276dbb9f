package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sort"
	"strings"
	"time"

	"crier/internal/domain"
)

// Deliveries keeps one row for each recipient of each campaign. The table is the queue:
// a row that may still go and is held by nobody waits; a process holds the few that it will
// send next, and notes (Exchange) which of them it has begun.
//
// What is held of a lane is a reservation: a stretch of its queue, of which no row is written. A
// test send, which belongs to no lane, says itself who holds it.
type Deliveries struct{ DB *DB }

// reserved are the open rows that lie in a reservation. The CASE changes nothing of that, but what
// PostgreSQL expects: with it that half of the rows are free, without it so few that it would sort
// all there are rather than take the first by the index.
const reserved = `CASE WHEN EXISTS (SELECT 1 FROM reservations r WHERE ` + within + `) THEN TRUE ELSE FALSE END`

const within = `r.open > 0 AND NOT deliveries.trial AND r.campaign_id = deliveries.campaign_id AND r.tenant_id = deliveries.tenant_id
	AND (deliveries.due_at, deliveries.id) >= (r.from_due, r.from_id) AND (deliveries.due_at, deliveries.id) <= (r.to_due, r.to_id)`

// alone are the rows that name no process that lives: all but test sends that are held, and rows
// that a program from before there were reservations held.
const alone = `(held_by IS NULL OR held_by NOT IN (SELECT id FROM instances))`

// free are the rows that no process holds. Each is looked for among the reservations.
const free = alone + ` AND NOT ` + reserved

// waiting are the rows of the indexes deliveries_due and deliveries_trials, to the letter:
// SQLite takes a partial index only for the words it was made with. What asks for them
// orders them as the index does: statistics from the start of a campaign say that nearly
// every row waits, and PostgreSQL would look for one by reading the table.
const waiting = `state IN ('pending', 'postponed') AND due_at <= ? AND ` + alone

// ofLane are the rows of a lane l that wait, reserved or not.
const ofLane = `FROM deliveries WHERE campaign_id = l.campaign_id AND tenant_id = l.tenant_id AND NOT trial AND ` + waiting

type laneRow struct {
	CampaignID int64  `db:"campaign_id"`
	TenantID   string `db:"tenant_id"`
}

// lanes are those of the campaigns being sent, with the two ends of what is reserved of them; before
// the head of the queue where nothing is. They are found once, and not for each row that is passed.
var lanes = `WITH l AS MATERIALIZED (SELECT l.campaign_id, l.tenant_id, ` + edge("from_due", "") + `, ` + edge("from_id", "") + `, ` + edge("to_due", "DESC") + `, ` + edge("to_id", "DESC") + `
	FROM campaign_lanes l JOIN campaigns c ON c.id = l.campaign_id WHERE c.status = 'sending')`

func edge(column, order string) string {
	end, _, _ := strings.Cut(column, "_")
	return `COALESCE((SELECT r.` + column + ` FROM reservations r WHERE r.campaign_id = l.campaign_id AND r.tenant_id = l.tenant_id AND r.open > 0
		ORDER BY r.` + end + `_due ` + order + `, r.` + end + `_id ` + order + ` LIMIT 1), -1) AS ` + column
}

// Lanes lists the lanes of the campaigns being sent that have a row due before or behind all that
// is reserved. What lies between is reserved with it, or when the reservations are over.
func (s Deliveries) Lanes(ctx context.Context, now time.Time) ([]domain.Lane, error) {
	var rows []laneRow
	err := s.DB.view().list(ctx, &rows, lanes+` SELECT l.campaign_id, l.tenant_id FROM l WHERE
			(SELECT id `+ofLane+` AND (due_at, id) > (l.to_due, l.to_id) ORDER BY due_at, id LIMIT 1) IS NOT NULL
			OR EXISTS (SELECT 1 FROM (SELECT due_at, id `+ofLane+` ORDER BY due_at, id LIMIT 1) AS head WHERE (head.due_at, head.id) < (l.from_due, l.from_id))
		ORDER BY l.campaign_id, l.tenant_id`, now, now)
	list := make([]domain.Lane, len(rows))
	for i, r := range rows {
		list[i] = domain.Lane(r)
	}
	return list, err
}

// Reserve holds up to limit rows of a lane that are due, for one process alone, the longest
// due first. It takes nothing of a campaign that is not being sent. A process that others
// took for dead gets a Conflict.
//
// It holds the campaign's lock, so that two processes reserve one after the other, and the second
// knows what the first has: a statement that waits for a lock sees what was when it began.
func (s Deliveries) Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	var rows []deliveryRow
	err := s.DB.update(ctx, func(t *tx) error {
		rows = nil
		var sending []bool
		if err := t.list(ctx, &sending, `SELECT status = 'sending' FROM campaigns WHERE id = ?`+t.lock("FOR NO KEY UPDATE"), lane.CampaignID); err != nil {
			return err
		}
		err := t.alive(ctx, instance)
		if err == nil && slices.Contains(sending, true) {
			rows, err = t.reserve(ctx, instance, lane, now, limit)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.DB.view().withPeople(ctx, rows) // without the lock, which others wait for
}

// place is where a row stands in the queue of its lane.
type place struct{ Due, ID int64 }

func (p place) before(q place) bool { return p.Due < q.Due || p.Due == q.Due && p.ID < q.ID }

func (r deliveryRow) place() place { return place{r.DueAt.Time().UnixMilli(), r.ID} }

// reserve reserves the first free rows of a lane: a stretch of its queue, or several where others
// lie between them.
func (t *tx) reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]deliveryRow, error) {
	if _, err := t.exec(ctx, `DELETE FROM reservations WHERE instance = ? AND open <= 0`, instance); err != nil {
		return nil, err
	}
	var taken []place // where they begin
	err := t.list(ctx, &taken, `SELECT from_due AS due, from_id AS id FROM reservations WHERE campaign_id = ? AND tenant_id = ? AND open > 0 ORDER BY from_due, from_id`,
		lane.CampaignID, lane.TenantID)
	if err != nil {
		return nil, err
	}
	var rows []deliveryRow
	err = t.list(ctx, &rows, `SELECT `+deliveryColumns+` FROM deliveries WHERE campaign_id = ? AND tenant_id = ? AND NOT trial AND `+waiting+` AND NOT `+reserved+`
		ORDER BY due_at, id LIMIT ?`, lane.CampaignID, lane.TenantID, now, limit)
	if err != nil {
		return nil, err
	}
	for rest := rows; len(rest) > 0; {
		for len(taken) > 0 && taken[0].before(rest[0].place()) {
			taken = taken[1:]
		}
		n := len(rest)
		if len(taken) > 0 {
			n = sort.Search(len(rest), func(i int) bool { return taken[0].before(rest[i].place()) })
		}
		if err := t.reserveStretch(ctx, instance, lane, rest[:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return rows, nil
}

// reserveStretch reserves rows that stand one behind the other.
func (t *tx) reserveStretch(ctx context.Context, instance int64, lane domain.Lane, rows []deliveryRow) error {
	var id int64
	from, to := rows[0].place(), rows[len(rows)-1].place()
	err := t.get(ctx, &id, `INSERT INTO reservations (instance, campaign_id, tenant_id, from_due, from_id, to_due, to_id, open) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		instance, lane.CampaignID, lane.TenantID, from.Due, from.ID, to.Due, to.ID, len(rows))
	for i := range rows {
		rows[i].Reserved = sql.NullInt64{Int64: id, Valid: true}
	}
	return err
}

// alive is a Conflict where others took a process for dead. Whoever buries it waits for the
// transaction, and what it holds is free then.
func (t *tx) alive(ctx context.Context, instance int64) error {
	var id int64
	err := t.get(ctx, &id, `SELECT id FROM instances WHERE id = ?`+t.lock("FOR KEY SHARE"), instance)
	if domain.KindOf(err) == domain.NotFound {
		return changed(0, nil)
	}
	return err
}

// ReserveTrials holds test sends that are due, of whatever campaign.
func (s Deliveries) ReserveTrials(ctx context.Context, instance int64, now time.Time, limit int) ([]domain.Delivery, error) {
	var list []domain.Delivery
	err := s.DB.update(ctx, func(t *tx) error {
		if err := t.alive(ctx, instance); err != nil {
			return err
		}
		var rows []deliveryRow
		err := t.list(ctx, &rows, `WITH picked AS (SELECT id FROM deliveries WHERE trial AND `+waiting+` ORDER BY due_at, id LIMIT ?`+t.lock("FOR UPDATE SKIP LOCKED")+`)
			UPDATE deliveries SET held_by = ?, hold = hold + 1 WHERE id IN (SELECT id FROM picked) RETURNING `+deliveryColumns, now, limit, instance)
		if err != nil {
			return err
		}
		list, err = t.withPeople(ctx, rows)
		return err
	})
	slices.SortFunc(list, func(a, b domain.Delivery) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// Held is what a process holds, whether it knows or not: the answer to a reservation may have
// been lost on the way. It answers the ids of its reservations, and the test sends.
func (s Deliveries) Held(ctx context.Context, instance int64) (reservations []int64, trials []domain.Delivery, err error) {
	t := s.DB.view()
	if err := t.list(ctx, &reservations, `SELECT id FROM reservations WHERE instance = ? ORDER BY id`, instance); err != nil {
		return nil, nil, err
	}
	var rows []deliveryRow
	err = t.list(ctx, &rows, `SELECT `+deliveryColumns+` FROM deliveries WHERE trial AND state IN ('pending', 'postponed') AND held_by = ?`, instance)
	for _, r := range rows {
		trials = append(trials, r.delivery())
	}
	return reservations, trials, err
}

// Release ends reservations of a process: what is left of their rows is free.
func (s Deliveries) Release(ctx context.Context, instance int64, reservations []int64) error {
	t := s.DB.once()
	among, args := t.oneOf(reservations)
	_, err := t.exec(ctx, `DELETE FROM reservations WHERE id`+among+` AND instance = ?`, append(args, instance)...)
	return err
}

// withPeople joins the people to rows.
func (t *tx) withPeople(ctx context.Context, rows []deliveryRow) ([]domain.Delivery, error) {
	people, err := t.peopleOf(ctx, rows)
	list := make([]domain.Delivery, len(rows))
	for i, r := range rows {
		list[i] = r.delivery()
		if p, ok := people[r.PersonID.Int64]; ok {
			list[i].Person = p
		}
	}
	return list, err
}

// peopleOf are the people that rows are for, by id.
func (t *tx) peopleOf(ctx context.Context, rows []deliveryRow) (map[int64]domain.Person, error) {
	people := make(map[int64]domain.Person, len(rows))
	if len(rows) == 0 {
		return people, nil
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.PersonID.Int64
	}
	found := make([]personRow, 0, len(ids))
	among, args := t.oneOf(ids)
	err := t.list(ctx, &found, `SELECT `+personColumns+` FROM people WHERE id`+among, args...)
	for _, p := range found {
		people[p.ID] = p.person()
	}
	return people, err
}
