package connector

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func wantToken(t testing.TB, tokens *Tokens, want string) {
	t.Helper()
	got, err := tokens.Token(t.Context())
	if err != nil || got != want {
		t.Errorf("Token() = %q, %v, want %q", got, err, want)
	}
}

func wantTokenError(t testing.TB, tokens *Tokens, class Class) *Error {
	t.Helper()
	token, err := tokens.Token(t.Context())
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("Token() = %q, %v, want an Error", token, err)
	}
	if failure.Class != class || failure.Op != "token" {
		t.Errorf("got %+v, want class %s", failure, class)
	}
	return failure
}

func TestTokenRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*TokenOptions)
		path   string
	}{
		"single tenant": {func(*TokenOptions) {}, "/home/oauth2/v2.0/token"},
		"multi-tenant":  {func(o *TokenOptions) { o.AppType = MultiTenant }, "/botframework.com/oauth2/v2.0/token"},
		"odd tenant":    {func(o *TokenOptions) { o.TenantID = "../x" }, "/..%2Fx/oauth2/v2.0/token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t)
			wantToken(t, a.tokens(t, newClock(), test.change), "token-1")
			request := a.requests[0]
			if request.Method != http.MethodPost || request.URL.EscapedPath() != test.path {
				t.Errorf("%s %s", request.Method, request.URL)
			}
			want := url.Values{
				"grant_type": {"client_credentials"}, "client_id": {testAppID},
				"client_secret": {"pass+word&"}, "scope": {"https://api.botframework.com/.default"},
			}
			if diff := cmp.Diff(want, a.forms[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTokenOfAManagedIdentity(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.lifetime = `"86400"`
	tokens := a.tokens(t, newClock(), func(o *TokenOptions) {
		o.AppType, o.IMDSURL, o.Password, o.TenantID = UserAssignedMSI, a.URL+"/metadata/identity/oauth2/token", "", ""
	})
	wantToken(t, tokens, "token-1")
	request := a.requests[0]
	want := url.Values{"api-version": {"2018-02-01"}, "resource": {"https://api.botframework.com"}, "client_id": {testAppID}}
	if diff := cmp.Diff(want, a.forms[0]); diff != "" || request.Method != http.MethodGet || request.Header.Get("Metadata") != "true" {
		t.Errorf("%s %v %s", request.Method, request.Header, diff)
	}
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	for lifetime, renewAfter := range map[string]time.Duration{
		"3600":   55 * time.Minute,
		`"3600"`: 55 * time.Minute,
		"600":    9 * time.Minute, // a tenth
		"10":     9 * time.Second,
	} {
		a, c := newAuthority(t), newClock()
		a.lifetime = lifetime
		tokens := a.tokens(t, c)
		wantToken(t, tokens, "token-1")
		c.advance(renewAfter - time.Millisecond)
		wantToken(t, tokens, "token-1")
		c.advance(time.Millisecond)
		wantToken(t, tokens, "token-2")
	}
}

func TestTokenOutlivesAFailedRenewal(t *testing.T) {
	t.Parallel()
	a, c := newAuthority(t), newClock()
	tokens := a.tokens(t, c)
	wantToken(t, tokens, "token-1")
	a.change(func(a *authority) { a.answer = status(503, nil, "") })
	c.advance(56 * time.Minute)
	for range 5 {
		wantToken(t, tokens, "token-1")
	}
	if n := a.count(); n != 2 {
		t.Errorf("%d requests, want 2: a failure has its back-off", n)
	}
	c.advance(4 * time.Minute)
	wantTokenError(t, tokens, Retryable)
	a.change(func(a *authority) { a.answer = nil })
	c.advance(time.Minute)
	wantToken(t, tokens, "token-4")
}

func TestTokenIsFetchedOnceUnderConcurrency(t *testing.T) {
	t.Parallel()
	a, c := newAuthority(t), newClock()
	a.hold, a.asked = make(chan struct{}), make(chan struct{}, 100)
	tokens := a.tokens(t, c)
	results := make(chan string, 50)
	get := func() {
		token, err := tokens.Token(context.Background())
		if err != nil {
			t.Error(err)
		}
		results <- token
	}
	first, cancelFirst := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := tokens.Token(first)
		gone <- err
	}()
	<-a.asked
	for range 50 {
		go get()
	}
	cancelFirst() // whoever asked first may leave without harm to the others
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	close(a.hold)
	for range 50 {
		if token := <-results; token != "token-1" {
			t.Errorf("got %q", token)
		}
	}
	if n := a.count(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestTokenDropAndRenewUnderConcurrency(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	tokens := a.tokens(t, newClock())
	wantToken(t, tokens, "token-1")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			tokens.Drop("token-1") // everybody was refused with the same token
			wantToken(t, tokens, "token-2")
		})
	}
	all.Wait()
	tokens.Drop("token-1") // late, and of no concern to the new one
	wantToken(t, tokens, "token-2")
	if n := a.count(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestTokenFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter)
		want   Error
	}{
		"no service principal": {
			status(401, nil, `{"error":"invalid_client","error_description":"AADSTS7000229: The client is missing pass+word& x","error_codes":[7000229]}`),
			Error{Op: "token", Class: Config, Status: 401, Code: "invalid_client", SubCode: "AADSTS7000229", Message: "AADSTS7000229: The client is missing [redacted] x"},
		},
		"number only in the text": {
			status(400, nil, `{"error":"unauthorized_client","error_description":"AADSTS700016: not found"}`),
			Error{Op: "token", Class: Config, Status: 400, Code: "unauthorized_client", SubCode: "AADSTS700016", Message: "AADSTS700016: not found"},
		},
		"not found":     {status(404, nil, "<html>"), Error{Op: "token", Class: Config, Status: 404, Message: "<html>"}},
		"redirected":    {status(302, map[string]string{"Location": "/elsewhere"}, ""), Error{Op: "token", Class: Config, Status: 302}},
		"too many":      {status(429, map[string]string{"Retry-After": "17"}, ""), Error{Op: "token", Class: Retryable, Status: 429, RetryAfter: 17 * time.Second}},
		"unavailable":   {status(503, nil, "x"), Error{Op: "token", Class: Retryable, Status: 503, Message: "x"}},
		"not JSON":      {status(200, nil, "<html>"), Error{Op: "token", Class: Retryable, Status: 200}},
		"no token":      {status(200, nil, `{"expires_in":3600}`), Error{Op: "token", Class: Retryable, Status: 200}},
		"no lifetime":   {status(200, nil, `{"access_token":"x"}`), Error{Op: "token", Class: Retryable, Status: 200}},
		"past lifetime": {status(200, nil, `{"access_token":"x","expires_in":-1}`), Error{Op: "token", Class: Retryable, Status: 200}},
		"endless":       {status(200, nil, `{"access_token":"`+strings.Repeat("x", maxAuthBody)+`"}`), Error{Op: "token", Class: Retryable, Status: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, c := newAuthority(t), newClock()
			a.answer = test.answer
			var logged bytes.Buffer
			tokens := a.tokens(t, c, func(o *TokenOptions) { o.Log = slog.New(slog.NewTextHandler(&logged, nil)) })
			got := *wantTokenError(t, tokens, test.want.Class)
			got.Err = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			wantTokenError(t, tokens, test.want.Class)
			if n := a.count(); n != 1 {
				t.Errorf("%d requests, want 1: a failure has its back-off", n)
			}
			if strings.Contains(logged.String(), "pass+word") || logged.Len() == 0 {
				t.Errorf("log: %s", logged.String())
			}
			a.change(func(a *authority) { a.answer = nil })
			c.advance(max(time.Second, test.want.RetryAfter))
			wantToken(t, tokens, "token-2")
		})
	}
}

func TestTokenAuthorityOutOfReach(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.Close()
	failure := wantTokenError(t, a.tokens(t, newClock()), Retryable)
	if failure.Err == nil || strings.Contains(failure.Error(), "oauth2") {
		t.Errorf("got %v", failure)
	}
}

func TestNewTokensRefusesBadSettings(t *testing.T) {
	t.Parallel()
	good := TokenOptions{AppID: "a", Password: "p", TenantID: "t"}
	for name, change := range map[string]func(*TokenOptions){
		"no app id":        func(o *TokenOptions) { o.AppID = "" },
		"no password":      func(o *TokenOptions) { o.Password = "" },
		"no tenant":        func(o *TokenOptions) { o.TenantID = "" },
		"unknown app type": func(o *TokenOptions) { o.AppType = "Other" },
		"plain http":       func(o *TokenOptions) { o.LoginURL = "http://login.example" },
	} {
		o := good
		change(&o)
		if _, err := NewTokens(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	government := good
	government.LoginURL = "https://login.microsoftonline.us/"
	request, err := government.withDefaults().passwordRequest(t.Context())
	if err != nil || request.URL.String() != "https://login.microsoftonline.us/t/oauth2/v2.0/token" || government.withDefaults().Scope != "https://api.botframework.us/.default" {
		t.Errorf("%v %v", request.URL, err)
	}
}
