package main

import (
	"net/http"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// Three people in a hundred never answer. All others have the message while these requests
// still hang; then each of them is sent again, or held, as the campaign says.
func TestFaultHang(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d := newDrill(t, db, 400, simulator.Behaviour{Hang: 0.03})
		d.place()
		c := d.serve()
		resent, held := d.send(c, "resend"), d.send(c, "hold")
		d.until("everybody's first try", func(s simulator.Stats) bool { return s.Delivered+s.Hung == 2*d.n })
		hang := d.tenant.Stats().Hung
		inside := d.door.inside()
		for end := time.Now().Add(5 * time.Second); inside != hang && time.Now().Before(end); inside = d.door.inside() {
			time.Sleep(10 * time.Millisecond) // the last answer is on its way out
		}
		if inside != hang || hang == 0 || hang > slots {
			d.Errorf("%d hang and %d are without an answer when all others have it", hang, inside)
		}
		d.tenant.SetBehaviour(simulator.Behaviour{})

		r := d.done(c, resent)
		want(d, r, map[string]int{"sent": d.n})
		d.once("resend")
		d.account("3 % hang, resend", db.Name, hang/2, "resend", r)
		r = d.done(c, held)
		want(d, r, map[string]int{"sent": d.n - hang/2, "uncertain": hang / 2})
		got := d.tally("hold")
		d.figures("3 % hang, hold", db.Name, d.n, hang/2, d.forgotten(got, d.uncertain(c, held)), got.repeated, number(r, "uncertain"))
		c.call(http.StatusAccepted, "POST", "/campaigns/"+held+"/retry", nil)
		want(d, d.done(c, held), map[string]int{"sent": d.n, "uncertain": 0})
		d.once("hold")
	})
}
