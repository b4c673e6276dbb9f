package simulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// signingKey is an RSA key with the certificate it is announced with.
type signingKey struct {
	id          string
	private     *rsa.PrivateKey
	certificate []byte // DER
}

// keyring holds the channel's keys (newest first), Entra's, and one that nobody
// announces, for forgeries.
type keyring struct {
	mu      sync.Mutex
	channel []*signingKey
	entra   *signingKey
	foreign func() (*signingKey, error)
}

func newKeyring(now time.Time) (*keyring, error) {
	channel, err := newSigningKey(now)
	if err != nil {
		return nil, err
	}
	entra, err := newSigningKey(now)
	if err != nil {
		return nil, err
	}
	return &keyring{
		channel: []*signingKey{channel},
		entra:   entra,
		foreign: sync.OnceValues(func() (*signingKey, error) { return newSigningKey(now) }),
	}, nil
}

func newSigningKey(now time.Time) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("simulator: signing key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "simulated channel"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(5, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, fmt.Errorf("simulator: signing certificate: %w", err)
	}
	thumb := sha1.Sum(certificate)
	return &signingKey{base64.RawURLEncoding.EncodeToString(thumb[:]), private, certificate}, nil
}

func (k *keyring) signer() *signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.channel[0]
}

// rotate signs with a new key from now on. The one before stays announced, as
// tokens signed with it are still under way; older ones are gone.
func (k *keyring) rotate(key *signingKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.channel = []*signingKey{key, k.channel[0]}
}

// jwk is one announced key (inbound 2).
type jwk struct {
	Type         string   `json:"kty"`
	Use          string   `json:"use"`
	ID           string   `json:"kid"`
	Thumbprint   string   `json:"x5t"`
	N            string   `json:"n"`
	E            string   `json:"e"`
	Certificates []string `json:"x5c"`
	Endorsements []string `json:"endorsements,omitempty"`
}

func (k *signingKey) announce(endorsements []string) jwk {
	return jwk{
		Type: "RSA", Use: "sig", ID: k.id, Thumbprint: k.id,
		N:            base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		E:            base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
		Certificates: []string{base64.StdEncoding.EncodeToString(k.certificate)},
		Endorsements: endorsements,
	}
}

func (k *keyring) channelKeys() []jwk {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []jwk
	for _, key := range k.channel {
		out = append(out, key.announce([]string{channelTeams.id, channelSkype.id}))
	}
	return out
}

// RotateKeys makes the channel sign with a new key. The key before it stays
// announced until the next rotation; tokens the channel kept are dropped.
func (s *Simulator) RotateKeys() error {
	key, err := newSigningKey(s.opt.Now())
	if err != nil {
		return err
	}
	s.keys.rotate(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	return nil
}
