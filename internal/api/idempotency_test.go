package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

func key(k string) map[string]string { return map[string]string{"Idempotency-Key": k} }

func TestIdempotency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.do(step{call: "POST /campaigns", body: simple, header: key("a")})
	again := w.do(step{call: "POST /campaigns", body: simple, header: key("a")})
	if first.Code != 201 || first.Header().Get("Idempotency-Replayed") != "" {
		t.Fatalf("status %d, header %v", first.Code, first.Header())
	}
	want := first.Header().Clone()
	want.Set("Idempotency-Replayed", "true")
	if diff := cmp.Diff(want, again.Header()); diff != "" || again.Code != 201 || again.Body.String() != first.Body.String() {
		t.Errorf("the second answer (-want +got): status %d %s\n%s", again.Code, diff, again.Body)
	}
	replayed := map[string]string{"Idempotency-Replayed": "true"}
	w.run(
		step{name: "one campaign", call: "GET /campaigns", status: 200, has: fields{"/items/1": absent}},
		step{name: "another body", call: "POST /campaigns", body: surveyBody, header: key("a"), status: 422, has: fields{"/type": "urn:crier:problem:idempotency-key-reused"}},
		step{name: "another path", call: "POST /campaigns/1/clone", body: simple, header: key("a"), status: 422},
		step{name: "another person's key", as: "author", call: "POST /campaigns", body: simple, header: key("a"), status: 201, headers: map[string]string{"Location": "/api/v1/campaigns/2", "Idempotency-Replayed": ""}},
		step{name: "without a key", call: "POST /campaigns", body: simple, status: 201, has: fields{"/id": "3"}},
		step{name: "a refusal", call: "POST /campaigns", body: `{"name":""}`, header: key("b"), status: 422},
		step{name: "the same refusal", call: "POST /campaigns", body: `{"name":""}`, header: key("b"), status: 422, headers: map[string]string{"Idempotency-Replayed": "true", "Content-Type": "application/problem+json"}},
		step{name: "not now", call: "POST /campaigns/1/pause", header: key("c"), status: 409},
		step{name: "not now, again", call: "POST /campaigns/1/pause", header: key("c"), status: 409, headers: replayed},
		step{name: "only POST takes a key", call: "PUT /campaigns/1", body: simple, header: key("d"), status: 200},
		step{name: "only POST takes a key", call: "PUT /campaigns/1", body: simple, header: key("d"), status: 200, headers: map[string]string{"Idempotency-Replayed": ""}},
		step{name: "an empty key", call: "POST /campaigns", body: simple, header: key(""), status: 400},
		step{name: "the longest key", call: "POST /campaigns", body: simple, header: key(strings.Repeat("k", 255)), status: 201},
		step{name: "a longer key", call: "POST /campaigns", body: simple, header: key(strings.Repeat("k", 256)), status: 400, has: fields{"/detail": "Send one Idempotency-Key of 1 to 255 characters."}},
		step{name: "a key that is no text", call: "POST /campaigns", body: simple, header: key("\xff'; --"), status: 201},
		step{name: "who may not come in takes no key", as: "-", call: "POST /campaigns", body: simple, header: key("e"), status: 401},
	)
}

// Of many requests with one key at once, one is carried out.
func TestOneKeyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const callers = 20
	statuses, bodies := make([]int, callers), make([]string, callers)
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			answer := w.do(step{call: "POST /campaigns", body: simple, header: key("a")})
			statuses[i], bodies[i] = answer.Code, answer.Body.String()
			if answer.Code == http.StatusConflict && answer.Header().Get("Retry-After") != "1" {
				t.Errorf("header %v", answer.Header())
			}
		})
	}
	all.Wait()
	made := ""
	for i, status := range statuses {
		switch {
		case status == http.StatusCreated && (made == "" || made == bodies[i]):
			made = bodies[i]
		case status != http.StatusConflict:
			t.Errorf("status %d: %s", status, bodies[i])
		}
	}
	w.run(step{call: "GET /campaigns", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent}})
}

// While the first is under way the second is told to wait.
func TestUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	inside, leave := make(chan struct{}), make(chan struct{})
	w.server.Preview = func(domain.Campaign, domain.Person) (json.RawMessage, error) {
		close(inside)
		<-leave
		return json.RawMessage(`{"type":"message"}`), nil
	}
	var first sync.WaitGroup
	first.Go(func() {
		if answer := w.do(step{call: "POST /campaigns/1/preview", header: key("a")}); answer.Code != 200 {
			t.Errorf("status %d", answer.Code)
		}
	})
	<-inside
	w.run(
		step{call: "POST /campaigns/1/preview", header: key("a"), status: 409, headers: map[string]string{"Retry-After": "1"}, has: fields{"/type": "urn:crier:problem:idempotency-key-in-use"}},
		step{name: "another request", call: "POST /campaigns/1/clone", header: key("a"), status: 422},
	)
	close(leave)
	first.Wait()
	w.run(step{call: "POST /campaigns/1/preview", header: key("a"), status: 200, headers: map[string]string{"Idempotency-Replayed": "true"}})
}

// A caller with a key who leaves in the middle finds the result when they try again.
func TestCallerLeavesInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	clock := w.server.Campaigns.Now
	w.server.Campaigns.Now = func() time.Time { // asked between reading the old campaign and writing the new one
		leave()
		return clock()
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, base+"/campaigns/1/clone", nil)
	r.Header.Set("Authorization", "Bearer owner")
	r.Header.Set("Idempotency-Key", "a")
	w.server.router.ServeHTTP(httptest.NewRecorder(), r)
	w.run(step{call: "POST /campaigns/1/clone", header: key("a"), status: 201, headers: map[string]string{"Idempotency-Replayed": "true", "Location": "/api/v1/campaigns/2"}})
}

func TestOurFailuresFreeTheKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	for i, fault := range []func() (json.RawMessage, error){
		func() (json.RawMessage, error) { return nil, errors.New("broken") },
		func() (json.RawMessage, error) { panic("broken") },
	} {
		k := key(fmt.Sprint("free", i))
		w.server.Preview = func(domain.Campaign, domain.Person) (json.RawMessage, error) { return fault() }
		w.run(step{call: "POST /campaigns/1/preview", header: k, status: 500})
		w.server.Preview = draw
		w.run(step{call: "POST /campaigns/1/preview", header: k, status: 200, headers: map[string]string{"Idempotency-Replayed": ""}})
	}
	if w.replies.dropped != 2 {
		t.Errorf("%d keys freed", w.replies.dropped)
	}
}

// Where the result can't be kept the key stays taken, so that nothing is done twice.
func TestResultThatCannotBeKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.replies.finish = errors.New("the disk is full")
	w.run(
		step{call: "POST /campaigns", body: simple, header: key("a"), status: 201},
		step{call: "POST /campaigns", body: simple, header: key("a"), status: 409},
		step{name: "one campaign", call: "GET /campaigns", status: 200, has: fields{"/items/1": absent}},
	)
	if log := w.log(); strings.Count(log, "the disk is full") != 1 {
		t.Errorf("log %q", log)
	}
	w.replies.begin = errors.New("no database")
	w.run(step{name: "a key that can't be claimed", call: "POST /campaigns", body: simple, header: key("b"), status: 500},
		step{name: "still one campaign", call: "GET /campaigns", status: 200, has: fields{"/items/1": absent}})
}
