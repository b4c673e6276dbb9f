package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
)

// tx is the funnel that every statement passes: it rebinds "?", turns every argument into
// what both databases hold, and uses what is prepared.
type tx struct {
	sqlx.ExtContext
	dialect  Dialect
	prepared *prepared
	own      *sqlx.Tx // the transaction it is in, if any
	missed   []string // texts that could have been prepared
}

// update runs do in a transaction that writes. So that no two wait for each other, whoever
// changes rows of a campaign locks the campaign first, then deliveries, then counts.
func (db *DB) update(ctx context.Context, do func(*tx) error) error {
	t, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback() //nolint:errcheck // after a commit it does nothing
	in := &tx{ExtContext: t, dialect: db.dialect, prepared: db.writing, own: t}
	if err := do(in); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, text := range in.missed {
		db.writing.get(ctx, text) //nolint:errcheck // it goes unprepared the next time too
	}
	return nil
}

// view is a reader outside any transaction.
func (db *DB) view() *tx { return &tx{ExtContext: db.read, dialect: db.dialect, prepared: db.reading} }

// once is for a single statement that writes: it is its own transaction.
func (db *DB) once() *tx { return &tx{ExtContext: db.write, dialect: db.dialect, prepared: db.writing} }

// lock is the clause of a PostgreSQL row lock; SQLite's one writer needs none.
func (t *tx) lock(clause string) string {
	if t.dialect == Postgres {
		return " " + clause
	}
	return ""
}

// exec answers how many rows changed.
func (t *tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	stmt, err := t.statement(ctx, text)
	if err != nil {
		return 0, translate(err)
	}
	var r sql.Result
	if stmt != nil {
		r, err = stmt.ExecContext(ctx, arguments(args)...)
	} else {
		r, err = t.ExecContext(ctx, t.bind(text), arguments(args)...)
	}
	if err != nil {
		return 0, translate(err)
	}
	return r.RowsAffected()
}

// get reads one row; none is NotFound.
func (t *tx) get(ctx context.Context, dest any, text string, args ...any) error {
	stmt, err := t.statement(ctx, text)
	if err == nil && stmt != nil {
		err = stmt.GetContext(ctx, dest, arguments(args)...)
	} else if err == nil {
		err = sqlx.GetContext(ctx, t.ExtContext, dest, t.bind(text), arguments(args)...)
	}
	return translate(err)
}

// list reads all rows.
func (t *tx) list(ctx context.Context, dest any, text string, args ...any) error {
	stmt, err := t.statement(ctx, text)
	if err == nil && stmt != nil {
		err = stmt.SelectContext(ctx, dest, arguments(args)...)
	} else if err == nil {
		err = sqlx.SelectContext(ctx, t.ExtContext, dest, t.bind(text), arguments(args)...)
	}
	return translate(err)
}

// statement is what is prepared for a text, or nil.
func (t *tx) statement(ctx context.Context, text string) (*sqlx.Stmt, error) {
	if t.own == nil {
		return t.prepared.get(ctx, text)
	}
	stmt := t.prepared.known(text)
	if stmt == nil {
		if t.prepared.worth(text) && len(t.missed) < maxPrepared {
			t.missed = append(t.missed, text)
		}
		return nil, nil
	}
	return t.own.StmtxContext(ctx, stmt), nil
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
