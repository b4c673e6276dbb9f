package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"crier/internal/domain"
)

const (
	sessionLife   = 12 * time.Hour // after the last renewal
	sessionMost   = 7 * 24 * time.Hour
	maxCookie     = 2048
	sessionCookie = "crier_session"
)

// session is who is signed in, as a signed cookie holds it.
type session struct {
	ActorID string
	Name    string
	Role    domain.Role
	Nonce   string // what forms are bound to
	Begun   time.Time
	Expires time.Time
}

func (s session) actor() domain.Actor {
	return domain.Actor{ID: s.ActorID, Name: s.Name, Role: s.Role}
}

// sessions signs and reads sessions. Nothing is kept on the server.
type sessions struct {
	secret []byte
	secure bool // the cookie goes over TLS only
	now    domain.Clock
}

func (s sessions) begin(a domain.Actor) session {
	now := s.now()
	return session{ActorID: a.ID, Name: a.Name, Role: a.Role, Nonce: rand.Text(), Begun: now, Expires: now.Add(sessionLife)}
}

// renew answers a session with its full life ahead of it, and whether the cookie is to be
// set again: who works through the day is not thrown out in the middle of a text.
func (s sessions) renew(v session) (session, bool) {
	now := s.now()
	if v.Expires.Sub(now) > sessionLife/2 {
		return v, false
	}
	most := v.Begun.Add(sessionMost)
	v.Expires = now.Add(sessionLife)
	if v.Expires.After(most) {
		v.Expires = most
	}
	return v, true
}

// read is the session of a request; false when there is none that was signed here and lasts.
func (s sessions) read(r *http.Request) (session, bool) {
	c, err := r.Cookie(s.cookieName())
	if err != nil || len(c.Value) > maxCookie {
		return session{}, false
	}
	body, mac, _ := strings.Cut(c.Value, ".")
	if !hmac.Equal([]byte(mac), []byte(s.mac("session", body))) {
		return session{}, false
	}
	var v session
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || json.Unmarshal(raw, &v) != nil {
		return session{}, false
	}
	return v, v.Nonce != "" && s.now().Before(v.Expires)
}

func (s sessions) set(w http.ResponseWriter, v session) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("web: a session did not encode: " + err.Error()) // plain data always does
	}
	body := base64.RawURLEncoding.EncodeToString(raw)
	c := s.cookie(body+"."+s.mac("session", body), v.Expires)
	http.SetCookie(w, &c)
}

func (s sessions) clear(w http.ResponseWriter) {
	c := s.cookie("", time.Unix(1, 0))
	c.MaxAge = -1
	http.SetCookie(w, &c)
}

func (s sessions) cookie(value string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/", Expires: expires,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

// cookieName binds the cookie to this very host where TLS allows it.
func (s sessions) cookieName() string {
	if s.secure {
		return "__Host-" + sessionCookie
	}
	return sessionCookie
}

// formToken is what every form of a session carries.
func (s sessions) formToken(v session) string { return s.mac("form", v.Nonce) }

func (s sessions) formTokenOK(v session, token string) bool {
	return hmac.Equal([]byte(token), []byte(s.formToken(v)))
}

func (s sessions) mac(purpose, text string) string {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("console " + purpose + ":" + text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
