package connector

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// service is a Connector that answers what the test says and remembers what it
// was asked.
type service struct {
	*httptest.Server
	mu          sync.Mutex
	requests    []seen
	answers     []func(http.ResponseWriter) // one a request; then the last again
	connections atomic.Int64
}

type seen struct {
	Method, Path, Query, Authorization, ContentType, Body string
}

func newService(t testing.TB, answers ...func(http.ResponseWriter)) *service {
	s := &service{answers: answers}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, seen{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		Authorization: r.Header.Get("Authorization"), ContentType: r.Header.Get("Content-Type"), Body: string(body),
	})
	answer := s.answers[min(len(s.requests), len(s.answers))-1]
	s.mu.Unlock()
	answer(w)
}

func (s *service) seen() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.requests...)
}

func (s *service) ref() Ref {
	return Ref{ServiceURL: s.URL + "/teams/", ConversationID: "a:1", TenantID: "t"}
}

// client trusts these services and no others.
func client(t testing.TB, o ClientOptions, services ...*service) *Client {
	t.Helper()
	var list []string
	for _, s := range services {
		list = append(list, s.URL)
	}
	hosts, err := ParseTrustedHosts(strings.Join(list, ","))
	if err != nil {
		t.Fatal(err)
	}
	o.Hosts, o.AppID = hosts, testAppID
	c := NewClient(o)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func created(id string) func(http.ResponseWriter) { return status(201, nil, `{"id":"`+id+`"}`) }

func wantError(t testing.TB, err error, class Class, code int) *Error {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, want an Error", err)
	}
	if failure.Class != class || failure.Status != code {
		t.Errorf("got %+v, want %s %d", failure, class, code)
	}
	return failure
}
