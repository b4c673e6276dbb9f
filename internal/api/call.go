package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"

	"crier/internal/domain"

	"github.com/gorilla/mux"
)

// call is one request that holds a valid token. Its context is the request's, or outlives
// it where an idempotency key promises a result.
type call struct {
	*http.Request
	by   domain.Actor
	body []byte
}

// endpoint is one operation of the API.
type endpoint func(*call) (answer, error)

// answer is what an operation came to.
type answer struct {
	status   int
	body     any    // encoded as JSON; nil: nothing
	revision int64  // of the campaign in the body, for its ETag; 0: no ETag
	location string // of what was created
}

// serve is the way of every request, from the token to the last byte.
func (s *server) serve(do endpoint) http.Handler { return s.serveReading(readBody, do) }

// serveReading is serve with a way of its own to read the body.
func (s *server) serveReading(read func(http.ResponseWriter, *http.Request) ([]byte, error), do endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by, err := s.authenticate(r)
		if err != nil {
			s.problem(r, err).write(w, r)
			return
		}
		body, err := read(w, r)
		if err != nil {
			s.problem(r, err).write(w, r)
			return
		}
		c := &call{Request: r, by: by, body: body}
		s.once(c, func(c *call) response { return s.run(c, do) }).write(w, r)
	})
}

// run carries out an operation; a panic in it is an internal error.
func (s *server) run(c *call, do endpoint) (r response) {
	defer func() {
		if p := recover(); p != nil {
			r = s.problem(c.Request, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	a, err := do(c)
	if err == nil {
		r, err = a.encode()
	}
	if err != nil {
		return s.problem(c.Request, err)
	}
	return r
}

// campaignID is the id in the path. What is no id names no campaign.
func (c *call) campaignID() (int64, error) {
	id, ok := parseID(mux.Vars(c.Request)["id"])
	if !ok {
		return 0, domain.Fail(domain.NotFound, "There is no such campaign.")
	}
	return id, nil
}

// personID is the id in the path. What is no id names nobody.
func (c *call) personID() (int64, error) {
	id, ok := parseID(mux.Vars(c.Request)["id"])
	if !ok {
		return 0, domain.Fail(domain.NotFound, "There is no such person.")
	}
	return id, nil
}

// parseID reads an id in the one way it is written.
func parseID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0 && formatID(id) == text
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
