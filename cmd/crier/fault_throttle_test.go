package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"crier/internal/config"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// onTheWay is how long after a 429 a request may still come that left before it was read.
const onTheWay = 250 * time.Millisecond

// early counts the requests that came while a 429 forbade it: in the second after one.
func (d *door) early(m *metronome) int {
	seen, n := d.seen(), 0
	var refusals []visit
	for _, v := range seen {
		if v.status == http.StatusTooManyRequests {
			refusals = append(refusals, v)
		}
	}
	for _, v := range seen {
		if slices.ContainsFunc(refusals, func(r visit) bool {
			since := v.at.Sub(r.answered)
			return since < time.Second && since > onTheWay+m.worst(r.answered, v.at)
		}) {
			n++
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

func TestFaultThrottled(t *testing.T) {
	t.Parallel()
	sideBySide(t, map[string]func(*testing.T){"unlimited": throttleUnlimited, "half": throttleHalf})
}

// Without a limit of ours, a Connector that takes fifty a second gets everything through,
// and nothing comes while it asks us to wait.
func throttleUnlimited(t *testing.T) {
	onBoth(t, func(t *testing.T, db storetest.Database) {
		const people = 400
		door, m := newDoor(t), startMetronome(t)
		// CRIER_SEND_RATE takes no 0: only a program within the test can be without a limit.
		s := newStage(t, db, simulator.Options{Users: people, Behaviour: simulator.Behaviour{Rate: 50}},
			func(c *config.Config) { c.SendRate, c.TrustedServiceHosts = 0, door.url })
		door.within = s.tenant.Handler()
		s.tenant.SetBaseURL(door.url)
		placePeople(t, s.service.db, s.tenant)
		d := &drill{TB: t, tenant: s.tenant, n: people}
		c := &child{stage: s}
		id := d.send(c, "hold")
		r := d.done(c, id)
		want(t, r, map[string]int{"sent": people, "uncertain": 0})
		d.once("hold")
		refused, all := door.refused()
		early := door.early(m)
		if early > 0 {
			t.Errorf("%d requests came while a 429 forbade it", early)
		}
		t.Logf("%d of %d requests throttled, %d early", refused, all, early)
		d.account("50/s allowed, no rate set", db.Name, refused, "hold", r)
	})
}

// A Connector that takes half of the rate is found out about with few refusals.
func throttleHalf(t *testing.T) {
	onBoth(t, func(t *testing.T, db storetest.Database) {
		d := newDrill(t, db, sized(300, 1500), simulator.Behaviour{Rate: 15}, "CRIER_SEND_RATE=30")
		m := startMetronome(t)
		d.place()
		c := d.serve()
		id := d.send(c, "hold")
		r := d.done(c, id)
		want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
		d.once("hold")
		refused, all := d.door.refused()
		early := d.door.early(m)
		if early > 0 || 100*refused >= 3*all {
			d.Errorf("%d of %d requests were refused, %d came while a 429 forbade it", refused, all, early)
		}
		d.Logf("%d of %d requests throttled, %d early", refused, all, early)
		d.account("15/s allowed of 30/s", db.Name, refused, "hold", r)
	})
}
