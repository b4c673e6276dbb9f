package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crier/internal/domain"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := func(value string) map[string]string { return map[string]string{"Authorization": value} }
	refused := func(challenge string) map[string]string {
		return map[string]string{"WWW-Authenticate": challenge, "Cache-Control": "no-store"}
	}
	const request, invalid = `Bearer realm="crier", error="invalid_request"`, `Bearer realm="crier", error="invalid_token"`
	w.run(
		step{name: "none", as: "-", call: "GET /campaigns", status: 401, headers: refused(`Bearer realm="crier"`), has: fields{"/type": "urn:crier:problem:unauthorized", "/status": 401}},
		step{name: "a wrong one", call: "GET /campaigns", header: token("Bearer wrong"), status: 401, headers: refused(invalid)},
		step{name: "an empty one", call: "GET /campaigns", header: token("Bearer "), status: 401, headers: refused(invalid)},
		step{name: "a password", call: "GET /campaigns", header: token("Basic b3duZXI6"), status: 401, headers: refused(request)},
		step{name: "no scheme", call: "GET /campaigns", header: token("owner"), status: 401, headers: refused(request)},
		step{name: "the scheme in any case", call: "GET /campaigns", header: token("bearer  owner"), status: 200},
		step{name: "in the address", as: "-", call: "GET /campaigns?access_token=owner", status: 401},
		step{name: "what is there is nobody's business", as: "-", call: "GET /nothing", status: 401},
		step{name: "nor what can be done", as: "-", call: "PATCH /campaigns", status: 401},
		step{name: "a token without a role", as: "nobody", call: "GET /campaigns", status: 403, has: fields{"/detail": "Only communications officers can do this. Ask an owner of Crier to add you."}},
		step{as: "nobody", call: "GET /people", status: 403},
		step{as: "analyst", call: "POST /campaigns", body: simple, status: 403, has: fields{"/detail": "Your role does not allow this. Ask an owner of Crier."}},
	)
	r := httptest.NewRequest(http.MethodGet, base+"/campaigns", nil)
	r.Header["Authorization"] = []string{"Bearer owner", "Bearer owner"}
	answer := httptest.NewRecorder()
	w.server.router.ServeHTTP(answer, r)
	if answer.Code != 401 {
		t.Errorf("two tokens: status %d", answer.Code)
	}
	if strings.Contains(w.log(), "wrong") {
		t.Error("a token is in the log")
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	newWorld(t).run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "GET /nothing", status: 404, has: fields{"/type": "urn:crier:problem:not-found"}},
		step{call: "GET /campaigns/", status: 404},
		step{call: "GET //campaigns", status: 404},
		step{call: "GET /campaigns/1/", status: 404},
		step{call: "GET /campaigns/1/nothing", status: 404},
		step{call: "GET /campaigns/01", status: 404},
		step{call: "GET /campaigns/+1", status: 404},
		step{call: "GET /campaigns/99999999999999999999", status: 404},
		step{call: "GET /campaigns/%00", status: 404},
		step{call: "PATCH /campaigns", status: 405, headers: map[string]string{"Allow": "GET, HEAD, POST"}, has: fields{"/detail": "PATCH is not possible at this address; these are: GET, HEAD, POST."}},
		step{call: "POST /campaigns/1", status: 405, headers: map[string]string{"Allow": "GET, HEAD, PUT, DELETE"}},
		step{call: "GET /campaigns/1/send", status: 405, headers: map[string]string{"Allow": "POST"}},
		step{call: "OPTIONS /people", status: 405, headers: map[string]string{"Allow": "GET, HEAD"}},
	)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	malformed := func(name, body, detail string) step {
		return step{name: name, call: "POST /campaigns", body: body, status: 400, has: fields{"/type": "urn:crier:problem:malformed", "/detail": detail}}
	}
	kind := func(value string) map[string]string { return map[string]string{"Content-Type": value} }
	big := `{"name":"` + strings.Repeat("a", maxBody-11) + `"}`
	w.run(
		malformed("none", "", "The request has no body. Send a JSON object."),
		malformed("blank", " \n", "The request has no body. Send a JSON object."),
		malformed("no JSON", "name=x", "The request's body is not valid JSON: something is wrong at line 1, character 2."),
		malformed("on a later line", "{\n  \"näme\": ?}", "The request's body is not valid JSON: something is wrong at line 2, character 11."),
		malformed("too short", `{"name":`, "The request's body is not valid JSON: it ends too early."),
		malformed("something follows", `{"name":"N"} x`, "Something follows the JSON object, after line 1, character 13. Send one object only."),
		malformed("two objects", `{"name":"N"}{}`, "Something follows the JSON object, after line 1, character 13. Send one object only."),
		malformed("a list", `[]`, "The request's body is JSON, but no object."),
		malformed("null", `null`, "The request's body is JSON, but no object."),
		malformed("no UTF-8", "{\"name\":\"\xff\"}", "The request's body is not in UTF-8."),
		malformed("a field twice", `{"name":5,"name":"N","kind":"card"}`, "The request's body can't be read. Is a field there twice?"),
		malformed("very deep", strings.Repeat(`[`, 20000), "The request's body is not valid JSON: something is wrong at line 1, character 10001."),
		step{name: "unknown fields", call: "POST /campaigns", status: 400,
			body: `{"Name":"N","kind":5,"content":{"buttons":[{"titel":"x"}],"Survey":{}},"audience":{"everybody":true}}`,
			has: fields{"/detail": "There are fields that are not known here.", "/errors": []any{
				fields{"field": "Name", "message": "There is no such field."}, fields{"field": "audience.everybody", "message": "There is no such field."},
				fields{"field": "content.Survey", "message": "There is no such field."}, fields{"field": "content.buttons[0].titel", "message": "There is no such field."},
				fields{"field": "kind", "message": "This should be a text in quotes."}}}},
		step{name: "as big as may be", call: "POST /campaigns", body: big, status: 422, has: fields{"/errors/0/field": "name"}},
		step{name: "bigger", call: "POST /campaigns", body: big + " ", status: 413, has: fields{"/type": "urn:crier:problem:too-large", "/detail": "A request may have at most 1024 KB."}},
		step{name: "another type", call: "POST /campaigns", body: simple, header: kind("text/plain"), status: 415, has: fields{"/type": "urn:crier:problem:media-type"}},
		step{name: "a form", call: "POST /campaigns", body: "name=x", header: kind("application/x-www-form-urlencoded"), status: 415},
		step{name: "no type at all", call: "POST /campaigns", body: simple, header: kind("json;;"), status: 415},
		step{name: "another alphabet", call: "POST /campaigns", body: simple, header: kind("application/json; charset=latin1"), status: 415},
		step{name: "compressed", call: "POST /campaigns", body: simple, header: map[string]string{"Content-Encoding": "gzip"}, status: 415},
		step{name: "JSON", call: "POST /campaigns", body: simple, header: kind("application/json; charset=UTF-8"), status: 201},
		step{name: "a kind of JSON", call: "POST /campaigns", body: simple, header: kind("application/vnd.example+json"), status: 201},
		step{name: "the type of nothing does not matter", call: "POST /campaigns/1/clone", header: kind("text/plain"), status: 201},
	)
}

// A connection that breaks in the middle of a body is no internal error.
func TestBrokenBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, base+"/campaigns", io.MultiReader(strings.NewReader(`{"name":`), broken{}))
	r.Header.Set("Authorization", "Bearer owner")
	answer := httptest.NewRecorder()
	w.server.router.ServeHTTP(answer, r)
	if answer.Code != 400 || w.log() != "" {
		t.Errorf("status %d, log %q", answer.Code, w.log())
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the connection broke") }

func TestLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	french := map[string]string{"Accept-Language": "fr-CA, en;q=0.8"}
	w.run(
		step{call: "GET /campaigns/1", header: french, status: 404, headers: map[string]string{"Content-Language": "fr"},
			has: fields{"/detail": "Cette campagne n’existe pas.", "/title": "Introuvable."}},
		step{call: "POST /campaigns", header: french, body: `{"name":"N","kind":"x"}`, status: 422, has: fields{"/errors/0/message": "Le type est idea, success, important, card, message ou survey."}},
		step{call: "GET /nothing", as: "-", header: french, status: 401, has: fields{"/title": "Un jeton d’API est nécessaire."}},
	)
	for headers, want := range map[string]string{
		"": "en", "fr": "fr", "FR-fr": "fr", "de": "en", "de, fr;q=0.5": "fr", "en;q=0.5, fr;q=0.9": "fr", "en, fr": "en", "fr, en": "fr",
		"fr;q=0": "en", "fr;q=x": "en", "fr;q=2": "en", "fr;q=NaN": "en", "fr;level=1": "en", "*, fr;q=0.5": "en", "fr ; q=1, en ; q=0.1": "fr", ",,fr": "fr", "french": "en",
	} {
		if got := preferred([]string{headers}); got != want {
			t.Errorf("%q: %s, want %s", headers, got, want)
		}
	}
	if got := preferred([]string{"de", "fr"}); got != "fr" {
		t.Errorf("two headers: %s", got)
	}
}

func TestInternalErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	w.server.Preview = func(domain.Campaign, domain.Person) (json.RawMessage, error) { return nil, errors.New("the cause") }
	check := func(name, cause string) {
		t.Helper()
		answer := w.do(step{call: "POST /campaigns/1/preview", body: `{"email":""}`})
		if answer.Code != 500 || strings.Contains(answer.Body.String(), cause) {
			t.Errorf("%s: status %d: %s", name, answer.Code, answer.Body)
		}
		log := w.log()
		w.logged.Reset()
		if strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, cause) || !strings.Contains(log, "route=/api/v1/campaigns/{id}/preview") || !strings.Contains(log, "method=POST") {
			t.Errorf("%s: log %q", name, log)
		}
	}
	check("an error", "the cause")
	w.server.Preview = func(domain.Campaign, domain.Person) (json.RawMessage, error) { panic("a bug") }
	check("a panic", "a bug")
	w.server.Preview = func(domain.Campaign, domain.Person) (json.RawMessage, error) { return json.RawMessage("{"), nil }
	check("an answer that is no JSON", "encode an answer")
	must(t, w.db.Close())
	for _, call := range []string{"GET /campaigns", "GET /campaigns/1/report", "GET /people", "GET /people/lookup?email=a@b.example", "DELETE /people/1"} {
		if answer := w.do(step{call: call}); answer.Code != 500 {
			t.Errorf("%s without a database: status %d", call, answer.Code)
		}
	}
}

// A caller who leaves is no error of ours.
func TestCallerLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, base+"/campaigns", nil)
	r.Header.Set("Authorization", "Bearer owner")
	w.server.router.ServeHTTP(httptest.NewRecorder(), r)
	if log := w.log(); strings.Contains(log, "ERROR") {
		t.Errorf("log %q", log)
	}
}
