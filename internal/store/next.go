package store

import (
	"context"
	"time"
)

// NextDue is when the first row of a campaign that may still go is due, in whatever lane; zero when
// there is none. It looks at one row a lane, however many there are: to pass by those that are held
// would be to read them all.
func (s Campaigns) NextDue(ctx context.Context, campaignID int64) (time.Time, error) {
	var next stamp
	err := s.DB.view().get(ctx, &next, `SELECT MIN(next_due) FROM (SELECT (SELECT due_at FROM deliveries
			WHERE campaign_id = l.campaign_id AND tenant_id = l.tenant_id AND NOT trial AND state IN ('pending', 'postponed')
			ORDER BY due_at, id LIMIT 1) AS next_due
		FROM campaign_lanes l WHERE l.campaign_id = ?) AS lanes`, campaignID)
	return next.Time(), err
}
