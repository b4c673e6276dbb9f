package connector

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTokenGoesToTrustedHostsOnly(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	trusted, other := newService(t, created("m1")), newService(t, created("m1"))
	c := client(t, ClientOptions{Tokens: a.tokens(t, newClock())}, trusted)
	if _, err := c.Send(t.Context(), trusted.ref(), nil); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{other.URL, strings.Replace(trusted.URL, "http://", "http://user@", 1), trusted.URL + "/#", trusted.URL + "?x", "https" + trusted.URL[4:], ""} {
		ref := Ref{ServiceURL: url, ConversationID: "a:1"}
		_, err := c.Send(t.Context(), ref, nil)
		failure := wantError(t, err, Config, 0)
		if !errors.Is(failure, ErrUntrustedServiceURL) || failure.Wrote {
			t.Errorf("%q: %+v", url, failure)
		}
		if _, err := c.Member(t.Context(), ref, "29:1"); !errors.Is(err, ErrUntrustedServiceURL) {
			t.Errorf("%q: %v", url, err)
		}
	}
	if len(other.seen()) != 0 || len(trusted.seen()) != 1 || trusted.seen()[0].Authorization != "Bearer token-1" {
		t.Errorf("trusted %+v, other %+v", trusted.seen(), other.seen())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	other := newService(t, created("m1"))
	for _, code := range []int{301, 302, 303, 307, 308} {
		s := newService(t, status(code, map[string]string{"Location": other.URL}, ""))
		c := client(t, ClientOptions{Tokens: newAuthority(t).tokens(t, newClock())}, s, other)
		_, err := c.Send(t.Context(), s.ref(), []byte("{}"))
		wantError(t, err, Config, code)
		_, err = c.Member(t.Context(), s.ref(), "29:1")
		wantError(t, err, Config, code)
	}
	if len(other.seen()) != 0 {
		t.Errorf("followed: %+v", other.seen())
	}
}

// The service URL is trusted by name, but the name leads home.
func TestClientChecksAddressesWhenDialling(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	c := client(t, ClientOptions{}, s)
	c.http = newHTTPClient((&dialGuard{}).dial, nil, 1) // as if the host were one of the defaults
	_, err := c.Send(t.Context(), s.ref(), []byte("{}"))
	if failure := wantError(t, err, Config, 0); !errors.Is(failure, ErrUntrustedServiceURL) || failure.Wrote {
		t.Errorf("%+v", failure)
	}
	if len(s.seen()) != 0 {
		t.Error("called all the same")
	}
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	refused := status(401, map[string]string{"MS-CV": "cv.1"}, "")
	a, s := newAuthority(t), newService(t, refused, created("m1"))
	c := client(t, ClientOptions{Tokens: a.tokens(t, newClock())}, s)
	receipt, err := c.Send(t.Context(), s.ref(), []byte("{}"))
	if err != nil || receipt.ActivityID != "m1" {
		t.Errorf("%+v %v", receipt, err)
	}
	if got := s.seen(); len(got) != 2 || got[0].Authorization != "Bearer token-1" || got[1].Authorization != "Bearer token-2" || got[1].Body != "{}" {
		t.Errorf("%+v", got)
	}

	a, s = newAuthority(t), newService(t, refused)
	c = client(t, ClientOptions{Tokens: a.tokens(t, newClock())}, s)
	_, err = c.Send(t.Context(), s.ref(), nil)
	if failure := wantError(t, err, Config, 401); failure.MSCV != "cv.1" || len(s.seen()) != 2 {
		t.Errorf("%+v, %d requests", failure, len(s.seen()))
	}

	s = newService(t, status(401, nil, `{"error":{"code":"BotNotRegistered","message":"x"}}`))
	_, err = client(t, ClientOptions{Tokens: a.tokens(t, newClock())}, s).Send(t.Context(), s.ref(), nil)
	if failure := wantError(t, err, Config, 401); !failure.Has("BotNotRegistered") || len(s.seen()) != 1 {
		t.Errorf("%+v, %d requests", failure, len(s.seen()))
	}
}

func TestNoTokenNoRequest(t *testing.T) {
	t.Parallel()
	a, s := newAuthority(t), newService(t, created("m1"))
	a.answer = status(401, nil, `{"error":"invalid_client","error_codes":[7000215]}`)
	_, err := client(t, ClientOptions{Tokens: a.tokens(t, newClock())}, s).Send(t.Context(), s.ref(), nil)
	if failure := wantError(t, err, Config, 401); failure.Op != "token" || failure.SubCode != "AADSTS7000215" || failure.Wrote {
		t.Errorf("%+v", failure)
	}
	if len(s.seen()) != 0 {
		t.Error("sent without a token")
	}
}

func TestTenantInGCC(t *testing.T) {
	t.Parallel()
	wrongHost := status(403, nil, `{"error":{"code":"InvalidBotApiHost","message":"Invalid bot api host."}}`)
	public, gcc := newService(t, wrongHost), newService(t, created("m1"))
	c := client(t, ClientOptions{GCCServiceURL: gcc.URL + "/teams"}, public, gcc)
	receipt, err := c.Send(t.Context(), public.ref(), []byte("{}"))
	if diff := cmp.Diff(Receipt{ActivityID: "m1", ServiceURL: gcc.URL + "/teams"}, receipt); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got := gcc.seen(); len(got) != 1 || got[0].Path != "/teams/v3/conversations/a%3A1/activities" || got[0].Body != "{}" {
		t.Errorf("%+v", got)
	}

	untrusted := newService(t, created("m1"))
	_, err = client(t, ClientOptions{GCCServiceURL: untrusted.URL}, public).Send(t.Context(), public.ref(), nil)
	wantError(t, err, Config, 403)
	if len(untrusted.seen()) != 0 {
		t.Error("sent to a GCC host that is not trusted")
	}

	both := newService(t, wrongHost)
	_, err = client(t, ClientOptions{GCCServiceURL: both.URL}, public, both).Send(t.Context(), public.ref(), nil)
	wantError(t, err, Config, 403)
	if len(both.seen()) != 1 {
		t.Errorf("%d requests", len(both.seen()))
	}
}

func TestThrottledAnswerClosesTheGate(t *testing.T) {
	t.Parallel()
	s := newService(t, status(429, map[string]string{"Retry-After": "60"}, ""), created("m1"))
	var told atomic.Int64
	throttle := NewThrottle(ThrottleOptions{Rate: 1000, OnThrottled: func(string, time.Duration) { told.Add(1) }})
	c := client(t, ClientOptions{Throttle: throttle}, s)
	_, err := c.Send(t.Context(), s.ref(), nil)
	failure := wantError(t, err, Retryable, 429)
	if failure.RetryAfter <= 0 || failure.RetryAfter > time.Minute || !failure.Has("Throttled") || told.Load() != 1 {
		t.Errorf("%+v", failure)
	}
	_, err = c.Send(t.Context(), s.ref(), nil)
	if failure := wantError(t, err, Retryable, 0); failure.Op != "send" || !errors.Is(failure, ErrThrottled) || failure.RetryAfter <= 0 {
		t.Errorf("%+v", failure)
	}
	other := s.ref()
	other.TenantID = "another"
	if _, err := c.Send(t.Context(), other, nil); err != nil {
		t.Errorf("another tenant is held back: %v", err)
	}
	if len(s.seen()) != 2 || throttle.Rate("t") >= 900 {
		t.Errorf("%d requests, rate %v", len(s.seen()), throttle.Rate("t"))
	}
}

func TestSuccessRaisesTheRateAgain(t *testing.T) {
	t.Parallel()
	s := newService(t, status(429, map[string]string{"Retry-After": "0.001"}, ""), created("m1"))
	throttle := NewThrottle(ThrottleOptions{Rate: 1000})
	c := client(t, ClientOptions{Throttle: throttle}, s)
	_, err := c.Send(t.Context(), s.ref(), nil)
	wantError(t, err, Retryable, 429)
	lowered := throttle.Rate("t")
	for range 2 {
		if _, err := c.Send(t.Context(), s.ref(), nil); err != nil {
			t.Error(err)
		}
	}
	if rate := throttle.Rate("t"); rate <= lowered {
		t.Errorf("from %v to %v", lowered, rate)
	}
}

func TestReadBodyLeavesTheConnectionUsable(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]error{0: nil, 10: nil, 11: errTooLarge, drainLimit: errTooLarge} {
		rest := strings.NewReader(strings.Repeat("x", length))
		data, err := readBody(io.NopCloser(rest), 10)
		if len(data) != min(length, 10) || !errors.Is(err, want) || rest.Len() != 0 {
			t.Errorf("%d bytes: read %d, %v, %d left", length, len(data), err, rest.Len())
		}
	}
	endless := strings.NewReader(strings.Repeat("x", 10*drainLimit))
	if _, err := readBody(io.NopCloser(endless), 10); err == nil || endless.Len() < 8*drainLimit {
		t.Errorf("read on and on: %v, %d left", err, endless.Len())
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("x", 10_000)
	s := newService(t, created("m1"), status(403, nil, page), status(500, nil, page), status(202, nil, ""), status(404, nil, `{}`), created("m2"))
	c := client(t, ClientOptions{}, s)
	for range 60 {
		_, _ = c.Send(t.Context(), s.ref(), []byte("{}"))
	}
	if n := s.connections.Load(); n != 1 {
		t.Errorf("%d connections for 60 requests one after another", n)
	}
}

func TestRequestsInFlightAreBounded(t *testing.T) {
	t.Parallel()
	arrived, leave := make(chan struct{}, 100), make(chan struct{})
	s := newService(t, func(w http.ResponseWriter) {
		arrived <- struct{}{}
		<-leave
		w.WriteHeader(202)
	})
	c := client(t, ClientOptions{Concurrency: 3, Timeout: time.Minute}, s)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if _, err := c.Send(context.Background(), s.ref(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range 3 {
		<-arrived
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Send(ctx, s.ref(), nil)
	if failure := wantError(t, err, Retryable, 0); failure.Wrote || !errors.Is(failure, context.Canceled) {
		t.Errorf("%+v", failure)
	}
	if n := len(s.seen()); n != 3 {
		t.Errorf("%d requests in flight, want 3", n)
	}
	close(leave)
	all.Wait()
	if n := s.connections.Load(); n > 3 {
		t.Errorf("%d connections, want 3", n)
	}
}

func TestNothingSentIsRetryable(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	c := client(t, ClientOptions{}, s)
	s.Close()
	_, err := c.Send(t.Context(), s.ref(), nil)
	if failure := wantError(t, err, Retryable, 0); failure.Wrote || strings.Contains(failure.Error(), "conversations") {
		t.Errorf("%+v", failure)
	}

	tls := httptest.NewUnstartedServer(http.NotFoundHandler()) // its certificate is nobody's
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	hosts, err := ParseTrustedHosts(tls.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewClient(ClientOptions{Hosts: hosts}).Send(t.Context(), Ref{ServiceURL: tls.URL, ConversationID: "a:1"}, nil)
	if failure := wantError(t, err, Retryable, 0); failure.Wrote {
		t.Errorf("%+v", failure)
	}
}

// halfDeaf is a connection whose first write fails halfway.
type halfDeaf struct{ net.Conn }

func (c halfDeaf) Write(data []byte) (int, error) {
	return len(data) / 2, errors.New("connection lost")
}

func TestHalfARequestIsRetryable(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	c := client(t, ClientOptions{}, s)
	c.http = newHTTPClient(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return halfDeaf{conn}, err
	}, nil, 1)
	t.Cleanup(c.CloseIdleConnections)
	_, err := c.Send(t.Context(), s.ref(), make([]byte, 50_000))
	if failure := wantError(t, err, Retryable, 0); failure.Wrote {
		t.Errorf("%+v", failure)
	}
	// net/http calls a small request written before it leaves its buffer.
	_, err = c.Send(t.Context(), s.ref(), []byte("{}"))
	if failure := wantError(t, err, Ambiguous, 0); !failure.Wrote {
		t.Errorf("%+v", failure)
	}
}

func TestLostAnswerIsAmbiguous(t *testing.T) {
	t.Parallel()
	hangUp := func(w http.ResponseWriter) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}
	s := newService(t, hangUp)
	c := client(t, ClientOptions{}, s)
	_, err := c.Send(t.Context(), s.ref(), []byte("{}"))
	if failure := wantError(t, err, Ambiguous, 0); !failure.Wrote {
		t.Errorf("%+v", failure)
	}
	_, err = c.Update(t.Context(), s.ref(), "m", []byte("{}"))
	wantError(t, err, Retryable, 0)
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	leave := make(chan struct{})
	s := newService(t, func(http.ResponseWriter) { <-leave })
	t.Cleanup(func() { close(leave) })

	_, err := client(t, ClientOptions{Timeout: time.Second}, s).Send(t.Context(), s.ref(), []byte("{}"))
	if failure := wantError(t, err, Ambiguous, 0); !errors.Is(failure, ErrTimeout) || errors.Is(failure, context.DeadlineExceeded) || !failure.Wrote {
		t.Errorf("%+v", failure)
	}
}

func TestARequestThatHasBegunIsNotCutShort(t *testing.T) {
	t.Parallel()
	arrived, leave := make(chan struct{}), make(chan struct{})
	s := newService(t, func(w http.ResponseWriter) {
		close(arrived)
		<-leave
		created("m1")(w)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel(); close(leave) }()
	receipt, err := client(t, ClientOptions{}, s).Send(ctx, s.ref(), []byte("{}"))
	if err != nil || receipt.ActivityID != "m1" {
		t.Errorf("%+v, %v", receipt, err)
	}
}

func TestIDsThatCannotBeInAPath(t *testing.T) {
	t.Parallel()
	s := newService(t, created("m1"))
	c := client(t, ClientOptions{}, s)
	for _, id := range []string{"", ".", ".."} {
		ref := s.ref()
		ref.ConversationID = id
		_, err := c.Send(t.Context(), ref, nil)
		wantError(t, err, Message, 0)
	}
	if len(s.seen()) != 0 {
		t.Errorf("%+v", s.seen())
	}
}

func TestFailureCarriesWhatIsToBeRecorded(t *testing.T) {
	t.Parallel()
	body := `{"errorCode":209,"message":"{\"subCode\":\"MessageWritesBlocked\",\"details\":\"Thread is blocked; you sent Bearer token-1\"}"}`
	s := newService(t, status(403, map[string]string{"MS-CV": "cv.9"}, body))
	_, err := client(t, ClientOptions{Tokens: newAuthority(t).tokens(t, newClock())}, s).Send(t.Context(), s.ref(), nil)
	want := &Error{
		Op: "send", Class: Recipient, Status: 403, Code: "209", SubCode: "MessageWritesBlocked",
		Message: "Thread is blocked; you sent Bearer [redacted]", MSCV: "cv.9", Wrote: true,
	}
	if diff := cmp.Diff(want, err.(*Error)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
