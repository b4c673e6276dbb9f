package connector

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxAnswer bounds an answer of the Connector; a page of 500 members is some
// 200 KB.
const maxAnswer = 4 << 20

// call is one logical request.
type call struct {
	op         string
	method     string
	ref        Ref
	path       []string // parts after /v3/, not encoded
	query      url.Values
	body       []byte
	idempotent bool // may be repeated without harm
	inTurn     bool // the caller has waited for the turn of the first request
}

type answer struct {
	body       []byte
	err        error  // why body is not whole
	serviceURL string // where it was found, if not at the ref's
}

// do carries a call out: one slot for as long as it takes.
func (c *Client) do(ctx context.Context, call call) (answer, error) {
	base, err := c.hosts.base(call.ref.ServiceURL)
	if err != nil {
		return answer{}, &Error{Op: call.op, Class: Config, Err: err}
	}
	release, err := c.slot(ctx)
	if err != nil {
		return answer{}, &Error{Op: call.op, Class: Retryable, Err: err}
	}
	defer release()
	result, err := c.authorized(ctx, base, call)
	if other := c.otherHost(base, err); other != "" {
		call.inTurn = false
		result, err = c.authorized(ctx, other, call)
		result.serviceURL = c.gcc
	}
	return result, err
}

func (c *Client) slot(ctx context.Context) (release func(), err error) {
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// otherHost is the trusted GCC address if that is where the service points to.
func (c *Client) otherHost(base string, err error) string {
	var failure *Error
	if !errors.As(err, &failure) || failure.Status != http.StatusForbidden || !failure.Has("InvalidBotApiHost") {
		return ""
	}
	gcc, err := c.hosts.base(c.gcc)
	if err != nil || gcc == base {
		return ""
	}
	return gcc
}

// authorized sends the call with a token, and once more with a new one if the
// Connector refuses it.
func (c *Client) authorized(ctx context.Context, base string, call call) (answer, error) {
	if c.tokens == nil {
		return c.attempt(ctx, base, call, "")
	}
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return answer{}, err
	}
	result, err := c.attempt(ctx, base, call, token)
	var failure *Error
	if !errors.As(err, &failure) || failure.Status != http.StatusUnauthorized || failure.Has("BotNotRegistered") {
		return result, err
	}
	c.tokens.Drop(token)
	call.inTurn = false
	if token, err = c.tokens.Token(ctx); err != nil {
		return answer{}, err
	}
	return c.attempt(ctx, base, call, token)
}

// attempt is one HTTP request, in the tenant's turn.
func (c *Client) attempt(ctx context.Context, base string, call call, token string) (answer, error) {
	if err := c.turn(ctx, call); err != nil {
		return answer{}, heldBack(call.op, err)
	}
	started := time.Now()
	// A request that has begun is not cut short when the caller stops: whether it had
	// arrived would be unknown. The time limit still ends it.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	defer cancel()
	sent := &sending{}
	request, err := c.request(httptrace.WithClientTrace(limited, sent.trace()), base, call, token)
	if err != nil {
		return answer{}, &Error{Op: call.op, Class: Message, Err: err}
	}
	response, err := c.http.Transport.RoundTrip(request) // for there are no redirects and no cookies
	if err != nil {
		return answer{}, transportFailure(ctx, limited, call, err, sent.mayHaveArrived())
	}
	body, err := readBody(response.Body, maxAnswer)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return answer{}, c.refused(call, response, body, token, started)
	}
	c.throttle.Succeeded(call.ref.TenantID, started)
	return answer{body: body, err: err}, nil
}

// turn waits for the request's turn, if the caller has not, or too early.
func (c *Client) turn(ctx context.Context, call call) error {
	if call.inTurn && c.throttle.ClosedUntil(call.ref.TenantID).IsZero() {
		return ctx.Err()
	}
	return c.throttle.Wait(ctx, call.ref.TenantID)
}

func (c *Client) refused(call call, response *http.Response, body []byte, token string, started time.Time) error {
	failure := refusal(call.op, response, body, call.idempotent, token, time.Now())
	if failure.Status == http.StatusTooManyRequests {
		failure.RetryAfter = c.throttle.Throttled(call.ref.TenantID, started, failure.RetryAfter)
	}
	return failure
}

// request puts the bearer token into a request to a trusted address: base
// comes from TrustedHosts.base and from nowhere else.
func (c *Client) request(ctx context.Context, base string, call call, token string) (*http.Request, error) {
	path, err := escapePath(call.path)
	if err != nil {
		return nil, err
	}
	address := base + "/v3" + path
	if len(call.query) > 0 {
		address += "?" + call.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, call.method, address, bytes.NewReader(call.body))
	if err != nil {
		return nil, withoutURL(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if call.body != nil {
		request.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)
	return request, nil
}

// escapePath encodes ids, which are opaque. Parts that a server could take for
// a step up the path are refused.
func escapePath(parts []string) (string, error) {
	var path strings.Builder
	for _, part := range parts {
		if part == "" || part == "." || part == ".." {
			return "", errors.New("an id is missing or cannot be part of an address")
		}
		path.WriteString("/" + escapePart(part))
	}
	return path.String(), nil
}

// escapePart leaves letters, digits, "-", "_", "." and "~" alone. (PathEscape
// would leave ":" and "@", which ids are full of.)
func escapePart(part string) string {
	return strings.ReplaceAll(url.QueryEscape(part), "+", "%20")
}

// sending watches how far a request got.
type sending struct {
	connected   atomic.Bool
	writeFailed atomic.Bool
}

func (s *sending) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			s.connected.Store(true)
			s.writeFailed.Store(false)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { s.writeFailed.Store(info.Err != nil) },
	}
}

// mayHaveArrived is false only where the service cannot have the whole
// request: no connection, or writing failed. When in doubt it is true: net/http
// calls a small request written before it leaves the buffer, and one that is
// given up while it is being written may still go out whole.
func (s *sending) mayHaveArrived() bool {
	return s.connected.Load() && !s.writeFailed.Load()
}

// transportFailure is the error of a request without an answer. ctx is the
// caller's, limited the one with our time limit.
func transportFailure(ctx, limited context.Context, call call, err error, wrote bool) *Error {
	failure := &Error{Op: call.op, Class: Retryable, Wrote: wrote, Err: withoutURL(err)}
	switch {
	case ctx.Err() != nil:
		failure.Err = ctx.Err()
	case limited.Err() != nil:
		failure.Err = ErrTimeout
	}
	if wrote && !call.idempotent {
		failure.Class = Ambiguous
	}
	if errors.Is(err, ErrUntrustedServiceURL) {
		failure.Class = Config
	}
	return failure
}

// heldBack is the error of a call that never got its turn.
func heldBack(op string, err error) error {
	var failure *Error
	if errors.As(err, &failure) {
		named := *failure
		named.Op = op
		return &named
	}
	return &Error{Op: op, Class: Retryable, Err: err}
}

// withoutURL takes the address out of net/http's errors: it holds ids of
// conversations and people.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
