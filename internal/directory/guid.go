package directory

import (
	"crypto/rand"
	"encoding/hex"
)

// guid is an Entra object id.
type guid [16]byte

// parseGUID reads the form with dashes, in either case.
func parseGUID(text string) (guid, bool) {
	var g guid
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return g, false
	}
	digits := text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	_, err := hex.Decode(g[:], []byte(digits))
	return g, err == nil
}

func (g guid) String() string {
	h := hex.EncodeToString(g[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// MarshalText makes it a string in JSON.
func (g guid) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// distinct leaves out what is no GUID, and repeats in whatever spelling.
func distinct(ids []string) []guid {
	seen := make(map[guid]bool, len(ids))
	all := make([]guid, 0, len(ids))
	for _, id := range ids {
		if g, ok := parseGUID(id); ok && !seen[g] {
			seen[g] = true
			all = append(all, g)
		}
	}
	return all
}

// nobody is the id of no one, to ask with when the answer does not matter.
func nobody() guid { return guid{6: 0x40, 8: 0x80} }

func randomGUID() guid {
	var g guid
	_, _ = rand.Read(g[:]) // it never fails
	g[6], g[8] = g[6]&0x0f|0x40, g[8]&0x3f|0x80
	return g
}
