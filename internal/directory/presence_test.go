package directory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

func (w *world) want(ids []string, want map[string]domain.Presence) {
	w.Helper()
	got, err := w.Presence(w.Context(), home, ids)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		w.Errorf("error %v, presence (-want +got):\n%s", err, diff)
	}
}

func (w *world) wantAll(ids []string) {
	w.Helper()
	got, err := w.Presence(w.Context(), home, ids)
	if err != nil || len(got) != len(ids) {
		w.Fatalf("%d of %d people, %v", len(got), len(ids), err)
	}
}

func (w *world) wantRequests(n int) {
	w.Helper()
	if got := w.graph.count(); got != n {
		w.Errorf("%d requests, want %d", got, n)
	}
}

func TestPresenceRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wantAll(people(0, 2))
	r := w.graph.requests[0]
	if r.Method != http.MethodPost || r.URL.Path != "/v1.0/communications/getPresencesByUserId" ||
		r.Header.Get("Authorization") != "Bearer secret-1" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	if _, ok := parseGUID(r.Header.Get("client-request-id")); !ok {
		t.Errorf("client-request-id %q", r.Header.Get("client-request-id"))
	}
	if diff := cmp.Diff(people(0, 2), w.graph.batches[0]); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestPresenceOfManyPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wantAll(people(0, 1500))
	sizes := []int{}
	for _, batch := range w.graph.batches {
		sizes = append(sizes, len(batch))
	}
	if diff := cmp.Diff([]int{650, 650, 200}, sizes); diff != "" {
		t.Errorf("sizes of requests (-want +got):\n%s", diff)
	}
	if n := w.graph.conns.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestPresenceOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(nil, map[string]domain.Presence{})
	w.want([]string{"", "ada@contoso.com", "fa8bf3dceca746b7bad1db199b62afc3", "za8bf3dc-eca7-46b7-bad1-db199b62afc3"}, map[string]domain.Presence{})
	w.wantRequests(0)
}

func TestPresenceIsAskedOncePerPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lower := person(10)
	upper := strings.ToUpper(lower)
	w.want([]string{upper, "no GUID", lower, upper}, map[string]domain.Presence{lower: domain.Available, upper: domain.Available})
	if diff := cmp.Diff([][]string{{lower}}, w.graph.batches); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

func TestPresenceIsRememberedForAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wantAll(people(0, 3))
	w.clock.advance(30 * time.Second)
	w.graph.will(say(200, `{"value":[]}`))
	w.want(people(2, 4), map[string]domain.Presence{person(2): domain.Available})
	w.want(people(2, 4), map[string]domain.Presence{person(2): domain.Available}) // that somebody is away is remembered as well
	w.wantRequests(2)
	w.clock.advance(30 * time.Second)
	w.want(people(0, 4), map[string]domain.Presence{})
	want := [][]string{people(0, 3), people(3, 4), people(0, 3)}
	if diff := cmp.Diff(want, w.graph.batches); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if _, err := w.Presence(t.Context(), "elsewhere", people(0, 1)); err != nil {
		t.Error(err)
	}
	w.wantRequests(4) // another tenant is another question
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := &memory{}
	all := distinct(people(0, 3*maxFacts))
	for from := 0; from < len(all); from += 600 {
		m.keep(testNow, home, all[from:from+600], presences{})
	}
	if n := len(m.young) + len(m.old); n > maxFacts || n < maxFacts/2 {
		t.Errorf("%d facts are kept", n)
	}
	if left := m.recall(testNow, home, []guid{all[0], all[len(all)-1]}, presences{}); len(left) != 1 || left[0] != all[0] {
		t.Errorf("left to ask for: %v", left)
	}
}

func TestTenantsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range maxTenants + 10 {
		w.tenant(fmt.Sprint(i))
	}
	if n := len(w.tenants); n != maxTenants {
		t.Errorf("%d tenants are kept", n)
	}
}

func TestPresenceOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		availability, activity string
		want                   domain.Presence
	}{
		{"Available", "Available", domain.Available},
		{"AvailableIdle", "Inactive", domain.Available},
		{"Busy", "Busy", domain.Busy},
		{"BusyIdle", "Inactive", domain.Busy},
		{"Away", "Away", domain.Away},
		{"BeRightBack", "BeRightBack", domain.Away},
		{"Available", "InACall", domain.Busy},
		{"Available", "InAConferenceCall", domain.Busy},
		{"Away", "InAMeeting", domain.Busy},
		{"Busy", "Presenting", domain.Busy},
		{"Available", "UrgentInterruptionsOnly", domain.Busy},
		{"Available", "OutOfOffice", domain.Away},
		{"Busy", "OffWork", domain.Away},
		{"Available", "Juggling", domain.Available},
		{"DoNotDisturb", "InAMeeting", absent},
		{"DoNotDisturb", "Presenting", absent},
		{"Offline", "OffWork", absent},
		{"Offline", "Offline", absent},
		{"PresenceUnknown", "PresenceUnknown", absent},
		{"Asleep", "InAMeeting", absent},
		{"", "", absent},
	} {
		if got := presenceOf(test.availability, test.activity); got != test.want {
			t.Errorf("%s, %s: %q, want %q", test.availability, test.activity, got, test.want)
		}
	}
}

func TestPresenceReadsTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.will(say(200, `{"value":[
		{"id":"`+strings.ToUpper(person(10))+`","availability":"Busy","activity":"InAMeeting","statusMessage":null,"sequenceNumber":"7"},
		{"id":"`+person(11)+`","availability":"DoNotDisturb","activity":"Presenting"},
		{"id":"`+person(99)+`","availability":"Available","activity":"Available"},
		{"id":"not an id","availability":"Available"}, {"id":"`+person(12)+`"}, {}]}`))
	w.want(people(10, 14), map[string]domain.Presence{person(10): domain.Busy})
}

// TestConcurrentCallers lets fifty ask for the same people at once.
func TestConcurrentCallers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.asked, w.graph.hold = make(chan struct{}, 100), make(chan struct{})
	var callers sync.WaitGroup
	ask := func(ids []string) {
		got, err := w.Presence(context.Background(), home, ids)
		if err != nil || len(got) != len(ids) {
			t.Errorf("%d of %d people, %v", len(got), len(ids), err)
		}
	}
	callers.Go(func() { ask(people(0, 700)) })
	<-w.graph.asked
	for range 50 {
		callers.Go(func() { ask(people(0, 700)) })
	}
	impatient, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := w.Presence(impatient, home, people(800, 801))
		gone <- err
	}()
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	close(w.graph.hold)
	callers.Wait()
	w.wantRequests(2)
}

func TestTenantsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.asked, w.graph.hold = make(chan struct{}, 2), make(chan struct{})
	var callers sync.WaitGroup
	for _, tenantID := range []string{"one", "two"} {
		callers.Go(func() {
			if _, err := w.Presence(context.Background(), tenantID, people(0, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	<-w.graph.asked
	<-w.graph.asked // both are in flight
	close(w.graph.hold)
	callers.Wait()
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func() error { return w.Check(t.Context(), home) }
	for range 3 {
		if err := check(); err != nil {
			t.Fatal(err)
		}
	}
	w.wantRequests(1)
	w.clock.advance(59 * time.Second)
	w.wantAll(people(0, 1)) // an answer is as good as a check
	w.clock.advance(59 * time.Second)
	if err := check(); err != nil {
		t.Error(err)
	}
	w.wantRequests(2)
	w.graph.will(say(403, `{"error":{"code":"Forbidden"}}`))
	w.clock.advance(time.Second)
	for range 3 {
		if u, ok := errors.AsType[*domain.Unavailable](check()); !ok || u.Permission != "Presence.Read.All" {
			t.Errorf("got %v", u)
		}
	}
	w.wantRequests(3)
	w.graph.will(nil)
	w.clock.advance(time.Minute)
	if err := check(); err != nil {
		t.Errorf("after the consent: %v", err)
	}
}

// TestConsentTakenBack shows that a yes does not outlive a no.
func TestConsentTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wantAll(people(0, 1))
	w.graph.will(say(403, ``))
	_, err := w.Presence(t.Context(), home, people(1, 2))
	if checked := w.Check(t.Context(), home); err == nil || checked == nil {
		t.Errorf("presence %v, check %v", err, checked)
	}
}
