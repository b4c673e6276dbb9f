package app_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"crier/internal/app"
)

func TestATokenNamesItsLink(t *testing.T) {
	t.Parallel()
	for _, secret := range [][]byte{nil, []byte("secret"), bytes.Repeat([]byte("x"), 64), bytes.Repeat([]byte("x"), 65)} {
		refs := app.Refs{Secret: secret}
		seen := map[string]bool{}
		for _, id := range []int64{1, 127, 128, 1_000_000, math.MaxInt64} {
			for _, n := range []int{1, 2, 127, 128, math.MaxInt32} {
				token := string(refs.AppendLink([]byte("/r/"), id, n))[3:]
				gotID, gotN, ok := refs.Link(token)
				if !ok || gotID != id || gotN != n || seen[token] {
					t.Errorf("%q names %d, %d, %v; want %d, %d", token, gotID, gotN, ok, id, n)
				}
				if len(token) > 52 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
					t.Errorf("%q does not suit an address", token)
				}
				seen[token] = true
			}
		}
	}
}

// The signature is HMAC-SHA-256, as the library makes it.
func TestLinksAreSignedAsTheLibraryWould(t *testing.T) {
	t.Parallel()
	for size := range 130 {
		secret := bytes.Repeat([]byte{byte(size)}, size)
		message := binary.AppendUvarint(binary.AppendUvarint(nil, 1234567), 300)
		h := hmac.New(sha256.New, secret)
		h.Write([]byte("link:"))
		h.Write(message)
		want := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append(message, h.Sum(nil)[:12]...)))
		if got := string(app.Refs{Secret: secret}.AppendLink(nil, 1234567, 300)); got != want {
			t.Errorf("a secret of %d bytes: %s, want %s", size, got, want)
		}
	}
}

func TestWhatWasNotSignedHereIsNoLink(t *testing.T) {
	t.Parallel()
	refs := app.Refs{Secret: []byte("secret")}
	token := string(refs.AppendLink(nil, 1_000_000, 3))
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(token))
	if err != nil {
		t.Fatal(err)
	}
	spell := func(b []byte) string {
		return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	}
	forged := map[string]string{
		"nothing":              "",
		"a delivery's":         refs.Sign(1_000_000),
		"another secret":       string(app.Refs{Secret: []byte("Secret")}.AppendLink(nil, 1_000_000, 3)),
		"delivery 0":           string(refs.AppendLink(nil, 0, 3)),
		"link 0":               string(refs.AppendLink(nil, 1_000_000, 0)),
		"a negative link":      string(refs.AppendLink(nil, 1_000_000, -1)),
		"a negative delivery":  string(refs.AppendLink(nil, -1, 3)),
		"cut":                  token[:len(token)-1],
		"longer":               token + "a",
		"much longer":          token + strings.Repeat("a", 1<<16),
		"in capitals":          strings.ToUpper(token),
		"a line more":          token + "\n",
		"only the numbers":     spell(raw[:len(raw)-12]),
		"a number spelled out": spell(append([]byte{raw[0], raw[1], raw[2], 0x83, 0}, raw[4:]...)),
		"an endless number":    spell(bytes.Repeat([]byte{0xff}, 30)),
		"padded":               token + "=",
		"a path":               "https://evil.example/",
	}
	for name, token := range forged {
		if id, n, ok := refs.Link(token); ok || id != 0 || n != 0 {
			t.Errorf("%s: %.80q names %d, %d", name, token, id, n)
		}
	}
	if id, ok := refs.Delivery(token); ok {
		t.Errorf("a link's token names delivery %d", id)
	}
	for i := range token {
		for _, c := range "abcdefghijklmnopqrstuvwxyz234567A=.\n" {
			if other := token[:i] + string(c) + token[i+1:]; other != token {
				if id, n, ok := refs.Link(other); ok {
					t.Errorf("%q names %d, %d", other, id, n)
				}
			}
		}
	}
}

func TestATokenTakesNoRoomOfItsOwn(t *testing.T) { // not parallel: it counts all allocations
	refs, room := app.Refs{Secret: []byte("the secret of a service, of some length")}, make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { refs.AppendLink(room, 1_000_000, 3) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendLink(b *testing.B) {
	refs, room := app.Refs{Secret: []byte("the secret of a service, of some length")}, make([]byte, 0, 64)
	b.ReportAllocs()
	for i := range b.N {
		refs.AppendLink(room, int64(i+1), 3)
	}
}
