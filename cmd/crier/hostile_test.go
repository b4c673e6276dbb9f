package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// message is an activity as Teams would send it from a person, ready to be spoilt.
func (s *stage) message(i int) map[string]any {
	p := s.tenant.Person(i)
	return map[string]any{
		"type": "message", "id": time.Now().Format("150405.000000000"), "channelId": "msteams", "serviceUrl": s.tenant.ServiceURL("msteams"),
		"from": map[string]any{"id": p.UserID, "aadObjectId": p.ObjectID}, "recipient": map[string]any{"id": "28:" + simulatedApp},
		"conversation": map[string]any{"id": p.ConversationID, "conversationType": "personal", "tenantId": simulatedTenant}, "text": "help",
	}
}

// Forged tokens are refused, each for its own fault, and nothing is done.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 3})
	hour := time.Hour
	claims := func(change func(c map[string]any)) func() (string, error) {
		return func() (string, error) { return s.tenant.Token(func(_, c map[string]any) { change(c) }) }
	}
	header := func(change func(h map[string]any)) func() (string, error) {
		return func() (string, error) { return s.tenant.Token(func(h, _ map[string]any) { change(h) }) }
	}
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, forge := range map[string]func() (string, error){
		"none":               header(func(h map[string]any) { h["alg"] = "none" }),
		"public key as hmac": header(func(h map[string]any) { h["alg"] = "HS256" }),
		"unknown kid":        header(func(h map[string]any) { h["kid"] = "made-up" }),
		"no kid":             header(func(h map[string]any) { delete(h, "kid") }),
		"foreign key":        func() (string, error) { return s.tenant.ForeignToken(nil) },
		"issuer":             claims(func(c map[string]any) { c["iss"] = "https://evil.example" }),
		"audience":           claims(func(c map[string]any) { c["aud"] = "33333333-aaaa-4bbb-8ccc-000000000003" }),
		"expired":            claims(func(c map[string]any) { c["exp"] = at(-hour) }),
		"not yet":            claims(func(c map[string]any) { c["nbf"] = at(hour) }),
		"no expiry":          claims(func(c map[string]any) { delete(c, "exp") }),
		"service url":        claims(func(c map[string]any) { c["serviceurl"] = "https://smba.trafficmanager.net/teams/" }),
		"no service url":     claims(func(c map[string]any) { delete(c, "serviceurl") }),
		"empty":              func() (string, error) { return "", nil },
		"garbage":            func() (string, error) { return "a.b.c", nil },
	} {
		token, err := forge()
		if err != nil {
			t.Fatal(name, err)
		}
		r, err := s.tenant.Post(t.Context(), s.message(0), simulator.WithToken(token))
		if err != nil || r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden {
			t.Errorf("%s: %d %s %v", name, r.Status, r.Body, err)
		}
	}
	if list := s.call(http.StatusOK, "GET", "/people", nil)["items"].([]any); len(list) != 0 {
		t.Errorf("a forged activity was acted on: %v", list)
	}
	if r, err := s.tenant.Install(t.Context(), 0); err != nil || !r.OK() {
		t.Errorf("after all that the real one is refused: %d %v", r.Status, err)
	}
}

// Bad requests get a clear 4xx, and the service lives.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 3})
	send := func(method string, body []byte, want int) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.service.cfg.PublicURL+"/api/messages", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		token, err := s.tenant.Token(nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != want || method == "POST" && !strings.Contains(string(text), "detail") {
			t.Errorf("%s of %d bytes: %d %s, want %d", method, len(body), response.StatusCode, text, want)
		}
	}
	send("POST", bytes.Repeat([]byte("x"), 5<<20), http.StatusRequestEntityTooLarge)
	send("POST", []byte(`{"type":`), http.StatusBadRequest)
	send("POST", []byte(`[{"type":"message"}]`), http.StatusBadRequest)
	send("POST", []byte(`{}`), http.StatusBadRequest)
	send("POST", nil, http.StatusBadRequest)
	send("GET", nil, http.StatusMethodNotAllowed)
	send("PUT", []byte(`{"type":"message"}`), http.StatusMethodNotAllowed)

	elsewhere := s.message(0)
	elsewhere["serviceUrl"] = "https://evil.example/teams/"
	token, err := s.tenant.Token(func(_, c map[string]any) { c["serviceurl"] = "https://evil.example/teams/" })
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.tenant.Post(t.Context(), elsewhere, simulator.WithToken(token)); err != nil || r.Status != http.StatusForbidden {
		t.Errorf("a serviceUrl that is not trusted: %d %s %v", r.Status, r.Body, err)
	}
	unknown := s.message(0)
	unknown["type"] = "somethingNew"
	if r, err := s.tenant.Post(t.Context(), unknown); err != nil || r.Status != http.StatusOK {
		t.Errorf("an unknown type: %d %s %v", r.Status, r.Body, err)
	}
	if list := s.call(http.StatusOK, "GET", "/people", nil)["items"].([]any); len(list) != 0 {
		t.Errorf("something was acted on: %v", list)
	}
	s.install()
}

// A redelivered activity acts once; so do the two events of one install, in any order.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 30, Behaviour: simulator.Behaviour{Redeliver: 1}})
	s.install()
	m := s.message(3)
	m["text"] = "help" // which is answered each time it is asked
	for range 5 {
		if r, err := s.tenant.Post(t.Context(), m); err != nil || r.Status != http.StatusOK {
			t.Fatal(r.Status, err)
		}
	}
	s.eventually("the answer", func() bool { return len(s.tenant.Received(3)) >= 2 })
	m["id"] = "another"
	if _, err := s.tenant.Post(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	s.eventually("the second answer", func() bool { return len(s.tenant.Received(3)) >= 3 })
	s.stop()
	if n := len(s.tenant.Received(3)); n != 3 { // the welcome and two answers
		t.Errorf("%d messages", n)
	}
}

// Health needs no token; ready means that the database and the keys are there.
func TestHealth(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 2})
	s.install()
	for path, words := range map[string]string{
		"/healthz": "ok", "/readyz": "ready", "/metrics": "crier_inbound_activities_total",
		"/api/v1/openapi.json": `"openapi"`, "/privacy": "Privacy", "/terms": "Terms of use",
	} {
		response, err := http.Get(s.service.cfg.PublicURL + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(text), words) {
			t.Errorf("%s: %d %.200s", path, response.StatusCode, text)
		}
	}
}
