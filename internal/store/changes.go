package store

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"crier/internal/domain"
)

// A change of messages that people have (a recall, a correction, an expiry) is a campaign with
// a parent, and so is a reminder of a survey (survey_remind.go). Name writes a row for each message, and from there on the engine treats it like
// any other campaign.

// Change begins a change of a campaign's messages, in place of one that is under way. A
// correction replaces the campaign's content too: the campaign is as it is to be, of the
// revision that was read. It is a Conflict where the campaign is being sent or has changed
// meanwhile.
func (s Campaigns) Change(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		before, err := t.locked(ctx, c.ID)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE campaigns SET content = ?, revision = revision + 1, updated_at = ?
			WHERE id = ? AND revision = ? AND parent_id IS NULL AND status IN ('paused', 'done', 'cancelled')`,
			encode(c.Content), now, c.ID, c.Revision)
		if err := changed(n, err); err != nil {
			return err
		}
		c.Revision++
		if to == domain.Correct {
			if err := t.replanReminders(ctx, before, c, now); err != nil {
				return err
			}
		}
		return t.beginChange(ctx, c, to, by, now)
	})
}

// beginChange adds the child that changes a campaign's messages, in place of one that is under
// way; a reminder takes nothing's place. The caller has locked the campaign.
func (t *tx) beginChange(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error {
	if !to.Sends() {
		if err := t.makeWay(ctx, c, to, by, now); err != nil {
			return err
		}
	}
	_, err := t.addChild(ctx, c, to, by, now)
	return err
}

// makeWay ends what a change takes the place of. What a reminder sent is taken back with the
// rest, and expires with it; what it is still to send is corrected.
func (t *tx) makeWay(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) error {
	takes := ` AND change NOT IN ` + sending
	if to != domain.Correct {
		takes = ``
	}
	_, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = '', named_to = NULL, updated_at = ?, finished_at = ?
		WHERE parent_id = ? AND status IN ('sending', 'paused')`+takes, now, now, c.ID)
	if err != nil {
		return err
	}
	if to == domain.Correct {
		_, err := t.exec(ctx, `UPDATE campaigns SET content = ?, revision = revision + 1, updated_at = ?
			WHERE parent_id = ? AND status IN ('sending', 'paused') AND change IN ('remind', 'later')`, encode(c.Content), now, c.ID)
		return err
	}
	var rows []campaignRow
	if err := t.list(ctx, &rows, `SELECT `+campaignColumns+` FROM campaigns WHERE parent_id = ? AND change IN `+sending+` ORDER BY id`, c.ID); err != nil {
		return err
	}
	reminders, err := campaigns(rows)
	if err != nil {
		return err
	}
	for _, one := range reminders {
		if err := t.beginChange(ctx, one, to, by, now); err != nil {
			return err
		}
	}
	return nil
}

// sending are the changes that send a message (domain.Change.Sends).
const sending = `('remind', 'later', 'share')`

// addChild adds the campaign that does something about the messages of another.
func (t *tx) addChild(ctx context.Context, c domain.Campaign, to domain.Change, by string, now time.Time) (int64, error) {
	policy := domain.Policy{}
	if to.Sends() {
		policy = domain.Policy{Hours: c.Delivery.Hours, MaxPerHour: c.Delivery.MaxPerHour, OnUncertain: c.Delivery.OnUncertain}
	}
	waits := []int64{}
	if !to.Sends() {
		var err error
		if waits, err = t.onTheirWay(ctx, c.ID); err != nil {
			return 0, err
		}
	}
	var id int64
	err := t.get(ctx, &id, `INSERT INTO campaigns (waits_for, parent_id, change, revision, name, name_key, channel, kind, status, content, audience, delivery,
			notice, created_at, created_by, updated_at, started_at, named_to)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?, ?, '', ?, ?, ?, ?, 0) RETURNING id`,
		encodeIDs(waits), c.ID, string(to), c.Revision, c.Name, strings.ToLower(c.Name), string(c.Channel), string(c.Kind), encode(c.Content), encode(domain.Audience{}),
		encode(policy), now, by, now, now)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec(ctx, `INSERT INTO campaign_counts (campaign_id) VALUES (?)`, id); err != nil {
		return 0, err
	}
	_, err = t.exec(ctx, `INSERT INTO campaign_lanes (campaign_id, tenant_id)
		SELECT CAST(? AS BIGINT), tenant_id FROM campaign_lanes WHERE campaign_id = ?`, id, c.ID)
	return id, err
}

// nameChange writes down the next messages that are to be changed. It begins when nothing is on
// its way any more that was when the change began, of the campaign or of earlier changes: what
// comes to its end later would be missed, or come after the change. Until then it is a Conflict.
// What can't be changed, for the channel told no id of it or nobody knows whether it arrived, is
// written down as unreachable.
func (t *tx) nameChange(ctx context.Context, c domain.Campaign, table *domain.Timetable, after int64, now time.Time) (more bool, err error) {
	if after == 0 && !c.Change.Sends() {
		if busy, err := t.waits(ctx, c.ID); err != nil || busy {
			return false, changed(0, err)
		}
	}
	if c.Change.Sends() || c.Change == domain.Correct && c.Kind == domain.KindSurvey {
		return t.nameBySurvey(ctx, c, table, after, now)
	}
	until := int64(math.MaxInt64)
	if c.Change == domain.Correct { // who has the better one already is left alone
		until = c.Revision
	}
	const where = `campaign_id = ? AND state = 'sent' AND NOT trial AND person_id IS NOT NULL AND revision < ? AND id > ?`
	var page struct{ Count, Reachable, Last int64 }
	err = t.get(ctx, &page, `SELECT COUNT(*) AS count, COUNT(CASE WHEN activity_id <> '' THEN 1 END) AS reachable, COALESCE(MAX(id), 0) AS last FROM (
		SELECT id, activity_id FROM deliveries WHERE `+where+` ORDER BY id LIMIT ?) AS page`, c.Parent, until, after, namedAtOnce)
	if err != nil {
		return false, err
	}
	if _, err := t.copyRows(ctx, c.ID, now, where+` AND id <= ?`, c.Parent, until, after, page.Last); err != nil {
		return false, err
	}
	if more = page.Count == namedAtOnce; !more {
		unknown, err := t.copyRows(ctx, c.ID, now, `campaign_id = ? AND state = 'uncertain' AND NOT trial AND person_id IS NOT NULL`, c.Parent)
		if err != nil {
			return false, err
		}
		page.Count += unknown
	}
	return more, t.namedChange(ctx, c, after, page.Last, more, page.Count, page.Reachable, now)
}

// copyRows writes a row of a change for each row of its campaign, with its tenants, and answers
// how many it wrote.
func (t *tx) copyRows(ctx context.Context, change int64, now time.Time, where string, args ...any) (int64, error) {
	// Of an audience that is still being written down there are new ones.
	_, err := t.exec(ctx, `INSERT INTO campaign_lanes (campaign_id, tenant_id)
		SELECT DISTINCT CAST(? AS BIGINT), tenant_id FROM deliveries WHERE `+where+` ON CONFLICT DO NOTHING`, append([]any{change}, args...)...)
	if err != nil {
		return 0, err
	}
	return t.exec(ctx, `INSERT INTO deliveries (campaign_id, origin_id, person_id, tenant_id, activity_id, due_at, state, address, trial)
		SELECT CAST(? AS BIGINT), id, person_id, tenant_id, activity_id, CAST(? AS BIGINT),
			CASE WHEN state = 'sent' AND activity_id <> '' THEN 'pending' ELSE 'unreachable' END, '', FALSE
		FROM deliveries WHERE `+where, append([]any{change, now}, args...)...)
}

// namedChange keeps how far the naming of a change is, and counts the rows that were written.
func (t *tx) namedChange(ctx context.Context, c domain.Campaign, from, to int64, more bool, written, reachable int64, now time.Time) error {
	err := changed(t.exec(ctx, `UPDATE campaigns SET named_to = CASE WHEN ? THEN CAST(? AS BIGINT) END
		WHERE id = ? AND named_to = ? AND status IN ('sending', 'paused')`, more, to, c.ID, from))
	if err != nil {
		return err
	}
	if err := t.count(ctx, c.ID, tally{"listed": written, "unreachable": written - reachable, "pending": reachable}); err != nil || more {
		return err
	}
	return t.finishIfDone(ctx, c.ID, now)
}

// onTheirWay are the messages of a campaign, and of changes of one, that a process has begun and
// not recorded.
func (t *tx) onTheirWay(ctx context.Context, campaignID int64) ([]int64, error) {
	all, err := t.inFlight(ctx)
	if len(all) == 0 || err != nil {
		return nil, err
	}
	var ids []int64
	among, args := t.oneOf(all)
	err = t.list(ctx, &ids, `SELECT d.id FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id
		WHERE d.id`+among+` AND (c.id = ? OR c.parent_id = ?)`, append(args, campaignID, campaignID)...)
	return ids, err
}

// inFlight is what all processes have begun and not recorded.
func (t *tx) inFlight(ctx context.Context) ([]int64, error) {
	var lists []string
	if err := t.list(ctx, &lists, `SELECT in_flight FROM instances WHERE in_flight <> '[]'`); err != nil {
		return nil, err
	}
	var all []int64
	for _, list := range lists {
		var ids []int64
		if err := decode(list, &ids); err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// waits says whether something is still on its way that was when a change began.
func (t *tx) waits(ctx context.Context, change int64) (bool, error) {
	var list string
	var before []int64
	if err := t.get(ctx, &list, `SELECT waits_for FROM campaigns WHERE id = ?`, change); err != nil {
		return false, err
	}
	if err := decode(list, &before); err != nil || len(before) == 0 {
		return false, err
	}
	now, err := t.inFlight(ctx)
	return slices.ContainsFunc(before, func(id int64) bool { return slices.Contains(now, id) }), err
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
		if _, err := t.exec(ctx, `UPDATE campaigns SET revision = revision + 1 WHERE id = ?`, id); err != nil {
			return err // what was read before does not correct it any more
		}
		c.Revision++
		return t.beginChange(ctx, c, domain.Expire, "", now)
	})
}

type changeRow struct {
	ParentID   int64 `db:"parent_id"`
	ID         int64
	Change     string
	Status     string
	Notice     string
	StartedAt  stamp `db:"started_at"`
	FinishedAt stamp `db:"finished_at"`
	countsRow
}

// changes are what was done with the messages of campaigns, and what was sent about them.
const changes = `SELECT c.parent_id, c.id, c.change, c.status, c.notice, c.started_at, c.finished_at, n.*
	FROM campaigns c JOIN campaign_counts n ON n.campaign_id = c.id WHERE `

func (r changeRow) report() domain.ChangeReport {
	return domain.ChangeReport{
		Campaign: r.ID, Change: domain.Change(r.Change), Status: domain.Status(r.Status), Notice: r.Notice,
		Counts: r.counts(), At: r.StartedAt.Time(), Finished: r.FinishedAt.Time(),
	}
}

// LastChange is how the last change of a campaign's messages gets on; nil: there is none. What
// sends new messages is none.
func (s Campaigns) LastChange(ctx context.Context, id int64) (*domain.ChangeReport, error) {
	return s.DB.view().lastChange(ctx, id)
}

// LastChanges is LastChange of several campaigns, by id; those without a change have none.
func (s Campaigns) LastChanges(ctx context.Context, ids ...int64) (map[int64]*domain.ChangeReport, error) {
	return s.DB.view().lastChanges(ctx, ids...)
}

func (t *tx) lastChange(ctx context.Context, id int64) (*domain.ChangeReport, error) {
	by, err := t.lastChanges(ctx, id)
	return by[id], err
}

func (t *tx) lastChanges(ctx context.Context, ids ...int64) (map[int64]*domain.ChangeReport, error) {
	by := map[int64]*domain.ChangeReport{}
	if len(ids) == 0 {
		return by, nil
	}
	var rows []changeRow
	among, args := t.oneOf(ids)
	err := t.list(ctx, &rows, changes+`c.id IN (SELECT MAX(id) FROM campaigns
		WHERE parent_id`+among+` AND change NOT IN `+sending+` GROUP BY parent_id)`, args...)
	for _, r := range rows {
		by[r.ParentID] = new(r.report())
	}
	return by, err
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
	t := s.DB.view()
	among, args := t.oneOf(people)
	err := t.list(ctx, &found, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE person_id`+among+` AND campaign_id = ? AND NOT trial`, append(args, change)...)
	for _, r := range found {
		d := r.delivery()
		by[d.Origin] = domain.RowChange{State: d.State, At: d.SentAt, Code: d.Code, Reason: d.Reason}
	}
	return by, err
}
