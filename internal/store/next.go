package store

import (
	"context"
	"time"
)

// always is later than any due time.
var always = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// NextDue is when the first row of a campaign that waits is due, in whatever lane; zero when
// none waits. It looks at one row a lane, however many there are.
func (s Campaigns) NextDue(ctx context.Context, campaignID int64) (time.Time, error) {
	var next stamp
	err := s.DB.view().get(ctx, &next, `SELECT MIN(next_due) FROM (SELECT (SELECT due_at `+ofLane+`) AS next_due
		FROM campaign_lanes l WHERE l.campaign_id = ?) AS lanes`, always, 1, campaignID)
	return next.Time(), err
}
