package main

import (
	"net/http"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// busy are the sizes of a campaign that is interrupted again and again: all slots are in use
// whenever it is.
func busy(t *testing.T, db storetest.Database) *drill {
	t.Helper()
	rate := sized("CRIER_SEND_RATE=200", "CRIER_SEND_RATE=5000")
	latency := sized(150*time.Millisecond, 20*time.Millisecond)
	d := newDrill(t, db, sized(1500, 20_000), simulator.Behaviour{Latency: latency}, rate)
	d.place()
	return d
}

// interrupted ends the process that sends at random moments of the first nine tenths of the
// campaign, and starts another at once. It answers the last one.
func (d *drill) interrupted(c *child, times int, end func(*child)) *child {
	d.Helper()
	part := d.n * 9 / 10 / times
	for i := range times {
		d.delivered(i*part + d.dice.IntN(part))
		time.Sleep(time.Duration(d.dice.IntN(20)) * time.Millisecond) // in the middle of whatever
		end(c)
		c = d.serve()
	}
	return c
}

func TestFaultKilled(t *testing.T) {
	t.Parallel()
	sideBySide(t, map[string]func(*testing.T){"resend": killResend, "hold": killHold})
}

// kill -9 loses nobody. What was in flight is sent again: no more than that is repeated.
func killResend(t *testing.T) {
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d, kills := busy(t, db), sized(5, 50)
		c := d.serve()
		id := d.send(c, "resend")
		c = d.interrupted(c, kills, (*child).kill)
		r := d.done(c, id)
		want(d, r, map[string]int{"sent": d.n, "recipients": d.n})
		got := d.tally("resend")
		if len(got.lost) > 0 || got.repeated > kills*slots {
			d.Errorf("%d lost, %d repeated", len(got.lost), got.repeated)
		}
		d.account("kill -9, resend", db.Name, kills, "resend", r)
	})
}

// Where a campaign holds what is uncertain, kill -9 repeats nothing: whoever has nothing is
// among those that are held, and retry sends it to them.
func killHold(t *testing.T) {
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d, kills := busy(t, db), sized(5, 50)
		c := d.serve()
		id := d.send(c, "hold")
		c = d.interrupted(c, kills, (*child).kill)
		r := d.done(c, id)
		got, held := d.tally("hold"), d.uncertain(c, id)
		if got.repeated > 0 {
			d.Errorf("%d repeated", got.repeated)
		}
		forgotten := d.forgotten(got, held)
		n := number(r, "uncertain")
		if n != len(held) || n > kills*slots || number(r, "sent") != d.n-n {
			d.Errorf("%d are listed as uncertain after %d kills: %v", len(held), kills, r)
		}
		d.figures("kill -9, hold", db.Name, d.n, kills, forgotten, got.repeated, n)

		if n > 0 {
			c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/retry", nil)
		}
		want(d, d.done(c, id), map[string]int{"sent": d.n, "uncertain": 0})
		if got := d.tally("hold"); len(got.lost) > 0 || got.repeated > n {
			d.Errorf("after the retry %d lost, %d repeated", len(got.lost), got.repeated)
		}
	})
}

// SIGTERM loses nothing, repeats nothing and leaves nothing in doubt.
func TestFaultTerminated(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d, stops := busy(t, db), sized(5, 50)
		c := d.serve()
		id := d.send(c, "hold") // which would show what is in doubt
		slowest := time.Duration(0)
		c = d.interrupted(c, stops, func(c *child) { slowest = max(slowest, c.terminate()) })
		r := d.done(c, id)
		want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
		d.once("hold")
		d.account("SIGTERM, slowest "+slowest.Round(time.Millisecond).String(), db.Name, stops, "hold", r)
	})
}
