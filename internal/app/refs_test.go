package app_test

import (
	"math"
	"strings"
	"testing"

	"crier/internal/app"
)

func TestAReferenceNamesItsDelivery(t *testing.T) {
	t.Parallel()
	refs := app.Refs{Secret: []byte("secret")}
	for _, id := range []int64{1, 35, 36, 1_000_000, math.MaxInt64} {
		ref := refs.Sign(id)
		if got, ok := refs.Delivery(ref); !ok || got != id {
			t.Errorf("%q names %d, %v; want %d", ref, got, ok, id)
		}
		if ref != refs.Sign(id) || len(ref) > 64 || strings.ContainsAny(ref, " \"&<>+/") {
			t.Errorf("%q is no reference for a card", ref)
		}
	}
}

func TestWhatWasNotSignedHereNamesNothing(t *testing.T) {
	t.Parallel()
	refs := app.Refs{Secret: []byte("secret")}
	ref := refs.Sign(1_000_000)
	id, mac, _ := strings.Cut(ref, ".")
	forged := map[string]string{
		"nothing":         "",
		"no signature":    id,
		"an empty one":    id + ".",
		"another secret":  app.Refs{Secret: []byte("Secret")}.Sign(1_000_000),
		"no secret":       app.Refs{}.Sign(1_000_000),
		"another's":       "17." + mac,
		"no id":           "." + mac,
		"cut":             ref[:len(ref)-1],
		"longer":          ref + "A",
		"much longer":     ref + strings.Repeat("A", 1<<16),
		"a dot more":      ref + ".",
		"another case":    strings.ToUpper(id) + "." + mac,
		"a leading zero":  "0" + ref,
		"a plus":          "+" + ref,
		"a space":         " " + ref,
		"only dots":       "...",
		"broken letters":  "\xff." + mac,
		"the wrong order": mac + "." + id,
	}
	for name, ref := range forged {
		if id, ok := refs.Delivery(ref); ok || id != 0 {
			t.Errorf("%s: %.80q names %d", name, ref, id)
		}
	}
	for i := range ref {
		other := ref[:i] + string(ref[i]^1) + ref[i+1:]
		if id, ok := refs.Delivery(other); ok {
			t.Errorf("%q names %d", other, id)
		}
	}
}
