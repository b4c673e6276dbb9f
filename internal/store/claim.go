package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"crier/internal/domain"
)

// Deliveries keeps one row for each recipient of each campaign. The table is the queue:
// a row that may still go and has no lease waits; a row with a lease is in flight.
type Deliveries struct{ DB *DB }

// waiting are the rows of the indexes deliveries_due and deliveries_trials, to the letter:
// SQLite takes a partial index only for the words it was made with. What asks for them
// orders them as the index does: statistics from the start of a campaign say that nearly
// every row waits, and PostgreSQL would look for one by reading the table.
const waiting = `lease_until IS NULL AND state IN ('pending', 'postponed') AND due_at <= ?`

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

// Claim takes up to limit rows of a lane that are due, with a lease, for exactly one
// caller, the longest due first: each row answered is to be finished with Finish before
// the lease ends. It takes nothing of a campaign that is not being sent.
func (s Deliveries) Claim(ctx context.Context, lane domain.Lane, now, lease time.Time, limit int) ([]domain.Delivery, error) {
	return s.claim(ctx, `campaign_id = ? AND tenant_id = ? AND NOT trial AND `+waiting+`
		AND EXISTS (SELECT 1 FROM campaigns WHERE id = ? AND status = 'sending')`, lease, limit,
		lane.CampaignID, lane.TenantID, now, lane.CampaignID)
}

// ClaimTrials takes test sends that are due, of whatever campaign.
func (s Deliveries) ClaimTrials(ctx context.Context, now, lease time.Time, limit int) ([]domain.Delivery, error) {
	return s.claim(ctx, `trial AND `+waiting, lease, limit, now)
}

func (s Deliveries) claim(ctx context.Context, where string, lease time.Time, limit int, args ...any) ([]domain.Delivery, error) {
	return s.take(ctx, `WITH picked AS (SELECT id FROM deliveries WHERE `+where+` ORDER BY due_at, id LIMIT ?%s)
		UPDATE deliveries SET lease_until = ?, attempts = attempts + 1 WHERE id IN (SELECT id FROM picked) RETURNING `+deliveryColumns,
		append(args, limit, lease)...)
}

// Rescue takes rows whose lease ended: whoever held them died, or lost the database. They
// keep their attempt, and are answered to be finished as sends of unknown outcome.
func (s Deliveries) Rescue(ctx context.Context, now, lease time.Time, limit int) ([]domain.Delivery, error) {
	return s.take(ctx, `WITH picked AS (SELECT id FROM deliveries WHERE lease_until IS NOT NULL AND lease_until <= ? ORDER BY id LIMIT ?%s)
		UPDATE deliveries SET lease_until = ? WHERE id IN (SELECT id FROM picked) RETURNING `+deliveryColumns, now, limit, lease)
}

// take runs a claiming statement and joins the people to the rows it answers.
func (s Deliveries) take(ctx context.Context, text string, args ...any) ([]domain.Delivery, error) {
	var list []domain.Delivery
	err := s.DB.update(ctx, func(t *tx) error {
		var rows []deliveryRow
		if err := t.list(ctx, &rows, fmt.Sprintf(text, t.lock("FOR UPDATE SKIP LOCKED")), args...); err != nil {
			return err
		}
		people, err := t.peopleOf(ctx, rows)
		list = make([]domain.Delivery, len(rows))
		for i, r := range rows {
			list[i] = r.delivery()
			list[i].Person = people[r.PersonID.Int64]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b domain.Delivery) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
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
	err := t.list(ctx, &found, `SELECT `+personColumns+` FROM people WHERE id IN `+in(len(ids)), ints(ids)...)
	for _, p := range found {
		people[p.ID] = p.person()
	}
	return people, err
}
