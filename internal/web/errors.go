package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// errGone is a reader who left before the page was written: nobody is to be told.
var errGone = errors.New("web: the reader left")

// failure is what a page says of an error.
type failure struct {
	status int
	title  domain.Text
	text   domain.Text
}

func internalFailure() failure {
	return failure{http.StatusInternalServerError, domain.Say("Something went wrong"),
		domain.Say("It has been noted. Try again in a moment; if it happens again, tell whoever runs Crier here.")}
}

// failureOf is the table from an error's kind to status and title. False for an internal error.
func failureOf(err error) (failure, bool) {
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return internalFailure(), false
	}
	switch e.Kind {
	case domain.NotFound:
		return failure{http.StatusNotFound, domain.Say("Not found"), e.Message}, true
	case domain.Forbidden:
		return failure{http.StatusForbidden, domain.Say("Not allowed"), e.Message}, true
	case domain.Conflict, domain.Stale:
		return failure{http.StatusConflict, domain.Say("That can't be done now"), e.Message}, true
	}
	return failure{http.StatusUnprocessableEntity, domain.Say("Something needs attention"), e.Message}, true
}

// formFault is what a form that can't be read comes to.
func formFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return domain.Fail(domain.Invalid, "This is more than a page can take.")
	}
	return domain.Fail(domain.Invalid, "This form can't be read. Load the page again and repeat your change.")
}

// fail answers an error: people read what is meant for them; everything else is logged once.
func (s *server) fail(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	if errors.Is(err, errGone) || errors.Is(r.Context().Err(), context.Canceled) {
		return
	}
	f, known := failureOf(err)
	if !known {
		s.Log.Error("a page of the console failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	s.errorPage(w, v, f)
}

type errorData struct {
	frame
	Text string
}

func (s *server) errorPage(w http.ResponseWriter, v *visit, f failure) {
	title := sayIn(v.tr, f.title)
	data := errorData{frame: s.frame(v, "", title), Text: sayIn(v.tr, f.text)}
	if err := s.render(w, v, f.status, "error", "", data); err != nil && !errors.Is(err, errGone) {
		s.Log.Error("the error page failed", "error", err)
		http.Error(w, title, f.status)
	}
}

func (s *server) notFound(w http.ResponseWriter, _ *http.Request, v *visit) error {
	s.errorPage(w, v, failure{http.StatusNotFound, domain.Say("Not found"), domain.Say("There is no such page.")})
	return nil
}

func (s *server) crossOrigin(w http.ResponseWriter, _ *http.Request, v *visit) error {
	s.errorPage(w, v, failure{http.StatusForbidden, domain.Say("Not allowed"),
		domain.Say("This form was sent from another site. Open the console at its own address and repeat your change.")})
	return nil
}

func (s *server) foreignHost(w http.ResponseWriter, _ *http.Request, v *visit) error {
	s.errorPage(w, v, failure{http.StatusMisdirectedRequest, domain.Say("Not allowed"),
		domain.Say("This console answers under this computer's own name only, such as localhost.")})
	return nil
}

// askToSignIn sends a page to the sign-in and back, and tells a fragment's page to reload.
func askToSignIn(w http.ResponseWriter, r *http.Request, v *visit) {
	if v.fragment {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	to := "/sign-in"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// sayIn is a sentence in the reader's language, with the statuses in it.
func sayIn(tr i18n.Translator, t domain.Text) string {
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		if status, ok := a.(domain.Status); ok {
			a = statusWord(tr, status)
		}
		args[i] = a
	}
	return tr.Text(t.Format, args...)
}
