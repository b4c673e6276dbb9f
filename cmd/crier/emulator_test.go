package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"crier/internal/config"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// emulator is what Microsoft's local emulator looks like from the bot's side
// (protocol/emulator.md): no tokens either way, ids that are no GUIDs, a service URL
// without a trailing slash.
type emulator struct {
	*httptest.Server
	mu   sync.Mutex
	sent []string
}

func newEmulator(t *testing.T) *emulator {
	e := &emulator{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_connector/v3/conversations/{conversation}/activities", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "" {
			t.Error("a token was sent to the emulator")
		}
		e.mu.Lock()
		e.sent = append(e.sent, string(body))
		n := len(e.sent)
		e.mu.Unlock()
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id":"%d"}`, n)
	})
	mux.HandleFunc("GET /_connector/v3/conversations/{conversation}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{
			"id": r.PathValue("member"), "name": "Alex Wilber", "givenName": "Alex", "aadObjectId": "00000000-0000-0000-0000-0000000000020", "email": "alexw@example.com"})
	})
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

func (e *emulator) count(words string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, s := range e.sent {
		if strings.Contains(s, words) {
			n++
		}
	}
	return n
}

func TestMicrosoftsEmulator(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 1}, func(c *config.Config) {
		c.AppID, c.AllowAnonymous, c.TrustedServiceHosts = "", true, ""
	})
	e := newEmulator(t)
	base := map[string]any{
		"channelId": "msteams", "serviceUrl": strings.Replace(e.URL, "127.0.0.1", "localhost", 1) + "/_connector",
		"from": map[string]any{"id": "user-id-0", "aadObjectId": "00000000-0000-0000-0000-0000000000020"}, "recipient": map[string]any{"id": "bot-1", "name": "Test Bot"},
		"conversation": map[string]any{"id": "personal-chat-id", "conversationType": "personal", "tenantId": "00000000-0000-0000-0000-0000000000001"},
		"locale":       "en-US",
	}
	post := func(fields map[string]any) {
		t.Helper()
		a := map[string]any{}
		for _, m := range []map[string]any{base, fields} {
			for k, v := range m {
				a[k] = v
			}
		}
		body, _ := json.Marshal(a)
		response, err := http.Post(s.service.cfg.PublicURL+"/api/messages", "application/json", strings.NewReader(string(body)))
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
			t.Errorf("%v: %d %s", fields["type"], response.StatusCode, text)
		}
	}
	// Opening the page: both events at the same time; reloading it: the same again.
	for reload := range 3 {
		var both sync.WaitGroup
		both.Go(func() {
			post(map[string]any{"type": "installationUpdate", "id": fmt.Sprint("i", reload), "action": "add"})
		})
		both.Go(func() {
			post(map[string]any{"type": "conversationUpdate", "id": fmt.Sprint("c", reload), "membersAdded": []any{map[string]any{"id": "bot-1", "name": "Test Bot"}}})
		})
		both.Wait()
	}
	s.eventually("the welcome", func() bool { return e.count("message") == 1 })
	post(map[string]any{"type": "message", "id": "m1", "text": "hello"})
	s.eventually("the answer", func() bool { return e.count("message") == 2 })

	id := s.campaign(map[string]any{"name": "Hi", "kind": "message", "content": map[string]any{"text": "Hi [FIRSTNAME], mark-5555"}, "audience": map[string]any{"everyone": true}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	want(s, s.finished(id), map[string]int{"recipients": 1, "sent": 1})
	if e.count("Hi Alex, mark-5555") != 1 {
		t.Errorf("it did not arrive: %v", e.sent)
	}
	response, err := http.Head(s.service.cfg.PublicURL + "/api/messages")
	if err != nil || response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %v %v", response, err)
	}
	if list := s.call(http.StatusOK, "GET", "/people", nil)["items"].([]any); len(list) != 1 {
		t.Errorf("%d people", len(list))
	}
}

// Without an app id and without the development setting everything is refused.
func TestNoBotConfigured(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 1}, func(c *config.Config) { c.AppID = "" })
	r, err := s.tenant.Post(t.Context(), s.message(0))
	if err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("%d %v", r.Status, err)
	}
	if r, err = s.tenant.Post(t.Context(), s.message(0), simulator.WithToken("")); err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("%d %v", r.Status, err)
	}
}
