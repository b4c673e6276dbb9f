package connector

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// authority gives out tokens "token-1", "token-2", …
type authority struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	forms    []url.Values
	answer   func(http.ResponseWriter) // instead of a token, if set
	lifetime string
	hold     chan struct{}
	asked    chan struct{}
}

func newAuthority(t testing.TB) *authority {
	a := &authority{lifetime: "3600"}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	a.mu.Lock()
	a.requests, a.forms = append(a.requests, r), append(a.forms, r.Form)
	number, answer, lifetime, hold, asked := len(a.requests), a.answer, a.lifetime, a.hold, a.asked
	a.mu.Unlock()
	if asked != nil {
		asked <- struct{}{}
	}
	if hold != nil {
		<-hold
	}
	if answer != nil {
		answer(w)
		return
	}
	fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":%s,"access_token":"token-%d"}`, lifetime, number)
}

func (a *authority) change(change func(*authority)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a)
}

func (a *authority) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.requests)
}

func (a *authority) tokens(t testing.TB, c *clock, more ...func(*TokenOptions)) *Tokens {
	t.Helper()
	o := TokenOptions{AppID: testAppID, Password: "pass+word&", TenantID: "home", LoginURL: a.URL, Now: c.Now}
	for _, change := range more {
		change(&o)
	}
	tokens, err := NewTokens(o)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func status(code int, headers map[string]string, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}
