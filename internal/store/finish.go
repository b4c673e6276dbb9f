package store

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"crier/internal/domain"
)

// Finish records outcomes, in one transaction with the counts. Only rows still in flight
// in the very attempt that was claimed are changed: a late worker can't overwrite a rescue.
// A row of a cancelled campaign that comes back unsent is withdrawn. The last open row
// moves its campaign to done.
func (s Deliveries) Finish(ctx context.Context, batch []domain.Finished, now time.Time) error {
	if len(batch) == 0 {
		return nil
	}
	return s.DB.update(ctx, func(t *tx) error {
		cancelled, err := t.lockCampaigns(ctx, batch)
		if err != nil {
			return err
		}
		changes := map[int64]tally{}
		for round := range rounds(batch) {
			for i := range round {
				if f := &round[i]; f.Outcome.State.Open() && cancelled[f.Delivery.CampaignID] {
					f.Outcome.State = domain.Withdrawn
				}
			}
			recorded, err := t.record(ctx, round)
			if err != nil {
				return err
			}
			addChanges(changes, round, recorded)
		}
		for _, id := range slices.Sorted(maps.Keys(changes)) {
			if err := t.count(ctx, id, changes[id]); err != nil {
				return err
			}
			if err := t.finishIfDone(ctx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// rounds splits a batch so that each part names a row once: a late worker's outcome may
// share a batch with that of the next attempt. Mostly there is one part.
func rounds(batch []domain.Finished) iter.Seq[[]domain.Finished] {
	return func(yield func([]domain.Finished) bool) {
		for len(batch) > 0 {
			var first, rest []domain.Finished
			seen := make(map[int64]bool, len(batch))
			for _, f := range batch {
				if seen[f.Delivery.ID] {
					rest = append(rest, f)
				} else {
					first, seen[f.Delivery.ID] = append(first, f), true
				}
			}
			if !yield(first) {
				return
			}
			batch = rest
		}
	}
}

// addChanges adds what the rows that were recorded change in the counts of their campaigns.
func addChanges(changes map[int64]tally, batch []domain.Finished, recorded map[int64]bool) {
	for _, f := range batch {
		id := f.Delivery.CampaignID
		if f.Delivery.Trial || !recorded[f.Delivery.ID] {
			continue
		}
		if changes[id] == nil {
			changes[id] = tally{}
		}
		changes[id].move(f.Delivery.State, f.Outcome.State, 1)
	}
}

// lockCampaigns keeps the status of the batch's campaigns from changing under it, and
// answers which are cancelled. Batches of one campaign go one after the other, as they
// would at its counts; a weaker lock, raised when the campaign is done, ends in deadlocks.
func (t *tx) lockCampaigns(ctx context.Context, batch []domain.Finished) (map[int64]bool, error) {
	named := map[int64]bool{}
	for _, f := range batch {
		named[f.Delivery.CampaignID] = true
	}
	ids := slices.Sorted(maps.Keys(named))
	var rows []struct {
		ID     int64
		Status string
	}
	err := t.list(ctx, &rows, `SELECT id, status FROM campaigns WHERE id IN `+in(len(ids))+` ORDER BY id`+t.lock("FOR NO KEY UPDATE"), ints(ids)...)
	cancelled := map[int64]bool{}
	for _, r := range rows {
		cancelled[r.ID] = r.Status == string(domain.Cancelled)
	}
	return cancelled, err
}

// record writes the rows and answers which were still in flight. It joins by the index on
// rows in flight: without it, statistics taken before the campaign began would have the
// database scan the whole table for each batch.
func (t *tx) record(ctx context.Context, batch []domain.Finished) (map[int64]bool, error) {
	args := make([]any, 0, 10*len(batch))
	for _, f := range batch {
		o := f.Outcome
		args = append(args, f.Delivery.ID, f.Delivery.Attempts, string(o.State), o.Attempts, o.DueAt, o.ActivityID, o.SentAt, string(o.Code), cut(o.Reason),
			string(f.Delivery.State))
	}
	var ids []int64
	err := t.list(ctx, &ids, `WITH v AS (`+values(len(batch), "BIGINT", "INTEGER", "TEXT", "INTEGER", "BIGINT", "TEXT", "BIGINT", "TEXT", "TEXT", "TEXT")+`)
		UPDATE deliveries SET state = v.c3, attempts = v.c4, due_at = v.c5, activity_id = CASE WHEN v.c6 <> '' THEN v.c6 ELSE activity_id END,
			sent_at = v.c7, code = v.c8, reason = v.c9, lease_until = NULL
		FROM v WHERE deliveries.id = v.c1 AND deliveries.lease_until IS NOT NULL AND deliveries.attempts = v.c2 AND deliveries.state = v.c10
		RETURNING deliveries.id`, args...)
	recorded := make(map[int64]bool, len(ids))
	for _, id := range ids {
		recorded[id] = true
	}
	return recorded, err
}

// maxReason bounds what is kept of what the channel said, in bytes.
const maxReason = 500

// cut shortens a reason to whole characters.
func cut(reason string) string {
	if len(reason) <= maxReason {
		return reason
	}
	return strings.ToValidUTF8(reason[:maxReason], "")
}
