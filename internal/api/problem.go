package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"crier/internal/domain"
	"crier/internal/i18n"

	"github.com/gorilla/mux"
)

// problem is an error as programs and people read it. Source: RFC 9457.
type problem struct {
	Type   string       `json:"type"` // "urn:crier:problem:…", for programs
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Errors []fieldError `json:"errors,omitempty"`
}

type fieldError struct {
	Field   string `json:"field"` // "content.buttons[0].url"
	Message string `json:"message"`
}

// refusal is what is wrong with a request rather than with what it asks for.
type refusal struct {
	status int
	name   string // the last part of the problem's type
	detail domain.Text
	fields []domain.FieldError
	header map[string]string
}

func (r *refusal) Error() string { return r.detail.String() }

// problem is the response for an error: the one place where errors become statuses. An
// error that is not for people is logged and not shown.
func (s *server) problem(r *http.Request, err error) response {
	language := languageOf(r)
	var e *refusal
	if !errors.As(err, &e) {
		e = s.explain(r, err)
	}
	p := problem{
		Type: "urn:crier:problem:" + e.name, Title: say(language, title(e.status)), Status: e.status, Detail: say(language, e.detail),
	}
	for _, f := range e.fields {
		p.Errors = append(p.Errors, fieldError{Field: f.Field, Message: say(language, f.Message)})
	}
	header := map[string]string{"Content-Type": "application/problem+json", "Content-Language": language}
	for name, value := range e.header {
		header[name] = value
	}
	body, err := encode(p)
	if err != nil {
		s.Log.Error("api: a problem did not encode", "error", err)
	}
	return response{status: e.status, header: header, body: body}
}

// explain is the table from the domain's kinds of error to statuses.
func (s *server) explain(r *http.Request, err error) *refusal {
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		s.logInternal(r, err)
		return &refusal{status: http.StatusInternalServerError, name: "internal",
			detail: domain.Say("Something went wrong on our side. Try again in a moment; if it stays, look at the log.")}
	}
	refused := &refusal{detail: e.Message, fields: e.Fields}
	switch e.Kind {
	case domain.Forbidden:
		refused.status, refused.name = http.StatusForbidden, "forbidden"
	case domain.NotFound:
		refused.status, refused.name = http.StatusNotFound, "not-found"
	case domain.Conflict:
		refused.status, refused.name = http.StatusConflict, "conflict"
	case domain.Stale:
		refused.status, refused.name = http.StatusPreconditionFailed, "stale"
	default:
		refused.status, refused.name = http.StatusUnprocessableEntity, "invalid"
	}
	return refused
}

// logInternal logs the route's template, not the address, which may name people. A caller
// who left is no fault of ours.
func (s *server) logInternal(r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		s.Log.Debug("api: the caller left", "method", r.Method, "route", template(r))
		return
	}
	s.Log.Error("api: internal error", "method", r.Method, "route", template(r), "error", err)
}

func template(r *http.Request) string {
	if route := mux.CurrentRoute(r); route != nil {
		if t, err := route.GetPathTemplate(); err == nil {
			return t
		}
	}
	return ""
}

func say(language string, t domain.Text) string { return i18n.Text(language, t.Format, t.Args...) }

func title(status int) domain.Text {
	switch status {
	case http.StatusBadRequest:
		return domain.Say("The request can't be read.")
	case http.StatusUnauthorized:
		return domain.Say("An API token is needed.")
	case http.StatusForbidden:
		return domain.Say("This is not allowed.")
	case http.StatusNotFound:
		return domain.Say("It does not exist.")
	case http.StatusMethodNotAllowed:
		return domain.Say("This can't be done here.")
	case http.StatusConflict:
		return domain.Say("This can't be done now.")
	case http.StatusPreconditionFailed:
		return domain.Say("It was changed meanwhile.")
	case http.StatusRequestEntityTooLarge:
		return domain.Say("The request is too big.")
	case http.StatusUnsupportedMediaType:
		return domain.Say("The request is not JSON.")
	case http.StatusUnprocessableEntity:
		return domain.Say("The content is not valid.")
	case http.StatusServiceUnavailable:
		return domain.Say("It is too busy just now.")
	}
	return domain.Say("Something went wrong.")
}

func noSuchRoute(*call) (answer, error) {
	return answer{}, domain.Fail(domain.NotFound, "There is nothing at this address. What there is stands in /api/v1/openapi.json.")
}

func (s *server) wrongMethod(c *call) (answer, error) {
	allowed := strings.Join(s.methodsAt(c.Request), ", ")
	return answer{}, &refusal{status: http.StatusMethodNotAllowed, name: "method-not-allowed",
		detail: domain.Say("%s is not possible at this address; these are: %s.", c.Method, allowed), header: map[string]string{"Allow": allowed}}
}

// methodsAt are the methods that the request's address takes.
func (s *server) methodsAt(r *http.Request) []string {
	all := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete}
	return slices.DeleteFunc(all, func(method string) bool {
		probe := r.Clone(r.Context())
		probe.Method = method
		var match mux.RouteMatch
		return !s.router.Match(probe, &match) || match.MatchErr != nil
	})
}
