package domain

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	stale := Fail(Stale, "Somebody was faster.")
	tests := map[string]struct {
		err  error
		want ErrorKind
	}{
		"none":     {nil, 0},
		"internal": {errors.New("disk full"), 0},
		"ours":     {stale, Stale},
		"wrapped":  {fmt.Errorf("save: %w", stale), Stale},
		"joined":   {errors.Join(errors.New("disk full"), stale), Stale},
	}
	for name, test := range tests {
		if got := KindOf(test.err); got != test.want {
			t.Errorf("%s: kind %d, want %d", name, got, test.want)
		}
	}
}

func TestAnErrorNamesEveryField(t *testing.T) {
	t.Parallel()
	var f faults
	if f.err() != nil {
		t.Error("no faults, but an error")
	}
	f.add("name", "At most %d characters; it has %d.", 3, 4)
	f.add("kind", "100% wrong.")
	want := "Some fields need attention.; name: At most 3 characters; it has 4.; kind: 100% wrong."
	if got := f.err().Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
