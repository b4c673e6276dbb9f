package connector

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	testAppID      = "c9e8c047-2a74-40a2-b28a-b162d5f5327c"
	testServiceURL = "https://smba.trafficmanager.net/amer/"
	testIssuer     = "https://api.botframework.com"
)

var testNow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Keys are slow to make, and the same for all tests.
var (
	firstKey  = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	secondKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	smallKey  = sync.OnceValue(func() *rsa.PrivateKey { return newKey(1024) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// clock stands until it is moved.
type clock struct{ now atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	c.now.Store(&testNow)
	return c
}

func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) advance(d time.Duration) {
	later := c.Now().Add(d)
	c.now.Store(&later)
}

// issuer is a channel's key server.
type issuer struct {
	*httptest.Server
	mu       sync.Mutex
	keys     []map[string]any
	metadata map[string]any
	broken   bool
	hold     chan struct{} // if set, the metadata waits for it
	asked    chan struct{} // if set, told of each metadata request
	requests atomic.Int64  // for the metadata
}

func newIssuer(t testing.TB) *issuer {
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("/metadata", i.serveMetadata)
	mux.HandleFunc("/keys", i.serveKeys)
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/metadata", http.StatusFound) })
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	i.metadata = map[string]any{"issuer": testIssuer, "jwks_uri": i.URL + "/keys"}
	i.keys = []map[string]any{publicKey("first", firstKey(), "msteams", "skype")}
	return i
}

func (i *issuer) serveMetadata(w http.ResponseWriter, r *http.Request) {
	i.requests.Add(1)
	i.mu.Lock()
	metadata, broken, hold, asked := maps.Clone(i.metadata), i.broken, i.hold, i.asked
	i.mu.Unlock()
	if asked != nil {
		asked <- struct{}{}
	}
	if hold != nil {
		<-hold
	}
	if broken {
		http.Error(w, "<html>broken</html>", http.StatusBadGateway)
		return
	}
	_ = json.NewEncoder(w).Encode(metadata)
}

func (i *issuer) serveKeys(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
}

func (i *issuer) change(change func(*issuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

func (i *issuer) verifier(t testing.TB, c *clock, more ...func(*VerifierOptions)) *Verifier {
	t.Helper()
	o := VerifierOptions{AppID: testAppID, MetadataURL: i.URL + "/metadata", Now: c.Now}
	for _, change := range more {
		change(&o)
	}
	v, err := NewVerifier(o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func publicKey(id string, key *rsa.PrivateKey, endorsements ...string) map[string]any {
	jwk := map[string]any{
		"kty": "RSA", "use": "sig", "kid": id,
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
	if endorsements != nil {
		jwk["endorsements"] = endorsements
	}
	return jwk
}

func goodHeader() map[string]any { return map[string]any{"alg": "RS256", "typ": "JWT", "kid": "first"} }

func goodClaims() map[string]any {
	return map[string]any{
		"iss": testIssuer, "aud": testAppID, "serviceurl": testServiceURL,
		"nbf": testNow.Add(-time.Minute).Unix(), "exp": testNow.Add(time.Hour).Unix(),
	}
}

// signed is a token made by hand, so that it can be wrong in every way.
func signed(header, claims map[string]any, key *rsa.PrivateKey) string {
	text := encoded(header) + "." + encoded(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func jsonOf(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func encoded(part map[string]any) string {
	return base64.RawURLEncoding.EncodeToString(jsonOf(part))
}

func goodToken() string { return signed(goodHeader(), goodClaims(), firstKey()) }

// with is a copy with some values changed; nil takes one away.
func with(base map[string]any, changes map[string]any) map[string]any {
	result := maps.Clone(base)
	for name, value := range changes {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = value
		}
	}
	return result
}

func authorization(values ...string) http.Header { return http.Header{"Authorization": values} }

func teamsActivity() Activity {
	a := Activity{Type: "message", ChannelID: ChannelTeams, ServiceURL: testServiceURL}
	a.Conversation.TenantID = "72f988bf-86f1-41af-91ab-2d7cd011db47"
	return a
}
