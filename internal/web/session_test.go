package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

func testSessions(at *time.Time) sessions {
	return sessions{secret: []byte("0123456789abcdef"), now: func() time.Time { return *at }}
}

// cookieOf is the cookie that a session is set as.
func cookieOf(s sessions, v session) *http.Cookie {
	w := httptest.NewRecorder()
	s.set(w, v)
	return w.Result().Cookies()[0]
}

func readCookie(s sessions, c *http.Cookie) (session, bool) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(c)
	return s.read(r)
}

func TestASessionComesBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := testSessions(&at)
	begun := s.begin(domain.Actor{ID: "token:x", Name: "Zoë", Role: domain.Sender})
	read, ok := readCookie(s, cookieOf(s, begun))
	if !ok {
		t.Fatal("the session is refused")
	}
	if diff := cmp.Diff(begun, read); diff != "" {
		t.Error(diff)
	}
}

func TestForgedAndExpiredSessionsAreRefused(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := testSessions(&at)
	good := cookieOf(s, s.begin(domain.Actor{ID: "a", Role: domain.Analyst}))
	body, mac, _ := strings.Cut(good.Value, ".")
	richer, _, _ := strings.Cut(cookieOf(s, s.begin(domain.Actor{ID: "a", Role: domain.Owner})).Value, ".")
	other := s
	other.secret = []byte("fedcba9876543210")
	for name, value := range map[string]string{
		"empty": "", "no signature": body, "empty signature": body + ".", "another body": richer + "." + mac,
		"another secret": cookieOf(other, other.begin(domain.Actor{ID: "a"})).Value, "a form's signature": body + "." + s.mac("form", body),
		"not base64": "!!!." + s.mac("session", "!!!"), "no session": "bnVsbA." + s.mac("session", "bnVsbA"),
		"too long": strings.Repeat("a", maxCookie+1),
	} {
		if _, ok := readCookie(s, &http.Cookie{Name: good.Name, Value: value}); ok {
			t.Errorf("%s: taken for a session", name)
		}
	}
	at = at.Add(sessionLife - time.Second)
	if _, ok := readCookie(s, good); !ok {
		t.Error("refused before its time")
	}
	at = at.Add(time.Second)
	if _, ok := readCookie(s, good); ok {
		t.Error("taken after its time")
	}
}

func TestASessionIsRenewedWhileItIsUsedButNotForEver(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := testSessions(&at)
	v := s.begin(domain.Actor{ID: "a"})
	if _, again := s.renew(v); again {
		t.Error("renewed at once")
	}
	for range 100 {
		at = at.Add(7 * time.Hour)
		if !at.Before(v.Expires) {
			break
		}
		v, _ = s.renew(v)
	}
	if most := v.Begun.Add(sessionMost); v.Expires.After(most) || v.Expires.Before(most.Add(-sessionLife)) {
		t.Errorf("begun %v, it lasts until %v", v.Begun, v.Expires)
	}
}

func TestTheCookieIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := testSessions(&at)
	c := cookieOf(s, s.begin(domain.Actor{ID: "a"}))
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" {
		t.Errorf("over HTTP: %+v", c)
	}
	s.secure = true
	c = cookieOf(s, s.begin(domain.Actor{ID: "a"}))
	if !c.Secure || !strings.HasPrefix(c.Name, "__Host-") {
		t.Errorf("over HTTPS: %+v", c)
	}
}

func TestFormTokensBelongToTheirSession(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := testSessions(&at)
	a, b := s.begin(domain.Actor{ID: "a"}), s.begin(domain.Actor{ID: "a"})
	if !s.formTokenOK(a, s.formToken(a)) {
		t.Error("its own token is refused")
	}
	for _, token := range []string{"", s.formToken(b), s.formToken(a) + "x"} {
		if s.formTokenOK(a, token) {
			t.Errorf("%q is taken", token)
		}
	}
}
