package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"crier/internal/domain"
)

// Campaigns keeps campaigns and their counts.
type Campaigns struct {
	DB   *DB
	Zone string // of recipients whose own is not known, IANA; empty: UTC
}

type campaignRow struct {
	ID         int64
	Revision   int64
	Name       string
	Channel    string
	Kind       string
	Status     string
	Content    string
	Audience   string
	Delivery   string
	StartAt    stamp         `db:"start_at"`
	ExpiresAt  stamp         `db:"expires_at"`
	ParentID   sql.NullInt64 `db:"parent_id"`
	Change     string
	Notice     string
	CreatedAt  stamp  `db:"created_at"`
	CreatedBy  string `db:"created_by"`
	UpdatedAt  stamp  `db:"updated_at"`
	StartedAt  stamp  `db:"started_at"`
	FinishedAt stamp  `db:"finished_at"`
}

const campaignColumns = `id, revision, name, channel, kind, status, content, audience, delivery, start_at, expires_at, parent_id, change, notice,
	created_at, created_by, updated_at, started_at, finished_at`

func (r campaignRow) campaign() (domain.Campaign, error) {
	c := domain.Campaign{
		ID: r.ID, Revision: r.Revision, Name: r.Name, Channel: domain.Channel(r.Channel), Kind: domain.Kind(r.Kind),
		Status: domain.Status(r.Status), ExpiresAt: r.ExpiresAt.Time(), Parent: r.ParentID.Int64, Change: domain.Change(r.Change), Notice: r.Notice, CreatedAt: r.CreatedAt.Time(), CreatedBy: r.CreatedBy,
		UpdatedAt: r.UpdatedAt.Time(), StartedAt: r.StartedAt.Time(), FinishedAt: r.FinishedAt.Time(),
	}
	err := errors.Join(decode(r.Content, &c.Content), decode(r.Audience, &c.Audience), decode(r.Delivery, &c.Delivery))
	if err != nil {
		return c, fmt.Errorf("read campaign %d: %w", r.ID, err)
	}
	if string(c.Content.AdaptiveCard) == "null" { // as JSON reads back what was left out
		c.Content.AdaptiveCard = nil
	}
	c.Delivery.StartAt = r.StartAt.Time()
	return c, nil
}

func campaigns(rows []campaignRow) ([]domain.Campaign, error) {
	list := make([]domain.Campaign, len(rows))
	for i, r := range rows {
		c, err := r.campaign()
		if err != nil {
			return nil, err
		}
		list[i] = c
	}
	return list, nil
}

// Create stores a new draft and answers it with its id.
func (s Campaigns) Create(ctx context.Context, c domain.Campaign) (domain.Campaign, error) {
	c.Revision = 1
	err := s.DB.update(ctx, func(t *tx) error {
		err := t.get(ctx, &c.ID, `INSERT INTO campaigns (revision, name, name_key, channel, kind, status, content, audience, delivery,
			start_at, expires_at, notice, created_at, created_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?) RETURNING id`,
			c.Revision, c.Name, strings.ToLower(c.Name), string(c.Channel), string(c.Kind), string(c.Status), encode(c.Content), encode(c.Audience),
			encode(c.Delivery), c.Delivery.StartAt, c.ExpiresAt, c.CreatedAt, c.CreatedBy, c.UpdatedAt)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO campaign_counts (campaign_id) VALUES (?)`, c.ID)
		return err
	})
	return c, err
}

// Get is the campaign of that id.
func (s Campaigns) Get(ctx context.Context, id int64) (domain.Campaign, error) {
	var row campaignRow
	if err := s.DB.view().get(ctx, &row, `SELECT `+campaignColumns+` FROM campaigns WHERE id = ?`, id); err != nil {
		if domain.KindOf(err) == domain.NotFound {
			err = domain.Fail(domain.NotFound, "There is no such campaign.")
		}
		return domain.Campaign{}, err
	}
	return row.campaign()
}

// List is a page of campaigns, newest first, before the id (0: from the newest).
func (s Campaigns) List(ctx context.Context, f domain.CampaignFilter, before int64, limit int) ([]domain.Campaign, error) {
	where, args := []string{"parent_id IS NULL"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if before > 0 {
		add("id < ?", before)
	}
	if len(f.Statuses) > 0 {
		add("status IN "+in(len(f.Statuses)), texts(f.Statuses)...)
	}
	if f.Kind != "" {
		add("kind = ?", string(f.Kind))
	}
	if f.Channel != "" {
		add("channel = ?", string(f.Channel))
	}
	if f.Name != "" {
		add("name_key = ?", strings.ToLower(f.Name))
	}
	if f.Query != "" {
		add(`name_key LIKE ? ESCAPE '\'`, like(f.Query))
	}
	var rows []campaignRow
	err := s.DB.view().list(ctx, &rows, `SELECT `+campaignColumns+` FROM campaigns WHERE `+strings.Join(where, " AND ")+
		` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return campaigns(rows)
}

// Save replaces a draft's name, content, audience and delivery. It is a draft again
// afterwards; a revision that is not the stored one is Stale, a status that forbids it a Conflict.
func (s Campaigns) Save(ctx context.Context, c domain.Campaign, now time.Time) (domain.Campaign, error) {
	err := s.DB.update(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE campaigns SET revision = revision + 1, name = ?, name_key = ?, channel = ?, kind = ?, status = 'draft',
			content = ?, audience = ?, delivery = ?, start_at = ?, expires_at = ?, updated_at = ?
			WHERE id = ? AND revision = ? AND status IN ('draft', 'scheduled')`,
			c.Name, strings.ToLower(c.Name), string(c.Channel), string(c.Kind), encode(c.Content), encode(c.Audience), encode(c.Delivery),
			c.Delivery.StartAt, c.ExpiresAt, now, c.ID, c.Revision)
		if err == nil && n == 0 {
			return t.whyNotSaved(ctx, c.ID)
		}
		return err
	})
	c.Revision, c.Status, c.UpdatedAt = c.Revision+1, domain.Draft, now
	return c, err
}

func (t *tx) whyNotSaved(ctx context.Context, id int64) error {
	var status string
	if err := t.get(ctx, &status, `SELECT status FROM campaigns WHERE id = ?`, id); err != nil {
		return err
	}
	if !domain.Status(status).Editable() {
		return domain.Fail(domain.Conflict, "A campaign that has started can't be changed any more. Clone it to send something else.")
	}
	return domain.Fail(domain.Stale, "Somebody else changed this campaign meanwhile. Load it again and repeat your change.")
}

// Delete removes a campaign that is not under way, with its rows.
func (s Campaigns) Delete(ctx context.Context, id int64) error {
	n, err := s.DB.once().exec(ctx, `DELETE FROM campaigns WHERE id = ? AND status IN ('draft', 'done', 'cancelled')
		AND NOT EXISTS (SELECT 1 FROM campaigns AS child WHERE child.parent_id = campaigns.id AND child.status IN ('sending', 'paused'))`, id)
	return changed(n, err)
}

// Schedule moves a draft of that revision to scheduled: for one of all who try.
func (s Campaigns) Schedule(ctx context.Context, id, revision int64, at, now time.Time) error {
	n, err := s.DB.once().exec(ctx, `UPDATE campaigns SET status = 'scheduled', start_at = ?, updated_at = ?, notice = ''
		WHERE id = ? AND revision = ? AND status = 'draft'`, at, now, id, revision)
	return changed(n, err)
}

// Move changes the status of a campaign that is in one of the states from, with a notice
// for people ("" for none).
func (s Campaigns) Move(ctx context.Context, id int64, to domain.Status, notice string, now time.Time, from ...domain.Status) error {
	n, err := s.DB.once().exec(ctx, `UPDATE campaigns SET status = ?, notice = ?, updated_at = ? WHERE id = ? AND status IN `+in(len(from)),
		append([]any{string(to), notice, now, id}, texts(from)...)...)
	return changed(n, err)
}
