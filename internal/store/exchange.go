package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"crier/internal/domain"
)

// Exchange is the step that a process repeats while it sends, in one transaction: what is
// over is recorded and counted, and what comes next is noted as begun, before it is sent.
// After a crash exactly the rows noted are of unknown outcome.
//
// It answers what may begin now. A row of a campaign that is not being sent any more, or has
// been corrected since the row was made ready, is let go instead, and one of a cancelled campaign withdrawn. The last open row moves its
// campaign to done. When others took the process for dead it is a Conflict, and nothing has
// changed.
func (s Deliveries) Exchange(ctx context.Context, instance int64, x domain.Exchange, now time.Time) ([]domain.Delivery, error) {
	if s.DB.dialect == Postgres && plain(x) {
		if done, err := s.exchangeAtOnce(ctx, instance, x, now); done || err != nil {
			return x.Begin, err
		}
	}
	var begun []domain.Delivery
	err := s.DB.update(ctx, func(t *tx) error {
		standing, err := t.lockCampaigns(ctx, x.Finished, x.Begin)
		if err != nil {
			return err
		}
		mine, err := t.holdings(ctx, instance)
		if err != nil {
			return err
		}
		held, err := t.stillHeld(ctx, mine, x.Begin)
		if err != nil {
			return err
		}
		begun = nil
		finished, inFlight := x.Finished, slices.Clone(x.Keep)
		for _, d := range x.Begin {
			if was(held, d) && standing.allows(d) {
				begun, inFlight = append(begun, d), append(inFlight, d.ID)
			} else {
				finished = append(finished, d.Unchanged())
			}
		}
		err = changed(t.exec(ctx, `UPDATE instances SET in_flight = ?, beat = beat + 1 WHERE id = ?`, encodeIDs(inFlight), instance))
		if err != nil {
			return err
		}
		return t.finish(ctx, mine, finished, standing, now)
	})
	return begun, err
}

// holdings is what a process holds: the rows of its reservations, and those that name it.
type holdings struct {
	instance     int64
	reservations []int64
}

func (t *tx) holdings(ctx context.Context, instance int64) (holdings, error) {
	h := holdings{instance: instance}
	err := t.list(ctx, &h.reservations, `SELECT id FROM reservations WHERE instance = ?`, instance)
	return h, err
}

// may says whether a row may be one of them. Of one that is not reserved, the row itself tells.
func (h holdings) may(d domain.Delivery) bool {
	return d.Reserved == 0 || slices.Contains(h.reservations, d.Reserved)
}

// stillHeld is which of the rows that are to begin the process holds, by their hold: whatever
// went wrong, a row begins where it is held and nowhere else.
func (t *tx) stillHeld(ctx context.Context, mine holdings, begin []domain.Delivery) (map[int64]int64, error) {
	held := make(map[int64]int64, len(begin))
	var ids []int64
	for _, d := range begin {
		if mine.may(d) {
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		return held, nil
	}
	among, args := t.oneOf(ids)
	return held, t.noting(ctx, held, `SELECT id, hold FROM deliveries WHERE id`+among+` AND (NOT trial OR held_by = ?)`, append(args, mine.instance)...)
}

func encodeIDs(ids []int64) string {
	if len(ids) == 0 {
		return "[]"
	}
	return encode(ids)
}

// finish records outcomes of rows that the process holds, and the counts.
func (t *tx) finish(ctx context.Context, mine holdings, batch []domain.Finished, standing standings, now time.Time) error {
	batch = slices.DeleteFunc(slices.Clone(batch), func(f domain.Finished) bool { return !mine.may(f.Delivery) })
	for i := range batch {
		if f := &batch[i]; f.Outcome.State.Open() && !f.Delivery.Trial && standing[f.Delivery.CampaignID].Status == domain.Cancelled {
			if f.Outcome.State = domain.Withdrawn; f.Outcome.Doubtful {
				f.Outcome.State = domain.Uncertain // whoever has it is not told that nothing came
			}
		}
	}
	recorded := make(map[int64]int64, len(batch))
	sent, others := split(batch)
	for some := range slices.Chunk(sent, maxRound) {
		if err := t.recordSent(ctx, mine.instance, some, recorded); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(others, maxRound) {
		if err := t.record(ctx, mine.instance, some, recorded); err != nil {
			return err
		}
	}
	if err := t.release(ctx, batch, recorded); err != nil {
		return err
	}
	changes := changesOf(batch, recorded)
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		left, err := t.countLeft(ctx, id, changes[id])
		if err == nil && left == 0 {
			err = t.finishIfDone(ctx, id, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// release notes how many rows of reservations are recorded. One of which all are is over.
func (t *tx) release(ctx context.Context, batch []domain.Finished, recorded map[int64]int64) error {
	over := map[int64]int{}
	for _, f := range batch {
		if was(recorded, f.Delivery) && f.Delivery.Reserved != 0 {
			over[f.Delivery.Reserved]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(over)) {
		if _, err := t.exec(ctx, `UPDATE reservations SET open = open - ? WHERE id = ?`, over[id], id); err != nil {
			return err
		}
	}
	return nil
}

// changesOf is what the rows that were recorded change in the counts of their campaigns.
func changesOf(batch []domain.Finished, recorded map[int64]int64) map[int64]tally {
	changes := map[int64]tally{}
	for _, f := range batch {
		id := f.Delivery.CampaignID
		if f.Delivery.Trial || !was(recorded, f.Delivery) || f.Delivery.State == f.Outcome.State {
			continue
		}
		if changes[id] == nil {
			changes[id] = tally{}
		}
		changes[id].move(f.Delivery.State, f.Outcome.State, 1)
	}
	return changes
}

// lockCampaigns keeps the status of the rows' campaigns from changing meanwhile, and answers
// it. Exchanges of one campaign go one after the other, as they would at its counts; a
// weaker lock, raised when the campaign is done, ends in deadlocks.
func (t *tx) lockCampaigns(ctx context.Context, batch []domain.Finished, begin []domain.Delivery) (standings, error) {
	standing := standings{}
	ids := campaignsOf(batch, begin)
	if len(ids) == 0 {
		return standing, nil
	}
	var rows []struct {
		ID int64
		campaignStanding
	}
	among, args := t.oneOf(ids)
	err := t.list(ctx, &rows, `SELECT id, status, revision FROM campaigns WHERE id`+among+` ORDER BY id`+t.lock("FOR NO KEY UPDATE"), args...)
	for _, r := range rows {
		standing[r.ID] = r.campaignStanding
	}
	return standing, err
}

// campaignStanding is what decides on whether messages of a campaign may begin.
type campaignStanding struct {
	Status   domain.Status
	Revision int64
}

type standings map[int64]campaignStanding

// allows says whether a message may begin: its campaign is being sent, and says what it said
// when the message was made ready.
func (s standings) allows(d domain.Delivery) bool {
	c := s[d.CampaignID]
	return (d.Trial || c.Status == domain.Sending) && (d.Revision == 0 || d.Revision == c.Revision)
}

// campaignsOf are the campaigns of rows, in the order in which they are locked.
func campaignsOf(batch []domain.Finished, begin []domain.Delivery) []int64 {
	ids := map[int64]bool{}
	for _, f := range batch {
		ids[f.Delivery.CampaignID] = true
	}
	for _, d := range begin {
		ids[d.CampaignID] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// maxRound bounds the rows recorded by one statement, and with it its parameters.
const maxRound = 256

// split sets the rows apart that were sent, or are to look so: nearly all, and least to write.
func split(batch []domain.Finished) (sent, others []domain.Finished) {
	for _, f := range batch {
		if f.Outcome.State == domain.Sent || f.Outcome.Disguised {
			sent = append(sent, f)
		} else {
			others = append(others, f)
		}
	}
	return sent, others
}

// heldBy are, of rows in the hold that a process knows, those that it holds, where it has the
// reservation that a row is told to be in (0: none). Their state is not asked for: PostgreSQL would
// read all that are open by an index of theirs.
func heldBy(reservation string) string { return `(` + reservation + ` > 0 OR deliveries.held_by = ?)` }

// recordSent writes rows that were sent, and notes which the process still held. The planned
// time stays. Written twice, as after an answer that was lost, one counts once: what is recorded is in
// another hold.
func (t *tx) recordSent(ctx context.Context, instance int64, batch []domain.Finished, recorded map[int64]int64) error {
	rows, args := t.sentRows(batch)
	return t.noting(ctx, recorded, `WITH v AS (`+rows+`) UPDATE deliveries `+setSent+`
		FROM v WHERE deliveries.id = v.c1 AND deliveries.hold = v.c6 AND `+heldBy("v.c8")+` RETURNING deliveries.id, deliveries.hold - 1 AS hold`, append(args, instance)...)
}

// setSent takes the columns of sentRows: id, tries to send, activity id, when, state before,
// hold, revision, reservation.
const setSent = `SET state = 'sent', attempts = v.c2, activity_id = v.c3, sent_at = v.c4, revision = v.c7, code = '', reason = '', held_by = NULL, hold = deliveries.hold + 1`

func (t *tx) sentRows(batch []domain.Finished) (string, []any) {
	values := make([]any, 0, 8*len(batch))
	for _, f := range batch {
		values = append(values, f.Delivery.ID, f.Outcome.Attempts, f.Outcome.ActivityID, f.Outcome.SentAt, string(f.Delivery.State), f.Delivery.Hold, f.Delivery.Revision, f.Delivery.Reserved)
	}
	return t.table(values, "BIGINT", "INTEGER", "TEXT", "BIGINT", "TEXT", "BIGINT", "BIGINT", "BIGINT")
}

// record writes any outcomes, and notes which rows the process still held.
func (t *tx) record(ctx context.Context, instance int64, batch []domain.Finished, recorded map[int64]int64) error {
	values := make([]any, 0, 11*len(batch))
	for _, f := range batch {
		o := f.Outcome
		values = append(values, f.Delivery.ID, string(o.State), o.Attempts, o.Tries, o.DueAt, o.ActivityID, o.SentAt, string(o.Code), cut(o.Reason), f.Delivery.Hold, f.Delivery.Reserved)
	}
	rows, args := t.table(values, "BIGINT", "TEXT", "INTEGER", "INTEGER", "BIGINT", "TEXT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT")
	return t.noting(ctx, recorded, `WITH v AS (`+rows+`)
		UPDATE deliveries SET state = v.c2, attempts = v.c3, tries = v.c4, due_at = v.c5, activity_id = CASE WHEN v.c6 <> '' THEN v.c6 ELSE activity_id END,
			sent_at = v.c7, code = v.c8, reason = v.c9, held_by = NULL, hold = deliveries.hold + 1
		FROM v WHERE deliveries.id = v.c1 AND deliveries.hold = v.c10 AND `+heldBy("v.c11")+` RETURNING deliveries.id, deliveries.hold - 1 AS hold`, append(args, instance)...)
}

func (t *tx) noting(ctx context.Context, recorded map[int64]int64, text string, args ...any) error {
	var rows []struct{ ID, Hold int64 }
	err := t.list(ctx, &rows, text, args...)
	for _, r := range rows {
		recorded[r.ID] = r.Hold
	}
	return err
}

// was says whether a row was recorded, in that hold.
func was(recorded map[int64]int64, d domain.Delivery) bool {
	hold, ok := recorded[d.ID]
	return ok && hold == d.Hold
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
