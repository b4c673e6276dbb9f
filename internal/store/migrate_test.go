package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// open opens a database that is not migrated yet, and answers its URL with it.
func open(t *testing.T, d storetest.Database) (*store.DB, string) {
	t.Helper()
	at := d.Empty(t)
	db, err := store.Open(t.Context(), at, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, at
}

// files are the names of a dialect's migrations.
func files(t *testing.T, dialect string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("migrations", dialect, "*.sql"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no migrations of %s: %v", dialect, err)
	}
	for i, p := range paths {
		paths[i] = filepath.Base(p)
	}
	return paths
}

func TestMigrationsHaveTheSameNames(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff(files(t, "postgres"), files(t, "sqlite")); d != "" {
		t.Fatalf("sqlite +, postgres -:\n%s", d)
	}
}

func TestMigrate(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			db, _ := open(t, d)
			names := files(t, d.Name)
			for _, applied := range []bool{false, true} {
				status, err := db.Migrations(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				var want []store.Migration
				for _, name := range names {
					want = append(want, store.Migration{Name: name, Applied: applied})
				}
				if d := cmp.Diff(want, status); d != "" {
					t.Fatalf("status +, want -:\n%s", d)
				}
				did, err := db.Migrate(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if !applied && cmp.Diff(names, did) != "" || applied && len(did) > 0 {
					t.Fatalf("applied %v of %v, when it was done before: %v", did, names, applied)
				}
			}
		})
	}
}

// TestMigrateAtOnce starts several instances on a new database.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	_, at := open(t, storetest.Postgres())
	var all sync.WaitGroup
	for range 4 {
		db, err := store.Open(t.Context(), at, 2)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		all.Go(func() {
			if _, err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestNewerSchemaIsRefused(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			at := d.URL(t)
			if _, err := raw(t, at).Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(t.Context(), at, 2)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Migrate(t.Context()); !errors.Is(err, store.ErrNewerSchema) {
				t.Fatalf("migrating a newer schema: %v", err)
			}
			if _, err := db.Migrations(t.Context()); !errors.Is(err, store.ErrNewerSchema) {
				t.Fatalf("the status of a newer schema: %v", err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"sqlite:", "sqlite::memory:", "sqlite:" + filepath.Join(t.TempDir(), "no", "such.db"), "postgres://127.0.0.1:1/x?sslmode=disable"} {
		if db, err := store.Open(t.Context(), at, 2); err == nil {
			db.Close()
			t.Errorf("%s was opened", at)
		}
	}
}

func TestSQLiteFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a ?name&with%20 signs#.db")
	db, err := store.Open(t.Context(), "sqlite:"+path, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := (store.People{DB: db}).Count(t.Context(), "teams"); n != 0 || err != nil {
		t.Fatalf("%d people, %v", n, err) // the readers read the same file
	}
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v: it holds secrets", info.Name(), info.Mode())
		}
	}
}
