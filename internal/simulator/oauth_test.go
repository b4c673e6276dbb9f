package simulator_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

func TestTokenEndpointRefuses(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	set := func(key, value string) func(url.Values) { return func(f url.Values) { f.Set(key, value) } }
	for name, c := range map[string]struct {
		tenant string
		change func(url.Values)
		status int
		code   string
		number float64
	}{
		"wrong secret":   {n.opt.TenantID, set("client_secret", "guess"), 401, "invalid_client", 7000215},
		"no secret":      {n.opt.TenantID, set("client_secret", ""), 401, "invalid_client", 7000215},
		"wrong client":   {n.opt.TenantID, set("client_id", "x"), 400, "unauthorized_client", 700016},
		"unknown tenant": {"6babcaad-0000-4000-8000-000000000000", nil, 400, "invalid_request", 90002},
		"wrong scope":    {n.opt.TenantID, set("scope", "https://example.org/.default"), 400, "invalid_scope", 70011},
		"wrong grant":    {n.opt.TenantID, set("grant_type", "password"), 400, "unsupported_grant_type", 70003},
	} {
		status, body := n.grant(c.tenant, c.change)
		if status != c.status || body["error"] != c.code {
			t.Errorf("%s: %d %v, want %d %s", name, status, body["error"], c.status, c.code)
		}
		if diff := cmp.Diff([]any{c.number}, body["error_codes"]); diff != "" {
			t.Errorf("%s: error_codes (-want +got):\n%s", name, diff)
		}
		for _, field := range []string{"error_description", "timestamp", "trace_id", "correlation_id"} {
			if body[field] == "" || body[field] == nil {
				t.Errorf("%s: no %s", name, field)
			}
		}
	}
	if got := n.sim.Stats().TokensRefused; got != 6 {
		t.Errorf("%d refusals counted, want 6", got)
	}
}

func TestTokenEndpointGrants(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.TokenLifetime = 90 * time.Second })
	for _, tenant := range []string{n.opt.TenantID, "botframework.com"} {
		status, body := n.grant(tenant, nil)
		if status != http.StatusOK || body["token_type"] != "Bearer" || body["expires_in"] != 90.0 {
			t.Errorf("%s: %d %v", tenant, status, body)
		}
	}
}

func TestConnectorChecksTheToken(t *testing.T) {
	t.Parallel()
	clock := newClock()
	n := newTenant(t, func(o *simulator.Options) { o.Now = clock.now })
	n.install(0)
	good := n.token
	_, graph := n.grant(n.opt.TenantID, func(f url.Values) { f.Set("scope", "https://graph.microsoft.com/.default") })
	other := newTenant(t, nil)
	_, foreign := other.grant(other.opt.TenantID, nil)
	hmac, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"aud": "https://api.botframework.com",
		"appid": n.opt.AppID, "exp": clock.now().Add(time.Hour).Unix()}).SignedString([]byte("k"))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"missing": "", "nonsense": "abc", "for Graph": graph["access_token"].(string),
		"of another tenant": foreign["access_token"].(string), "HMAC": hmac, "the channel's own": must(n.sim.Token(nil)),
	} {
		n.token = token
		if res := n.call("POST", n.activities(0), message("hi")); res.status != http.StatusUnauthorized {
			t.Errorf("token %s: %d, want 401", name, res.status)
		}
	}
	n.token = good
	n.send(0, message("hi"))
	clock.advance(time.Hour + time.Second)
	if res := n.call("POST", n.activities(0), message("hi")); res.status != http.StatusUnauthorized {
		t.Errorf("expired token: %d, want 401", res.status)
	}
}
