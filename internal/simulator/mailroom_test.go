package simulator

import (
	"testing"
	"time"
)

func TestMailroomKeepsWithinItsLimit(t *testing.T) {
	t.Parallel()
	m := newMailroom(time.Now)
	m.limit = 1000
	for i := range 50 {
		m.put(i, "text", make([]byte, 100))
	}
	whole := 0
	for i := range 50 {
		r := m.received(i)[0]
		if r.Raw != nil {
			whole++
		}
		if r.Text != "text" || (r.Raw != nil) != (i >= 40) {
			t.Errorf("conversation %d: whole %v, text %q", i, r.Raw != nil, r.Text)
		}
	}
	if whole != 10 || m.bytes != 1000 {
		t.Errorf("%d whole, %d bytes", whole, m.bytes)
	}
}

func TestMessageIDsRise(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1000)
	m := newMailroom(func() time.Time { return at })
	first, second := m.put(0, "", nil), m.id(0)
	at = time.UnixMilli(500) // the clock was set back
	if third := m.put(0, "", nil); first != 1000 || second != 1001 || third != 1002 {
		t.Errorf("ids %d %d %d", first, second, third)
	}
}
