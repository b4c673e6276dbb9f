package main

import "testing"

// A server sets memory aside for the garbage collector, unless its operator tunes that.
func TestHeadroom(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"": 64 << 20, "GOGC": 0, "GOMEMLIMIT": 0} {
		w := world{getenv: func(asked string) string {
			if asked == name {
				return "100"
			}
			return ""
		}}
		if got := len(w.headroom()); got != want {
			t.Errorf("with %q set %d bytes are set aside, want %d", name, got, want)
		}
	}
}
