package connector

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	maxTokenLength    = 16 << 10
	maxVerifiedTokens = 1024
	clockSkew         = 300 * time.Second
)

// token is a bearer token whose signature was verified.
type token struct {
	claims *claims
	keyID  string
	key    *signingKey
}

// claims are those the two kinds of tokens carry (protocol/inbound.md section
// 2 and 2.1). JSON names match in any case: "serviceurl" stands on the wire,
// "serviceUrl" in the documentation.
type claims struct {
	jwt.RegisteredClaims
	ServiceURL      string `json:"serviceurl"`
	Version         string `json:"ver"`
	AppID           string `json:"appid"`
	AuthorizedParty string `json:"azp"`
	TenantID        string `json:"tid"`
}

// checkTimes holds for both kinds: both times required, five minutes of skew.
func (c *claims) checkTimes(now time.Time) error {
	switch {
	case c.ExpiresAt == nil || c.NotBefore == nil:
		return unauthorized("token without nbf or exp")
	case now.Add(clockSkew).Before(c.NotBefore.Time):
		return unauthorized("token not valid yet")
	case now.Add(-clockSkew).After(c.ExpiresAt.Time):
		return unauthorized("token expired")
	}
	return nil
}

// checkAudience wants the bot's app id and nothing else.
func (c *claims) checkAudience(appID string) error {
	if len(c.Audience) != 1 || !strings.EqualFold(c.Audience[0], appID) {
		return unauthorized("token for another audience")
	}
	return nil
}

// bearer is the one token of the request's one Authorization header.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", unauthorized("no Authorization header")
	}
	if len(values) > 1 {
		return "", unauthorized("more than one Authorization header")
	}
	raw, found := strings.CutPrefix(values[0], "Bearer ")
	if !found || len(raw) > maxTokenLength || strings.Count(raw, ".") != 2 || strings.ContainsAny(raw, " ,\t") {
		return "", unauthorized("Authorization is not Bearer and one token")
	}
	return raw, nil
}

// authenticate checks algorithm, issuer, key and signature: steps 2 to 6. The
// key comes from the keyring that issuer chooses, never from the token (jwk,
// jku, x5u and x5c are not read).
func (v *Verifier) authenticate(ctx context.Context, raw string) (*token, error) {
	if t := v.verified.get(raw); t != nil {
		// The signature was verified before; that holds while its key does.
		key, err := v.findKey(ctx, t.claims.Issuer, t.keyID)
		if err != nil {
			return nil, err
		}
		if key.public.Equal(t.key.public) {
			return &token{claims: t.claims, keyID: t.keyID, key: key}, nil
		}
	}
	t := &token{claims: &claims{}}
	_, err := v.parser.ParseWithClaims(raw, t.claims, func(parsed *jwt.Token) (any, error) {
		return v.chooseKey(ctx, parsed, t)
	})
	if err != nil {
		return nil, asAuthError(err)
	}
	v.verified.add(raw, t, v.now())
	return t, nil
}

// chooseKey runs after the algorithm was found to be RS256 and before the
// signature is verified.
func (v *Verifier) chooseKey(ctx context.Context, parsed *jwt.Token, t *token) (any, error) {
	if _, critical := parsed.Header["crit"]; critical {
		return nil, unauthorized("token with critical extensions")
	}
	id, _ := parsed.Header["kid"].(string)
	if id == "" {
		return nil, unauthorized("token without a key id")
	}
	key, err := v.findKey(ctx, t.claims.Issuer, id)
	if err != nil {
		return nil, err
	}
	t.keyID, t.key = id, key
	return key.public, nil
}

func (v *Verifier) findKey(ctx context.Context, issuer, id string) (*signingKey, error) {
	ring, err := v.keysOf(issuer)
	if err != nil {
		return nil, err
	}
	key, err := ring.find(ctx, id)
	if errors.Is(err, errUnknownKey) {
		return nil, unauthorized("token signed with an unknown key")
	}
	if err != nil {
		return nil, &AuthError{Status: http.StatusServiceUnavailable, Reason: "signing keys are not available", Err: err}
	}
	return key, nil
}

func asAuthError(err error) error {
	var refused *AuthError
	if errors.As(err, &refused) {
		return refused
	}
	if errors.Is(err, jwt.ErrTokenMalformed) {
		return unauthorized("token is malformed")
	}
	return unauthorized("token's algorithm or signature is not valid")
}

// verifiedTokens remembers tokens whose signature was verified, so that RSA
// is not done again for each activity: a channel uses one token for an hour.
// Only genuine tokens get in, so nobody else can fill it.
type verifiedTokens struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]*token
}

func newVerifiedTokens() *verifiedTokens {
	return &verifiedTokens{tokens: make(map[[sha256.Size]byte]*token)}
}

func (v *verifiedTokens) get(raw string) *token {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tokens[sha256.Sum256([]byte(raw))]
}

// add keeps a token that expires. A full memory loses its expired tokens, and
// if there are none, any one.
func (v *verifiedTokens) add(raw string, t *token, now time.Time) {
	if t.claims.ExpiresAt == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.tokens) >= maxVerifiedTokens {
		v.makeRoom(now)
	}
	v.tokens[sha256.Sum256([]byte(raw))] = t
}

func (v *verifiedTokens) makeRoom(now time.Time) {
	for key, t := range v.tokens {
		if t.claims.checkTimes(now) != nil {
			delete(v.tokens, key)
		}
	}
	for key := range v.tokens {
		if len(v.tokens) < maxVerifiedTokens {
			return
		}
		delete(v.tokens, key)
	}
}
