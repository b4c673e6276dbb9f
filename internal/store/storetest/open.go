// Package storetest is what every database must do for the product, and fresh databases
// for the tests of other packages.
package storetest

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crier/internal/store"
)

// PostgresVariable names the environment variable with the PostgreSQL to test on, as
// "postgres://user@host:port/database?sslmode=disable". Its user may create schemas.
const PostgresVariable = "CRIER_TEST_POSTGRES"

// Database is one of the databases that the product runs on.
type Database struct {
	Name  string                    // "sqlite" or "postgres"
	Empty func(t testing.TB) string // the URL of an empty database of the test's own, dropped after it
}

// Databases are all of them. A test that runs on one alone takes SQLite() or Postgres().
func Databases() []Database { return []Database{SQLite(), Postgres()} }

// SQLite is a file in the test's temporary directory.
func SQLite() Database {
	return Database{Name: "sqlite", Empty: func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "crier.db") }}
}

// Postgres is a schema in the PostgreSQL of the environment. Without one the test fails:
// half of the product's databases must not go untested unnoticed.
func Postgres() Database { return Database{Name: "postgres", Empty: newSchema} }

// Each runs a test on every database, each fresh and migrated, in parallel.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, d := range Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			test(t, d.Open(t))
		})
	}
}

// Open opens a fresh, migrated database, closed after the test.
func (d Database) Open(t testing.TB) *store.DB {
	t.Helper()
	return open(t, d.URL(t))
}

// URL is the address of a fresh, migrated database.
func (d Database) URL(t testing.TB) string {
	t.Helper()
	at := d.Empty(t)
	db, err := store.Open(t.Context(), at, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return at
}

// conns is enough for the tests that let many work at once, and little enough for many
// tests at once.
const conns = 8

func open(t testing.TB, at string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), at, conns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// newSchema makes a schema and answers the URL that works in it.
func newSchema(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresVariable)
	if server == "" {
		t.Fatalf("%s is not set: run `make test`, which starts a PostgreSQL for the tests", PostgresVariable)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	administer(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { administer(t, server, "DROP SCHEMA "+schema+" CASCADE") })
	at, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", PostgresVariable, err)
	}
	query := at.Query()
	query.Set("search_path", schema)
	at.RawQuery = query.Encode()
	return at.String()
}

func administer(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
