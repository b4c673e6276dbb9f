package main

import (
	"net/http"
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

// judge fails a test for what a clock says, in the full suite, which has the machine to
// itself. Beside other tests it is only noted: there, who got what is what counts.
func judge(t testing.TB, format string, args ...any) {
	t.Helper()
	if full {
		t.Errorf(format, args...)
	} else {
		t.Logf("not judged here: "+format, args...)
	}
}

// pace checks the requests between two times. In no second may there be more than the rate,
// and one: the first and the last of a second travel at different speeds, and it is arrivals
// that are counted here. least and most bound any five seconds; where the machine stood
// still, or a request was refused before, nobody can say how many it should have been.
func (d *door) pace(m *metronome, rate int, from, to time.Time, least, most float64) pace {
	d.Helper()
	p, disturbed := pace{least: 9}, 0
	var seen []visit
	var refused time.Time // the first that was
	for _, v := range d.seen() {
		if v.status == http.StatusTooManyRequests && refused.IsZero() {
			refused = v.at
		}
		if !v.at.Before(from) && !v.at.After(to) {
			seen = append(seen, v)
		}
	}
	for i, v := range seen {
		n := within(seen[i:], time.Second)
		p.peak = max(p.peak, n)
		if late := m.worst(v.at, v.at.Add(time.Second)); n > rate+1+int(float64(rate)*late.Seconds()+0.5) {
			judge(d, "%d requests in a second, at a rate of %d; the machine stood still for %v", n, rate, late)
			return p
		}
		end := v.at.Add(stretch)
		if end.After(to) {
			continue
		}
		if !refused.IsZero() && end.After(refused) || m.worst(v.at.Add(-time.Second), end) > 20*time.Millisecond {
			disturbed++
			continue
		}
		share := float64(within(seen[i:], stretch)) / (float64(rate) * stretch.Seconds())
		p.least, p.most = min(p.least, share), max(p.most, share)
	}
	switch {
	case p.most == 0 && disturbed == 0:
		d.Error("it did not last for five seconds")
	case p.most == 0:
		d.Log("this machine is too busy to measure a rate")
	case p.least < least || p.most > most:
		judge(d, "%.3f to %.3f of the rate in five seconds, want %.2f to %.2f", p.least, p.most, least, most)
	}
	return p
}

// within counts the first ones that came in so much time.
func within(seen []visit, span time.Duration) (n int) {
	for n < len(seen) && seen[n].at.Sub(seen[0].at) < span {
		n++
	}
	return n
}

// The rate holds, evenly, in one process and over two, also when one of them is killed.
// These run side by side and beside nothing else, when all is in place: they need the machine
// to be on time.
func TestFaultRate(t *testing.T) {
	tests := map[string]func(*testing.T){"together": keepRateTogether(t)}
	for _, db := range storetest.Databases() {
		tests["alone on "+db.Name] = keepRate(t, db)
	}
	sideBySide(t, tests)
}

// handTo lets a part of the test that put it in place go on with a drill.
func (d *drill) handTo(t *testing.T, children ...*child) {
	d.TB, d.door.TB = t, t
	for _, c := range children {
		c.TB = t
	}
}

// keepRate sends at 30 a second to a Connector that takes 30 in any second and no more.
func keepRate(all *testing.T, db storetest.Database) func(*testing.T) {
	all.Helper()
	d := newDrill(all, db, sized(360, 1800), simulator.Behaviour{}, "CRIER_SEND_RATE=30")
	d.door.limit = 30
	d.place()
	c := d.serve()
	return func(t *testing.T) {
		d.handTo(t, c)
		m := startMetronome(t)
		id := d.send(c, "hold")
		r := d.done(c, id)
		want(d, r, map[string]int{"sent": d.n})
		d.once("hold")
		seen := d.door.seen()
		first, last := seen[0].at, seen[len(seen)-1].at
		p := d.door.pace(m, 30, first.Add(time.Second), last, 0.97, 1.01)
		refused := d.jostled(m, 30)
		d.Logf("peak %d in a second, five seconds at %.3f to %.3f of the rate, %d throttled", p.peak, p.least, p.most, refused)
		d.account("30/s of 30/s", db.Name, refused, "hold", r)
	}
}

// jostle is what may be missing of a second when the machine, unnoticed, was late for a
// request before: on a quiet one nothing is.
var jostle = sized(20*time.Millisecond, 5*time.Millisecond)

// jostled counts the requests that were one too many for a second, and checks that they came
// no earlier than the machine was late.
func (d *drill) jostled(m *metronome, limit int) int {
	d.Helper()
	refused := 0
	var let []time.Time
	for _, v := range d.door.seen() {
		if v.status != http.StatusTooManyRequests {
			let = append(let, v.at)
			continue
		}
		refused++
		first := let[len(let)-limit]
		missing, late := time.Second-v.at.Sub(first), m.worst(first, v.at)
		if missing > late+jostle {
			judge(d, "a request came %v too early; the machine stood still for %v", missing, late)
		}
		d.Logf("a request came %v too early; the machine stood still for %v", missing, late)
	}
	return refused
}

// unused are the turns, as a share of five seconds', that a process may have taken from the
// database when it dies: a quarter of a second's. Nobody else can use them.
const unused = 0.05

// keepRateTogether sends at 100 a second from two processes, and kills the one that leads.
func keepRateTogether(all *testing.T) func(*testing.T) {
	all.Helper()
	const rate = 100
	d := newDrill(all, storetest.Postgres(), sized(2000, 6000), simulator.Behaviour{Latency: 50 * time.Millisecond}, "CRIER_SEND_RATE=100")
	d.place()
	a, b := d.serve(), d.serve()
	return func(t *testing.T) {
		d.handTo(t, a, b)
		m := startMetronome(t)
		id := d.send(a, "resend")
		d.delivered(sized(700, 3000))
		killed := time.Now()
		a.kill()
		r := d.done(b, id)
		want(d, r, map[string]int{"sent": d.n})
		got := d.tally("resend")
		if len(got.lost) > 0 || got.repeated > slots {
			d.Errorf("%d lost, %d repeated", len(got.lost), got.repeated)
		}
		seen := d.door.seen()
		first := seen[0].at.Add(time.Second)
		// What the dead one held, two seconds' worth and what was in flight, waits for its burial.
		last := seen[d.n-2*rate-1-slots-1].at
		for _, p := range []struct {
			when     string
			from, to time.Time
			least    float64
		}{{"before", first, killed, 0.95}, {"across", first, last, 0.95 - unused}, {"after", killed.Add(time.Second), last, 0.95}} {
			pace := d.door.pace(m, rate, p.from, p.to, p.least, 1.01)
			d.Logf("%s the kill: peak %d in a second, five seconds at %.3f to %.3f of the rate", p.when, pace.peak, pace.least, pace.most)
		}
		d.account("two processes, one killed", "postgres", 1, "resend", r)
	}
}
