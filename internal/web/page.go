package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// visit is one request of somebody: who, and in what language.
type visit struct {
	session  session
	signedIn bool
	tr       i18n.Translator
	fragment bool // htmx asks for a part of a page
}

func (v *visit) actor() domain.Actor { return v.session.actor() }

// handler answers one request; the error becomes a page, see fail.
type handler func(w http.ResponseWriter, r *http.Request, v *visit) error

// stranger is a visit of nobody in particular, in the browser's language.
func (s *server) stranger(r *http.Request) *visit {
	return &visit{tr: i18n.For(wantedLanguage(r.Header.Get("Accept-Language"))), fragment: r.Header.Get("HX-Request") == "true"}
}

// open runs a handler for anybody, signed in or not.
func (s *server) open(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.stranger(r)
		v.session, v.signedIn = s.sessions.read(r)
		s.run(w, r, v, h)
	})
}

// page runs a handler for somebody who is signed in; a form must carry its session's token.
func (s *server) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.stranger(r)
		if !s.admit(w, r, v) {
			askToSignIn(w, r, v)
			return
		}
		s.run(w, r, v, func(w http.ResponseWriter, r *http.Request, v *visit) error {
			if r.Method == http.MethodPost {
				if err := s.checkForm(r, v); err != nil {
					return err
				}
			}
			return h(w, r, v)
		})
	})
}

// admit finds out who it is, and renews the session of who stays.
func (s *server) admit(w http.ResponseWriter, r *http.Request, v *visit) bool {
	known, ok := s.sessions.read(r)
	renewed := false
	switch {
	case ok:
		known, renewed = s.sessions.renew(known)
	case s.SignIn == Open:
		known, renewed = s.sessions.begin(domain.Actor{ID: "local:owner", Name: v.tr.Text("Local owner"), Role: domain.Owner}), true
	default:
		return false
	}
	if renewed {
		s.sessions.set(w, known)
	}
	v.session, v.signedIn = known, true
	return true
}

func (s *server) checkForm(r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return formFault(err)
	}
	if !s.sessions.formTokenOK(v.session, r.PostForm.Get("token")) {
		return domain.Fail(domain.Forbidden, "This page has been open for too long, or was opened in another session. Load it again and repeat your change.")
	}
	return nil
}

// stream runs a handler for somebody who is signed in that answers for as long as there is
// something to tell.
func (s *server) stream(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.stranger(r)
		if !s.admit(w, r, v) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if err := h(w, r, v); err != nil {
			s.fail(w, r, v, err)
		}
	})
}

func (s *server) run(w http.ResponseWriter, r *http.Request, v *visit, h handler) {
	ctx, cancel := context.WithTimeout(r.Context(), requestTime)
	defer cancel()
	r = r.WithContext(ctx)
	if err := h(w, r, v); err != nil {
		s.fail(w, r, v, err)
	}
}

// frame is what the layout of every page needs; pages embed it.
type frame struct {
	Title     string
	Nav       string // which room is open: "campaigns", "people", "simulator"
	Simulated bool   // there is a simulated tenant to look at
	Lang      string
	Actor     domain.Actor
	SignedIn  bool
	CanLeave  bool // there is a sign-in, so there is a sign-out
	Token     string
	Said      string // what was just done
	Version   string
	Location  string // the address to show, where it differs from the one posted to
}

func (s *server) frame(v *visit, nav, title string) frame {
	f := frame{Title: title, Nav: nav, Lang: v.tr.Language(), Version: s.Version, SignedIn: v.signedIn, CanLeave: s.SignIn != Open}
	if v.signedIn {
		f.Actor, f.Token = v.actor(), s.sessions.formToken(v.session)
		f.Simulated = s.Simulated != nil && v.actor().May(domain.Owner) == nil
	}
	return f
}

// render draws a page, or with part the one fragment of it. Nothing is written unless all
// of it could be drawn.
func (s *server) render(w http.ResponseWriter, v *visit, status int, page, part string, data any) error {
	var b bytes.Buffer
	if err := s.views.execute(&b, v.tr.Language(), page, part, data); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	if err != nil {
		return errGone
	}
	return nil
}

// wantedLanguage is the first language of an Accept-Language header that we speak; weights
// are taken to fall, as browsers write them.
func wantedLanguage(header string) string {
	if len(header) > 512 {
		return ""
	}
	for _, tag := range strings.Split(header, ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if primary == "fr" || primary == "en" {
			return primary
		}
	}
	return ""
}
