package web

import (
	"net/http"
	"net/url"
	"strings"
)

type signInData struct {
	frame
	Next  string
	Fault string
}

func (s *server) signInPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	next := localPath(r.URL.Query().Get("next"))
	if s.SignIn == Open || v.signedIn {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return s.askToken(w, v, http.StatusOK, next, "")
}

func (s *server) askToken(w http.ResponseWriter, v *visit, status int, next, fault string) error {
	v.signedIn = false
	data := signInData{frame: s.frame(v, "", v.tr.Text("Sign in")), Next: next, Fault: fault}
	return s.render(w, v, status, "sign-in", "", data)
}

// signIn begins a session for whoever holds an API token.
func (s *server) signIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := r.ParseForm(); err != nil {
		return formFault(err)
	}
	next := localPath(r.PostForm.Get("next"))
	if s.SignIn == Open {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	actor, ok := s.Officers.Token(strings.TrimSpace(r.PostForm.Get("secret")))
	if !ok {
		return s.askToken(w, v, http.StatusUnauthorized, next, v.tr.Text("This token is not known here. Check that all of it was copied."))
	}
	s.sessions.set(w, s.sessions.begin(actor))
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request, _ *visit) error {
	s.sessions.clear(w)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// localPath is where to go after the sign-in: a page of this console, whatever was asked for.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n") {
		return "/campaigns"
	}
	return u.RequestURI()
}
