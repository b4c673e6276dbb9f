package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
)

// tx is the funnel that every statement passes: it rebinds "?" and turns every argument
// into what both databases hold.
type tx struct {
	sqlx.ExtContext
	dialect Dialect
}

// update runs do in a transaction that writes. So that no two wait for each other, whoever
// changes rows of a campaign locks the campaign first, then deliveries, then counts.
func (db *DB) update(ctx context.Context, do func(*tx) error) error {
	t, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := do(&tx{t, db.dialect}); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// view is a reader outside any transaction.
func (db *DB) view() *tx { return &tx{db.read, db.dialect} }

// once is for a single statement that writes: it is its own transaction.
func (db *DB) once() *tx { return &tx{db.write, db.dialect} }

// lock is the clause of a PostgreSQL row lock; SQLite's one writer needs none.
func (t *tx) lock(clause string) string {
	if t.dialect == Postgres {
		return " " + clause
	}
	return ""
}

// exec answers how many rows changed.
func (t *tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	r, err := t.ExecContext(ctx, t.bind(text), arguments(args)...)
	if err != nil {
		return 0, translate(err)
	}
	return r.RowsAffected()
}

// get reads one row; none is NotFound.
func (t *tx) get(ctx context.Context, dest any, text string, args ...any) error {
	return translate(sqlx.GetContext(ctx, t.ExtContext, dest, t.bind(text), arguments(args)...))
}

// list reads all rows.
func (t *tx) list(ctx context.Context, dest any, text string, args ...any) error {
	return translate(sqlx.SelectContext(ctx, t.ExtContext, dest, t.bind(text), arguments(args)...))
}

// keep locks a campaign against being deleted, no more: those who hold it go on at once.
func (t *tx) keep(ctx context.Context, campaignID int64) error {
	var id int64
	return t.get(ctx, &id, `SELECT id FROM campaigns WHERE id = ?`+t.lock("FOR KEY SHARE"), campaignID)
}

func (t *tx) bind(text string) string {
	if t.dialect == Postgres {
		return sqlx.Rebind(sqlx.DOLLAR, text)
	}
	return text
}

// arguments turns times and texts into what the columns hold.
func arguments(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = stamp(v)
		case string:
			args[i] = storable(v)
		}
	}
	return args
}

// storable is text without what PostgreSQL refuses: zero bytes and broken characters.
// Names and reasons come from outside and may hold either.
func storable(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
