package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
)

func TestWhoIsNotSignedInIsAskedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	answer := w.get("/campaigns?tab=done")
	if answer.Status != http.StatusSeeOther || answer.Location != "/sign-in?next=%2Fcampaigns%3Ftab%3Ddone" {
		t.Errorf("%d to %q", answer.Status, answer.Location)
	}
	w.get(answer.Location).must(t, http.StatusOK, `value="/campaigns?tab=done"`, "API token")
	fragment := w.request(http.MethodGet, "/campaigns/rows", nil)
	fragment.Header.Set("HX-Request", "true")
	if answer := w.do(fragment); answer.Status != http.StatusUnauthorized || answer.Header.Get("HX-Refresh") != "true" {
		t.Errorf("a fragment gets %d, %v", answer.Status, answer.Header)
	}

	wrong := w.do(w.request(http.MethodPost, "/sign-in", url.Values{"secret": {"guess"}, "next": {"/people"}}))
	wrong.must(t, http.StatusUnauthorized, "This token is not known here", `value="/people"`)
	right := w.do(w.request(http.MethodPost, "/sign-in", url.Values{"secret": {" " + apiToken + "\n"}, "next": {"/people"}}))
	if right.Status != http.StatusSeeOther || right.Location != "/people" {
		t.Fatalf("%d to %q", right.Status, right.Location)
	}
	w.get("/people").must(t, http.StatusOK, "Sign out")

	w.post("/people", "/sign-out", nil)
	if answer := w.get("/people"); answer.Status != http.StatusSeeOther {
		t.Errorf("after the sign-out: %d", answer.Status)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	w.signIn()
	w.get("/people").must(t, http.StatusOK)
	w.clock.forward(sessionLife + time.Second)
	if answer := w.get("/people"); answer.Status != http.StatusSeeOther {
		t.Errorf("after twelve hours: %d", answer.Status)
	}
}

func TestTheSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/campaigns/3?tab=x": "/campaigns/3?tab=x", "": "/campaigns", "//evil.example": "/campaigns", "https://evil.example/": "/campaigns",
		`/\evil.example`: "/campaigns", "javascript:alert(1)": "/campaigns", "people": "/campaigns", "/a\r\nX: y": "/campaigns",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestEveryAnswerKeepsThePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	for _, path := range []string{"/campaigns", "/no-such-page", "/campaigns/99", "/", "/assets/x/console.css"} {
		h := w.get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "script-src 'self';", "style-src 'self';", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self' https://teams.microsoft.com"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: %q is missing in %q", path, part, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.create(idea())
	page := w.get(campaignPath(c.ID))
	token := tokenField.FindStringSubmatch(page.Body)[1]
	path := campaignPath(c.ID) + "/delete"
	refused := func(name string, r *http.Request) {
		t.Helper()
		if answer := w.do(r); answer.Status != http.StatusForbidden {
			t.Errorf("%s: %d", name, answer.Status)
		}
	}
	r := w.request(http.MethodPost, path, url.Values{"token": {token}})
	r.Header.Set("Origin", "https://evil.example")
	refused("another origin", r)
	r = w.request(http.MethodPost, path, url.Values{"token": {token}})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Del("Origin")
	refused("a cross-site fetch", r)
	refused("no token", w.request(http.MethodPost, path, nil))
	refused("a wrong token", w.request(http.MethodPost, path, url.Values{"token": {token + "x"}}))
	stranger := w.request(http.MethodPost, path, url.Values{"token": {token}})
	w.client.Jar = nil
	refused("another session's token", stranger)
	if w.only().ID != c.ID {
		t.Error("the campaign is gone")
	}
}

// TestOtherNamesOfThisMachineAreRefused holds that a page elsewhere can't reach a console
// without a sign-in by letting its own name point here.
func TestOtherNamesOfThisMachineAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	for host, want := range map[string]int{
		"evil.example": http.StatusMisdirectedRequest, "localhost.evil.example:80": http.StatusMisdirectedRequest, "10.0.0.1": http.StatusMisdirectedRequest,
		"localhost:3978": http.StatusOK, "127.0.0.1": http.StatusOK, "127.8.8.8:1": http.StatusOK, "[::1]:3978": http.StatusOK, "LOCALHOST": http.StatusOK,
	} {
		r := w.request(http.MethodGet, "/campaigns", nil)
		r.Host = host
		if answer := w.do(r); answer.Status != want {
			t.Errorf("%s: %d, want %d", host, answer.Status, want)
		} else if want != http.StatusOK && len(answer.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: gets a session", host)
		}
	}
}

func TestInternalErrorsAreLoggedAndNotShown(t *testing.T) {
	t.Parallel()
	for name, preview := range map[string]func(domain.Campaign, domain.Person) (json.RawMessage, error){
		"error": func(domain.Campaign, domain.Person) (json.RawMessage, error) {
			return nil, errors.New("sql: secret table")
		},
		"panic": func(domain.Campaign, domain.Person) (json.RawMessage, error) { panic("sql: secret table") },
	} {
		w := newWorld(t, Open)
		w.server.Close()
		w.serve(Open, preview)
		c := w.create(idea())
		answer := w.get(campaignPath(c.ID) + "/review")
		answer.must(t, http.StatusInternalServerError, "Something went wrong")
		if strings.Contains(answer.Body, "secret table") {
			t.Errorf("%s: shown to people", name)
		}
		if n := strings.Count(w.log.String(), "level=ERROR"); n != 1 || !strings.Contains(w.log.String(), "secret table") {
			t.Errorf("%s: logged %d times: %s", name, n, w.log)
		}
	}
}

func TestBigFormsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/save", url.Values{"name": {strings.Repeat("a", maxBody)}})
	answer.must(t, http.StatusUnprocessableEntity, "more than a page can take")
}

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	for name, change := range map[string]func(*Options){
		"no public URL": func(o *Options) { o.PublicURL = "" },
		"a path":        func(o *Options) { o.PublicURL = "/console" },
		"short secret":  func(o *Options) { o.Secret = []byte("short") },
	} {
		o := w.options(Token, "https://crier.example.com")
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
