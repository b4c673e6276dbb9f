package simulator

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// Everything that happens by chance is a pure function of (seed, what, whom), so
// that a run can be repeated whatever the order in which things happen to arrive.

// draw names the questions put to chance; each gets an answer of its own.
type draw uint64

const (
	drawCulture draw = iota + 1
	drawGiven
	drawSurname
	drawZone
	drawSkype
	drawUserID
	drawObjectID
	drawConversationID
	drawInstallOrder
	drawTimezoneShown
	drawPlatform
	drawUpgrade
	drawBlocked
	drawBlockedByUser
	drawRoster
	drawGone
	drawServerError
	drawServerErrorKind
	drawLost
	drawHang
	drawJitter
	drawRedeliver
	drawEvent
	drawDelay
	drawRead
	drawClick
	drawReact
	drawReaction
	drawAnswer
	drawAction
	drawInput
	drawPresence
	drawPresencePace
	drawEarly
	drawLate
	drawEveryLink
	drawClickAgain
	drawUnreact
	drawBrowser
	drawScanner
	drawSurvey
	drawSurveyClient
	drawForger
)

// mix is the finaliser of SplitMix64: one bit changed in, half the bits changed out.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// chance answers one question about one subject.
func chance(seed uint64, what draw, subject ...uint64) uint64 {
	x := mix(seed ^ mix(uint64(what)))
	for _, s := range subject {
		x = mix(x ^ mix(s))
	}
	return x
}

// share makes a fraction in [0, 1) of it.
func share(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// pick chooses one of n.
func pick(x uint64, n int) int { return int(x % uint64(n)) }

// seal makes 32 bytes that look like nothing and hide a number: the first four
// bytes are the number under a permutation, the rest follows from it. So a person
// is found by any of their ids without an index of 100,000 strings.
func seal(seed uint64, kind draw, number uint32) [32]byte {
	odd, mask := permutation(seed, kind)
	var out [32]byte
	binary.BigEndian.PutUint32(out[:], (number*odd)^mask)
	for i := 4; i < len(out); i += 4 {
		x := chance(seed, kind, uint64(number), uint64(i))
		binary.BigEndian.PutUint32(out[i:], uint32(x))
	}
	return out
}

// unseal finds the number again. Whether the rest fits is for the caller to check,
// by sealing the number anew and comparing.
func unseal(seed uint64, kind draw, first [4]byte) uint32 {
	odd, mask := permutation(seed, kind)
	inverse := odd // Newton's iteration doubles the correct bits: 3, 6, 12, 24, 48
	for range 4 {
		inverse *= 2 - odd*inverse
	}
	return (binary.BigEndian.Uint32(first[:]) ^ mask) * inverse
}

func permutation(seed uint64, kind draw) (odd, mask uint32) {
	x := chance(seed, kind)
	return uint32(x>>32) | 1, uint32(x)
}

// guid writes the first 16 sealed bytes as a version 4 GUID.
func guid(b [32]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// opaque writes all of them in the alphabet of the channel's own ids.
func opaque(prefix string, b [32]byte) string {
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// leading reads the four bytes that opaque put behind the prefix.
func leading(encoded string) (first [4]byte, ok bool) {
	if len(encoded) < 6 {
		return first, false
	}
	var b [4]byte
	if _, err := base64.RawURLEncoding.Decode(b[:], []byte(encoded[:6])); err != nil {
		return first, false
	}
	return b, true
}
