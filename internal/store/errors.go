package store

import (
	"database/sql"
	"errors"

	"crier/internal/domain"

	"github.com/lib/pq"
	"modernc.org/sqlite"
)

// Codes of the two databases, by number and not by text.
const (
	pgUnique         = "23505"
	pgForeignKey     = "23503"
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteForeignKey = 787
)

// translate turns a database's error into the domain's where people may see it.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Fail(domain.NotFound, "There is no such thing (any more).")
	}
	if violates(err) {
		return errors.Join(domain.Fail(domain.Conflict, "It already exists, or something else still uses it."), err)
	}
	return err
}

// violates says whether a unique or foreign key refused the statement.
func violates(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == pgUnique || e.Code == pgForeignKey
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqliteUnique || e.Code() == sqlitePrimaryKey || e.Code() == sqliteForeignKey
	}
	return false
}

// changed turns "no row matched the old state" into a conflict.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return domain.Fail(domain.Conflict, "Somebody else changed it meanwhile. Look again, then retry.")
	}
	return err
}
