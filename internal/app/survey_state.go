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

// What is sealed begins with how it is packed.
const (
	plainly byte = iota
	flated
)

// worthPacking is how long a standing is, in bytes, before it is packed: to pack a short one costs
// more than all else about an answer.
const worthPacking = 1 << 10

// seal packs and encrypts how somebody stands; opened only for the same delivery.
func (a *Surveys) seal(deliveryID int64, st carried) string {
	nonce := make([]byte, 12)
	rand.Read(nonce) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(a.cipher().Seal(nonce, nonce, pack(st), boundTo(deliveryID)))
}

func pack(st carried) []byte {
	plain, err := json.Marshal(st)
	if err != nil {
		panic("app: a standing did not encode: " + err.Error()) // plain data always does
	}
	if len(plain) < worthPacking {
		return append([]byte{plainly}, plain...)
	}
	packed := bytes.NewBuffer([]byte{flated})
	w, _ := flate.NewWriter(packed, flate.BestSpeed) // the level exists
	w.Write(plain)                                   //nolint:errcheck // a buffer takes everything
	w.Close()                                        //nolint:errcheck // as above
	return packed.Bytes()
}

// unpack is what pack packed; nothing for anything else.
func unpack(packed []byte) carried {
	var plain io.Reader = bytes.NewReader(packed[min(1, len(packed)):])
	if len(packed) > 0 && packed[0] == flated {
		plain = io.LimitReader(flate.NewReader(plain), maxOpened)
	}
	var st carried
	if err := json.NewDecoder(plain).Decode(&st); err != nil {
		return carried{}
	}
	return st
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
	return unpack(packed)
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
