package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crier/internal/app"
)

// TestOverTheWire makes the requests that a recorder treats more kindly than a connection.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	options := w.server.Options
	options.Officers = app.NewOfficers(nil, "secret")
	server := httptest.NewServer(New(options))
	t.Cleanup(server.Close)
	do := func(call, body string, header map[string]string) (*http.Response, string) {
		t.Helper()
		method, path, _ := strings.Cut(call, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+base+path, strings.NewReader(body))
		must(t, err)
		r.Header.Set("Authorization", "Bearer secret")
		for name, value := range header {
			r.Header.Set(name, value)
		}
		answer, err := server.Client().Do(r)
		must(t, err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		must(t, err)
		return answer, string(text)
	}
	created, text := do("POST /campaigns", simple, nil)
	if created.StatusCode != 201 || created.ContentLength != int64(len(text)) {
		t.Fatalf("status %d, length %d of %d: %s", created.StatusCode, created.ContentLength, len(text), text)
	}
	tag := created.Header.Get("ETag")
	for _, test := range []struct {
		call, body string
		header     map[string]string
		status     int
		empty      bool
	}{
		{"GET /campaigns/1", "", nil, 200, false},
		{"HEAD /campaigns/1", "", nil, 200, true},
		{"HEAD /campaigns/2", "", nil, 404, true},
		{"GET /campaigns/1", "", map[string]string{"If-None-Match": tag}, 304, true},
		{"HEAD /openapi.json", "", nil, 200, true},
		{"POST /campaigns", strings.Repeat(" ", maxBody+1), nil, 413, false},
		{"GET /campaigns", "", map[string]string{"Authorization": "Bearer secre"}, 401, false},
		{"DELETE /campaigns/1", "", nil, 204, true},
	} {
		answer, text := do(test.call, test.body, test.header)
		if answer.StatusCode != test.status || (text == "") != test.empty {
			t.Errorf("%s: status %d, want %d, body %q", test.call, answer.StatusCode, test.status, text)
		}
	}
	if log := w.log(); log != "" {
		t.Errorf("log %q", log)
	}
}
