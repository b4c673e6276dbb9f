package main

import (
	"net/http"
	"testing"
	"time"

	"crier/internal/config"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// onTheWay is how long after a 429 a request may still come that left before it was read.
const onTheWay = 250 * time.Millisecond

// early counts the requests that came while a 429 forbade it, for the second that each asks
// for.
func (d *door) early(m *metronome) int {
	n := 0
	var closed time.Time // when the last 429 so far was answered
	seen := d.seen()
	for i, v := range seen {
		if since := v.at.Sub(closed); since < time.Second && since > onTheWay+m.worst(closed, v.at) {
			n++
		}
		for _, before := range seen[:i+1] { // answers come in another order than requests
			if before.status == http.StatusTooManyRequests && before.answered.After(closed) && i+1 < len(seen) && before.answered.Before(seen[i+1].at) {
				closed = before.answered
			}
		}
	}
	return n
}

// refused counts the requests that were answered with 429.
func (d *door) refused() (refused, all int) {
	seen := d.seen()
	for _, v := range seen {
		if v.status == http.StatusTooManyRequests {
			refused++
		}
	}
	return refused, len(seen)
}

// Without a limit of ours, a Connector that takes fifty a second gets everything through,
// and nothing comes while it asks us to wait.
func TestFaultThrottledUnlimited(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		const people = 400
		door, m := newDoor(t), startMetronome(t)
		// CRIER_SEND_RATE takes no 0: only a program within the test can be without a limit.
		s := newStage(t, db, simulator.Options{Users: people, Behaviour: simulator.Behaviour{Rate: 50}}, unlimited,
			func(c *config.Config) { c.TrustedServiceHosts = door.url })
		door.within = s.tenant.Handler()
		s.tenant.SetBaseURL(door.url)
		placePeople(t, s.service.db, s.tenant)
		d := &drill{TB: t, tenant: s.tenant, n: people}
		c := &child{stage: s}
		id := d.send(c, "hold")
		want(t, d.done(c, id), map[string]int{"sent": people, "uncertain": 0})
		d.once("hold")
		refused, all := door.refused()
		early := door.early(m)
		if early > 0 {
			t.Errorf("%d requests came while a 429 forbade it", early)
		}
		t.Logf("%d of %d requests throttled, %d early", refused, all, early)
		d.figures("50/s allowed, no rate set", db.Name, people, refused, 0, 0, 0)
	})
}

// A Connector that takes half of the rate is found out about with few refusals.
func TestFaultThrottledHalf(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d := newDrill(t, db, sized(300, 1500), simulator.Behaviour{Rate: 15}, "CRIER_SEND_RATE=30")
		m := startMetronome(t)
		d.place()
		c := d.serve()
		id := d.send(c, "hold")
		want(d, d.done(c, id), map[string]int{"sent": d.n, "uncertain": 0})
		d.once("hold")
		refused, all := d.door.refused()
		early := d.door.early(m)
		if early > 0 || 100*refused >= 3*all {
			d.Errorf("%d of %d requests were refused, %d came while a 429 forbade it", refused, all, early)
		}
		d.Logf("%d of %d requests throttled, %d early", refused, all, early)
		d.figures("15/s allowed of 30/s", db.Name, d.n, refused, 0, 0, 0)
	})
}
