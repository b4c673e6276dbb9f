package cards

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"testing"

	"crier/internal/domain"
)

// countedIdea is a card of about 2 KB with names and three links that are counted.
func countedIdea(t testing.TB) *Message {
	t.Helper()
	c := samples()["idea"]
	m, err := Compile(c, Options{Links: numbered(c)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// signing is somebody whose links carry a signature, as real ones do.
func signing(r Recipient) Recipient {
	mac := hmac.New(sha256.New, []byte("0123456789abcdef0123456789abcdef"))
	var number [8]byte
	var sum [sha256.Size]byte
	r.Link = func(dst []byte, n int) []byte {
		mac.Reset()
		binary.BigEndian.PutUint64(number[:], uint64(n))
		mac.Write(number[:])
		return base64.RawURLEncoding.AppendEncode(append(dst, "https://crier.example.com/l/"...), mac.Sum(sum[:0])[:16])
	}
	return r
}

func BenchmarkFill(b *testing.B) {
	for _, mode := range []struct {
		name string
		who  Recipient
	}{{"counted", counting(ana())}, {"signed", signing(ana())}} {
		b.Run(mode.name, func(b *testing.B) {
			m := countedIdea(b)
			room := m.Fill(nil, mode.who)
			b.SetBytes(int64(len(room)))
			b.ReportAllocs()
			for b.Loop() {
				room = m.Fill(room[:0], mode.who)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	c := samples()["markdown"]
	c.Channel = domain.Teams
	for b.Loop() {
		if _, err := Compile(c, Options{Links: numbered(c)}); err != nil {
			b.Fatal(err)
		}
	}
}
