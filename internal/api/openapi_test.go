package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// spec is the API's description, to hold requests and answers against.
type spec struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	mu       *sync.Mutex
}

const specURL = "https://crier.test/openapi.json"

func loadSpec(t *testing.T) *spec {
	t.Helper()
	s, err := parsedSpec()
	must(t, err)
	return s
}

// parsedSpec is made once: compiling schemas costs more than the tests themselves.
var parsedSpec = sync.OnceValues(func() (*spec, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(specURL, doc); err != nil {
		return nil, err
	}
	return &spec{doc: doc.(map[string]any), compiler: c, mu: &sync.Mutex{}}, nil
})

// find follows a path of names, and references on the way; it answers the value and its
// own path.
func (s *spec) find(path ...string) (any, []string) {
	var at any = s.doc
	var real []string
	for _, name := range path {
		object, ok := at.(map[string]any)
		if !ok || object[name] == nil {
			return nil, nil
		}
		at, real = object[name], append(real, name)
		if target, ok := at.(map[string]any)["$ref"].(string); ok && real[0] != "schemas" {
			real = strings.Split(strings.TrimPrefix(target, "#/"), "/")
			at, real = s.find(real...)
		}
	}
	return at, real
}

// validate holds a JSON text against the schema at a path.
func (s *spec) validate(text []byte, path ...string) error {
	for i, name := range path {
		path[i] = url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	s.mu.Lock()
	schema, err := s.compiler.Compile(specURL + "#/" + strings.Join(path, "/"))
	s.mu.Unlock()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// check holds an answer, and the request where it was taken, against the description.
func (s *spec) check(t *testing.T, server *server, r *http.Request, body string, answer *httptest.ResponseRecorder) {
	t.Helper()
	var match mux.RouteMatch
	operation := []string{"components", "responses", "Problem"}
	if server.router.Match(r, &match) && match.MatchErr == nil {
		template, err := match.Route.GetPathTemplate()
		must(t, err)
		operation = s.operation(t, r.Method, strings.TrimPrefix(template, base))
	}
	if body != "" && answer.Code < 300 {
		s.checkRequest(t, operation, body)
	}
	s.checkAnswer(t, operation, answer)
}

func (s *spec) operation(t *testing.T, method, path string) []string {
	t.Helper()
	if method == http.MethodHead {
		method = http.MethodGet
	}
	where := []string{"paths", path, strings.ToLower(method)}
	if found, _ := s.find(where...); found == nil {
		t.Fatalf("%s %s is not described", method, path)
	}
	return where
}

func (s *spec) checkRequest(t *testing.T, operation []string, body string) {
	t.Helper()
	schema, where := s.find(append(slices.Clone(operation), "requestBody", "content", "application/json")...)
	if schema == nil {
		t.Fatalf("%v takes a body that is not described", operation)
	}
	if err := s.validate([]byte(body), append(where, "schema")...); err != nil {
		t.Errorf("%v was taken and does not fit its description: %v\n%s", operation, err, body)
	}
}

func (s *spec) checkAnswer(t *testing.T, operation []string, answer *httptest.ResponseRecorder) {
	t.Helper()
	status := fmt.Sprint(answer.Code)
	response := operation
	if operation[0] == "paths" {
		response = append(slices.Clone(operation), "responses", status)
		if found, _ := s.find(response...); found == nil {
			if answer.Code < 400 {
				t.Fatalf("%v answered %s, which is not described", operation, status)
			}
			response = append(slices.Clone(operation), "responses", "default")
		}
	}
	found, where := s.find(response...)
	if found == nil {
		t.Fatalf("%v is not described", response)
	}
	content, has := found.(map[string]any)["content"].(map[string]any)
	if answer.Body.Len() == 0 || !has {
		if answer.Body.Len() > 0 || has && answer.Header().Get("Content-Length") == "0" {
			t.Errorf("%v: body %q, described %v", response, answer.Body, content)
		}
		return
	}
	kind := answer.Header().Get("Content-Type")
	if content[kind] == nil {
		t.Errorf("%v answers %q, which is not described", response, kind)
		return
	}
	if err := s.validate(answer.Body.Bytes(), append(where, "content", kind, "schema")...); err != nil {
		t.Errorf("%v: the answer does not fit its description: %v\n%s", response, err, answer.Body)
	}
}

// TestEveryRouteIsDescribed holds routes and description against each other.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	routes, described := map[string]bool{}, map[string]bool{}
	err := newServer(Options{}).router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		for _, method := range methods {
			if method != http.MethodHead {
				routes[method+" "+strings.TrimPrefix(template, base)] = true
			}
		}
		return err
	})
	must(t, err)
	for path, operations := range s.doc["paths"].(map[string]any) {
		for method := range operations.(map[string]any) {
			if method != "parameters" {
				described[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	if diff := cmp.Diff(routes, described); diff != "" {
		t.Errorf("routes and description differ (-routes +described):\n%s", diff)
	}
	if len(routes) < 20 {
		t.Errorf("only %d routes found: the walk has lost its way", len(routes))
	}
}

// TestDescriptionIsSound follows every reference, compiles every schema and holds every
// example against the schema beside it.
func TestDescriptionIsSound(t *testing.T) {
	t.Parallel()
	s := loadSpec(t)
	examples := 0
	var visit func(v any, path []string)
	visit = func(v any, path []string) {
		switch v := v.(type) {
		case []any:
			for i, item := range v {
				visit(item, append(slices.Clone(path), fmt.Sprint(i)))
			}
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				if found, _ := s.find(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...); found == nil {
					t.Errorf("%v refers to %s, which is not there", path, ref)
				}
			}
			if v["schema"] != nil {
				examples += s.checkExamples(t, v, path)
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if name != "example" && name != "value" {
					visit(v[name], append(slices.Clone(path), name))
				}
			}
		}
	}
	visit(s.doc, nil)
	if examples < 15 {
		t.Errorf("only %d examples found: the walk has lost its way", examples)
	}
}

// checkExamples is how many examples stand beside the schema of v.
func (s *spec) checkExamples(t *testing.T, v map[string]any, path []string) int {
	t.Helper()
	all := map[string]any{}
	if example, ok := v["example"]; ok {
		all["example"] = example
	}
	if several, ok := v["examples"].(map[string]any); ok {
		for name := range several {
			found, _ := s.find(append(slices.Clone(path), "examples", name)...)
			all[name] = found.(map[string]any)["value"]
		}
	}
	for name, example := range all {
		text, err := json.Marshal(example)
		must(t, err)
		if err := s.validate(text, append(slices.Clone(path), "schema")...); err != nil {
			t.Errorf("%v: the example %s does not fit: %v", path, name, err)
		}
	}
	if len(all) == 0 {
		if err := s.validate([]byte("{}"), append(slices.Clone(path), "schema")...); err != nil && !isInvalid(err) {
			t.Errorf("%v: %v", path, err)
		}
	}
	return len(all)
}

func isInvalid(err error) bool {
	_, ok := err.(*jsonschema.ValidationError)
	return ok
}

func TestDescriptionNeedsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answer := w.do(step{as: "-", call: "GET /openapi.json"})
	if answer.Code != 200 || !bytes.Equal(answer.Body.Bytes(), description) {
		t.Errorf("status %d, %d bytes", answer.Code, answer.Body.Len())
	}
	w.run(
		step{as: "-", call: "HEAD /openapi.json", status: 200, headers: map[string]string{"Content-Type": "application/json"}},
		step{call: "POST /openapi.json", status: 405, headers: map[string]string{"Allow": "GET, HEAD"}},
	)
}
