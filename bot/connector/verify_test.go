package connector

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestVerifyAccepts(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]map[string]any{
		"a plain token":                  nil,
		"one audience in an array":       {"aud": []string{testAppID}},
		"audience in capitals":           {"aud": strings.ToUpper(testAppID)},
		"service URL without slash":      {"serviceurl": strings.TrimSuffix(testServiceURL, "/")},
		"service URL in capitals":        {"serviceurl": strings.ToUpper(testServiceURL)},
		"the claim's documented spell":   {"serviceurl": nil, "serviceUrl": testServiceURL},
		"expired within the clock skew":  {"exp": testNow.Add(-299 * time.Second).Unix()},
		"not valid yet, within the skew": {"nbf": testNow.Add(299 * time.Second).Unix()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newIssuer(t).verifier(t, newClock())
			token := signed(goodHeader(), with(goodClaims(), claims), firstKey())
			for range 2 { // the second time from memory
				if err := v.Verify(t.Context(), authorization("Bearer "+token), teamsActivity()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// forged lists what must be refused: a token, or whole headers.
func forged() map[string]http.Header {
	bad := func(header, claims map[string]any) http.Header {
		return authorization("Bearer " + signed(with(goodHeader(), header), with(goodClaims(), claims), firstKey()))
	}
	good := goodToken()
	parts := strings.Split(good, ".")
	return map[string]http.Header{
		"no header":                    {},
		"empty header":                 authorization(""),
		"two headers":                  authorization("Bearer "+good, "Bearer "+good),
		"another scheme":               authorization("Basic " + good),
		"no scheme":                    authorization(good),
		"scheme in small letters":      authorization("bearer " + good),
		"two spaces":                   authorization("Bearer  " + good),
		"something after the token":    authorization("Bearer " + good + " x"),
		"two tokens":                   authorization("Bearer " + good + ", Bearer " + good),
		"two parts":                    authorization("Bearer " + parts[0] + "." + parts[1]),
		"four parts":                   authorization("Bearer " + good + ".x"),
		"five parts":                   authorization("Bearer " + good + ".x.y"),
		"not base64":                   authorization("Bearer !!." + parts[1] + "." + parts[2]),
		"not JSON":                     authorization("Bearer aGk.aGk." + parts[2]),
		"claims are null":              authorization("Bearer " + parts[0] + ".bnVsbA." + parts[2]),
		"far too long":                 authorization("Bearer " + good + strings.Repeat("x", 20000)),
		"no signature":                 authorization("Bearer " + parts[0] + "." + parts[1] + "."),
		"signature of another token":   authorization("Bearer " + encoded(goodHeader()) + "." + encoded(with(goodClaims(), map[string]any{"x": 1})) + "." + parts[2]),
		"alg none":                     authorization("Bearer " + unsigned("none")),
		"alg None":                     authorization("Bearer " + unsigned("None")),
		"alg missing":                  authorization("Bearer " + encoded(map[string]any{"kid": "first"}) + "." + parts[1] + "." + parts[2]),
		"HS256 with the public key":    authorization("Bearer " + hmacSigned()),
		"RS512 by the right key":       authorization("Bearer " + otherAlgorithm(jwt.SigningMethodRS512)),
		"PS256 by the right key":       authorization("Bearer " + otherAlgorithm(jwt.SigningMethodPS256)),
		"RS512 announced":              bad(map[string]any{"alg": "RS512"}, nil),
		"PS256 announced":              bad(map[string]any{"alg": "PS256"}, nil),
		"foreign key, known id":        authorization("Bearer " + signed(goodHeader(), goodClaims(), secondKey())),
		"unknown key id":               bad(map[string]any{"kid": "nobody"}, nil),
		"no key id":                    bad(map[string]any{"kid": nil}, nil),
		"key id is a number":           bad(map[string]any{"kid": 1}, nil),
		"critical extension":           bad(map[string]any{"crit": []string{"b64"}, "b64": false}, nil),
		"wrong issuer":                 bad(nil, map[string]any{"iss": "https://api.botframework.us"}),
		"issuer with a slash":          bad(nil, map[string]any{"iss": testIssuer + "/"}),
		"issuer in capitals":           bad(nil, map[string]any{"iss": strings.ToUpper(testIssuer)}),
		"no issuer":                    bad(nil, map[string]any{"iss": nil}),
		"wrong audience":               bad(nil, map[string]any{"aud": "00000000-0000-0000-0000-000000000000"}),
		"no audience":                  bad(nil, map[string]any{"aud": nil}),
		"empty audience":               bad(nil, map[string]any{"aud": ""}),
		"two audiences":                bad(nil, map[string]any{"aud": []string{testAppID, "other"}}),
		"expired":                      bad(nil, map[string]any{"exp": testNow.Add(-301 * time.Second).Unix()}),
		"not valid yet":                bad(nil, map[string]any{"nbf": testNow.Add(301 * time.Second).Unix()}),
		"no exp":                       bad(nil, map[string]any{"exp": nil}),
		"no nbf":                       bad(nil, map[string]any{"nbf": nil}),
		"exp is a word":                bad(nil, map[string]any{"exp": "tomorrow"}),
		"another service URL":          bad(nil, map[string]any{"serviceurl": "https://evil.example/"}),
		"longer service URL":           bad(nil, map[string]any{"serviceurl": testServiceURL + "x"}),
		"two slashes":                  bad(nil, map[string]any{"serviceurl": testServiceURL + "/"}),
		"no service URL":               bad(nil, map[string]any{"serviceurl": nil}),
		"Entra token, own tenant":      bad(nil, entraClaims("72f988bf", testAppID)),
		"Entra token of an agent":      bad(nil, with(entraClaims("72f988bf", testAppID), map[string]any{"serviceurl": nil})),
		"skill token":                  bad(nil, entraClaims(emulatorTenant31, "another-bot")),
		"emulator token, not accepted": bad(nil, entraClaims(emulatorTenant31, testAppID)),
		"key inside the token": authorization("Bearer " + signed(with(goodHeader(), map[string]any{
			"kid": "mine", "jwk": publicKey("mine", secondKey(), "msteams"),
		}), goodClaims(), secondKey())),
		"key inside the token, known id": authorization("Bearer " + signed(with(goodHeader(), map[string]any{
			"jwk": publicKey("first", secondKey(), "msteams"),
		}), goodClaims(), secondKey())),
	}
}

func entraClaims(tenant, party string) map[string]any {
	return map[string]any{
		"iss": "https://login.microsoftonline.com/" + tenant + "/v2.0", "tid": tenant,
		"ver": "2.0", "azp": party, "aud": testAppID,
	}
}

func unsigned(alg string) string {
	return encoded(with(goodHeader(), map[string]any{"alg": alg})) + "." + encoded(goodClaims()) + "."
}

// otherAlgorithm is a good token of the good key, but not by RS256.
func otherAlgorithm(method jwt.SigningMethod) string {
	token := jwt.NewWithClaims(method, jwt.MapClaims(goodClaims()))
	token.Header["kid"] = "first"
	text, err := token.SignedString(firstKey())
	if err != nil {
		panic(err)
	}
	return text
}

// hmacSigned uses the public key, in its usual file form, as a shared secret.
func hmacSigned() string {
	der, err := x509.MarshalPKIXPublicKey(firstKey().Public())
	if err != nil {
		panic(err)
	}
	text := encoded(with(goodHeader(), map[string]any{"alg": "HS256"})) + "." + encoded(goodClaims())
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func TestVerifyRefusesForgeries(t *testing.T) {
	t.Parallel()
	for name, header := range forged() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newIssuer(t).verifier(t, newClock())
			for range 2 { // a refusal must not be remembered as a success
				wantRefusal(t, v.Verify(t.Context(), header, teamsActivity()), http.StatusUnauthorized)
			}
			// What is good stays good next to it.
			if err := v.Verify(t.Context(), authorization("Bearer "+goodToken()), teamsActivity()); err != nil {
				t.Error(err)
			}
		})
	}
}

func wantRefusal(t testing.TB, err error, status int) {
	t.Helper()
	var refused *AuthError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want an AuthError", err)
	}
	if refused.Status != status || refused.Reason == "" {
		t.Errorf("got %d %q, want %d", refused.Status, refused.Reason, status)
	}
}

// A key server named by the token must never be asked.
func TestVerifyAsksNobodyTheTokenNames(t *testing.T) {
	t.Parallel()
	v := newIssuer(t).verifier(t, newClock())
	attacker := newIssuer(t)
	for _, name := range []string{"jku", "x5u"} {
		header := with(goodHeader(), map[string]any{"kid": "mine", name: attacker.URL + "/metadata"})
		token := signed(header, goodClaims(), secondKey())
		wantRefusal(t, v.Verify(t.Context(), authorization("Bearer "+token), teamsActivity()), http.StatusUnauthorized)
	}
	if n := attacker.requests.Load(); n != 0 {
		t.Errorf("%d requests to an address from the token", n)
	}
}

func TestVerifyChecksTheActivityEachTime(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := newIssuer(t).verifier(t, c)
	header := authorization("Bearer " + goodToken())
	if err := v.Verify(t.Context(), header, teamsActivity()); err != nil {
		t.Fatal(err)
	}
	elsewhere := teamsActivity()
	elsewhere.ServiceURL = "https://evil.example/"
	wantRefusal(t, v.Verify(t.Context(), header, elsewhere), http.StatusUnauthorized)
	nowhere := teamsActivity()
	nowhere.ServiceURL = ""
	wantRefusal(t, v.Verify(t.Context(), header, nowhere), http.StatusUnauthorized)
	other := teamsActivity()
	other.ChannelID = "directline"
	wantRefusal(t, v.Verify(t.Context(), header, other), http.StatusForbidden)
	c.advance(time.Hour + 301*time.Second)
	wantRefusal(t, v.Verify(t.Context(), header, teamsActivity()), http.StatusUnauthorized)
}

func TestVerifyEndorsements(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		endorsements []string
		channel      string
		status       int
	}{
		"teams endorsed":            {[]string{"msteams"}, "msteams", 0},
		"skype endorsed":            {[]string{"msteams", "skype"}, "skype", 0},
		"another endorsed":          {[]string{"webchat"}, "webchat", 0},
		"teams not endorsed":        {[]string{"skype"}, "msteams", 403},
		"skype not endorsed":        {[]string{"msteams"}, "skype", 403},
		"teams without any":         {nil, "msteams", 403},
		"teams with an empty list":  {[]string{}, "msteams", 403},
		"teams in another spelling": {nil, "MSTeams", 403},
		"emulator without any":      {nil, "emulator", 0},
		"no channel":                {[]string{"msteams"}, "", 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			i.keys = []map[string]any{publicKey("first", firstKey(), test.endorsements...)}
			a := teamsActivity()
			a.ChannelID = test.channel
			err := i.verifier(t, newClock()).Verify(t.Context(), authorization("Bearer "+goodToken()), a)
			if test.status == 0 && err != nil {
				t.Error(err)
			} else if test.status != 0 {
				wantRefusal(t, err, test.status)
			}
		})
	}
}

func TestVerifyPolicy(t *testing.T) {
	t.Parallel()
	v := newIssuer(t).verifier(t, newClock(), func(o *VerifierOptions) {
		o.Tenants = []string{"72F988BF-86F1-41AF-91AB-2D7CD011DB47"}
		o.Channels = []string{ChannelTeams}
	})
	header := authorization("Bearer " + goodToken())
	if err := v.Verify(t.Context(), header, teamsActivity()); err != nil {
		t.Error(err)
	}
	foreign := teamsActivity()
	foreign.Conversation.TenantID = "other"
	wantRefusal(t, v.Verify(t.Context(), header, foreign), http.StatusForbidden)
	foreign.Conversation.TenantID = ""
	wantRefusal(t, v.Verify(t.Context(), header, foreign), http.StatusForbidden)
	skype := teamsActivity()
	skype.ChannelID = ChannelSkype
	wantRefusal(t, v.Verify(t.Context(), header, skype), http.StatusForbidden)
}

func TestVerifyWithoutAnAppID(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := i.verifier(t, newClock(), func(o *VerifierOptions) { o.AppID = "" })
	token := signed(goodHeader(), with(goodClaims(), map[string]any{"aud": ""}), firstKey())
	wantRefusal(t, v.Verify(t.Context(), authorization("Bearer "+token), teamsActivity()), http.StatusUnauthorized)
	if err := v.Ready(t.Context()); err != nil || i.requests.Load() != 0 {
		t.Errorf("Ready: %v, %d requests", err, i.requests.Load())
	}
}

func TestVerifyEmulator(t *testing.T) {
	t.Parallel()
	emulator := newIssuer(t)
	emulator.keys = []map[string]any{publicKey("entra", secondKey())}
	channel := newIssuer(t)
	own := "11111111-2222-3333-4444-555555555555"
	v := channel.verifier(t, newClock(), func(o *VerifierOptions) {
		o.Emulator, o.EmulatorMetadataURL, o.TenantID = true, emulator.URL+"/metadata", own
	})
	v1 := func(tenant, party string) map[string]any {
		return map[string]any{"iss": "https://sts.windows.net/" + tenant + "/", "tid": tenant, "ver": "1.0", "appid": party}
	}
	for name, test := range map[string]struct {
		claims map[string]any
		ok     bool
	}{
		"version 1":               {v1(emulatorTenant31, testAppID), true},
		"no version":              {with(v1(emulatorTenant31, testAppID), map[string]any{"ver": nil}), true},
		"version 2":               {entraClaims(emulatorTenant32, testAppID), true},
		"own tenant":              {v1(own, testAppID), true},
		"tenant of the token":     {v1("99999999-0000-0000-0000-000000000000", testAppID), false},
		"tid of another tenant":   {with(v1(own, testAppID), map[string]any{"tid": "other"}), false},
		"no tid":                  {with(v1(own, testAppID), map[string]any{"tid": ""}), false},
		"another app":             {v1(own, "another-bot"), false},
		"another app, version 2":  {entraClaims(own, "another-bot"), false},
		"party of version 1 in 2": {with(entraClaims(own, ""), map[string]any{"appid": testAppID}), false},
		"another audience":        {with(v1(own, testAppID), map[string]any{"aud": "graph"}), false},
		"expired":                 {with(v1(own, testAppID), map[string]any{"exp": testNow.Add(-time.Hour).Unix()}), false},
		"the channel's issuer":    {map[string]any{"iss": testIssuer}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := with(with(goodClaims(), map[string]any{"serviceurl": ""}), test.claims)
			token := signed(with(goodHeader(), map[string]any{"kid": "entra"}), claims, secondKey())
			a := teamsActivity()
			a.ServiceURL = "http://localhost:5000"
			err := v.Verify(t.Context(), authorization("Bearer "+token), a)
			if test.ok && err != nil {
				t.Error(err)
			} else if !test.ok {
				wantRefusal(t, err, http.StatusUnauthorized)
			}
		})
	}
}

func TestNewVerifierChoosesTheCloud(t *testing.T) {
	t.Parallel()
	for metadata, issuer := range map[string]string{
		"": "https://api.botframework.com",
		"https://login.botframework.azure.us/v1/.well-known/openidconfiguration": "https://api.botframework.us",
		"https://login.botframework.azure.cn/v1/.well-known/openidconfiguration": "https://api.botframework.azure.cn",
		"http://127.0.0.1:9000/v1/.well-known/openidconfiguration":               "https://api.botframework.com",
	} {
		v, err := NewVerifier(VerifierOptions{AppID: testAppID, MetadataURL: metadata})
		if err != nil || v.issuer != issuer {
			t.Errorf("%q: %v, %v", metadata, v, err)
		}
	}
	for _, metadata := range []string{"http://login.example/x", "login.example", "ftp://login.example/", "https://user:pw@login.example/", "https://", "http://127.0.0.1.example/"} {
		if _, err := NewVerifier(VerifierOptions{AppID: testAppID, MetadataURL: metadata}); err == nil {
			t.Errorf("%q was accepted", metadata)
		}
	}
}

func TestVerifiedTokensAreBounded(t *testing.T) {
	t.Parallel()
	memory := newVerifiedTokens()
	good, err := newIssuer(t).verifier(t, newClock()).authenticate(t.Context(), goodToken())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxVerifiedTokens {
		memory.add(fmt.Sprint(i), good, testNow)
	}
	if n := len(memory.tokens); n != maxVerifiedTokens {
		t.Errorf("%d tokens remembered", n)
	}
	memory.add("one more", good, testNow.Add(2*time.Hour))
	if n := len(memory.tokens); n != 1 {
		t.Errorf("%d tokens left when the others are expired", n)
	}
}

func BenchmarkVerify(b *testing.B) {
	v := newIssuer(b).verifier(b, newClock())
	header, a := authorization("Bearer "+goodToken()), teamsActivity()
	verify := func(b *testing.B) {
		if err := v.Verify(b.Context(), header, a); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("same token", func(b *testing.B) {
		for b.Loop() {
			verify(b)
		}
	})
	b.Run("new token", func(b *testing.B) {
		for b.Loop() {
			clear(v.verified.tokens)
			verify(b)
		}
	})
}
