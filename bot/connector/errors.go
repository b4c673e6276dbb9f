package connector

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Class says what a failure means for what comes next (protocol/errors.md).
type Class string

const (
	// Retryable: not delivered; the same request may succeed later.
	Retryable Class = "retryable"
	// Recipient: permanent for this recipient.
	Recipient Class = "recipient"
	// Config: permanent until the configuration or registration changes.
	Config Class = "config"
	// Message: permanent for this message, whoever gets it.
	Message Class = "message"
	// Ambiguous: it may have been delivered.
	Ambiguous Class = "ambiguous"
)

var (
	// ErrTimeout is wrapped when the client's own time limit ended a request.
	ErrTimeout = errors.New("no answer within the time limit")
	// ErrThrottled is wrapped when a request was held back because the
	// tenant's gate is closed.
	ErrThrottled = errors.New("held back: the tenant is throttled")
)

// Error is any failure of a request to the Connector or for its token. It is
// shared between callers: do not change it.
//
// Error() leaves Message out, because a service may quote in it what was sent;
// everything else is safe to log.
type Error struct {
	Op      string // "send", "update", …; "token" when no token could be had
	Class   Class
	Status  int    // of the HTTP answer; 0 when there was none
	Code    string // as the service spelt it; compare with Has
	SubCode string
	Message string // for people, at most 2 KB
	// RetryAfter is how long to wait at least; 0 when nothing was asked for.
	RetryAfter time.Duration
	MSCV       string // the MS-CV response header, which Microsoft asks for
	Wrote      bool   // the request may have reached the service
	Err        error  // the cause, if it is not an HTTP answer
}

func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "connector: %s failed (%s)", e.Op, e.Class)
	if e.Status != 0 {
		fmt.Fprintf(&text, ": HTTP %d", e.Status)
	}
	for _, code := range []string{e.Code, e.SubCode} {
		if code != "" {
			text.WriteString(" " + code)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(&text, ": %v", e.Err)
	}
	if e.MSCV != "" {
		text.WriteString(" (MS-CV " + e.MSCV + ")")
	}
	return text.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Has tells whether Code or SubCode is that code, without regard to case and
// spaces: "Bad Argument" is "BadArgument".
func (e *Error) Has(code string) bool {
	return sameCode(e.Code, code) || sameCode(e.SubCode, code)
}

func sameCode(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", ""))
}
