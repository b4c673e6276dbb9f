package connector

import (
	"errors"
	"testing"
	"time"
)

// scarce is a throttle whose first turn was waited for; the next is far away.
func scarce(t *testing.T) *Throttle {
	t.Helper()
	throttle := NewThrottle(ThrottleOptions{Rate: 0.001})
	if err := throttle.Wait(t.Context(), "t"); err != nil {
		t.Fatal(err)
	}
	return throttle
}

func TestSendInTurnWaitsForNoOther(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	c := client(t, ClientOptions{Throttle: scarce(t)}, s)
	receipt, err := c.SendInTurn(t.Context(), s.ref(), []byte("{}"))
	if err != nil || receipt.ActivityID != "m1" || s.seen()[0].Body != "{}" {
		t.Errorf("%+v %v", receipt, err)
	}
	if _, err := c.Send(t.Context(), s.ref(), nil); !errors.Is(err, ErrThrottled) {
		t.Errorf("without a turn: %v", err)
	}
}

func TestSendInTurnRepeatsInATurnOfItsOwn(t *testing.T) {
	t.Parallel()
	refused := newService(t, status(401, nil, ""), created("m1"))
	c := client(t, ClientOptions{Throttle: scarce(t), Tokens: newAuthority(t).tokens(t, newClock())}, refused)
	if _, err := c.SendInTurn(t.Context(), refused.ref(), nil); !errors.Is(err, ErrThrottled) || len(refused.seen()) != 1 {
		t.Errorf("%v after %d requests", err, len(refused.seen()))
	}

	public, gcc := newService(t, status(403, nil, `{"error":{"code":"InvalidBotApiHost"}}`)), newService(t, created("m1"))
	c = client(t, ClientOptions{Throttle: scarce(t), GCCServiceURL: gcc.URL}, public, gcc)
	if _, err := c.SendInTurn(t.Context(), public.ref(), nil); !errors.Is(err, ErrThrottled) || len(public.seen()) != 1 || len(gcc.seen()) != 0 {
		t.Errorf("%v after %d and %d requests", err, len(public.seen()), len(gcc.seen()))
	}
}

func TestSendInTurnRespectsTheGate(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	throttle := scarce(t)
	throttle.Throttled("t", time.Now(), time.Minute)
	_, err := client(t, ClientOptions{Throttle: throttle}, s).SendInTurn(t.Context(), s.ref(), nil)
	failure := wantError(t, err, Retryable, 0)
	if failure.Op != "send" || !errors.Is(err, ErrThrottled) || failure.RetryAfter <= 0 || len(s.seen()) != 0 {
		t.Errorf("%+v after %d requests", failure, len(s.seen()))
	}
}
