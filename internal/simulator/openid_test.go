package simulator_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

func getJSON[T any](t *testing.T, address string) (out T) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return out
}

type announced struct {
	Keys []struct {
		Kty, Use, Kid, N, E string
		X5c, Endorsements   []string
	}
}

// announcedKeys reads the keys as a bot does, from the metadata on.
func announcedKeys(t *testing.T, base string) map[string]*rsa.PublicKey {
	t.Helper()
	metadata := getJSON[struct {
		Issuer  string
		JWKSURI string `json:"jwks_uri"`
	}](t, base+"/v1/.well-known/openidconfiguration")
	if metadata.Issuer != "https://api.botframework.com" {
		t.Errorf("issuer %q", metadata.Issuer)
	}
	if got, want := must(url.Parse(metadata.JWKSURI)).Host, must(url.Parse(base)).Host; got != want {
		t.Errorf("keys are on %s, metadata on %s", got, want)
	}
	out := map[string]*rsa.PublicKey{}
	for _, key := range getJSON[announced](t, metadata.JWKSURI).Keys {
		if diff := cmp.Diff([]string{"msteams", "skype"}, key.Endorsements); diff != "" || key.Kty != "RSA" || key.Use != "sig" {
			t.Errorf("key %s is %s for %s, endorsements:\n%s", key.Kid, key.Kty, key.Use, diff)
		}
		n, e := must(base64.RawURLEncoding.DecodeString(key.N)), must(base64.RawURLEncoding.DecodeString(key.E))
		out[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return out
}

// verify checks a token as inbound 2 says and gives its claims.
func verify(keys map[string]*rsa.PublicKey, appID, token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(tok *jwt.Token) (any, error) {
		kid, _ := tok.Header["kid"].(string)
		if keys[kid] == nil {
			return nil, jwt.ErrTokenUnverifiable
		}
		return keys[kid], nil
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer("https://api.botframework.com"),
		jwt.WithAudience(appID), jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired())
	return claims, err
}

func TestTokensVerifyAgainstTheAnnouncedKeys(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	must(n.sim.Say(t.Context(), 0, "hi"))
	claims, err := verify(announcedKeys(t, n.url), n.opt.AppID, n.bot.tokens[0])
	if err != nil {
		t.Fatalf("the channel's token: %v", err)
	}
	if got, want := claims["serviceurl"], n.bot.got[0]["serviceUrl"]; got != want {
		t.Errorf("serviceurl %v, want %v", got, want)
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	before := must(n.sim.Token(nil))
	old := announcedKeys(t, n.url)
	if err := n.sim.RotateKeys(); err != nil {
		t.Fatal(err)
	}
	must(n.sim.Say(t.Context(), 0, "hi"))
	after := n.bot.tokens[0]
	if _, err := verify(old, n.opt.AppID, after); err == nil {
		t.Error("a token after the rotation verifies with the keys before it")
	}
	keys := announcedKeys(t, n.url)
	for name, token := range map[string]string{"before": before, "after": after} {
		if _, err := verify(keys, n.opt.AppID, token); err != nil {
			t.Errorf("token from %s the rotation: %v", name, err)
		}
	}
	if err := n.sim.RotateKeys(); err != nil {
		t.Fatal(err)
	}
	if _, err := verify(announcedKeys(t, n.url), n.opt.AppID, before); err == nil {
		t.Error("a key two rotations old is still announced")
	}
}

func TestForgedTokensDoNotVerify(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	keys := announcedKeys(t, n.url)
	set := func(in string, key string, value any) func(h, c map[string]any) {
		return func(h, c map[string]any) { map[string]map[string]any{"header": h, "claims": c}[in][key] = value }
	}
	for name, token := range map[string]string{
		"foreign key":  must(n.sim.ForeignToken(nil)),
		"alg none":     must(n.sim.Token(set("header", "alg", "none"))),
		"alg HS256":    must(n.sim.Token(set("header", "alg", "HS256"))),
		"other issuer": must(n.sim.Token(set("claims", "iss", "https://example.org"))),
		"other bot":    must(n.sim.Token(set("claims", "aud", "another"))),
		"expired":      must(n.sim.Token(set("claims", "exp", 1))),
		"unknown key":  must(n.sim.Token(set("header", "kid", "nobody's"))),
	} {
		if strings.Count(token, ".") != 2 {
			t.Errorf("%s: %q is not a token at all", name, token)
		}
		if _, err := verify(keys, n.opt.AppID, token); err == nil {
			t.Errorf("%s: verifies", name)
		}
	}
}

func TestEntraMetadataNamesTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	metadata := getJSON[map[string]any](t, n.url+"/"+n.opt.TenantID+"/v2.0/.well-known/openid-configuration")
	if got, want := metadata["token_endpoint"], n.url+"/"+n.opt.TenantID+"/oauth2/v2.0/token"; got != want {
		t.Errorf("token endpoint %v, want %v", got, want)
	}
	if unknown := getJSON[map[string]any](t, n.url+"/nobody/v2.0/.well-known/openid-configuration"); unknown["error"] != "invalid_request" {
		t.Errorf("metadata of an unknown tenant: %v", unknown)
	}
}
