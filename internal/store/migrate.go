package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// ErrNewerSchema is a database written by a newer Crier.
var ErrNewerSchema = errors.New("the database was written by a newer version of Crier; start that version, or restore a backup")

// Migration is one step of the schema.
type Migration struct {
	Name    string
	Applied bool
}

// Migrate brings the schema up to date, under a lock where instances share a database.
// It answers the names of what it applied, and refuses a schema newer than it knows.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	p, done, err := db.migrator(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	applied, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate the database: %w", err)
	}
	var names []string
	for _, r := range applied {
		names = append(names, r.Source.Path)
	}
	return names, nil
}

// Migrations lists the steps and which are applied.
func (db *DB) Migrations(ctx context.Context) ([]Migration, error) {
	p, done, err := db.migrator(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	status, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema's state: %w", err)
	}
	var list []Migration
	for _, s := range status {
		list = append(list, Migration{Name: s.Source.Path, Applied: s.State == goose.StateApplied})
	}
	return list, nil
}

// migrator is what migrates, and how to be done with it. PostgreSQL gets connections of its
// own for that: making an index may take longer than the others wait.
func (db *DB) migrator(ctx context.Context) (*goose.Provider, func(), error) {
	if db.dialect == SQLite {
		p, err := newMigrator(ctx, goose.DialectSQLite3, db.write.DB)
		return p, func() {}, err
	}
	patient, err := sql.Open("postgres", db.url)
	if err != nil {
		return nil, nil, fmt.Errorf("open postgres: %w", err)
	}
	done := func() { patient.Close() } //nolint:errcheck // nothing is left to write
	locker, err := db.migrationLock(ctx)
	if err != nil {
		done()
		return nil, nil, fmt.Errorf("prepare the migration lock: %w", err)
	}
	p, err := newMigrator(ctx, goose.DialectPostgres, patient, goose.WithSessionLocker(locker))
	if err != nil {
		done()
	}
	return p, done, err
}

func newMigrator(ctx context.Context, dialect goose.Dialect, pool *sql.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+folderOf(dialect))
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, pool, folder, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	version, err := p.GetDBVersion(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	known := p.ListSources()
	if len(known) > 0 && version > known[len(known)-1].Version {
		return nil, ErrNewerSchema
	}
	return p, nil
}

// migrationLock is held by one instance at a time while it looks at or changes the schema.
// It is of the schema and not of the whole database: several installations may share one.
func (db *DB) migrationLock(ctx context.Context) (lock.SessionLocker, error) {
	var schema string
	if err := db.write.GetContext(ctx, &schema, `SELECT COALESCE(current_schema(), '')`); err != nil {
		return nil, err
	}
	id := int64(crc32.ChecksumIEEE([]byte("crier " + schema)))
	return lock.NewPostgresSessionLocker(lock.WithLockID(id), lock.WithLockTimeout(1, 300))
}

func folderOf(dialect goose.Dialect) string {
	if dialect == goose.DialectPostgres {
		return string(Postgres)
	}
	return string(SQLite)
}
