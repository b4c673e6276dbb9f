// Package store keeps domain values in SQL: PostgreSQL through lib/pq, SQLite through
// modernc.org/sqlite, one text for both. It is the only package that knows SQL.
//
// One exported method is one transaction. Every change of state compares the old state;
// zero rows is a domain.Conflict. What is not a *domain.Error is internal.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"  // the driver "postgres"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Dialect is which database it is.
type Dialect string

// The dialects.
const (
	Postgres Dialect = "postgres"
	SQLite   Dialect = "sqlite"
)

// DB is an open database. SQLite writes through one connection and reads through others
// (WAL lets them go on meanwhile); PostgreSQL uses one pool for both.
type DB struct {
	dialect Dialect
	url     string // of PostgreSQL
	write   *sqlx.DB
	read    *sqlx.DB

	writing, reading *prepared // the statements of write and read
}

// Open opens "sqlite:PATH" or "postgres://…"; conns bounds the connections to
// PostgreSQL. It does not migrate.
func Open(ctx context.Context, databaseURL string, conns int) (*DB, error) {
	return openWith(ctx, databaseURL, conns, openPool)
}

// opener is openPool; tests look over its shoulder.
type opener func(driver, source string) (*sqlx.DB, error)

func openWith(ctx context.Context, databaseURL string, conns int, open opener) (*DB, error) {
	db, err := connect(databaseURL, conns, open)
	if err != nil {
		return nil, err
	}
	// The writer first: it turns WAL on, which a reader can't.
	if err := db.write.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach the database: %w", err), db.Close())
	}
	if err := db.Ping(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func connect(databaseURL string, conns int, open opener) (*DB, error) {
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		return openSQLite(path, conns, open)
	}
	pool, err := open("postgres", databaseURL)
	if err != nil {
		return nil, fmt.Errorf("open postgres: %w", err)
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	db := newDB(Postgres, pool, pool)
	db.url = databaseURL
	return db, nil
}

func openSQLite(path string, readers int, open opener) (*DB, error) {
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	// busy_timeout must come first: the others may already wait for a lock. FULL, for NORMAL flushes
	// nothing until a checkpoint: a power cut would take back that minutes of messages were sent.
	writer := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(FULL)"}, "_txlock": {"immediate"}}
	reader := url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	file := "file:" + (&url.URL{Path: path}).EscapedPath() + "?"
	write, err := open("sqlite", file+writer.Encode())
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	write.SetMaxOpenConns(1)
	read, err := open("sqlite", file+reader.Encode())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open sqlite: %w", err), write.Close())
	}
	read.SetMaxOpenConns(max(2, min(readers, 8)))
	read.SetMaxIdleConns(max(2, min(readers, 8)))
	return newDB(SQLite, write, read), nil
}

func newDB(dialect Dialect, write, read *sqlx.DB) *DB {
	db := &DB{dialect: dialect, write: write, read: read, writing: newPrepared(write)}
	if db.reading = db.writing; read != write {
		db.reading = newPrepared(read)
	}
	return db
}

// createPrivate makes the file, if there is none, for its owner alone: it holds the key
// that signs sessions. SQLite gives the files beside it the same mode.
func createPrivate(path string) error {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return fmt.Errorf("open sqlite: %q is no file; name one, as in sqlite:crier.db", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open sqlite: %w", err)
	}
	return f.Close()
}

// Close closes every connection.
func (db *DB) Close() error {
	err := errors.Join(db.writing.close(), db.write.Close())
	if db.read != db.write {
		err = errors.Join(err, db.reading.close(), db.read.Close())
	}
	return err
}

// Ping says whether the database answers. It does not wait behind SQLite's writer.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.read.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Dialect is which database it is.
func (db *DB) Dialect() Dialect { return db.dialect }
