package store

import (
	"context"

	"crier/internal/domain"
)

type glanceRow struct {
	countsRow
	NextDue   stamp `db:"next_due"`
	Receipts  bool
	Reactions bool
	Links     bool
	Changes   bool
}

// Glance is what one look tells of a campaign; the zero Glance of one that is not there. While
// messages are sent each statement waits for a processor, however little it asks: this is one. Of the
// rows that may still go it looks at one a lane, however many there are: to pass by those that are
// held would be to read them all.
func (s Campaigns) Glance(ctx context.Context, id int64) (domain.Glance, error) {
	var rows []glanceRow
	err := s.DB.view().list(ctx, &rows, `SELECT `+countColumns+`,
			(SELECT MIN(next_due) FROM (SELECT (SELECT due_at FROM deliveries
				WHERE campaign_id = l.campaign_id AND tenant_id = l.tenant_id AND NOT trial AND state IN ('pending', 'postponed')
				ORDER BY due_at, id LIMIT 1) AS next_due
			FROM campaign_lanes l WHERE l.campaign_id = n.campaign_id) AS lanes) AS next_due,
			EXISTS (SELECT 1 FROM campaign_lanes l WHERE l.campaign_id = n.campaign_id AND l.tenant_id IN (SELECT tenant_id FROM receipt_tenants)) AS receipts,
			EXISTS (SELECT 1 FROM campaign_reactions r WHERE r.campaign_id = n.campaign_id AND r.count > 0) AS reactions,
			EXISTS (SELECT 1 FROM links k WHERE k.campaign_id = n.campaign_id) AS links,
			EXISTS (SELECT 1 FROM campaigns c WHERE c.parent_id = n.campaign_id AND c.change NOT IN `+sending+`) AS changes
		FROM campaign_counts n WHERE n.campaign_id = ?`, id)
	if err != nil || len(rows) == 0 {
		return domain.Glance{}, err
	}
	r := rows[0]
	return domain.Glance{
		Counts: r.counts(), NextDue: r.NextDue.Time(), Receipts: r.Receipts, Reactions: r.Reactions, Links: r.Links, Changes: r.Changes,
	}, nil
}
