package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Everyone is named in parts, each in a transaction of its own: a million people keep
// neither the writers waiting nor the first of them. The campaign remembers how far it is,
// so that a restart goes on where it was. Who has the app when the campaign starts is named:
// people are numbered as they come, so those who come later lie beyond name_to; those who
// leave meanwhile are named at the end.
const (
	chunk       = 1024      // rows in a statement: it bounds memory, and its parameters (SQLite takes 32,766)
	namedAtOnce = 5 * chunk // rows in a transaction
)

// namedBetween is how many rows are named in a transaction while messages are sent. SQLite's one
// writer must not keep those waiting.
func (db *DB) namedBetween() int64 {
	if db.dialect == SQLite {
		return 256
	}
	return namedAtOnce
}

// beginNaming makes Name write down everyone who has the app now.
func (t *tx) beginNaming(ctx context.Context, c domain.Campaign) error {
	_, err := t.exec(ctx, `UPDATE campaigns SET named_to = 0, name_to = (SELECT COALESCE(MAX(id), 0) FROM people) WHERE id = ?`, c.ID)
	return err
}

// Naming lists the campaigns whose audience is still being written down.
func (s Campaigns) Naming(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := s.DB.view().list(ctx, &ids, `SELECT id FROM campaigns WHERE named_to IS NOT NULL ORDER BY id`)
	return ids, err
}

// part is how far the naming of a campaign is.
type part struct {
	campaignRow
	NamedTo *int64 `db:"named_to"`
	NameTo  int64  `db:"name_to"`
}

// Name writes down the next part of an audience, and answers whether there is more. Of
// several who do it at once one goes on, the others get a Conflict.
func (s Campaigns) Name(ctx context.Context, id int64, now time.Time) (more bool, err error) {
	err = s.DB.update(ctx, func(t *tx) error {
		var p part
		err := t.get(ctx, &p, `SELECT `+campaignColumns+`, named_to, COALESCE(name_to, 0) AS name_to FROM campaigns WHERE id = ?`, id)
		if err != nil || p.NamedTo == nil {
			more = false
			return err
		}
		c, err := p.campaign()
		if err != nil {
			return err
		}
		if c.Change != "" {
			more, err = t.nameChange(ctx, c, s.timetable(c), *p.NamedTo, now)
			return err
		}
		n := naming{t: t, campaign: c, table: s.timetable(c)}
		more, err = n.next(ctx, *p.NamedTo, p.NameTo, s.DB.namedBetween(), now)
		return err
	})
	if err == nil {
		s.DB.replan(ctx)
	}
	return more, err
}

// next names people after one, up to another: everyone who has the app on the campaign's
// channel.
func (n *naming) next(ctx context.Context, after, upTo, most int64, now time.Time) (more bool, err error) {
	from, count := after, int64(0)
	if after == 0 {
		most = min(most, chunk) // so that the first messages go at once
	}
	page := min(most, chunk)
	for more = true; more && count < most; {
		var people []named
		err := n.t.list(ctx, &people, `SELECT id, tenant_id, time_zone FROM people WHERE channel = ? AND installed AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
			string(n.campaign.Channel), after, upTo, page)
		if err != nil {
			return false, err
		}
		if more = int64(len(people)) == page; more {
			after = people[page-1].ID
		}
		written, err := n.everyone(ctx, people)
		if err != nil {
			return false, err
		}
		count += written
	}
	if !more {
		gone, err := n.gone(ctx, upTo)
		if err != nil {
			return false, err
		}
		count += gone
	}
	return more, n.remember(ctx, from, after, more, count, now)
}

// everyone writes a row for each, unless there is one.
func (n *naming) everyone(ctx context.Context, people []named) (int64, error) {
	if len(people) == 0 {
		return 0, nil
	}
	if err := n.lanes(ctx, people); err != nil {
		return 0, err
	}
	values := make([]any, 0, 3*len(people))
	for _, p := range people {
		values = append(values, p.ID, p.TenantID, n.table.First(p.ID, p.TimeZone))
	}
	rows, args := n.t.table(values, "BIGINT", "TEXT", "BIGINT")
	return n.t.exec(ctx, `INSERT INTO deliveries (campaign_id, state, person_id, tenant_id, due_at, address, trial)
		SELECT CAST(? AS BIGINT), CAST(? AS TEXT), v.c1, v.c2, v.c3, '', FALSE FROM (`+rows+`) AS v
		WHERE v.c1 IS NOT NULL ON CONFLICT DO NOTHING`, append([]any{n.campaign.ID, string(n.state())}, args...)...)
}

// state is where the rows begin: a campaign may be cancelled before all are written.
func (n *naming) state() domain.State {
	if n.campaign.Status == domain.Cancelled {
		return domain.Withdrawn
	}
	return domain.Pending
}

// gone names who left since the start: a few, by the index of when. COALESCE and + keep SQLite from
// reading everybody by another.
func (n *naming) gone(ctx context.Context, upTo int64) (int64, error) {
	total := int64(0)
	for after := int64(0); ; {
		var people []named
		err := n.t.list(ctx, &people, `SELECT id, tenant_id, time_zone FROM people WHERE gone_at > ? AND installed_at <= ? AND COALESCE(channel, '') = ? AND NOT installed
			AND +id > ? AND +id <= ? AND user_id NOT LIKE 'erased:%' ORDER BY +id LIMIT ?`, n.campaign.StartedAt, n.campaign.StartedAt, string(n.campaign.Channel), after, upTo, chunk)
		if err != nil || len(people) == 0 {
			return total, err
		}
		written, err := n.everyone(ctx, people)
		if err != nil {
			return total, err
		}
		total, after = total+written, people[len(people)-1].ID
	}
}

// lanes adds the tenants of these people.
func (n *naming) lanes(ctx context.Context, people []named) error {
	seen := map[string]bool{}
	for _, p := range people {
		if seen[p.TenantID] {
			continue
		}
		seen[p.TenantID] = true
		_, err := n.t.exec(ctx, `INSERT INTO campaign_lanes (campaign_id, tenant_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, n.campaign.ID, p.TenantID)
		if err != nil {
			return err
		}
	}
	return nil
}

// remember keeps how far the naming is, if nobody else went on with it meanwhile and the
// campaign was not cancelled.
func (n *naming) remember(ctx context.Context, from, to int64, more bool, count int64, now time.Time) error {
	c := n.campaign
	err := changed(n.t.exec(ctx, `UPDATE campaigns SET named_to = CASE WHEN ? THEN CAST(? AS BIGINT) END
		WHERE id = ? AND named_to = ? AND (status = 'cancelled') = ?`, more, to, c.ID, from, c.Status == domain.Cancelled))
	if err != nil {
		return err
	}
	if err := n.t.count(ctx, c.ID, tally{"listed": count, string(n.state()): count}); err != nil {
		return err
	}
	if more {
		return nil
	}
	return n.t.finishIfDone(ctx, c.ID, now)
}
