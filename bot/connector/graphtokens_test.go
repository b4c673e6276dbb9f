package connector

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func (a *authority) graphTokens(t testing.TB, c *clock, more ...func(*TokenOptions)) *GraphTokens {
	t.Helper()
	o := TokenOptions{AppID: testAppID, Password: "pass+word&", TenantID: "Home", LoginURL: a.URL, Now: c.Now}
	for _, change := range more {
		change(&o)
	}
	tokens, err := NewGraphTokens(o, "https://graph.microsoft.com")
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func wantGraphToken(t testing.TB, tokens *GraphTokens, tenantID, want string) {
	t.Helper()
	got, err := tokens.Token(t.Context(), tenantID)
	if err != nil || got != want {
		t.Errorf("Token(%s) = %q, %v, want %q", tenantID, got, err, want)
	}
}

func TestGraphTokensComeFromTheTenantAskedAbout(t *testing.T) {
	t.Parallel()
	for _, kind := range []AppType{SingleTenant, MultiTenant} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			a, c := newAuthority(t), newClock()
			tokens := a.graphTokens(t, c, func(o *TokenOptions) { o.AppType = kind })
			wantGraphToken(t, tokens, "customer", "token-1")
			wantGraphToken(t, tokens, "CUSTOMER", "token-1")
			wantGraphToken(t, tokens, "", "token-2")
			wantGraphToken(t, tokens, "home", "token-2")
			for i, path := range []string{"/customer/oauth2/v2.0/token", "/home/oauth2/v2.0/token"} {
				if got := a.requests[i].URL.Path; got != path || a.forms[i].Get("scope") != "https://graph.microsoft.com/.default" {
					t.Errorf("request %d: %s %v", i, got, a.forms[i])
				}
			}
			c.advance(55 * time.Minute)
			wantGraphToken(t, tokens, "customer", "token-3")
		})
	}
}

func TestGraphTokenDropped(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	tokens := a.graphTokens(t, newClock())
	wantGraphToken(t, tokens, "one", "token-1")
	wantGraphToken(t, tokens, "two", "token-2")
	tokens.Drop("one", "token-1")
	tokens.Drop("two", "token-1") // not its own
	wantGraphToken(t, tokens, "two", "token-2")
	wantGraphToken(t, tokens, "one", "token-3")
}

func TestGraphTokenOfAManagedIdentity(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.lifetime = `"86400"`
	tokens := a.graphTokens(t, newClock(), func(o *TokenOptions) {
		o.AppType, o.IMDSURL, o.Password, o.TenantID = UserAssignedMSI, a.URL+"/metadata/identity/oauth2/token", "", ""
	})
	wantGraphToken(t, tokens, "one", "token-1")
	wantGraphToken(t, tokens, "two", "token-1")
	if got := a.forms[0].Get("resource"); got != "https://graph.microsoft.com" || a.requests[0].Method != http.MethodGet {
		t.Errorf("asked for %q", got)
	}
}

func TestGraphTokensAreBounded(t *testing.T) {
	t.Parallel()
	tokens := newAuthority(t).graphTokens(t, newClock())
	for i := range maxGraphTenants + 10 {
		if _, err := tokens.of(fmt.Sprintf("tenant-%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(tokens.tenants); n != maxGraphTenants {
		t.Errorf("%d tenants are held", n)
	}
}

func TestGraphTokenRefused(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.answer = status(400, nil, `{"error":"unauthorized_client","error_codes":[700016]}`)
	_, err := a.graphTokens(t, newClock()).Token(t.Context(), "elsewhere")
	if failure, ok := err.(*Error); !ok || failure.Class != Config || failure.SubCode != "AADSTS700016" {
		t.Errorf("got %v", err)
	}
	nowhere := a.graphTokens(t, newClock(), func(o *TokenOptions) { o.TenantID, o.AppType = "", MultiTenant })
	if _, err := nowhere.Token(t.Context(), ""); err == nil {
		t.Error("a token of no tenant")
	}
}

func TestNewGraphTokensRefusesBadSettings(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]TokenOptions{
		"no app id":   {Password: "p", TenantID: "t"},
		"no password": {AppID: "a", TenantID: "t"},
		"plain http":  {AppID: "a", Password: "p", LoginURL: "http://login.example"},
	} {
		if _, err := NewGraphTokens(o, "https://graph.microsoft.com"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestGraphScope(t *testing.T) {
	t.Parallel()
	const public, government, china = "https://login.microsoftonline.com", "https://login.microsoftonline.us", "https://login.partner.microsoftonline.cn"
	for _, test := range []struct{ graph, login, want string }{
		{"https://graph.microsoft.com", public, "https://graph.microsoft.com/.default"},
		{"https://graph.microsoft.us", government, "https://graph.microsoft.us/.default"},
		{"https://DoD-graph.microsoft.us/", government, "https://dod-graph.microsoft.us/.default"},
		{"https://microsoftgraph.chinacloudapi.cn", china, "https://microsoftgraph.chinacloudapi.cn/.default"},
		{"http://127.0.0.1:9000", "http://127.0.0.1:9000", "https://graph.microsoft.com/.default"},
		{"https://proxy.example", government, "https://graph.microsoft.us/.default"},
		{"https://proxy.example", china, "https://microsoftgraph.chinacloudapi.cn/.default"},
		{"https://graph.microsoft.com.evil.example", public, "https://graph.microsoft.com/.default"},
	} {
		if got := graphScope(test.graph, test.login); got != test.want {
			t.Errorf("%s, %s: %s, want %s", test.graph, test.login, got, test.want)
		}
	}
}
