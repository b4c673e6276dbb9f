package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const home = "72f988bf-86f1-41af-91ab-2d7cd011db47"

var testNow = time.Date(2026, 2, 1, 21, 10, 7, 0, time.UTC)

// clock is a time that passes when it is told to.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time          { return testNow.Add(time.Duration(c.passed.Load())) }
func (c *clock) advance(d time.Duration) { c.passed.Add(int64(d)) }

// source gives out tokens "secret-1", "secret-2", …: a new one after each drop.
type source struct {
	mu      sync.Mutex
	number  map[string]int
	dropped []string
	err     error
}

func (s *source) Token(_ context.Context, tenantID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("secret-%d", s.number[tenantID]+1), s.err
}

func (s *source) Drop(tenantID, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number[tenantID]++
	s.dropped = append(s.dropped, tenantID+" "+token)
}

// graph is a Graph in which everybody is available, unless answer says otherwise.
type graph struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	batches  [][]string
	answer   func(w http.ResponseWriter, r *http.Request)
	conns    atomic.Int32
	asked    chan struct{} // told of each request, if set
	hold     chan struct{} // waited for, if set
}

func newGraph(t testing.TB) *graph {
	g := &graph{}
	g.Server = httptest.NewUnstartedServer(http.HandlerFunc(g.serve))
	g.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			g.conns.Add(1)
		}
	}
	g.Start()
	t.Cleanup(g.Close)
	return g
}

func (g *graph) serve(w http.ResponseWriter, r *http.Request) {
	var question struct{ IDs []string }
	err := json.NewDecoder(r.Body).Decode(&question)
	g.mu.Lock()
	g.requests, g.batches = append(g.requests, r), append(g.batches, question.IDs)
	answer := g.answer
	g.mu.Unlock()
	if g.asked != nil {
		g.asked <- struct{}{}
	}
	if g.hold != nil {
		<-g.hold
	}
	switch {
	case answer != nil:
		answer(w, r)
	case err != nil || len(question.IDs) == 0 || len(question.IDs) > 650:
		http.Error(w, "bad question", http.StatusBadRequest)
	default:
		values := make([]string, len(question.IDs))
		for i, id := range question.IDs {
			values[i] = fmt.Sprintf(`{"id":%q,"availability":"Available","activity":"Available"}`, id)
		}
		fmt.Fprintf(w, `{"@odata.context":"x","value":[%s]}`, strings.Join(values, ","))
	}
}

// will sets what is answered from now on; nil: that everybody is available.
func (g *graph) will(answer func(http.ResponseWriter, *http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = answer
}

func (g *graph) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.requests)
}

// say answers the same to everybody; headers are "name: value".
func say(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// world is a directory before a graph.
type world struct {
	*testing.T
	graph  *graph
	clock  *clock
	tokens *source
	log    *strings.Builder
	*Directory
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, graph: newGraph(t), clock: &clock{}, tokens: &source{number: map[string]int{}}, log: &strings.Builder{}}
	d, err := New(Options{
		URL: w.graph.URL + "/", Tokens: w.tokens, Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.CloseIdleConnections)
	w.Directory = d
	return w
}

// person is the object id of somebody.
func person(i int) string { return fmt.Sprintf("fa8bf3dc-eca7-46b7-bad1-%012x", i) }

func people(from, to int) []string {
	var ids []string
	for i := from; i < to; i++ {
		ids = append(ids, person(i))
	}
	return ids
}
