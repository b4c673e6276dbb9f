package main

import (
	"sync"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// pace is how evenly requests came.
type pace struct {
	peak        int     // most in any second, wherever it begins
	least, most float64 // of any five seconds, as a share of the rate
}

const stretch = 5 * time.Second

// pace checks the requests between two times. In no second may there be more than the rate,
// and one: the first and the last of a second travel at different speeds, and it is arrivals
// that are counted here. least and most bound any five seconds.
func (d *door) pace(m *metronome, rate int, from, to time.Time, least, most float64) pace {
	d.Helper()
	p := pace{least: 9}
	var at []time.Time
	for _, v := range d.seen() {
		if !v.at.Before(from) && !v.at.After(to) {
			at = append(at, v.at)
		}
	}
	within := func(i int, span time.Duration) (n int) {
		for n = 0; i+n < len(at) && at[i+n].Sub(at[i]) < span; n++ {
		}
		return n
	}
	for i, begin := range at {
		n := within(i, time.Second)
		p.peak = max(p.peak, n)
		if late := m.worst(begin, begin.Add(time.Second)); n > rate+1+int(float64(rate)*late.Seconds()+0.5) {
			d.Errorf("%d requests in a second, at a rate of %d; the machine stood still for %v", n, rate, late)
			return p
		}
		if begin.Add(stretch).After(to) {
			continue
		}
		share := float64(within(i, stretch)) / (float64(rate) * stretch.Seconds())
		p.least, p.most = min(p.least, share), max(p.most, share)
		worst, stood := m.stood(begin, begin.Add(stretch))
		if share < least-2*stood.Seconds()/stretch.Seconds() || share > most+worst.Seconds()/stretch.Seconds() {
			d.Errorf("%.3f of the rate in the five seconds from %v on; the machine stood still for %v", share, begin.Sub(from), stood)
			return p
		}
	}
	if p.most == 0 {
		d.Error("it did not last for five seconds")
	}
	return p
}

// The rate holds, evenly, in one process and over two, also when one of them is killed.
// These run side by side and beside nothing else: they need the machine to be on time.
func TestFaultRate(t *testing.T) {
	var group sync.WaitGroup
	run := func(name string, test func(t *testing.T)) { group.Go(func() { t.Run(name, test) }) }
	for _, db := range storetest.Databases() {
		run("alone/"+db.Name, func(t *testing.T) { keepRate(t, db) })
	}
	run("two", keepRateTogether)
	group.Wait()
}

// keepRate sends at 30 a second to a Connector that takes 30 in any second and no more.
func keepRate(t *testing.T, db storetest.Database) {
	d := newDrill(t, db, sized(360, 1800), simulator.Behaviour{}, "CRIER_SEND_RATE=30")
	d.door.limit = 30
	d.place()
	c, m := d.serve(), startMetronome(t)
	id := d.send(c, "hold")
	want(d, d.done(c, id), map[string]int{"sent": d.n})
	d.once("hold")
	seen := d.door.seen()
	first, last := seen[0].at, seen[len(seen)-1].at
	p := d.door.pace(m, 30, first.Add(time.Second), last, 0.97, 1.01)
	refused, _ := d.door.refused()
	if worst, _ := m.stood(first, last); refused > 0 && worst < 10*time.Millisecond {
		d.Errorf("%d requests were refused", refused)
	}
	d.Logf("peak %d in a second, five seconds at %.3f to %.3f of the rate, %d throttled", p.peak, p.least, p.most, refused)
	d.figures("30/s of 30/s", db.Name, d.n, refused, 0, 0, 0)
}

// keepRateTogether sends at 100 a second from two processes, and kills the one that leads.
func keepRateTogether(t *testing.T) {
	const rate = 100
	d := newDrill(t, storetest.Postgres(), 2000, simulator.Behaviour{Latency: 50 * time.Millisecond}, "CRIER_SEND_RATE=100")
	d.place()
	a, b := d.serve(), d.serve()
	m := startMetronome(t)
	id := d.send(a, "resend")
	d.delivered(700)
	killed := time.Now()
	a.kill()
	want(d, d.done(b, id), map[string]int{"sent": d.n})
	got := d.tally("resend")
	if len(got.lost) > 0 || got.repeated > slots {
		d.Errorf("%d lost, %d repeated", len(got.lost), got.repeated)
	}
	seen := d.door.seen()
	first := seen[0].at.Add(time.Second)
	before := d.door.pace(m, rate, first, killed, 0.95, 1.01)
	// What the dead one held, two seconds' worth and what was in flight, waits for its burial.
	last := seen[d.n-2*rate-1-slots-1].at
	after := d.door.pace(m, rate, killed, last, 0.95, 1.01)
	over := d.door.pace(m, rate, first, last, 0.90, 1.01)
	for name, p := range map[string]pace{"before": before, "after": after, "across": over} {
		d.Logf("%s the kill: peak %d in a second, five seconds at %.3f to %.3f of the rate", name, p.peak, p.least, p.most)
	}
	d.figures("two processes, one killed", "postgres", d.n, 1, len(got.lost), got.repeated, 0)
}
