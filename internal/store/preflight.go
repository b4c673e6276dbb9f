package store

import (
	"context"
	"fmt"
	"strings"

	"crier/internal/domain"
)

// AudienceFacts is what can be told of the people that an audience names now, in one pass
// over them.
func (s Campaigns) AudienceFacts(ctx context.Context, channel domain.Channel, a domain.Audience) (domain.AudienceFacts, error) {
	look := census{t: s.DB.view(), facts: domain.AudienceFacts{Lacking: map[domain.Tag]int64{}}, longest: map[int64]bool{}}
	if a.Everyone {
		err := look.over(ctx, `channel = ? AND installed`, string(channel))
		return look.facts, err
	}
	ids, err := look.resolve(ctx, channel, a.People)
	for len(ids) > 0 && err == nil {
		some := ids[:min(len(ids), chunk)]
		ids = ids[len(some):]
		among, args := look.t.oneOf(some)
		err = look.over(ctx, `id`+among, args...)
	}
	return look.facts, err
}

// census gathers the facts of an audience, part by part.
type census struct {
	t       *tx
	facts   domain.AudienceFacts
	longest map[int64]bool // who is among them already
}

// resolve answers who of the addresses' owners has the app, each once, and counts the others.
func (v *census) resolve(ctx context.Context, channel domain.Channel, addresses []string) ([]int64, error) {
	var ids []int64
	seen, unknown := map[int64]bool{}, map[string]bool{}
	for len(addresses) > 0 {
		some := addresses[:min(len(addresses), chunk/2)]
		addresses = addresses[len(some):]
		people, err := v.t.byAddress(ctx, channel, some)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			switch {
			case p.ID == 0:
				unknown[p.address] = true
			case seen[p.ID]:
			case p.Installed:
				ids = append(ids, p.ID)
			default:
				v.facts.NotInstalled++
			}
			seen[p.ID] = true
		}
	}
	v.facts.Unknown = int64(len(unknown))
	return ids, nil
}

// audienceRow is what one pass over people tells. The longest are their ids.
type audienceRow struct {
	People        int64
	GivenLacking  int64 `db:"given_lacking"`
	FamilyLacking int64 `db:"family_lacking"`
	NameLacking   int64 `db:"name_lacking"`
	EmailLacking  int64 `db:"email_lacking"`

	Name1, First1, Last1, Email1 int64 // who reads French
	Name0, First0, Last0, Email0 int64 // everybody else
}

// over adds the people of a condition, who have the app.
func (v *census) over(ctx context.Context, condition string, args ...any) error {
	var row audienceRow
	lacking := v.t.lacking()
	err := v.t.get(ctx, &row, `SELECT COUNT(*) AS people,
		COUNT(CASE WHEN `+lacking.given+` THEN 1 END) AS given_lacking, COUNT(CASE WHEN `+lacking.family+` THEN 1 END) AS family_lacking,
		COUNT(CASE WHEN `+lacking.name+` THEN 1 END) AS name_lacking, COUNT(CASE WHEN `+lacking.email+` THEN 1 END) AS email_lacking,
		`+longest+` FROM people WHERE `+condition, args...)
	if err != nil {
		return err
	}
	v.facts.Reachable += row.People
	for tag, n := range map[domain.Tag]int64{
		domain.FirstName: row.GivenLacking, domain.LastName: row.FamilyLacking, domain.FullName: row.NameLacking, domain.EmailTag: row.EmailLacking,
	} {
		v.facts.Lacking[tag] += n
	}
	return v.keep(ctx, row.Name1, row.First1, row.Last1, row.Email1, row.Name0, row.First0, row.Last0, row.Email0)
}

// keep adds people to the longest, each once. Whoever is erased meanwhile is passed over.
func (v *census) keep(ctx context.Context, ids ...int64) error {
	var fresh []int64
	for _, id := range ids {
		if id > 0 && !v.longest[id] {
			v.longest[id] = true
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var rows []personRow
	among, args := v.t.oneOf(fresh)
	err := v.t.list(ctx, &rows, `SELECT `+personColumns+` FROM people WHERE people.id`+among+` ORDER BY people.id`, args...)
	v.facts.Longest = append(v.facts.Longest, persons(rows)...)
	return err
}

// longest finds in the same pass who has the longest of each value: a length and an id in
// one number, whose greatest is looked for. French cards say other words, so that the two
// languages are looked at apart.
var longest = func() string {
	const french = `SUBSTR(locale, 1, 2) IN ('fr', 'FR')`
	var columns []string
	for _, c := range []struct{ column, name string }{{"name", "name"}, {"first_name", "first"}, {"last_name", "last"}, {"email", "email"}} {
		for i, who := range []string{"NOT " + french, french} {
			columns = append(columns, fmt.Sprintf(`COALESCE(MAX(CASE WHEN %s THEN LENGTH(%s) * 1000000000000 + id END), 0) %% 1000000000000 AS %s%d`, who, c.column, c.name, i))
		}
	}
	return strings.Join(columns, ",\n\t\t")
}()

// spaces are what Go takes for space at the ends of a text and between words (unicode.IsSpace).
const spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// tagConditions are true of who has no value for a personal tag, as domain.Tag.Lacks is.
type tagConditions struct{ given, family, name, email string }

func (t *tx) lacking() tagConditions {
	return tagConditions{
		given: `CASE WHEN first_name <> '' THEN ` + t.blank("first_name") + ` ELSE NOT ` + t.hasWord("name") + ` AND name NOT LIKE '%,%,%' END`,
		family: `CASE WHEN last_name <> '' OR first_name <> '' THEN ` + t.blank("last_name") + `
			WHEN ` + t.twoWords("name") + ` THEN FALSE ELSE ` + t.oneWord() + ` END`,
		name:  t.blank("name") + ` AND ` + t.blank("first_name") + ` AND ` + t.blank("last_name") + ` AND ` + t.blank("email"),
		email: t.blank("email"),
	}
}

// oneWord is true of a name without a family name: nothing stands before its first comma, or
// one word and nothing behind. It is slow, and asked of odd names alone.
func (t *tx) oneWord() string {
	const name = `TRIM(name, '` + spaces + `')`
	const alone = `RTRIM(CASE WHEN ` + name + ` LIKE '%,' THEN SUBSTR(` + name + `, 1, LENGTH(` + name + `) - 1) ELSE ` + name + ` END, '` + spaces + `')`
	return `(` + name + ` LIKE ',%' OR ` + alone + ` NOT LIKE '%,%' AND NOT ` + t.matches(alone, `*[`+spaces+`]*`, `[`+spaces+`]`) + `)`
}

// blank is true of a text of spaces alone, hasWord of one that is more than spaces and
// commas, twoWords of one that begins with a word which another follows.
func (t *tx) blank(column string) string {
	return `NOT ` + t.matches(column, `*[^`+spaces+`]*`, `[^`+spaces+`]`)
}

func (t *tx) hasWord(column string) string {
	return t.matches(column, `*[^,`+spaces+`]*`, `[^,`+spaces+`]`)
}

func (t *tx) twoWords(column string) string {
	return t.matches(column, `[^,`+spaces+`]*[`+spaces+`][^,`+spaces+`]*`, `^[^,`+spaces+`].*[`+spaces+`][^,`+spaces+`]`)
}

// matches holds an expression against a pattern, in each database's own language.
func (t *tx) matches(expression, glob, regular string) string {
	if t.dialect == Postgres {
		return `(` + expression + ` ~ '` + regular + `')`
	}
	return `(` + expression + ` GLOB '` + glob + `')`
}
