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
func (a *Surveys) seal(deliveryID int64, st carried) string {
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

// open is what seal sealed; nothing for anything else, as for a card of before the secret changed.
func (a *Surveys) open(deliveryID int64, state string) carried {
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(raw) < 12 {
		return carried{}
	}
	packed, err := a.cipher().Open(nil, raw[:12], raw[12:], boundTo(deliveryID))
	if err != nil {
		return carried{}
	}
	var st carried
	if err := json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxOpened)).Decode(&st); err != nil {
		return carried{}
	}
	return st
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
