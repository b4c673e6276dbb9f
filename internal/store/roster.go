package store

import (
	"context"
	"strings"
	"time"

	"crier/internal/domain"
)

// ClaimNewcomers takes up to limit people whose names are to be asked for, and puts the
// next try off until lease: a process that dies meanwhile loses nobody.
func (s People) ClaimNewcomers(ctx context.Context, now, lease time.Time, limit int) ([]domain.Person, error) {
	var rows []personRow
	t := s.DB.once()
	err := t.list(ctx, &rows, `WITH picked AS (SELECT id FROM people WHERE roster_due_at <= ? ORDER BY roster_due_at, id LIMIT ?`+t.lock("FOR UPDATE SKIP LOCKED")+`)
		UPDATE people SET roster_due_at = ?, roster_tries = roster_tries + 1 WHERE id IN (SELECT id FROM picked) RETURNING `+personColumns,
		now, limit, lease)
	return persons(rows), err
}

// SaveRoster keeps what the roster says of a person: the names, addresses and object id
// of p. Empty values leave what is known. Once welcomed, the person is asked for no more.
func (s People) SaveRoster(ctx context.Context, p domain.Person) error {
	_, err := s.DB.once().exec(ctx, `UPDATE people SET
		name = COALESCE(NULLIF(?, ''), name), name_key = COALESCE(NULLIF(?, ''), name_key),
		first_name = COALESCE(NULLIF(?, ''), first_name), last_name = COALESCE(NULLIF(?, ''), last_name),
		email = COALESCE(NULLIF(?, ''), email), email_key = COALESCE(NULLIF(?, ''), email_key),
		upn = COALESCE(NULLIF(?, ''), upn), upn_key = COALESCE(NULLIF(?, ''), upn_key),
		aad_object_id = COALESCE(NULLIF(?, ''), aad_object_id),
		roster_due_at = CASE WHEN welcomed_at IS NULL THEN roster_due_at END WHERE id = ? AND user_id NOT LIKE 'erased:%'`,
		p.Name, strings.ToLower(p.Name), p.FirstName, p.LastName, p.Email, domain.AddressKey(p.Email), p.UPN, domain.AddressKey(p.UPN),
		p.AADObjectID, p.ID)
	return err
}

// PostponeRoster sets when to ask again; the zero time: never. Who left meanwhile is not
// asked for.
func (s People) PostponeRoster(ctx context.Context, id int64, at time.Time) error {
	_, err := s.DB.once().exec(ctx, `UPDATE people SET roster_due_at = ? WHERE id = ? AND installed`, at, id)
	return err
}

// MarkWelcomed claims the person's one welcome: true for exactly one caller, ever. They are
// a newcomer no more.
func (s People) MarkWelcomed(ctx context.Context, id int64, now time.Time) (bool, error) {
	n, err := s.DB.once().exec(ctx, `UPDATE people SET welcomed_at = ?, roster_due_at = NULL WHERE id = ? AND welcomed_at IS NULL`, now, id)
	return n == 1, err
}

// UnmarkWelcomed gives the welcome back when it certainly did not arrive.
func (s People) UnmarkWelcomed(ctx context.Context, id int64) error {
	_, err := s.DB.once().exec(ctx, `UPDATE people SET welcomed_at = NULL WHERE id = ?`, id)
	return err
}

// MarkAnswered claims the standing answer to talk: true for one caller, when the last one
// was given before a time, or never.
func (s People) MarkAnswered(ctx context.Context, id int64, now, before time.Time) (bool, error) {
	n, err := s.DB.once().exec(ctx, `UPDATE people SET answered_at = ? WHERE id = ? AND (answered_at IS NULL OR answered_at <= ?)`, now, id, before)
	return n == 1, err
}

// SaveServiceURL keeps a newer service URL that the channel named in an answer.
func (s People) SaveServiceURL(ctx context.Context, id int64, serviceURL string) error {
	_, err := s.DB.once().exec(ctx, `UPDATE people SET service_url = ? WHERE id = ? AND installed`, serviceURL, id)
	return err
}
