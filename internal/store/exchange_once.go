package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"crier/internal/domain"
)

// plain says whether an exchange is what nearly all are while a campaign goes well: all that
// is over was sent, and there are no test sends.
func plain(x domain.Exchange) bool {
	unusual := func(f domain.Finished) bool { return f.Delivery.Trial || f.Outcome.State != domain.Sent }
	return len(x.Finished) <= maxRound && !slices.ContainsFunc(x.Finished, unusual) &&
		!slices.ContainsFunc(x.Begin, func(d domain.Delivery) bool { return d.Trial })
}

// exchangeAtOnce is a plain exchange in one statement: on a busy machine each of the six and
// more that Exchange takes waits longer for its turn than PostgreSQL works on it. Where a campaign is
// not being sent any more, or was corrected, or the process is gone, it changes nothing and answers false, for
// Exchange to find out what is the matter. (SQLite has no statement that writes twice, and
// nothing to wait for.)
func (s Deliveries) exchangeAtOnce(ctx context.Context, instance int64, x domain.Exchange, now time.Time) (bool, error) {
	ids, inFlight := campaignsOf(x.Finished, x.Begin), slices.Clone(x.Keep)
	if len(ids) == 0 {
		return false, nil
	}
	known := map[int64]int64{} // revisions, by campaign
	begin := make([]any, 0, 2*len(x.Begin))
	for _, d := range x.Begin {
		if known[d.CampaignID] != 0 && known[d.CampaignID] != d.Revision {
			return false, nil
		}
		known[d.CampaignID] = d.Revision
		inFlight, begin = append(inFlight, d.ID), append(begin, d.ID, d.Hold)
	}
	revisions := make([]any, 0, 2*len(ids))
	for _, id := range ids {
		revisions = append(revisions, id, known[id])
	}
	t, reservations := s.DB.once(), reservationsOf(x)
	campaigns, campaignArgs := t.oneOf(ids)
	revised, revisedArgs := t.table(revisions, "BIGINT", "BIGINT")
	begun, begunArgs := t.table(begin, "BIGINT", "BIGINT")
	mine, mineArgs := t.oneOf(reservations)
	sent, sentArgs := t.sentRows(x.Finished)
	args := slices.Concat(campaignArgs, revisedArgs, begunArgs, []any{encodeIDs(inFlight), instance, len(ids), len(x.Begin)},
		mineArgs, []any{len(reservations)}, sentArgs, []any{now, now})
	var alive []int64
	err := t.list(ctx, &alive, `WITH c AS (SELECT id, status, revision, named_to FROM campaigns WHERE id`+campaigns+` ORDER BY id FOR NO KEY UPDATE),
		r AS (`+revised+`),
		b AS (`+begun+`),
		me AS (UPDATE instances SET in_flight = ?, beat = beat + 1 WHERE id = ? AND (SELECT COUNT(*) FROM c JOIN r ON r.c1 = c.id AND r.c2 IN (0, c.revision) WHERE status = 'sending') = ?
			AND (SELECT COUNT(*) FROM deliveries d JOIN b ON b.c1 = d.id AND b.c2 = d.hold) = ?
			AND (SELECT COUNT(*) FROM reservations s WHERE s.id`+mine+` AND s.instance = instances.id) = ? RETURNING id),
		v AS (`+sent+`),
		sent AS (UPDATE deliveries `+setSent+` FROM v, me WHERE deliveries.id = v.c1 AND deliveries.hold = v.c6
			RETURNING deliveries.campaign_id, v.c5 AS before, v.c8 AS reserved),
		done AS (SELECT reserved, COUNT(*) AS sent FROM sent WHERE reserved > 0 GROUP BY reserved),
		released AS (UPDATE reservations SET open = open - done.sent FROM done WHERE reservations.id = done.reserved),
		n AS (SELECT campaign_id, COUNT(*) AS sent, COUNT(CASE WHEN before = 'pending' THEN 1 END) AS pending FROM sent GROUP BY campaign_id),
		counted AS (UPDATE campaign_counts k SET sent = k.sent + n.sent, pending = k.pending - n.pending, postponed = k.postponed - n.sent + n.pending
			FROM n WHERE k.campaign_id = n.campaign_id RETURNING k.campaign_id, k.pending + k.postponed AS left),
		over AS (UPDATE campaigns SET status = 'done', finished_at = ?, updated_at = ?, notice = '' FROM c
			WHERE campaigns.id = c.id AND c.named_to IS NULL AND c.id IN (SELECT campaign_id FROM counted WHERE counted.left = 0))
		SELECT id FROM me`, args...)
	return len(alive) > 0, err
}

// reservationsOf are the reservations that the rows of a plain exchange lie in.
func reservationsOf(x domain.Exchange) []int64 {
	ids := map[int64]bool{}
	for _, f := range x.Finished {
		ids[f.Delivery.Reserved] = true
	}
	for _, d := range x.Begin {
		ids[d.Reserved] = true
	}
	return slices.Sorted(maps.Keys(ids))
}
