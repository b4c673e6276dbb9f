package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"crier/internal/domain"
)

const (
	maxIdempotencyKey = 255
	// patience is how long a request with a key may go on after its caller left.
	patience = 30 * time.Second
)

// once carries out a POST with an Idempotency-Key one time: the same request with the same
// key gets the same result again. Only our own failures free the key. A request with a key
// goes on when its caller leaves, so that the caller who tries again learns the result.
func (s *server) once(c *call, do func(*call) response) response {
	keys := c.Header.Values("Idempotency-Key")
	if c.Method != http.MethodPost || len(keys) == 0 {
		return do(c)
	}
	if len(keys) > 1 || len(keys[0]) < 1 || len(keys[0]) > maxIdempotencyKey {
		return s.problem(c.Request, malformed(domain.Say("Send one Idempotency-Key of 1 to %d characters.", maxIdempotencyKey)))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), patience)
	defer cancel()
	key, request := digest(c.by.ID, keys[0]), digest(c.Method, c.URL.RequestURI(), string(c.body))
	stored, err := s.Replies.Begin(ctx, key, request, s.Now())
	if err != nil {
		return s.problem(c.Request, err)
	}
	if stored != nil {
		return s.again(c, *stored, request)
	}
	c.Request = c.WithContext(ctx)
	r := do(c)
	s.keep(c, key, request, r)
	return r
}

// keep stores the result. Where that fails the key stays taken for a while: a caller is
// told to wait, and finds out meanwhile what became of the first try.
func (s *server) keep(c *call, key, request string, r response) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), patience)
	defer cancel()
	var err error
	if r.status >= http.StatusInternalServerError {
		err = s.Replies.Drop(ctx, key)
	} else {
		err = s.Replies.Finish(ctx, key, domain.Reply{Request: request, Status: r.status, Header: r.keptHeader(), Body: string(r.body)})
	}
	if err != nil {
		s.logInternal(c.Request, err)
	}
}

// again answers a request whose key was used before.
func (s *server) again(c *call, stored domain.Reply, request string) response {
	switch {
	case stored.Request != request:
		return s.problem(c.Request, &refusal{status: http.StatusUnprocessableEntity, name: "idempotency-key-reused",
			detail: domain.Say("This Idempotency-Key was used for another request. Use a new key for each one.")})
	case stored.Status == 0:
		return s.problem(c.Request, &refusal{status: http.StatusConflict, name: "idempotency-key-in-use", header: map[string]string{"Retry-After": "1"},
			detail: domain.Say("The first request with this Idempotency-Key is still under way. Try again in a moment.")})
	}
	r := response{status: stored.Status, header: headerOf(stored.Header), body: []byte(stored.Body)}
	r.header["Idempotency-Replayed"] = "true"
	return r
}

// keptHeaders are the headers that are the same when a result is told again.
func keptHeaders() []string {
	return []string{"Etag", "Location", "Content-Type", "Content-Language", "Retry-After"}
}

func (r response) keptHeader() string {
	var lines []string
	for _, name := range keptHeaders() {
		if value := r.header[name]; value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	return strings.Join(lines, "\n")
}

func headerOf(kept string) map[string]string {
	header := map[string]string{}
	for line := range strings.SplitSeq(kept, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			header[name] = value
		}
	}
	return header
}

// digest is a mark of the parts and of where one ends; it hides what callers choose as keys.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
