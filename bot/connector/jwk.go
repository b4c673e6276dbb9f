package connector

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
)

const (
	minKeyBits = 2048
	maxKeyBits = 8192 // a larger modulus would only cost time
	maxKeys    = 200
)

// signingKey is one key of the channel, with the channels it may speak for.
type signingKey struct {
	public       *rsa.PublicKey
	endorsements []string
}

func (k *signingKey) endorses(channel string) bool {
	return slices.Contains(k.endorsements, channel)
}

// readKeys reads a key document (protocol/inbound.md section 2). Keys that
// cannot verify RS256 are left out; a document without one usable key is an
// error, so that a broken answer does not displace good keys.
func readKeys(body []byte) (map[string]*signingKey, error) {
	var document struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, errors.New("the key document is not readable")
	}
	keys := make(map[string]*signingKey)
	for _, j := range document.Keys[:min(len(document.Keys), maxKeys)] {
		if public := j.rsa(); public != nil && j.ID != "" && keys[j.ID] == nil {
			keys[j.ID] = &signingKey{public: public, endorsements: j.Endorsements}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("the key document holds no usable key")
	}
	return keys, nil
}

type jwk struct {
	ID           string   `json:"kid"`
	Type         string   `json:"kty"`
	Use          string   `json:"use"`
	Algorithm    string   `json:"alg"`
	Modulus      string   `json:"n"`
	Exponent     string   `json:"e"`
	Endorsements []string `json:"endorsements"`
}

// rsa is the public key, or nil unless it is an RSA signature key of 2048 bits
// or more.
func (j jwk) rsa() *rsa.PublicKey {
	if j.Type != "RSA" || j.Use != "" && j.Use != "sig" || j.Algorithm != "" && j.Algorithm != "RS256" {
		return nil
	}
	n, errN := base64.RawURLEncoding.DecodeString(j.Modulus)
	e, errE := base64.RawURLEncoding.DecodeString(j.Exponent)
	if errN != nil || errE != nil || len(n) > maxKeyBits/8 || len(e) == 0 || len(e) > 4 {
		return nil
	}
	modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e).Int64()
	if modulus.BitLen() < minKeyBits || modulus.Bit(0) == 0 || exponent < 3 || exponent%2 == 0 || exponent > 1<<31-1 {
		return nil
	}
	return &rsa.PublicKey{N: modulus, E: int(exponent)}
}
