package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// TestEverySentenceHasFrench reads the repository's Go files and console templates
// and asks for the French of each sentence found there.
func TestEverySentenceHasFrench(t *testing.T) {
	t.Parallel()
	found := map[string]string{} // sentence -> where
	folders := map[string][]string{}
	inFiles(t, ".go", func(path string) {
		if !strings.HasSuffix(path, "_test.go") {
			folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], path)
		}
	})
	for _, paths := range folders {
		sentencesOfGo(t, paths, found)
	}
	inFiles(t, ".html", func(path string) { sentencesOfTemplate(t, path, found) })
	if len(found) < 40 {
		t.Fatalf("only %d sentences found: the search has lost its way", len(found))
	}
	var missing []string
	for english, where := range found {
		if _, ok := french(english); !ok {
			missing = append(missing, where+": "+strconv.Quote(english))
		}
	}
	slices.Sort(missing)
	for _, m := range missing {
		t.Errorf("no French for %s", m)
	}
	if len(missing) > 0 {
		t.Log("Add them to internal/i18n/fr_errors.go, fr_cards.go, fr_bot.go or fr_web.go.")
	}
}

func inFiles(t *testing.T, extension string, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && path != root
		if d.IsDir() && (hidden || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(path, extension) {
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sentencesOfGo searches the files of one folder.
func sentencesOfGo(t *testing.T, paths []string, found map[string]string) {
	t.Helper()
	positions := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Logf("%v (not searched)", err)
			continue
		}
		files = append(files, file)
	}
	wrappers := wrappersIn(files)
	for _, file := range files {
		here := source{pkg: file.Name.Name, wrappers: wrappers}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range here.sentencesAt(n) {
				if s, ok := literal(e); ok {
					found[s] = strings.TrimPrefix(positions.Position(e.Pos()).String(), root+"/")
				}
			}
			return true
		})
	}
}

// source is a package that is searched. Its wrappers are its own functions with a
// parameter called "english", and which one that is: what they are given is a sentence.
type source struct {
	pkg      string
	wrappers map[string]int
}

func wrappersIn(files []*ast.File) map[string]int {
	wrappers := map[string]int{}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				noteWrapper(f, wrappers)
			}
		}
	}
	return wrappers
}

func noteWrapper(f *ast.FuncDecl, wrappers map[string]int) {
	at := 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if name.Name == "english" {
				wrappers[f.Name.Name] = at
			}
			at++
		}
	}
}

// sentencesAt are the expressions at a node that hold sentences: the format of a call,
// the summary of a command, and in package domain a full sentence that is returned,
// such as a PauseNotice.
func (s source) sentencesAt(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "summary" && s.pkg == "bot" {
			return []ast.Expr{n.Value}
		}
	case *ast.CallExpr:
		if at := s.formatArgument(n); at >= 0 && at < len(n.Args) {
			return n.Args[at : at+1]
		}
	case *ast.ReturnStmt:
		if text, ok := literal(firstOf(n.Results)); ok && s.pkg == "domain" && strings.HasSuffix(text, ".") {
			return n.Results[:1]
		}
	}
	return nil
}

func firstOf(list []ast.Expr) ast.Expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// formatArgument is which argument of a call is a sentence for people, or -1.
func (s source) formatArgument(call *ast.CallExpr) int {
	receiver, name := "", ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok {
			receiver = x.Name
		}
	}
	inDomain := s.pkg == "domain" && receiver == "" || receiver == "domain"
	if at, ok := s.wrappers[name]; ok && name != "Text" {
		return at
	}
	switch {
	case name == "Fail" && inDomain, name == "add" && s.pkg == "domain":
		return 1
	case name == "Say" && inDomain, name == "fault" && receiver == "":
		return 0
	case name == "Text" && receiver == "i18n":
		return 1
	case (name == "Text" || name == "T") && (receiver != "" || isSelector(call.Fun)):
		return 0
	}
	return -1
}

func isSelector(e ast.Expr) bool { _, ok := e.(*ast.SelectorExpr); return ok }

// literal is the value of a string literal, or of several joined by "+".
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok1 := literal(e.X)
		right, ok2 := literal(e.Y)
		return left + right, ok1 && ok2 && e.Op == token.ADD
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

var (
	action        = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	templateCalls = regexp.MustCompile("(?:^|[\\s({|-])(?:t|[.$]\\w*\\.?T)\\s+(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")
)

// sentencesOfTemplate finds {{t "…"}} in a page of the console.
func sentencesOfTemplate(t *testing.T, path string, found map[string]string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range action.FindAllString(string(page), -1) {
		for _, m := range templateCalls.FindAllStringSubmatch(a, -1) {
			if s, err := strconv.Unquote(m[1]); err == nil {
				found[s] = strings.TrimPrefix(path, root+"/")
			}
		}
	}
}

func TestTemplateSentencesAreFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "page.html")
	page := `{{t "Save"}} {{ if .X }}{{printf "%s" (t "Send \"now\"" )}}{{end}} {{- t ` + "`Raw`" + ` -}} {{print "not this"}}`
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	sentencesOfTemplate(t, path, found)
	for _, want := range []string{"Save", `Send "now"`, "Raw"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%q was not found in %v", want, found)
		}
	}
	if len(found) != 3 {
		t.Errorf("found %v", found)
	}
}

func TestGoSentencesAreFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.go")
	source := `package x
func f() {
	domain.Fail(domain.NotFound, "one")
	domain.Say("two" + " parts")
	i18n.Text(lang, "three")
	p.tr.Text("four", 1)
	d.T("five")
	other.Fail("t", "not this")
	c.say(1, "six")
}
func (c x) say(n int, english string) {}`
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	sentencesOfGo(t, []string{path}, found)
	for _, want := range []string{"one", "two parts", "three", "four", "five", "six"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%q was not found in %v", want, found)
		}
	}
	if len(found) != 6 {
		t.Errorf("found %v", found)
	}
}
