package store

import (
	"context"
	"strings"
	"time"

	"crier/internal/domain"
)

// A change of messages that people have (a recall, a correction, an expiry) is a campaign with
// a parent. Name writes a row for each message, and from there on the engine treats it like
// any other campaign.

// Change begins a change of a campaign's messages, in place of one that is under way. A
// correction replaces the campaign's content too: the campaign is as it is to be, of the
// revision that was read. It is a Conflict where the campaign is being sent or has changed
// meanwhile.
func (s Campaigns) Change(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE campaigns SET content = ?, revision = revision + ?, updated_at = ?
			WHERE id = ? AND revision = ? AND parent_id IS NULL AND status IN ('paused', 'done', 'cancelled')`,
			encode(c.Content), step(to == domain.Correct), now, c.ID, c.Revision)
		if err := changed(n, err); err != nil {
			return err
		}
		return t.beginChange(ctx, c, to, by, now)
	})
}

func step(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// beginChange adds the child that changes a campaign's messages. The caller has locked the
// campaign.
func (t *tx) beginChange(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = '', named_to = NULL, updated_at = ?, finished_at = ?
		WHERE parent_id = ? AND status IN ('sending', 'paused')`, now, now, c.ID)
	if err != nil {
		return err
	}
	var id int64
	err = t.get(ctx, &id, `INSERT INTO campaigns (parent_id, change, revision, name, name_key, channel, kind, status, content, audience, delivery,
			notice, created_at, created_by, updated_at, started_at, named_to)
		VALUES (?, ?, 1, ?, ?, ?, ?, 'sending', ?, ?, ?, '', ?, ?, ?, ?, 0) RETURNING id`,
		c.ID, string(to), c.Name, strings.ToLower(c.Name), string(c.Channel), string(c.Kind), encode(c.Content), encode(domain.Audience{}),
		encode(domain.Policy{}), now, by, now, now)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO campaign_counts (campaign_id) VALUES (?)`, id); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO campaign_lanes (campaign_id, tenant_id)
		SELECT CAST(? AS BIGINT), tenant_id FROM campaign_lanes WHERE campaign_id = ?`, id, c.ID)
	return err
}

// nameChange writes down the next messages that are to be changed. It begins when nothing of
// the campaign and of earlier changes is on its way any more: what comes to its end later would be
// missed, or come after the change. Until then it is a Conflict.
func (t *tx) nameChange(ctx context.Context, c domain.Campaign, after int64, now time.Time) (more bool, err error) {
	if after == 0 {
		if busy, err := t.onTheirWay(ctx, c.Parent); err != nil || busy {
			return false, changed(0, err)
		}
	}
	where := `campaign_id = ? AND state = 'sent' AND NOT trial AND person_id IS NOT NULL AND activity_id <> '' AND id > ?`
	if c.Change == domain.Correct && c.Kind == domain.KindSurvey {
		where += ` AND answered_at IS NULL` // their card shows what they answered
	}
	var page struct {
		Count int64
		Last  int64
	}
	err = t.get(ctx, &page, `SELECT COUNT(*) AS count, COALESCE(MAX(id), 0) AS last FROM (
		SELECT id FROM deliveries WHERE `+where+` ORDER BY id LIMIT ?) AS page`, c.Parent, after, namedAtOnce)
	if err != nil {
		return false, err
	}
	written, err := t.exec(ctx, `INSERT INTO deliveries (campaign_id, origin_id, person_id, tenant_id, activity_id, due_at, state, address, trial)
		SELECT CAST(? AS BIGINT), id, person_id, tenant_id, activity_id, CAST(? AS BIGINT), 'pending', '', FALSE FROM deliveries
		WHERE `+where+` AND id <= ? ON CONFLICT DO NOTHING`, c.ID, now, c.Parent, after, page.Last)
	if err != nil {
		return false, err
	}
	more = page.Count == namedAtOnce
	err = changed(t.exec(ctx, `UPDATE campaigns SET named_to = CASE WHEN ? THEN CAST(? AS BIGINT) END
		WHERE id = ? AND named_to = ? AND status IN ('sending', 'paused')`, more, page.Last, c.ID, after))
	if err != nil {
		return false, err
	}
	if err := t.count(ctx, c.ID, tally{"listed": written, "pending": written}); err != nil || more {
		return more, err
	}
	return false, t.finishIfDone(ctx, c.ID, now)
}

// onTheirWay says whether a process has begun a message of a campaign, or a change of one,
// and has not recorded it.
func (t *tx) onTheirWay(ctx context.Context, campaignID int64) (bool, error) {
	var lists []string
	if err := t.list(ctx, &lists, `SELECT in_flight FROM instances WHERE in_flight <> '[]'`); err != nil {
		return false, err
	}
	var all []int64
	for _, list := range lists {
		var ids []int64
		if err := decode(list, &ids); err != nil {
			return false, err
		}
		all = append(all, ids...)
	}
	if len(all) == 0 {
		return false, nil
	}
	var n int64
	err := t.get(ctx, &n, `SELECT COUNT(*) FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
		WHERE d.id IN `+in(padded(len(all)))+` AND (c.id = ? OR c.parent_id = ?)`, append(padInts(all), campaignID, campaignID)...)
	return n > 0, err
}

// Expiring lists the campaigns whose messages hold no longer, and still stand.
func (s Campaigns) Expiring(ctx context.Context, now time.Time) ([]int64, error) {
	var ids []int64
	err := s.DB.view().list(ctx, &ids, `SELECT id FROM campaigns c WHERE expires_at <= ? AND started_at IS NOT NULL
		AND status IN ('sending', 'paused', 'done', 'cancelled') AND NOT EXISTS (`+replaced+`) ORDER BY expires_at, id`, now)
	return ids, err
}

// replaced are the changes after which a campaign c has nothing left that could expire.
const replaced = `SELECT 1 FROM campaigns AS child WHERE child.parent_id = c.id AND child.change IN ('recall', 'expire')`

// Expire begins to replace the messages of a campaign that holds no longer. What was not sent
// yet stays unsent. Doing it twice changes nothing: the second is a Conflict.
func (s Campaigns) Expire(ctx context.Context, id int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		var row campaignRow
		err := t.get(ctx, &row, `SELECT `+campaignColumns+` FROM campaigns c WHERE id = ? AND expires_at <= ? AND NOT EXISTS (`+replaced+`)`+
			t.lock("FOR NO KEY UPDATE"), id, now)
		if domain.KindOf(err) == domain.NotFound {
			return changed(0, nil)
		}
		if err != nil {
			return err
		}
		c, err := row.campaign()
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = '', updated_at = ?, finished_at = ?
			WHERE id = ? AND status IN ('sending', 'paused')`, now, now, id); err != nil {
			return err
		}
		return t.beginChange(ctx, c, domain.Expire, "", now)
	})
}

type changeRow struct {
	ID         int64
	Change     string
	Status     string
	Notice     string
	StartedAt  stamp `db:"started_at"`
	FinishedAt stamp `db:"finished_at"`
	countsRow
}

// LastChange is how the last change of a campaign's messages gets on; nil: there is none.
func (s Campaigns) LastChange(ctx context.Context, id int64) (*domain.ChangeReport, error) {
	var row changeRow
	err := s.DB.view().get(ctx, &row, `SELECT c.id, c.change, c.status, c.notice, c.started_at, c.finished_at, n.*
		FROM campaigns c JOIN campaign_counts n ON n.campaign_id = c.id WHERE c.parent_id = ? ORDER BY c.id DESC LIMIT 1`, id)
	if domain.KindOf(err) == domain.NotFound {
		return nil, nil
	}
	return &domain.ChangeReport{
		Campaign: row.ID, Change: domain.Change(row.Change), Status: domain.Status(row.Status), Notice: row.Notice,
		Counts: row.counts(), At: row.StartedAt.Time(), Finished: row.FinishedAt.Time(),
	}, err
}

// ChangesOf is what a change, by the id of its campaign, did to rows, by their ids.
func (s Deliveries) ChangesOf(ctx context.Context, change int64, rows []domain.Delivery) (map[int64]domain.RowChange, error) {
	people := []int64{}
	for _, d := range rows {
		if d.Person.ID != 0 {
			people = append(people, d.Person.ID)
		}
	}
	by := map[int64]domain.RowChange{}
	if len(people) == 0 {
		return by, nil
	}
	var found []deliveryRow
	err := s.DB.view().list(ctx, &found, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE person_id IN `+in(padded(len(people)))+` AND campaign_id = ? AND NOT trial`, append(padInts(people), change)...)
	for _, r := range found {
		d := r.delivery()
		by[d.Origin] = domain.RowChange{State: d.State, At: d.SentAt, Code: d.Code, Reason: d.Reason}
	}
	return by, err
}
