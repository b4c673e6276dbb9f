package main

import (
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// The Connector refuses connections for a while: everybody has the message in the end, once.
// (A request may meet the end of an idle connection. Nobody here can know that it did not
// arrive: it is one in doubt, and sent again.)
func TestFaultConnectorGone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d := newDrill(t, db, sized(400, 2000), simulator.Behaviour{Latency: 20 * time.Millisecond}, "CRIER_SEND_RATE=100")
		d.place()
		c := d.serve()
		id := d.send(c, "resend")
		d.delivered(150)
		d.door.shut()
		time.Sleep(outage)
		d.door.reopen()
		r := d.done(c, id)
		want(d, r, map[string]int{"sent": d.n})
		d.once("resend")
		d.account("Connector gone for "+outage.String(), db.Name, 1, "resend", r)
	})
}
