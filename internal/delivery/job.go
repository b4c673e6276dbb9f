package delivery

import (
	"context"
	"sync"

	"crier/internal/domain"
)

// job is a campaign being sent, with its timetable.
type job struct {
	domain.Campaign
	table *domain.Timetable
}

// jobs keeps the campaigns being sent for a moment: what they say can't change, unless they are
// paused and corrected.
type jobs struct {
	campaigns Campaigns
	zone      string

	mu   sync.Mutex
	byID map[int64]*job
}

func newJobs(c Campaigns, zone string) *jobs {
	return &jobs{campaigns: c, zone: zone, byID: map[int64]*job{}}
}

// maxJobs bounds what is kept; a campaign read again costs one query.
const maxJobs = 64

// get is the campaign of a row. Drafts change: for a test send it is read anew.
func (k *jobs) get(ctx context.Context, d domain.Delivery) (*job, error) {
	if !d.Trial {
		if j := k.known(d.CampaignID); j != nil {
			return j, nil
		}
	}
	c, err := k.campaigns.Get(ctx, d.CampaignID)
	if err != nil {
		return nil, err
	}
	j := &job{Campaign: c, table: domain.NewTimetable(c.Delivery, c.ID, c.StartedAt, k.zone)}
	if d.Trial {
		return j, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.byID) >= maxJobs {
		clear(k.byID)
	}
	k.byID[c.ID] = j
	return j, nil
}

// forget makes the next row read its campaign anew: it was paused, and may have been corrected.
func (k *jobs) forget(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.byID, id)
}

func (k *jobs) known(id int64) *job {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byID[id]
}
