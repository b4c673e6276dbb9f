package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"crier/internal/domain"
)

// Deliveries keeps one row for each recipient of each campaign. The table is the queue:
// a row that may still go and is held by nobody waits; a process holds the few that it will
// send next, and notes (Exchange) which of them it has begun.
type Deliveries struct{ DB *DB }

// free are the rows that no process holds. One held by a process that is gone is free.
const free = `(holder IS NULL OR holder NOT IN (SELECT id FROM instances))`

// waiting are the rows of the indexes deliveries_due and deliveries_trials, to the letter:
// SQLite takes a partial index only for the words it was made with. What asks for them
// orders them as the index does: statistics from the start of a campaign say that nearly
// every row waits, and PostgreSQL would look for one by reading the table.
const waiting = `state IN ('pending', 'postponed') AND due_at <= ? AND ` + free

// ofLane are the rows of a lane l that wait, the longest due first.
const ofLane = `FROM deliveries WHERE campaign_id = l.campaign_id AND tenant_id = l.tenant_id AND NOT trial AND ` + waiting + `
	ORDER BY due_at, id LIMIT ?`

type laneRow struct {
	CampaignID int64  `db:"campaign_id"`
	TenantID   string `db:"tenant_id"`
}

// Lanes lists the lanes of the campaigns being sent that have a row due.
func (s Deliveries) Lanes(ctx context.Context, now time.Time) ([]domain.Lane, error) {
	var rows []laneRow
	err := s.DB.view().list(ctx, &rows, `SELECT l.campaign_id, l.tenant_id FROM campaign_lanes l
		JOIN campaigns c ON c.id = l.campaign_id WHERE c.status = 'sending' AND (SELECT id `+ofLane+`) IS NOT NULL
		ORDER BY l.campaign_id, l.tenant_id`, now, 1)
	lanes := make([]domain.Lane, len(rows))
	for i, r := range rows {
		lanes[i] = domain.Lane(r)
	}
	return lanes, err
}

// Reserve holds up to limit rows of a lane that are due, for one process alone, the longest
// due first. It takes nothing of a campaign that is not being sent. A process that others
// took for dead gets a Conflict.
func (s Deliveries) Reserve(ctx context.Context, instance int64, lane domain.Lane, now time.Time, limit int) ([]domain.Delivery, error) {
	return s.reserve(ctx, instance, `campaign_id = ? AND tenant_id = ? AND NOT trial AND `+waiting+`
		AND EXISTS (SELECT 1 FROM campaigns WHERE id = ? AND status = 'sending')`, limit,
		lane.CampaignID, lane.TenantID, now, lane.CampaignID)
}

// ReserveTrials holds test sends that are due, of whatever campaign.
func (s Deliveries) ReserveTrials(ctx context.Context, instance int64, now time.Time, limit int) ([]domain.Delivery, error) {
	return s.reserve(ctx, instance, `trial AND `+waiting, limit, now)
}

func (s Deliveries) reserve(ctx context.Context, instance int64, where string, limit int, args ...any) ([]domain.Delivery, error) {
	var list []domain.Delivery
	err := s.DB.update(ctx, func(t *tx) error {
		// Whoever buries the process waits for this, and what it holds is free then.
		var alive int64
		err := t.get(ctx, &alive, `SELECT id FROM instances WHERE id = ?`+t.lock("FOR KEY SHARE"), instance)
		if domain.KindOf(err) == domain.NotFound {
			return changed(0, nil)
		}
		if err != nil {
			return err
		}
		var rows []deliveryRow
		err = t.list(ctx, &rows, `WITH picked AS (SELECT id FROM deliveries WHERE `+where+` ORDER BY due_at, id LIMIT ?`+t.lock("FOR UPDATE SKIP LOCKED")+`)
			UPDATE deliveries SET holder = ?, hold = hold + 1 WHERE id IN (SELECT id FROM picked) RETURNING `+deliveryColumns, append(args, limit, instance)...)
		if err != nil {
			return err
		}
		list, err = t.withPeople(ctx, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b domain.Delivery) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// Held is what a process holds, whether it knows or not: the answer to a reservation may have
// been lost on the way. It reads all rows that are open.
func (s Deliveries) Held(ctx context.Context, instance int64) ([]domain.Delivery, error) {
	var rows []deliveryRow
	const ofTheirs = ` AND state IN ('pending', 'postponed') AND holder = ?`
	err := s.DB.view().list(ctx, &rows, `SELECT `+deliveryColumns+` FROM deliveries WHERE NOT trial`+ofTheirs+`
		UNION ALL SELECT `+deliveryColumns+` FROM deliveries WHERE trial`+ofTheirs, instance, instance)
	list := make([]domain.Delivery, len(rows))
	for i, r := range rows {
		list[i] = r.delivery()
	}
	return list, err
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
	var found []personRow
	err := t.list(ctx, &found, `SELECT `+personColumns+` FROM people WHERE id IN `+in(padded(len(ids))), padInts(ids)...)
	for _, p := range found {
		people[p.ID] = p.person()
	}
	return people, err
}
