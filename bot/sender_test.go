package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"crier/bot/connector"
	"crier/internal/domain"
)

func TestResultOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err     connector.Error
		verdict domain.Verdict
		code    domain.Code
	}{
		"blocked or uninstalled": {connector.Error{Class: connector.Recipient, Status: 403, Code: "209", SubCode: "MessageWritesBlocked"}, domain.Refused, domain.BlockedByUser},
		"blocked by the person":  {connector.Error{Class: connector.Recipient, Status: 403, Code: "ConversationBlockedByUser"}, domain.Refused, domain.BlockedByUser},
		"not installed":          {connector.Error{Class: connector.Recipient, Status: 403, Code: "BotNotInConversationRoster"}, domain.Refused, domain.NotInstalled},
		"disabled":               {connector.Error{Class: connector.Recipient, Status: 403, Code: "BotDisabledByAdmin"}, domain.Refused, domain.DisabledByAdmin},
		"gone":                   {connector.Error{Class: connector.Recipient, Status: 404, Code: "ConversationNotFound"}, domain.Refused, domain.ConversationGone},
		"foreign id":             {connector.Error{Class: connector.Recipient, Status: 400, Code: "BadArgument"}, domain.Refused, domain.UnknownPerson},
		"bad card":               {connector.Error{Class: connector.Message, Status: 400, Code: "BadArgument"}, domain.Refused, domain.CardRejected},
		"too big":                {connector.Error{Class: connector.Message, Status: 413, Code: "MessageSizeTooBig"}, domain.Refused, domain.TooBig},
		"throttled":              {connector.Error{Class: connector.Retryable, Status: 429, Code: "Throttled", RetryAfter: time.Second}, domain.Slowed, domain.Throttled},
		"held back":              {connector.Error{Class: connector.Retryable, Err: connector.ErrThrottled, RetryAfter: time.Second}, domain.Slowed, domain.ServiceError},
		"no turn to be had":      {connector.Error{Op: "wait", Class: connector.Retryable, Err: errors.New("take a turn: connection refused")}, domain.Slowed, domain.ServiceError},
		"unavailable":            {connector.Error{Class: connector.Retryable, Status: 503}, domain.Passing, domain.ServiceError},
		"gateway timeout":        {connector.Error{Class: connector.Ambiguous, Status: 504}, domain.Ambiguous, domain.ServiceError},
		"no answer":              {connector.Error{Class: connector.Ambiguous, Wrote: true, Err: connector.ErrTimeout}, domain.Ambiguous, domain.Timeout},
		"bad credentials":        {connector.Error{Op: "token", Class: connector.Config, Status: 401}, domain.Misset, domain.Unauthorized},
		"token throttled":        {connector.Error{Op: "token", Class: connector.Retryable, Status: 429}, domain.Passing, domain.Throttled},
		"untrusted":              {connector.Error{Class: connector.Config, Err: fmt.Errorf("x: %w", connector.ErrUntrustedServiceURL)}, domain.Refused, domain.UntrustedServiceURL},
	} {
		r := resultOf(context.Background(), &c.err)
		if r.Verdict != c.verdict || r.Code != c.code || r.RetryAfter != c.err.RetryAfter {
			t.Errorf("%s: %+v, want verdict %d and code %s", name, r, c.verdict, c.code)
		}
	}
}

func TestAStopIsNoFailure(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := resultOf(ctx, &connector.Error{Class: connector.Retryable, Err: ctx.Err()}); r.Verdict != domain.Stopped {
		t.Errorf("waiting for its turn: %+v", r)
	}
	if r := resultOf(ctx, &connector.Error{Class: connector.Ambiguous, Wrote: true, Err: ctx.Err()}); r.Verdict != domain.Ambiguous {
		t.Errorf("already written: %+v", r)
	}
	if r := resultOf(context.Background(), errors.New("database gone")); r.Verdict != domain.Passing {
		t.Errorf("an internal error: %+v", r)
	}
}

// gone are shared turns whose database does not answer.
type gone struct{ connector.Bucket }

func (gone) Take(context.Context, string, int, time.Duration, time.Time) (first, closedUntil time.Time, err error) {
	return first, closedUntil, errors.New("connection refused")
}

// A turn that the database does not hand out is no try of the message: it goes later, however
// often that happens.
func TestWithoutTurnsNothingFails(t *testing.T) {
	t.Parallel()
	throttle := connector.NewThrottle(connector.ThrottleOptions{Rate: 10, Bucket: gone{}})
	r := resultOf(t.Context(), throttle.Wait(t.Context(), "tenant"))
	if r.Verdict != domain.Slowed {
		t.Errorf("%+v", r)
	}
	now := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	d := domain.Delivery{State: domain.Pending, Attempts: domain.MaxAttempts}
	o := domain.Next(d, r, domain.NewTimetable(domain.Policy{}, 1, now, "UTC"), now, 0)
	if o.State != domain.Pending || o.Attempts != domain.MaxAttempts-1 || !o.DueAt.After(now) || o.Code != "" {
		t.Errorf("%+v", o)
	}
}
