package simulator

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

type cachedToken struct {
	token string
	until time.Time
}

// channelToken is the token the channel puts on its activities. It says nothing of
// the user, so one serves all activities of a service URL for half its life.
func (s *Simulator) channelToken(serviceURL string) (string, error) {
	now := s.opt.Now()
	s.mu.Lock()
	cached, found := s.tokens[serviceURL]
	s.mu.Unlock()
	if found && now.Before(cached.until) {
		return cached.token, nil
	}
	key := s.keys.signer()
	token, err := sign(key, channelHeader(key), s.channelClaims(serviceURL))
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if key == s.keys.signer() { // not rotated meanwhile
		s.tokens[serviceURL] = cachedToken{token, now.Add(30 * time.Minute)}
	}
	return token, nil
}

func channelHeader(key *signingKey) map[string]any {
	return map[string]any{"typ": "JWT", "alg": "RS256", "kid": key.id, "x5t": key.id}
}

// channelClaims are those of inbound 2.
func (s *Simulator) channelClaims(serviceURL string) map[string]any {
	now := s.opt.Now()
	return map[string]any{
		"iss": channelIssuer, "aud": s.opt.AppID, "serviceurl": serviceURL,
		"nbf": now.Add(-5 * time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// Token makes a channel token for Teams people, as the channel would, and lets the
// caller spoil it: mutate may change header and claims before the signature, and
// may be nil. With alg "none" there is no signature; with "HS256" it is made with
// the announced public key as the secret.
func (s *Simulator) Token(mutate func(header, claims map[string]any)) (string, error) {
	return s.forge(s.keys.signer(), mutate)
}

// ForeignToken is Token, signed with a key that is announced nowhere, under the id
// of one that is.
func (s *Simulator) ForeignToken(mutate func(header, claims map[string]any)) (string, error) {
	foreign, err := s.keys.foreign()
	if err != nil {
		return "", err
	}
	return s.forge(&signingKey{s.keys.signer().id, foreign.private, foreign.certificate}, mutate)
}

func (s *Simulator) forge(key *signingKey, mutate func(header, claims map[string]any)) (string, error) {
	header, claims := channelHeader(key), s.channelClaims(s.ServiceURL(channelTeams.id))
	if mutate != nil {
		mutate(header, claims)
	}
	return sign(key, header, claims)
}

func sign(key *signingKey, header, claims map[string]any) (string, error) {
	var method jwt.SigningMethod = jwt.SigningMethodRS256
	var secret any = key.private
	switch alg, _ := header["alg"].(string); strings.ToUpper(alg) {
	case "NONE":
		method, secret = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
	case "HS256":
		der, err := x509.MarshalPKIXPublicKey(&key.private.PublicKey)
		if err != nil {
			return "", err
		}
		method, secret = jwt.SigningMethodHS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	token := &jwt.Token{Header: header, Claims: jwt.MapClaims(claims), Method: method}
	return token.SignedString(secret)
}
