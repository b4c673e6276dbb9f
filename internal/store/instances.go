package store

import (
	"context"
	"slices"
	"time"

	"crier/internal/domain"
)

// Instances keeps the processes that share the database and send. Each shows that it lives
// by counting up its beat; no clock is compared with another's.
type Instances struct{ DB *DB }

type instanceRow struct {
	ID       int64
	Beat     int64
	InFlight string `db:"in_flight"`
}

// Join adds a process and answers its number. Numbers are never given twice.
func (s Instances) Join(ctx context.Context) (int64, error) {
	var id int64
	err := s.DB.once().get(ctx, &id, `INSERT INTO instances (beat) VALUES (0) RETURNING id`)
	return id, err
}

// Beat counts up a process's beat and answers those of all. It is a Conflict when others
// took this one for dead.
func (s Instances) Beat(ctx context.Context, instance int64) ([]domain.Beat, error) {
	n, err := s.DB.once().exec(ctx, `UPDATE instances SET beat = beat + 1 WHERE id = ?`, instance)
	if err := changed(n, err); err != nil {
		return nil, err
	}
	return s.List(ctx)
}

// List is the processes there are, the oldest first.
func (s Instances) List(ctx context.Context) ([]domain.Beat, error) {
	var rows []instanceRow
	err := s.DB.view().list(ctx, &rows, `SELECT id, beat FROM instances ORDER BY id`)
	list := make([]domain.Beat, len(rows))
	for i, r := range rows {
		list[i] = domain.Beat{Instance: r.ID, Count: r.Beat}
	}
	return list, err
}

// Leave removes a process that has nothing in flight. What it held is free then.
func (s Instances) Leave(ctx context.Context, instance int64) error {
	return changed(s.DB.once().exec(ctx, `DELETE FROM instances WHERE id = ? AND in_flight = '[]'`, instance))
}

// InFlight is what a process has begun and not recorded, with its people. The beat tells
// Bury whether it still was so.
func (s Instances) InFlight(ctx context.Context, instance int64) ([]domain.Delivery, domain.Beat, error) {
	var row instanceRow
	t := s.DB.view()
	if err := t.get(ctx, &row, `SELECT id, beat, in_flight FROM instances WHERE id = ?`, instance); err != nil {
		return nil, domain.Beat{}, err
	}
	var ids []int64
	if err := decode(row.InFlight, &ids); err != nil {
		return nil, domain.Beat{}, err
	}
	beat := domain.Beat{Instance: row.ID, Count: row.Beat}
	if len(ids) == 0 {
		return nil, beat, nil
	}
	var rows []deliveryRow
	among, args := t.oneOf(ids)
	err := t.list(ctx, &rows, `SELECT `+deliveryColumns+`, (SELECT MIN(r.id) FROM reservations r WHERE r.instance = ? AND `+within+`) AS reserved
		FROM deliveries WHERE id`+among+` ORDER BY id`, append([]any{instance}, args...)...)
	if err != nil {
		return nil, beat, err
	}
	// Whatever a late note says: what is recorded is over, and nobody's to record again.
	rows = slices.DeleteFunc(rows, func(r deliveryRow) bool { return !domain.State(r.State).Open() })
	list, err := t.withPeople(ctx, rows)
	return list, beat, err
}

// Bury removes a process that stopped beating at that beat: what it had begun ends as the
// batch says, what it merely held is free. When it lives after all it is a Conflict, and
// nothing has changed.
func (s Instances) Bury(ctx context.Context, at domain.Beat, batch []domain.Finished, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		standing, err := t.lockCampaigns(ctx, batch, nil)
		if err != nil {
			return err
		}
		if err := changed(t.exec(ctx, `UPDATE instances SET in_flight = '[]' WHERE id = ? AND beat = ?`, at.Instance, at.Count)); err != nil {
			return err
		}
		theirs, err := t.holdings(ctx, at.Instance)
		if err != nil {
			return err
		}
		if err := t.finish(ctx, theirs, batch, standing, now); err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM instances WHERE id = ?`, at.Instance)
		return err
	})
}
