package directory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

// wantRefusal asks for somebody new and wants to be told when to ask again.
func (w *world) wantRefusal(after time.Duration) *domain.Unavailable {
	w.Helper()
	got, err := w.Presence(w.Context(), home, people(500, 501))
	u, ok := errors.AsType[*domain.Unavailable](err)
	if !ok || got != nil {
		w.Fatalf("got %v, %v, want an Unavailable", got, err)
	}
	if u.RetryAfter != after {
		w.Errorf("to be asked again in %s, want %s: %v", u.RetryAfter, after, err)
	}
	for _, text := range []string{u.Error(), w.log.String()} {
		if strings.Contains(text, "secret") || strings.Contains(text, person(500)) {
			w.Errorf("a token or an id in %q", text)
		}
	}
	return u
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header string
		want   time.Duration
	}{
		"whole seconds": {"Retry-After: 17", 17 * time.Second},
		"a fraction":    {"Retry-After: 2.128", 2128 * time.Millisecond},
		"a date":        {"Retry-After: " + testNow.Add(40*time.Second).Format(http.TimeFormat), 40 * time.Second},
		"far too long":  {"Retry-After: 1e300", time.Hour},
		"nothing":       {"X: y", 5 * time.Second},
		"zero":          {"Retry-After: 0", 5 * time.Second},
		"negative":      {"Retry-After: -3", 5 * time.Second},
		"no number":     {"Retry-After: NaN", 5 * time.Second},
		"a past date":   {"Retry-After: " + testNow.Add(-time.Hour).Format(http.TimeFormat), 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.wantAll(people(0, 1))
			w.graph.will(say(429, `{"error":{"code":"TooManyRequests"}}`, test.header))
			w.wantRefusal(test.want)
			w.graph.will(nil)
			w.wantAll(people(0, 1)) // from memory, asking nobody
			w.clock.advance(test.want - time.Millisecond)
			u := w.wantRefusal(time.Millisecond)
			w.wantRequests(2)
			if u.Permission != "" || !strings.Contains(u.Error(), "HTTP 429 TooManyRequests") {
				t.Errorf("got %v", u)
			}
			if _, err := w.Presence(t.Context(), "elsewhere", people(0, 1)); err != nil {
				t.Errorf("another tenant: %v", err)
			}
			w.clock.advance(time.Millisecond)
			w.wantAll(people(500, 501))
		})
	}
}

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.will(say(503, `<html>Service Unavailable</html>`))
	for _, seconds := range []time.Duration{5, 10, 20, 40, 60, 60} {
		w.wantRefusal(seconds * time.Second)
		w.clock.advance(seconds * time.Second)
	}
	w.graph.will(nil)
	w.wantAll(people(0, 1))
	w.graph.will(say(503, ``))
	w.wantRefusal(5 * time.Second)
}

func TestA401RenewsTheTokenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	only := func(token string) func(http.ResponseWriter, *http.Request) {
		return func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "Bearer "+token {
				say(200, `{"value":[{"id":"`+person(0)+`","availability":"Away","activity":"Away"}]}`)(rw, r)
				return
			}
			say(401, `{"error":{"code":"InvalidAuthenticationToken","message":"expired: `+r.Header.Get("Authorization")+`"}}`)(rw, r)
		}
	}
	w.graph.will(only("secret-2"))
	w.want(people(0, 1), map[string]domain.Presence{person(0): domain.Away})
	w.wantRequests(2)
	if diff := cmp.Diff([]string{home + " secret-1"}, w.tokens.dropped); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	w.graph.will(only("none"))
	u := w.wantRefusal(5 * time.Second)
	if u.Permission != "" || !strings.Contains(u.Error(), "HTTP 401 InvalidAuthenticationToken") {
		t.Errorf("got %v", u)
	}
	w.wantRequests(4)
}

func TestA403NamesThePermission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.will(say(403, `{"error":{"code":"Authorization_RequestDenied","message":"m","innererror":{"code":"Forbidden"}}}`, "request-id: abc-1"))
	u := w.wantRefusal(time.Minute)
	if u.Permission != "Presence.Read.All" || !strings.Contains(u.Error(), "HTTP 403 Authorization_RequestDenied Forbidden (request-id abc-1)") {
		t.Errorf("got %v", u)
	}
	w.wantRequests(1)
	w.clock.advance(time.Minute)
	w.graph.will(nil)
	w.wantAll(people(0, 1))
	if got := w.graph.requests[1].Header.Get("Authorization"); got != "Bearer secret-2" {
		t.Errorf("after the consent: %s: the roles are in the token, so it takes a new one", got)
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	whole := `{"value":[{"id":"` + person(500) + `","availability":"Available","activity":"Available"}]}`
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"empty":             say(200, ``),
		"HTML":              say(200, `<html></html>`),
		"no list":           say(200, `{}`),
		"null":              say(200, `{"value":null}`),
		"another shape":     say(200, `{"value":{"id":"x"}}`),
		"cut off":           say(200, whole[:40]),
		"more behind it":    say(200, whole+whole),
		"shorter than told": say(200, whole, "Content-Length: 10000"),
		"far too long":      say(200, whole+strings.Repeat(" ", maxBody)),
		"no content":        say(204, ``),
		"a redirect":        say(307, whole, "Location: /elsewhere"),
		"bad request":       say(400, `{"error":{"code":"BadRequest"}}`),
		"not found":         say(404, `{"error":"odd"}`),
		"server error":      say(500, `{"error":{"code":"`+strings.Repeat("long\n", 1000)+`"}}`),
		"bad gateway":       say(502, `<html></html>`),
		"time-out":          say(504, ``),
		"the token back":    say(500, `{"error":{"code":"secret-1","innerError":{"code":"Bearer secret-1"}}}`, "request-id: secret-1"),
		"hung up":           func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.graph.will(answer)
			if u := w.wantRefusal(5 * time.Second); len(u.Error()) > 500 || strings.Contains(u.Error(), "\n") || u.Permission != "" {
				t.Errorf("got %v", u)
			}
			w.wantRequests(1)
			if strings.Count(w.log.String(), "\n") != 1 {
				t.Errorf("logged %q", w.log)
			}
			w.graph.will(nil)
			w.clock.advance(5 * time.Second)
			w.wantAll(people(500, 501))
		})
	}
}

func TestErrorAnswersKeepTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.will(say(503, strings.Repeat("x", 100_000), "Retry-After: 1"))
	for range 5 {
		w.wantRefusal(time.Second)
		w.clock.advance(time.Second)
	}
	if n := w.graph.conns.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.limit = 10 * time.Millisecond
	w.graph.hold = make(chan struct{})
	defer close(w.graph.hold)
	if u := w.wantRefusal(5 * time.Second); !strings.Contains(u.Error(), "time limit") {
		t.Errorf("got %v", u)
	}
}

func TestGraphOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.Close()
	if u := w.wantRefusal(5 * time.Second); strings.Contains(u.Error(), "getPresences") {
		t.Errorf("got %v", u)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tokens.err = errors.New("the authority is out of reach")
	if u := w.wantRefusal(5 * time.Second); !errors.Is(u, w.tokens.err) {
		t.Errorf("got %v", u)
	}
	w.wantRequests(0)
}

// TestACallerThatLeavesHarmsNobody shows that its error is not Graph's.
func TestACallerThatLeavesHarmsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.asked, w.graph.hold = make(chan struct{}, 2), make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := w.Presence(ctx, home, people(0, 1))
		gone <- err
	}()
	<-w.graph.asked
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(w.graph.hold)
	w.wantAll(people(0, 1))
}

func TestNearTheLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.graph.will(say(200, `{"value":[]}`, "x-ms-throttle-limit-percentage: 0.9"))
	w.want(people(0, 1), map[string]domain.Presence{})
	if !strings.Contains(w.log.String(), "share=0.9") {
		t.Errorf("logged %q", w.log)
	}
}

func TestNewRefusesBadSettings(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "graph.microsoft.com", "http://graph.microsoft.com", "ftp://graph", "https://", "https://u:p@graph", "https://graph/?x=y", "http://127.0.0.1.evil.example"} {
		if _, err := New(Options{URL: address, Tokens: &source{}}); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := New(Options{URL: "https://graph.microsoft.com"}); err == nil {
		t.Error("no tokens: accepted")
	}
	for _, address := range []string{"https://graph.microsoft.com/", "http://localhost:1", "http://[::1]:9000/graph"} {
		if d, err := New(Options{URL: address, Tokens: &source{}}); err != nil || strings.Contains(d.address, "//v1.0") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestTokensAreNeverShown(t *testing.T) {
	t.Parallel()
	r := readRefusal(&http.Response{StatusCode: 500, Header: http.Header{}}, []byte(`{"error":{"code":"a-token\u0007b"}}`), "a-token")
	if got, want := r.Error(), "Graph answered HTTP 500 [redacted]b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, "a-token") {
		t.Error(text)
	}
}
