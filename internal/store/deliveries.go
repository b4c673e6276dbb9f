package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"crier/internal/domain"
)

type deliveryRow struct {
	ID         int64
	CampaignID int64         `db:"campaign_id"`
	OriginID   sql.NullInt64 `db:"origin_id"`
	Trial      bool
	PersonID   sql.NullInt64 `db:"person_id"`
	Address    string
	State      string
	Attempts   int
	Tries      int
	Hold       int64
	DueAt      stamp  `db:"due_at"`
	ActivityID string `db:"activity_id"`
	SentAt     stamp  `db:"sent_at"`
	SeenAt     stamp  `db:"seen_at"`
	ClickedAt  stamp  `db:"clicked_at"`
	AnsweredAt stamp  `db:"answered_at"`
	Code       string
	Reason     string
	Reserved   sql.NullInt64
}

const deliveryColumns = `id, campaign_id, origin_id, trial, person_id, address, state, attempts, tries, hold, due_at, activity_id,
	sent_at, seen_at, clicked_at, answered_at, code, reason`

func (r deliveryRow) delivery() domain.Delivery {
	return domain.Delivery{
		ID: r.ID, CampaignID: r.CampaignID, Origin: r.OriginID.Int64, Trial: r.Trial, Person: domain.Person{ID: r.PersonID.Int64}, Address: r.Address,
		State: domain.State(r.State), Attempts: r.Attempts, Tries: r.Tries, Hold: r.Hold, DueAt: r.DueAt.Time(), ActivityID: r.ActivityID,
		SentAt: r.SentAt.Time(), SeenAt: r.SeenAt.Time(), ClickedAt: r.ClickedAt.Time(), AnsweredAt: r.AnsweredAt.Time(),
		Code: domain.Code(r.Code), Reason: r.Reason, Reserved: r.Reserved.Int64,
	}
}

// namedRow is a row with the name and address of its person.
type namedRow struct {
	deliveryRow
	Name  sql.NullString `db:"person_name"`
	Email sql.NullString `db:"person_email"`
}

// List is a page of a campaign's rows in the order of their ids, after an id, with the
// people's names and addresses.
//
// The rows of each state are read by the index that has them in order, and merged: no page
// of a campaign of a million sorts or passes over the others.
func (s Deliveries) List(ctx context.Context, campaignID int64, f domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error) {
	states := domain.States()
	if f.State != "" {
		states = []domain.State{f.State}
	}
	var branches []string
	var args []any
	for i, state := range states {
		branches = append(branches, fmt.Sprintf("SELECT * FROM (%s) AS s%d", listOfState(f.Query), i))
		args = append(args, campaignID, string(state), after)
		if f.Query != "" {
			q := like(f.Query)
			args = append(args, q, q, q)
		}
		args = append(args, limit)
	}
	var rows []namedRow
	err := s.DB.view().list(ctx, &rows, strings.Join(branches, " UNION ALL ")+` ORDER BY id LIMIT ?`, append(args, limit)...)
	list := make([]domain.Delivery, len(rows))
	for i, r := range rows {
		list[i] = r.delivery()
		list[i].Person.Name, list[i].Person.Email = r.Name.String, r.Email.String
	}
	return list, err
}

func listOfState(query string) string {
	columns := "d." + strings.Join(strings.Fields(deliveryColumns), " d.")
	where := ""
	if query != "" {
		where = ` AND (p.name_key LIKE ? ESCAPE '\' OR p.email_key LIKE ? ESCAPE '\' OR d.address LIKE ? ESCAPE '\')`
	}
	return `SELECT ` + columns + `, p.name AS person_name, p.email AS person_email
		FROM deliveries d LEFT JOIN people p ON p.id = d.person_id
		WHERE d.campaign_id = ? AND d.state = ? AND NOT d.trial AND d.id > ?` + where + ` ORDER BY d.id LIMIT ?`
}

// Get is the row of that id, with the person it is for.
func (s Deliveries) Get(ctx context.Context, id int64) (domain.Delivery, error) {
	var row deliveryRow
	t := s.DB.view()
	if err := t.get(ctx, &row, `SELECT `+deliveryColumns+` FROM deliveries WHERE id = ?`, id); err != nil {
		return domain.Delivery{}, err
	}
	d := row.delivery()
	if !row.PersonID.Valid {
		return d, nil
	}
	var p personRow
	err := t.get(ctx, &p, `SELECT `+personColumns+` FROM people WHERE id = ?`, row.PersonID.Int64)
	d.Person = p.person()
	return d, err
}

// AddTrials queues test sends of a campaign.
func (s Deliveries) AddTrials(ctx context.Context, campaignID int64, people []domain.Person, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		for _, p := range people {
			_, err := t.exec(ctx, `INSERT INTO deliveries (campaign_id, trial, person_id, address, tenant_id, state, due_at)
				VALUES (?, TRUE, ?, '', ?, 'pending', ?)`, campaignID, p.ID, p.Reference.TenantID, now)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Retry opens the failed rows of a campaign again, and the uncertain that are held, and
// takes a campaign that was done back to sending. Nothing to retry is a Conflict.
func (s Deliveries) Retry(ctx context.Context, campaignID int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		opened, err := t.exec(ctx, `UPDATE campaigns SET status = CASE WHEN status = 'done' THEN 'sending' ELSE status END,
			finished_at = NULL, updated_at = ? WHERE id = ? AND status IN ('sending', 'paused', 'done')
				AND NOT EXISTS (SELECT 1 FROM campaigns AS child WHERE child.parent_id = campaigns.id AND child.change IN ('recall', 'expire'))`, now, campaignID)
		if err != nil {
			return err
		}
		moved := int64(0)
		for _, from := range []domain.State{domain.Failed, domain.Uncertain} {
			n, err := t.moveAll(ctx, campaignID, from, domain.Pending, ", attempts = 0, tries = 0, code = '', reason = '', due_at = ?", now)
			if err != nil {
				return err
			}
			moved += n
		}
		if opened == 0 || moved == 0 {
			return domain.Fail(domain.Conflict, "There is nothing to try again: no message failed, or the campaign was cancelled.")
		}
		return nil
	})
}

// moveAll changes the state of a campaign's rows of one state that is not open, and the counts
// with them; it answers how many.
func (t *tx) moveAll(ctx context.Context, campaignID int64, from, to domain.State, set string, args ...any) (int64, error) {
	args = append(append([]any{string(to)}, args...), campaignID, string(from))
	n, err := t.exec(ctx, `UPDATE deliveries SET state = ?, hold = hold + 1`+set+` WHERE campaign_id = ? AND state = ? AND NOT trial`, args...)
	if err != nil {
		return 0, err
	}
	changes := tally{}
	changes.move(from, to, n)
	return n, t.count(ctx, campaignID, changes)
}

// CountDue is how many rows are due and not sent, held or not, for the metrics; it stops counting
// at most.
func (s Deliveries) CountDue(ctx context.Context, now time.Time, most int) (int64, error) {
	var n int64
	err := s.DB.view().get(ctx, &n, `SELECT CAST(COALESCE(SUM((SELECT COUNT(*) FROM (SELECT 1 AS one `+ofLane+` ORDER BY due_at, id LIMIT ?) AS due)), 0) AS BIGINT)
		FROM campaign_lanes l JOIN campaigns c ON c.id = l.campaign_id WHERE c.status = 'sending'`, now, most)
	return min(n, int64(most)), err
}
