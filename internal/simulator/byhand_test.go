package simulator_test

import (
	"net/http"
	"testing"

	"crier/internal/simulator"
)

// Whom somebody plays does nothing by themselves, but gets everything.
func TestWhoIsPlayedWaits(t *testing.T) {
	t.Parallel()
	n := newTenant(t, eager)
	for i := range 2 {
		n.install(i)
	}
	n.sim.Play(0)
	if err := n.sim.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		n.send(i, question(n.botURL))
	}
	n.waitFor(func(s simulator.Stats) bool { return s.Executed == 1 && s.Pending == 0 })
	if got := n.sim.Stats(); got.Read != 1 || got.Executed != 1 || len(n.sim.Received(0)) != 1 {
		t.Errorf("%+v, and %d messages", got, len(n.sim.Received(0)))
	}
}

func TestWhoBlocksGetsNothing(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(*simulator.Options) {})
	n.install(0)
	n.sim.Block(0, true)
	if has, blocked := n.sim.Has(0); !has || !blocked {
		t.Errorf("has it %v, blocked it %v", has, blocked)
	}
	if status := n.call("POST", n.activities(0), message("hi")).status; status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	n.sim.Block(0, false)
	if status := n.call("POST", n.activities(0), message("hi")).status; status != http.StatusCreated {
		t.Errorf("status %d", status)
	}
}
