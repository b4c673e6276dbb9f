package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"crier/internal/domain"
)

type countsRow struct {
	CampaignID  int64 `db:"campaign_id"`
	Listed      int64
	Unreachable int64
	Pending     int64
	Postponed   int64
	Sent        int64
	Failed      int64
	Unscheduled int64
	Uncertain   int64
	Cancelled   int64
	Seen        int64
	Clicked     int64
	Answered    int64
}

const countColumns = `campaign_id, listed, unreachable, pending, postponed, sent, failed, unscheduled, uncertain, cancelled, seen, clicked, answered`

func (r countsRow) counts() domain.Counts {
	return domain.Counts{
		Listed: r.Listed, Unreachable: r.Unreachable, Recipients: r.Listed - r.Unreachable,
		Pending: r.Pending, Postponed: r.Postponed, Sent: r.Sent, Failed: r.Failed, Unscheduled: r.Unscheduled,
		Uncertain: r.Uncertain, Cancelled: r.Cancelled, Seen: r.Seen, Clicked: r.Clicked, Answered: r.Answered,
	}
}

// Counts is how the rows of campaigns stand, by campaign.
func (s Campaigns) Counts(ctx context.Context, ids ...int64) (map[int64]domain.Counts, error) {
	counts := map[int64]domain.Counts{}
	if len(ids) == 0 {
		return counts, nil
	}
	var rows []countsRow
	t := s.DB.view()
	among, args := t.oneOf(ids)
	err := t.list(ctx, &rows, `SELECT `+countColumns+` FROM campaign_counts WHERE campaign_id`+among, args...)
	for _, r := range rows {
		counts[r.CampaignID] = r.counts()
	}
	return counts, err
}

// Reactions is how many reactions of each type a campaign has.
func (s Campaigns) Reactions(ctx context.Context, id int64) (map[string]int64, error) {
	var rows []struct {
		Type  string
		Count int64
	}
	err := s.DB.view().list(ctx, &rows, `SELECT type, count FROM campaign_reactions WHERE campaign_id = ? AND count > 0`, id)
	reactions := map[string]int64{}
	for _, r := range rows {
		reactions[r.Type] = r.Count
	}
	return reactions, err
}

// ByStatus is how many campaigns stand in each status.
func (s Campaigns) ByStatus(ctx context.Context) (map[domain.Status]int64, error) {
	var rows []struct {
		Status string
		Count  int64
	}
	err := s.DB.view().list(ctx, &rows, `SELECT status, COUNT(*) AS count FROM campaigns WHERE parent_id IS NULL GROUP BY status`)
	by := map[domain.Status]int64{}
	for _, r := range rows {
		by[domain.Status(r.Status)] = r.Count
	}
	return by, err
}

// tally is a change of counts by column, written in the transaction of the rows it counts.
type tally map[string]int64

func (m tally) move(from, to domain.State, n int64) {
	m[string(from)] -= n
	m[string(to)] += n
}

// count adds changes to a campaign's counts.
func (t *tx) count(ctx context.Context, campaignID int64, changes tally) error {
	_, err := t.countLeft(ctx, campaignID, changes)
	return err
}

// countLeft adds changes to a campaign's counts and answers how many rows may still go; -1
// when nothing changed.
func (t *tx) countLeft(ctx context.Context, campaignID int64, changes tally) (int64, error) {
	var set []string
	var args []any
	for _, column := range slices.Sorted(maps.Keys(changes)) {
		if changes[column] != 0 {
			set, args = append(set, column+" = "+column+" + ?"), append(args, changes[column])
		}
	}
	if len(set) == 0 {
		return -1, nil
	}
	var left []int64
	err := t.list(ctx, &left, `UPDATE campaign_counts SET `+strings.Join(set, ", ")+` WHERE campaign_id = ? RETURNING pending + postponed`, append(args, campaignID)...)
	if err != nil || len(left) == 0 {
		return -1, err
	}
	return left[0], nil
}
