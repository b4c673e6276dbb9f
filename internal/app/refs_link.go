package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math"
)

// linkText spells tokens: letters and digits that no chat program takes for the end of a
// sentence, or changes.
var linkText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const (
	linkMAC  = 12 // bytes of the signature that are kept
	maxToken = 64 // bytes; the longest is 52
)

// AppendLink appends the token of the n-th link of a delivery's message. It allocates nothing
// but the room that dst lacks.
func (r Refs) AppendLink(dst []byte, deliveryID int64, n int) []byte {
	var room [2*binary.MaxVarintLen64 + linkMAC]byte
	token := binary.AppendUvarint(room[:0], uint64(deliveryID))
	token = binary.AppendUvarint(token, uint64(n))
	mac := r.linkMAC(token)
	return linkText.AppendEncode(dst, append(token, mac[:linkMAC]...))
}

// Link is the delivery and the number of the link that a token names; false when it was not
// signed here.
func (r Refs) Link(token string) (deliveryID int64, n int, ok bool) {
	if len(token) > maxToken {
		return 0, 0, false
	}
	raw, err := linkText.DecodeString(token)
	if err != nil {
		return 0, 0, false
	}
	id, size := binary.Uvarint(raw)
	if size <= 0 || id == 0 || id > math.MaxInt64 {
		return 0, 0, false
	}
	number, size := binary.Uvarint(raw[size:])
	if size <= 0 || number == 0 || number > math.MaxInt32 {
		return 0, 0, false
	}
	// Compared as it is spelled, so that each link has one token and no other.
	if !hmac.Equal([]byte(token), r.AppendLink(nil, int64(id), int(number))) {
		return 0, 0, false
	}
	return int64(id), int(number), true
}

// linkMAC is the HMAC-SHA-256 of "link:" and a message of up to 2 varints. It is written out
// (RFC 2104) because the library's allocates twice for each of a hundred thousand messages.
func (r Refs) linkMAC(message []byte) [sha256.Size]byte {
	const purpose = "link:"
	var key [sha256.BlockSize]byte
	if len(r.Secret) > len(key) {
		sum := sha256.Sum256(r.Secret)
		copy(key[:], sum[:])
	} else {
		copy(key[:], r.Secret)
	}
	var inner [sha256.BlockSize + len(purpose) + 2*binary.MaxVarintLen64]byte
	var outer [sha256.BlockSize + sha256.Size]byte
	for i, b := range key {
		inner[i], outer[i] = b^0x36, b^0x5c
	}
	size := sha256.BlockSize
	size += copy(inner[size:], purpose)
	size += copy(inner[size:], message)
	sum := sha256.Sum256(inner[:size])
	copy(outer[sha256.BlockSize:], sum[:])
	return sha256.Sum256(outer[:])
}
