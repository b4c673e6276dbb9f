package connector

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func verifyWith(t testing.TB, v *Verifier, kid string) error {
	t.Helper()
	key := firstKey()
	if kid == "second" {
		key = secondKey()
	}
	token := signed(with(goodHeader(), map[string]any{"kid": kid}), goodClaims(), key)
	return v.Verify(t.Context(), authorization("Bearer "+token), teamsActivity())
}

func TestKeysRollOver(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := i.verifier(t, newClock())
	if err := verifyWith(t, v, "first"); err != nil {
		t.Fatal(err)
	}
	i.change(func(i *issuer) { i.keys = append(i.keys, publicKey("second", secondKey(), "msteams")) })
	if err := verifyWith(t, v, "second"); err != nil {
		t.Errorf("a key announced after the start: %v", err)
	}
	if n := i.requests.Load(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

// A token verified before is worth nothing once its key is gone.
func TestWithdrawnKeyEndsItsTokens(t *testing.T) {
	t.Parallel()
	i, c := newIssuer(t), newClock()
	v := i.verifier(t, c)
	claims := with(goodClaims(), map[string]any{"exp": testNow.Add(100 * time.Hour).Unix()})
	header := authorization("Bearer " + signed(goodHeader(), claims, firstKey()))
	if err := v.Verify(t.Context(), header, teamsActivity()); err != nil {
		t.Fatal(err)
	}
	i.change(func(i *issuer) { i.keys = []map[string]any{publicKey("second", secondKey(), "msteams")} })
	if err := v.Verify(t.Context(), header, teamsActivity()); err != nil {
		t.Errorf("within the day: %v", err)
	}
	c.advance(24 * time.Hour)
	wantRefusal(t, v.Verify(t.Context(), header, teamsActivity()), http.StatusUnauthorized)
	// The same id for another key is another key.
	i.change(func(i *issuer) { i.keys = []map[string]any{publicKey("first", secondKey(), "msteams")} })
	c.advance(24 * time.Hour)
	wantRefusal(t, v.Verify(t.Context(), header, teamsActivity()), http.StatusUnauthorized)
}

func TestUnknownKeysDriveNoTraffic(t *testing.T) {
	t.Parallel()
	i, c := newIssuer(t), newClock()
	v := i.verifier(t, c)
	if err := v.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	flood := func(want int64) {
		t.Helper()
		for n := range 30 {
			wantRefusal(t, verifyWith(t, v, fmt.Sprint("invented ", n, c.Now())), http.StatusUnauthorized)
		}
		if got := i.requests.Load(); got != want {
			t.Errorf("%d fetches, want %d", got, want)
		}
	}
	flood(2) // the start, and one for the first unknown key
	c.advance(59 * time.Minute)
	flood(2)
	c.advance(time.Minute)
	flood(3)
	c.advance(22 * time.Hour)
	flood(4)
	c.advance(time.Hour)
	flood(5)
}

func TestConcurrentVerifiesFetchOnce(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.hold, i.asked = make(chan struct{}), make(chan struct{}, 100)
	v := i.verifier(t, newClock())
	header := authorization("Bearer " + goodToken())
	errs := make(chan error, 20)
	verify := func() { errs <- v.Verify(context.Background(), header, teamsActivity()) }
	go verify()
	<-i.asked // the fetch is under way and stays so
	for range 19 {
		go verify()
	}
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	wantRefusal(t, v.Verify(impatient, header, teamsActivity()), http.StatusServiceUnavailable)
	close(i.hold)
	for range 20 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := i.requests.Load(); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
}

// Everybody who meets a new key while it is being fetched waits for it.
func TestConcurrentRollover(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	v := i.verifier(t, newClock())
	if err := v.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	i.change(func(i *issuer) { i.keys = append(i.keys, publicKey("second", secondKey(), "msteams")) })
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := verifyWith(t, v, "second"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := i.requests.Load(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

func TestFailedRefreshKeepsTheOldKeys(t *testing.T) {
	t.Parallel()
	i, c := newIssuer(t), newClock()
	v := i.verifier(t, c)
	claims := with(goodClaims(), map[string]any{"exp": testNow.Add(100 * time.Hour).Unix()})
	header := authorization("Bearer " + signed(goodHeader(), claims, firstKey()))
	verify := func() error { return v.Verify(t.Context(), header, teamsActivity()) }
	if err := verify(); err != nil {
		t.Fatal(err)
	}
	i.change(func(i *issuer) { i.broken = true })
	c.advance(25 * time.Hour)
	for range 10 {
		if err := verify(); err != nil {
			t.Fatal(err)
		}
	}
	if n := i.requests.Load(); n != 2 {
		t.Errorf("%d fetches, want 2: a failure has its back-off", n)
	}
	c.advance(time.Minute)
	i.change(func(i *issuer) { i.broken, i.keys = false, []map[string]any{} })
	if err := verify(); err != nil {
		t.Errorf("an empty key document displaced good keys: %v", err)
	}
	if err := v.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReadyHealsByItself(t *testing.T) {
	t.Parallel()
	i, c := newIssuer(t), newClock()
	i.broken = true
	v := i.verifier(t, c)
	if v.Ready(t.Context()) == nil {
		t.Fatal("ready without keys")
	}
	wantRefusal(t, verifyWith(t, v, "first"), http.StatusServiceUnavailable)
	i.change(func(i *issuer) { i.broken = false })
	if v.Ready(t.Context()) == nil || i.requests.Load() != 1 {
		t.Error("asked again within the back-off")
	}
	c.advance(time.Second)
	if err := v.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if err := verifyWith(t, v, "first"); err != nil {
		t.Error(err)
	}
}

func TestMetadataThatIsNotFollowed(t *testing.T) {
	t.Parallel()
	other := newIssuer(t)
	for name, change := range map[string]func(*issuer, *VerifierOptions){
		"keys on another host":  func(i *issuer, _ *VerifierOptions) { i.metadata["jwks_uri"] = other.URL + "/keys" },
		"keys over plain http":  func(i *issuer, _ *VerifierOptions) { i.metadata["jwks_uri"] = "http://keys.example/keys" },
		"no jwks_uri":           func(i *issuer, _ *VerifierOptions) { delete(i.metadata, "jwks_uri") },
		"jwks_uri is a list":    func(i *issuer, _ *VerifierOptions) { i.metadata["jwks_uri"] = []string{"x"} },
		"redirected":            func(i *issuer, o *VerifierOptions) { o.MetadataURL = i.URL + "/moved" },
		"endless":               func(i *issuer, _ *VerifierOptions) { i.metadata["x"] = string(make([]byte, maxAuthBody)) },
		"no keys":               func(i *issuer, _ *VerifierOptions) { i.keys = nil },
		"keys without RSA ones": func(i *issuer, _ *VerifierOptions) { i.keys = []map[string]any{{"kid": "first", "kty": "EC"}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			v := i.verifier(t, newClock(), func(o *VerifierOptions) { change(i, o) })
			if v.Ready(t.Context()) == nil {
				t.Error("ready")
			}
			wantRefusal(t, verifyWith(t, v, "first"), http.StatusServiceUnavailable)
		})
	}
	if n := other.requests.Load(); n != 0 {
		t.Errorf("%d requests to another host", n)
	}
}

func TestReadKeysTakesOnlySafeOnes(t *testing.T) {
	t.Parallel()
	good := publicKey("k", firstKey())
	number := func(n int64) string { return base64.RawURLEncoding.EncodeToString(big.NewInt(n).Bytes()) }
	for name, test := range map[string]struct {
		change map[string]any
		ok     bool
	}{
		"as it is":            {nil, true},
		"alg RS256":           {map[string]any{"alg": "RS256"}, true},
		"no use":              {map[string]any{"use": nil}, true},
		"for encryption":      {map[string]any{"use": "enc"}, false},
		"for another alg":     {map[string]any{"alg": "HS256"}, false},
		"a shared secret":     {map[string]any{"kty": "oct", "k": "c2VjcmV0"}, false},
		"elliptic":            {map[string]any{"kty": "EC"}, false},
		"1024 bits":           {map[string]any{"n": publicKey("", smallKey())["n"]}, false},
		"no modulus":          {map[string]any{"n": nil}, false},
		"no exponent":         {map[string]any{"e": nil}, false},
		"exponent one":        {map[string]any{"e": number(1)}, false},
		"even exponent":       {map[string]any{"e": number(65536)}, false},
		"huge exponent":       {map[string]any{"e": number(1 << 40)}, false},
		"modulus not base64":  {map[string]any{"n": "+/+/"}, false},
		"modulus far too big": {map[string]any{"n": base64.RawURLEncoding.EncodeToString(make([]byte, 5000))}, false},
		"no id":               {map[string]any{"kid": nil}, false},
	} {
		keys, err := readKeys([]byte(`{"keys":[` + string(jsonOf(with(good, test.change))) + `]}`))
		if (err == nil) != test.ok || (len(keys) == 1) != test.ok {
			t.Errorf("%s: %d keys, %v", name, len(keys), err)
		}
	}
	keys, err := readKeys([]byte(`{"keys":[` + string(jsonOf(with(good, map[string]any{"kty": "EC"}))) + `,` + string(jsonOf(publicKey("b", secondKey(), "msteams"))) + `]}`))
	if err != nil || len(keys) != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	if diff := cmp.Diff([]string{"msteams"}, keys["b"].endorsements); diff != "" || !keys["b"].public.Equal(secondKey().Public()) {
		t.Error("not the key that was announced", diff)
	}
}
