package main

import (
	"syscall"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// A process that is frozen in the middle of a campaign, as when its machine stands still, is taken
// for dead: the other one goes on alone, and what was on the wire is of unknown outcome. It wakes,
// learns of it, repeats nothing and sends under a new number.
func TestFaultFrozen(t *testing.T) {
	t.Parallel()
	const taken, learnt = "a process stopped without a word", "other processes took this one for dead"
	freezes := sized(1, 6)
	d := newDrill(t, storetest.Postgres(), freezes*2500, simulator.Behaviour{Latency: 50 * time.Millisecond}, "CRIER_SEND_RATE=100")
	d.place()
	awake, frozen := d.serve(), d.serve()
	id := d.send(awake, "hold")
	slowest := time.Duration(0)
	for i := range freezes {
		d.delivered(i*2500 + 300 + d.dice.IntN(100))
		takenBefore, learntBefore := awake.log.count(taken), frozen.log.count(learnt)
		if err := frozen.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		begun, had := time.Now(), d.tenant.Stats().Delivered
		d.said(awake, taken, takenBefore+1)
		slowest = max(slowest, time.Since(begun))
		d.delivered(had + 500)
		if err := frozen.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		d.said(frozen, learnt, learntBefore+1)
		awake, frozen = frozen, awake
	}
	r := d.done(awake, id)
	got, held := d.tally("hold"), d.uncertain(awake, id)
	forgotten := d.forgotten(got, held)
	if got.repeated > 0 || len(held) > freezes*slots {
		d.Errorf("%d were repeated, %d are uncertain after %d times", got.repeated, len(held), freezes)
	}
	want(d, r, map[string]int{"sent": d.n - len(held), "uncertain": len(held)})
	d.figures("one of two frozen, hold; replaced after "+slowest.Round(100*time.Millisecond).String(), "postgres", d.n, freezes, forgotten, got.repeated, len(held))
}

// said waits until a process has logged words so many times.
func (d *drill) said(c *child, words string, times int) {
	d.Helper()
	deadline := time.Now().Add(longest)
	for c.log.count(words) < times {
		if time.Now().After(deadline) {
			d.Fatalf("it does not say %q:\n%s", words, c.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
