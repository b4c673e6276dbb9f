package store

import (
	"context"
	"strings"
	"time"

	"crier/internal/domain"
)

// People keeps who has, or had, the app, with the reference that reaches them.
type People struct{ DB *DB }

type personRow struct {
	ID             int64
	Channel        string
	UserID         string `db:"user_id"`
	TenantID       string `db:"tenant_id"`
	AADObjectID    string `db:"aad_object_id"`
	ConversationID string `db:"conversation_id"`
	ServiceURL     string `db:"service_url"`
	BotID          string `db:"bot_id"`
	Name           string
	FirstName      string `db:"first_name"`
	LastName       string `db:"last_name"`
	Email          string
	UPN            string
	Locale         string
	TimeZone       string `db:"time_zone"`
	Installed      bool
	InstalledAt    stamp `db:"installed_at"`
	GoneAt         stamp `db:"gone_at"`
	WelcomedAt     stamp `db:"welcomed_at"`
	AnsweredAt     stamp `db:"answered_at"`
	RosterDueAt    stamp `db:"roster_due_at"`
	RosterTries    int   `db:"roster_tries"`
}

const personColumns = `people.id, people.channel, people.user_id, people.tenant_id, people.aad_object_id,
	people.conversation_id, people.service_url, people.bot_id, people.name, people.first_name, people.last_name,
	people.email, people.upn, people.locale, people.time_zone, people.installed, people.installed_at,
	people.gone_at, people.welcomed_at, people.answered_at, people.roster_due_at, people.roster_tries`

func (r personRow) person() domain.Person {
	return domain.Person{
		ID: r.ID, Channel: domain.Channel(r.Channel),
		Reference: domain.ConversationReference{
			ConversationID: r.ConversationID, ServiceURL: r.ServiceURL, TenantID: r.TenantID, UserID: r.UserID, BotID: r.BotID,
		},
		AADObjectID: r.AADObjectID, Name: r.Name, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email, UPN: r.UPN,
		Locale: r.Locale, TimeZone: r.TimeZone, Installed: r.Installed, InstalledAt: r.InstalledAt.Time(), GoneAt: r.GoneAt.Time(),
		WelcomedAt: r.WelcomedAt.Time(), AnsweredAt: r.AnsweredAt.Time(), RosterDueAt: r.RosterDueAt.Time(), RosterTries: r.RosterTries,
	}
}

func persons(rows []personRow) []domain.Person {
	list := make([]domain.Person, len(rows))
	for i, r := range rows {
		list[i] = r.person()
	}
	return list
}

// remember is one upsert for every order in which install events, update events and
// messages may arrive, at once or twice.
//
// An install always wins. A message brings somebody back who had left only if it was
// written after they left: it may have been overtaken by the removal.
const remember = `
INSERT INTO people (channel, user_id, tenant_id, aad_object_id, conversation_id, service_url, bot_id, name, name_key,
	first_name, last_name, email, email_key, upn, upn_key, locale, time_zone, installed, installed_at, roster_due_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', '', '', ?, ?, TRUE, ?, ?)
ON CONFLICT (channel, user_id) DO UPDATE SET
	tenant_id       = COALESCE(NULLIF(excluded.tenant_id, ''), people.tenant_id),
	aad_object_id   = COALESCE(NULLIF(excluded.aad_object_id, ''), people.aad_object_id),
	conversation_id = excluded.conversation_id,
	service_url     = excluded.service_url,
	bot_id          = excluded.bot_id,
	name            = CASE WHEN people.name = '' THEN excluded.name ELSE people.name END,
	name_key        = CASE WHEN people.name = '' THEN excluded.name_key ELSE people.name_key END,
	locale          = COALESCE(NULLIF(excluded.locale, ''), people.locale),
	time_zone       = COALESCE(NULLIF(excluded.time_zone, ''), people.time_zone),
	installed       = people.installed OR ? OR people.gone_at < ?,
	installed_at    = CASE WHEN NOT people.installed AND (? OR people.gone_at < ?) THEN excluded.installed_at ELSE people.installed_at END,
	roster_due_at   = CASE WHEN NOT people.installed AND (? OR people.gone_at < ?) THEN excluded.roster_due_at ELSE people.roster_due_at END,
	roster_tries    = CASE WHEN NOT people.installed AND (? OR people.gone_at < ?) THEN 0 ELSE people.roster_tries END,
	gone_at         = CASE WHEN ? OR people.gone_at < ? THEN NULL ELSE people.gone_at END`

// Remember keeps what an activity shows of a person: it adds them, brings them back or
// renews their reference. When nothing is new it only reads: a busy chat does not wait
// for the writers.
func (s People) Remember(ctx context.Context, v domain.Sighting, now time.Time) error {
	known, err := s.BySender(ctx, v.Channel, v.Reference.UserID)
	if err == nil && !v.Changes(known) {
		return nil
	}
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	r := v.Reference
	at := v.At
	if at.IsZero() {
		at = now
	}
	args := []any{string(v.Channel), r.UserID, r.TenantID, v.AADObjectID, r.ConversationID, r.ServiceURL, r.BotID,
		v.Name, strings.ToLower(v.Name), v.Locale, v.TimeZone, now, now}
	for range 5 {
		args = append(args, v.Install, at)
	}
	_, err = s.DB.once().exec(ctx, remember, args...)
	return err
}

// Leave notes that the person removed the app; their reference is kept, unused.
func (s People) Leave(ctx context.Context, channel domain.Channel, userID string, now time.Time) error {
	_, err := s.DB.once().exec(ctx, `UPDATE people SET installed = FALSE, gone_at = ?, roster_due_at = NULL
		WHERE channel = ? AND user_id = ? AND installed`, now, string(channel), userID)
	return err
}

// Get is the person of that id.
func (s People) Get(ctx context.Context, id int64) (domain.Person, error) {
	return s.one(ctx, `people.id = ?`, id)
}

// BySender is the person that the channel knows by this id.
func (s People) BySender(ctx context.Context, channel domain.Channel, userID string) (domain.Person, error) {
	return s.one(ctx, `people.channel = ? AND people.user_id = ?`, string(channel), userID)
}

// ByAddress is the person of an e-mail address or user principal name; of several, one
// who has the app and came last.
func (s People) ByAddress(ctx context.Context, channel domain.Channel, address string) (domain.Person, error) {
	key := domain.AddressKey(address)
	if key == "" { // as the keys of everybody are whose address is not known yet
		return domain.Person{}, domain.Fail(domain.NotFound, "There is no such person.")
	}
	// Each key by its own index: of "a OR b, and this channel" SQLite would read the whole channel.
	where := `people.id IN (SELECT id FROM people WHERE email_key = ? UNION SELECT id FROM people WHERE upn_key = ?)`
	if channel == "" {
		return s.one(ctx, where, key, key)
	}
	return s.one(ctx, where+` AND people.channel = ?`, key, key, string(channel))
}

func (s People) one(ctx context.Context, where string, args ...any) (domain.Person, error) {
	var row personRow
	err := s.DB.view().get(ctx, &row, `SELECT `+personColumns+` FROM people WHERE `+where+` ORDER BY people.installed DESC, people.id DESC LIMIT 1`, args...)
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Fail(domain.NotFound, "There is no such person.")
	}
	return row.person(), err
}

// List is a page of people, newest first, before the id (0: from the newest).
func (s People) List(ctx context.Context, f domain.PersonFilter, before int64, limit int) ([]domain.Person, error) {
	where, args := []string{"people.user_id NOT LIKE 'erased:%'"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if before > 0 {
		add("people.id < ?", before)
	}
	if f.Query != "" {
		q := like(f.Query)
		add(`(people.name_key LIKE ? ESCAPE '\' OR people.email_key LIKE ? ESCAPE '\' OR people.upn_key LIKE ? ESCAPE '\')`, q, q, q)
	}
	if f.Installed != nil {
		add("people.installed = ?", *f.Installed)
	}
	if f.Channel != "" {
		add("people.channel = ?", string(f.Channel))
	}
	var rows []personRow
	err := s.DB.view().list(ctx, &rows, `SELECT `+personColumns+` FROM people WHERE `+strings.Join(where, " AND ")+
		` ORDER BY people.id DESC LIMIT ?`, append(args, limit)...)
	return persons(rows), err
}

// like is a pattern that finds q anywhere, in lower case, with its wildcards taken literally.
func like(q string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(q)) + "%"
}

// Count is how many people have the app on a channel.
func (s People) Count(ctx context.Context, channel domain.Channel) (int64, error) {
	var n int64
	err := s.DB.view().get(ctx, &n, `SELECT COUNT(*) FROM people WHERE channel = ? AND installed`, string(channel))
	return n, err
}

// Erase removes a person's personal data. Their rows in campaigns stay counted, without a
// name, and so do those that named them by an address before they were known.
func (s People) Erase(ctx context.Context, id int64, now time.Time) error {
	return s.DB.update(ctx, func(t *tx) error {
		var keys struct {
			Email string `db:"email_key"`
			UPN   string `db:"upn_key"`
		}
		err := t.get(ctx, &keys, `SELECT email_key, upn_key FROM people WHERE id = ? AND user_id NOT LIKE 'erased:%'`+t.lock("FOR UPDATE"), id)
		if domain.KindOf(err) == domain.NotFound {
			return domain.Fail(domain.NotFound, "There is no such person.")
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE people SET user_id = 'erased:' || CAST(id AS TEXT), tenant_id = '', aad_object_id = '',
			conversation_id = '', service_url = '', bot_id = '', name = '', name_key = '', first_name = '', last_name = '',
			email = '', email_key = '', upn = '', upn_key = '', locale = '', time_zone = '', installed = FALSE, gone_at = ?,
			roster_due_at = NULL WHERE id = ?`, now, id); err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE deliveries SET address = '' WHERE NOT trial AND person_id IS NULL AND address <> ''
			AND address IN (?, ?)`, keys.Email, keys.UPN)
		return err
	})
}
