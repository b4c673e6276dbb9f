package app

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"

	"crier/internal/domain"
)

// What somebody has answered to an anonymous survey is kept nowhere before they finish: it
// travels in the buttons of their card, sealed, and opens for that card alone.

// maxState bounds what a card carries of an anonymous survey, in characters; the channel takes
// no larger cards. maxOpened bounds it unpacked.
const (
	maxState  = 12_000
	maxOpened = 1 << 20
)

// seal packs and encrypts how somebody stands; opened only for the same delivery.
func (a *Surveys) seal(deliveryID int64, st domain.Standing) string {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed) // the level exists
	if err := json.NewEncoder(w).Encode(st); err != nil {
		panic("app: a standing did not encode: " + err.Error()) // plain data always does
	}
	w.Close() //nolint:errcheck // a buffer takes everything
	nonce := make([]byte, 12)
	rand.Read(nonce) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(a.cipher().Seal(nonce, nonce, packed.Bytes(), boundTo(deliveryID)))
}

// open is what seal sealed; the zero Standing and false for anything else.
func (a *Surveys) open(deliveryID int64, state string) (domain.Standing, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(raw) < 12 {
		return domain.Standing{}, false
	}
	packed, err := a.cipher().Open(nil, raw[:12], raw[12:], boundTo(deliveryID))
	if err != nil {
		return domain.Standing{}, false
	}
	var st domain.Standing
	if err := json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxOpened)).Decode(&st); err != nil {
		return domain.Standing{}, false
	}
	return st, true
}

func boundTo(deliveryID int64) []byte { return strconv.AppendInt([]byte("delivery:"), deliveryID, 10) }

// cipher is AES-256-GCM with a key of its own, made from the secret.
func (a *Surveys) cipher() cipher.AEAD {
	h := hmac.New(sha256.New, a.Refs.Secret)
	h.Write([]byte("survey state"))
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // the block has 16 bytes
	}
	return gcm
}
