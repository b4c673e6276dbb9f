package api

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

// events reads a stream of the API.
type events struct {
	*testing.T
	answer *http.Response
	lines  *bufio.Scanner
}

// served is the API on an address, with limits shorter than a stream lasts.
func (w *world) served() string {
	w.t.Helper()
	server := httptest.NewUnstartedServer(w.server.router)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 500*time.Millisecond, 500*time.Millisecond
	server.Start()
	w.t.Cleanup(server.Close)
	w.t.Cleanup(w.server.Campaigns.StopWatching)
	return server.URL + base
}

func follow(t *testing.T, address, token, language string) *events {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	must(t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Accept-Language", language)
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	t.Cleanup(func() { answer.Body.Close() })
	return &events{t, answer, bufio.NewScanner(answer.Body)}
}

// next is the next event; "" when there are no more.
func (e *events) next() (name string, data map[string]any) {
	e.Helper()
	for e.lines.Scan() {
		line := e.lines.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			name = strings.TrimPrefix(line, "event: ")
		case strings.HasPrefix(line, "data: "):
			must(e.T, json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &data))
		case line == "" && name != "":
			return name, data
		}
	}
	return "", nil
}

func TestAReportIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "POST /campaigns/1/send", status: 202},
	)
	w.begin(1)
	e := follow(t, w.served()+"/campaigns/1/events", "analyst", "fr")
	if kind := e.answer.Header.Get("Content-Type"); e.answer.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%d, %q", e.answer.StatusCode, kind)
	}
	name, first := e.next()
	if name != "report" || first["status"] != "sending" || first["pending"] != 1.0 {
		t.Fatalf("%s: %v", name, first)
	}
	w.run(step{call: "POST /campaigns/1/pause", status: 202})
	for name, paused := "", map[string]any(nil); paused["status"] != "paused"; {
		if name, paused = e.next(); name != "report" {
			t.Fatalf("%q instead of a report", name)
		}
		if waits, _ := paused["waiting"].(map[string]any); waits != nil && waits["message"] != "En pause jusqu’à ce que quelqu’un la reprenne." {
			t.Errorf("it waits: %v", waits)
		}
	}
	w.run(step{call: "POST /campaigns/1/resume", status: 202})
	w.deliver(1, map[string]domain.Outcome{"ana.roy@example.com": {State: domain.Sent, ActivityID: "1", SentAt: start}})
	var last map[string]any
	name, data := e.next()
	for ; name == "report"; name, data = e.next() {
		last = data
	}
	if name != "end" || data["status"] != "done" || last["sent"] != 1.0 || last["result"] != "success" {
		t.Errorf("%s: %v after %v", name, data, last)
	}
	if name, _ = e.next(); name != "" {
		t.Errorf("%s after the end", name)
	}

	// The last event is what the report itself is.
	answer := w.do(step{call: "GET /campaigns/1/report"})
	var report map[string]any
	must(t, json.Unmarshal(answer.Body.Bytes(), &report))
	if diff := cmp.Diff(report, last); diff != "" {
		t.Error(diff)
	}
}

func TestWhoMayFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	here := w.served()
	for _, c := range []struct {
		token, path string
		status      int
	}{
		{"", "/campaigns/1/events", 401}, {"wrong", "/campaigns/1/events", 401}, {"nobody", "/campaigns/1/events", 403},
		{"analyst", "/campaigns/2/events", 404}, {"analyst", "/campaigns/x/events", 404}, {"analyst", "/campaigns/1/events", 200},
	} {
		e := follow(t, here+c.path, c.token, "en")
		if kind := e.answer.Header.Get("Content-Type"); e.answer.StatusCode != c.status || c.status > 200 && kind != "application/problem+json" {
			t.Errorf("%q asks for %s: %d, %s", c.token, c.path, e.answer.StatusCode, kind)
		}
	}
	w.server.Campaigns.StopWatching()
	w.run(step{call: "GET /campaigns/1/events", status: 503, headers: map[string]string{"Retry-After": "5"}, has: fields{"/type": "urn:crier:problem:busy"}})
}

// revoked is a token that is withdrawn once a stream is open.
type revoked struct {
	officers
	asked chan struct{}
}

func (o revoked) Token(token string) (domain.Actor, bool) {
	select {
	case o.asked <- struct{}{}:
		return o.officers.Token(token)
	default:
		return domain.Actor{}, false
	}
}

func TestAWithdrawnTokenEndsItsStreams(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	w.server.Officers = revoked{asked: make(chan struct{}, 1)}
	e := follow(t, w.served()+"/campaigns/1/events", "analyst", "en")
	if name, _ := e.next(); e.answer.StatusCode != 200 || name != "" {
		t.Errorf("%d, %s", e.answer.StatusCode, name)
	}
}
