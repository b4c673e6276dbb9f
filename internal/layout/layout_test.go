// Package layout holds the rules of the house: who may import whom, how long a
// file may be, and that both databases have the same migrations.
package layout

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const (
	module    = "crier"
	anything  = "*"
	mostLines = 400
)

// rules are tables, by the package's folder.
type rules struct {
	floors map[string]floor
	owners map[string][]string // modules, and packages of the standard library, by who may import them; anything: everybody
}

type floor struct {
	number    int
	mayImport []string
}

func TestTheHouse(t *testing.T) {
	t.Parallel()
	house := os.DirFS("../..")
	faults, err := check(house, ourRules())
	if err != nil {
		t.Fatal(err)
	}
	faults = append(faults, migrationFaults(house)...)
	for _, fault := range faults {
		t.Error(fault)
	}
}

func TestTheTablesGoDown(t *testing.T) {
	t.Parallel()
	all := ourRules().floors
	for folder, f := range all {
		for _, to := range f.mayImport {
			below, known := all[to]
			if to != anything && (!known || below.number >= f.number) {
				t.Errorf("%s on floor %d may import %s on floor %d", folder, f.number, to, below.number)
			}
		}
	}
}

// check reads every file that is no test, and says what breaks the rules.
func check(house fs.FS, r rules) ([]string, error) {
	var faults []string
	err := fs.WalkDir(house, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipped(entry.Name())
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		data, err := fs.ReadFile(house, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		faults = append(faults, r.fileFaults(name, data, file)...)
		return nil
	})
	return faults, err
}

// skipped leaves out what the go command leaves out, and what is not ours.
func skipped(folder string) error {
	hidden := strings.HasPrefix(folder, ".") && folder != "." || strings.HasPrefix(folder, "_")
	if hidden || folder == "testdata" || folder == "node_modules" || folder == "bin" {
		return fs.SkipDir
	}
	return nil
}

func (r rules) fileFaults(name string, data []byte, file *ast.File) []string {
	var faults []string
	if lines := bytes.Count(data, []byte("\n")); lines > mostLines && !ast.IsGenerated(file) {
		faults = append(faults, fmt.Sprintf("%s has %d lines, the most is %d: split it by noun", name, lines, mostLines))
	}
	folder := path.Dir(name)
	from, known := r.floors[folder]
	if !known {
		return append(faults, name+" is in a package that stands on no floor: add it to the table")
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return append(faults, fmt.Sprintf("%s: %v", name, err))
		}
		if fault := r.importFault(folder, from, imported); fault != "" {
			faults = append(faults, name+" "+fault)
		}
	}
	return faults
}

// importFault is empty for an import that is allowed.
func (r rules) importFault(folder string, from floor, imported string) string {
	if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
		if slices.Contains(from.mayImport, ours) || slices.Contains(from.mayImport, anything) {
			return ""
		}
		return fmt.Sprintf("imports %s, and %s may import %s", ours, folder, listed(from.mayImport))
	}
	owners, known := r.ownersOf(imported)
	switch {
	case !known && isStandard(imported):
		return ""
	case !known:
		return "imports " + imported + ", which has no owner: add it to the table"
	case slices.Contains(owners, folder) || slices.Contains(owners, anything):
		return ""
	}
	return fmt.Sprintf("imports %s, which belongs to %s", imported, listed(owners))
}

// ownersOf looks a module up by one of its packages. A package of the standard
// library stands for itself alone.
func (r rules) ownersOf(imported string) ([]string, bool) {
	for owned, owners := range r.owners {
		if imported == owned || !isStandard(owned) && strings.HasPrefix(imported, owned+"/") {
			return owners, true
		}
	}
	return nil, false
}

// isStandard goes by the dot that every other path has in its first part.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing of ours"
	}
	return strings.Join(names, ", ")
}

// migrationFaults compares the names of the two databases' migrations.
func migrationFaults(house fs.FS) []string {
	const folder = "internal/store/migrations"
	names := func(database string) []string {
		entries, err := fs.ReadDir(house, path.Join(folder, database))
		if err != nil {
			return nil
		}
		var all []string
		for _, entry := range entries {
			all = append(all, entry.Name())
		}
		return all
	}
	if diff := cmp.Diff(names("postgres"), names("sqlite")); diff != "" {
		return []string{"migrations differ (-postgres +sqlite):\n" + diff}
	}
	return nil
}

// TestBadHouses feeds the checker what it is there to find.
func TestBadHouses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file, text, says string
	}{
		"an arrow up":              {"internal/app/a.go", `import "crier/internal/store"`, "may import internal/domain"},
		"an arrow sideways":        {"internal/web/a.go", `import "crier/internal/api"`, "imports internal/api"},
		"an arrow from the ground": {"internal/domain/a.go", `import "crier/internal/config"`, "nothing of ours"},
		"a module's stranger":      {"internal/app/a.go", `import "github.com/jmoiron/sqlx"`, "belongs to internal/store"},
		"a module's own package":   {"bot/a.go", `import "github.com/prometheus/client_golang/prometheus"`, "belongs to internal/metrics"},
		"a blank import":           {"internal/app/a.go", `import _ "modernc.org/sqlite"`, "belongs to internal/store"},
		"a module nobody owns":     {"internal/app/a.go", `import "github.com/sirupsen/logrus"`, "no owner"},
		"HTTP in the domain":       {"internal/domain/a.go", `import "net/http"`, "belongs to"},
		"a package on no floor":    {"internal/util/a.go", "", "no floor"},
		"a package in the root":    {"main.go", "", "no floor"},
		"a long file":              {"internal/app/a.go", strings.Repeat("\n", mostLines), "401 lines"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := fstest.MapFS{test.file: {Data: []byte("package a\n" + test.text)}}
			faults, err := check(house, ourRules())
			if err != nil || len(faults) != 1 || !strings.Contains(faults[0], test.says) || !strings.HasPrefix(faults[0], test.file) {
				t.Errorf("faults %q, error %v, want one that says %q", faults, err, test.says)
			}
		})
	}
}

func TestGoodHouses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\n", mostLines)
	house := fstest.MapFS{
		"cmd/crier/a.go":                 {Data: []byte(`package a; import ("crier/bot"; "crier/internal/store"; "github.com/gorilla/mux"; "net/http")`)},
		"internal/store/a.go":            {Data: []byte(`package a; import ("crier/internal/domain"; _ "modernc.org/sqlite"; "database/sql/driver")`)},
		"internal/store/a_test.go":       {Data: []byte(`package a; import "crier/cmd/crier"` + long)},
		"internal/app/generated.go":      {Data: []byte("// Code generated by hand. DO NOT EDIT.\n\npackage a" + long)},
		"internal/app/full.go":           {Data: []byte("package a" + strings.Repeat("\n", mostLines))},
		"internal/delivery/a.go":         {Data: []byte(`package a; import ("golang.org/x/time/rate"; "golang.org/x/sync/errgroup"; "log/slog")`)},
		"internal/web/node_modules/a.go": {Data: []byte("package a")},
		"internal/web/testdata/a.go":     {Data: []byte("package a")},
		".hidden/a.go":                   {Data: []byte("package a")},
	}
	faults, err := check(house, ourRules())
	if err != nil || len(faults) > 0 {
		t.Errorf("faults %q, error %v", faults, err)
	}
}

func TestABrokenFileIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := check(fstest.MapFS{"bot/a.go": {Data: []byte("pakage a")}}, ourRules()); err == nil {
		t.Error("no error")
	}
}

func TestMigrations(t *testing.T) {
	t.Parallel()
	const folder = "internal/store/migrations/"
	same := fstest.MapFS{folder + "postgres/00001_start.sql": {}, folder + "sqlite/00001_start.sql": {}}
	if faults := migrationFaults(same); len(faults) > 0 {
		t.Errorf("faults %q", faults)
	}
	for _, missing := range []string{"postgres", "sqlite"} {
		other := fstest.MapFS{folder + missing + "/00001_start.sql": {}}
		if faults := migrationFaults(other); len(faults) != 1 {
			t.Errorf("migrations in %s alone: faults %q", missing, faults)
		}
	}
	if faults := migrationFaults(fstest.MapFS{}); len(faults) > 0 {
		t.Errorf("no migrations yet: faults %q", faults)
	}
}
