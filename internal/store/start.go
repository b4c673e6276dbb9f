package store

import (
	"context"
	"time"

	"crier/internal/domain"
)

// Due lists the scheduled campaigns whose time has come.
func (s Campaigns) Due(ctx context.Context, now time.Time) ([]int64, error) {
	var ids []int64
	err := s.DB.view().list(ctx, &ids, `SELECT id FROM campaigns WHERE status = 'scheduled' AND start_at <= ? ORDER BY start_at, id`, now)
	return ids, err
}

// Start moves a scheduled campaign to sending and writes one row for each address its
// audience names. Everyone is written down by Name, a part at a time. Doing it twice changes
// nothing: the second is a Conflict.
func (s Campaigns) Start(ctx context.Context, id int64, now time.Time) error {
	err := s.DB.update(ctx, func(t *tx) error {
		late, err := t.exec(ctx, `UPDATE campaigns SET status = 'cancelled', notice = ?, updated_at = ?, finished_at = ?
			WHERE id = ? AND status = 'scheduled' AND start_at <= ? AND expires_at <= ?`, domain.ExpiredNotice, now, now, id, now, now)
		if late > 0 || err != nil {
			return err
		}
		var row campaignRow
		err = t.get(ctx, &row, `UPDATE campaigns SET status = 'sending', started_at = ?, updated_at = ?
			WHERE id = ? AND status = 'scheduled' AND start_at <= ? RETURNING `+campaignColumns, now, now, id, now)
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
		if err := t.planReminders(ctx, c, time.Time{}); err != nil {
			return err
		}
		if c.Audience.Everyone {
			return t.beginNaming(ctx, c)
		}
		n := naming{t: t, campaign: c, table: s.timetable(c)}
		if err := n.people(ctx); err != nil {
			return err
		}
		return t.finishIfDone(ctx, c.ID, now)
	})
	if err == nil {
		s.DB.replan(ctx)
	}
	return err
}

func (s Campaigns) timetable(c domain.Campaign) *domain.Timetable {
	return domain.NewTimetable(c.Delivery, c.ID, c.StartedAt, s.Zone)
}

// naming writes the rows of one campaign.
type naming struct {
	t        *tx
	campaign domain.Campaign
	table    *domain.Timetable
}

type named struct {
	ID        int64
	Channel   string
	TenantID  string `db:"tenant_id"`
	TimeZone  string `db:"time_zone"`
	Installed bool
	EmailKey  string `db:"email_key"`
	UPNKey    string `db:"upn_key"`
	address   string // of somebody unknown
}

// people names the audience's single addresses, known or not.
func (n *naming) people(ctx context.Context) error {
	for list := n.campaign.Audience.People; len(list) > 0; {
		some := list[:min(len(list), chunk/2)]
		list = list[len(some):]
		rows, err := n.t.byAddress(ctx, n.campaign.Channel, some)
		if err != nil {
			return err
		}
		if err := n.write(ctx, rows); err != nil {
			return err
		}
	}
	return n.recount(ctx)
}

// byAddress resolves addresses to people of a channel, each person once; who is unknown is
// answered with the address alone. Of several people with one address, who has the app
// comes first, then who came last.
func (t *tx) byAddress(ctx context.Context, channel domain.Channel, addresses []string) ([]named, error) {
	keys := addressKeys(addresses)
	if len(keys) == 0 {
		return nil, nil
	}
	var found []named
	err := t.list(ctx, &found, `SELECT id, channel, tenant_id, time_zone, installed, email_key, upn_key FROM people
		WHERE email_key IN `+in(len(keys))+` OR upn_key IN `+in(len(keys))+` ORDER BY installed, id`, append(texts(keys), texts(keys)...)...)
	if err != nil {
		return nil, err
	}
	by := make(map[string]named, len(found))
	for _, p := range found {
		if p.Channel == string(channel) { // here, for SQLite would read all of the channel by it
			by[p.EmailKey], by[p.UPNKey] = p, p
		}
	}
	rows := make([]named, 0, len(keys))
	seen := map[int64]bool{}
	for _, key := range keys {
		p, known := by[key]
		if !known {
			p = named{address: key}
		}
		if !known || !seen[p.ID] {
			rows = append(rows, p)
		}
		seen[p.ID] = true
	}
	return rows, nil
}

// addressKeys are the addresses as they are compared, each once.
func addressKeys(addresses []string) []string {
	keys := make([]string, 0, len(addresses))
	seen := map[string]bool{"": true}
	for _, a := range addresses {
		if key := domain.AddressKey(a); !seen[key] {
			keys, seen[key] = append(keys, key), true
		}
	}
	return keys
}

func (n *naming) write(ctx context.Context, people []named) error {
	if len(people) == 0 {
		return nil
	}
	values := make([]any, 0, 7*len(people))
	for _, p := range people {
		state, code, due := domain.Pending, domain.Code(""), n.table.First(p.ID, p.TimeZone)
		switch {
		case p.ID == 0:
			state, code, due = domain.Unreachable, domain.UnknownPerson, time.Time{}
		case !p.Installed:
			state, code, due = domain.Unreachable, domain.NotInstalled, time.Time{}
		}
		values = append(values, n.campaign.ID, nullable(p.ID), p.address, p.TenantID, string(state), due, string(code))
	}
	rows, args := n.t.table(values, "BIGINT", "BIGINT", "TEXT", "TEXT", "TEXT", "BIGINT", "TEXT")
	_, err := n.t.exec(ctx, `INSERT INTO deliveries (campaign_id, person_id, address, tenant_id, state, due_at, code, trial)
		SELECT v.*, FALSE FROM (`+rows+`) AS v WHERE c1 IS NOT NULL
		ON CONFLICT DO NOTHING`, args...)
	return err
}

// recount takes the totals from the rows, once, in the transaction that wrote them.
func (n *naming) recount(ctx context.Context) error {
	var totals struct{ Listed, Unreachable int64 }
	err := n.t.get(ctx, &totals, `SELECT COUNT(*) AS listed, COUNT(CASE WHEN state = 'unreachable' THEN 1 END) AS unreachable
		FROM deliveries WHERE campaign_id = ? AND NOT trial`, n.campaign.ID)
	if err != nil {
		return err
	}
	err = n.t.count(ctx, n.campaign.ID, tally{"listed": totals.Listed, "unreachable": totals.Unreachable, "pending": totals.Listed - totals.Unreachable})
	if err != nil {
		return err
	}
	_, err = n.t.exec(ctx, `INSERT INTO campaign_lanes (campaign_id, tenant_id)
		SELECT DISTINCT campaign_id, tenant_id FROM deliveries WHERE campaign_id = ? AND NOT trial AND state = 'pending'`, n.campaign.ID)
	return err
}

// finishIfDone moves a campaign with nothing left to do to done; also a paused one, whose
// last messages were in flight when it paused: nothing else would ever finish it. While its
// audience is being written down there is more to do.
func (t *tx) finishIfDone(ctx context.Context, id int64, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE campaigns SET status = 'done', finished_at = ?, updated_at = ?, notice = '' WHERE id = ? AND status IN ('sending', 'paused')
		AND named_to IS NULL AND NOT EXISTS (SELECT 1 FROM campaign_counts WHERE campaign_id = ? AND pending + postponed > 0)`, now, now, id, id)
	return err
}

// AudienceSize is whom an audience names now, and how many of them have the app.
func (s Campaigns) AudienceSize(ctx context.Context, channel domain.Channel, a domain.Audience) (listed, reachable int64, err error) {
	if a.Everyone {
		reachable, err = People{DB: s.DB}.Count(ctx, channel)
		return reachable, reachable, err
	}
	seen := map[int64]bool{}
	unknown := map[string]bool{}
	for list := a.People; len(list) > 0; {
		some := list[:min(len(list), chunk/2)]
		list = list[len(some):]
		rows, err := s.DB.view().byAddress(ctx, channel, some)
		if err != nil {
			return 0, 0, err
		}
		for _, p := range rows {
			if p.ID == 0 {
				unknown[p.address] = true
			} else if !seen[p.ID] {
				seen[p.ID] = true
				if p.Installed {
					reachable++
				}
			}
		}
	}
	return int64(len(seen) + len(unknown)), reachable, nil
}
