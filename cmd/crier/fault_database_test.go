package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// outage is how long something is gone.
var outage = sized(6*time.Second, time.Minute)

func TestFaultDatabase(t *testing.T) {
	t.Parallel()
	sideBySide(t, map[string]func(*testing.T){"gone": databaseGone, "locked": databaseLocked, "disk full": diskFull})
}

// someHundreds are sent to at a rate that takes a while.
func someHundreds(t *testing.T, db storetest.Database) *drill {
	t.Helper()
	d := newDrill(t, db, sized(600, 3000), simulator.Behaviour{Latency: 100 * time.Millisecond}, "CRIER_SEND_RATE=100")
	d.place()
	return d
}

// PostgreSQL is gone for a while: the program says that it is not ready, waits, and goes on
// where it was.
func databaseGone(t *testing.T) {
	d := someHundreds(t, storetest.Postgres())
	w, through := newWire(t, d.vars["CRIER_DATABASE_URL"])
	c := d.serve("CRIER_DATABASE_URL=" + through)
	id := d.send(c, "hold")
	d.delivered(150)
	begun := time.Now()
	w.cut()
	c.eventually("it is not ready", func() bool { return c.readiness() == http.StatusServiceUnavailable })
	sent := len(d.door.seen())
	time.Sleep(outage - time.Since(begun))
	if more := len(d.door.seen()) - sent; more > slots || !c.alive() {
		d.Errorf("%d were sent without a database; the process lives: %v", more, c.alive())
	}
	w.mend()
	c.eventually("it is ready", func() bool { return c.readiness() == http.StatusOK })
	r := d.done(c, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	if !c.alive() {
		d.Error("the process ended")
	}
	d.account("database gone for "+outage.String(), "postgres", 1, "hold", r)
}

// Now and then a connection to PostgreSQL breaks after a statement is carried out and before
// the answer is there. Whatever it was, it is not lost and not done twice.
func TestFaultAnswersOfTheDatabaseLost(t *testing.T) {
	t.Parallel()
	sideBySide(t, map[string]func(*testing.T){
		"of all":     func(t *testing.T) { databaseForgets(t, &losing{each: 25}) },
		"of commits": func(t *testing.T) { databaseForgets(t, &losing{each: 2, with: "COMMIT"}) },
	})
}

func databaseForgets(t *testing.T, l *losing) {
	d := someHundreds(t, storetest.Postgres())
	w, through := newWire(t, d.vars["CRIER_DATABASE_URL"])
	c := d.serve("CRIER_DATABASE_URL=" + through)
	id := d.send(c, "hold")
	d.delivered(50)
	w.losing.Store(l)
	c.eventually("answers are lost", func() bool { return w.answers.Load() > 10*l.each })
	w.losing.Store(nil)
	c.eventually("it is ready", func() bool { return c.readiness() == http.StatusOK })
	r := d.done(c, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	d.account("database's answers lost, one in "+fmt.Sprint(l.each, " ", l.with), "postgres", w.answers.Load()/l.each, "hold", r)
}

// Another program locks the SQLite file for a while: everything waits, and then goes on.
func databaseLocked(t *testing.T) {
	d := someHundreds(t, storetest.SQLite())
	c := d.serve()
	id := d.send(c, "hold")
	d.delivered(150)
	unlock := lockFile(t, strings.TrimPrefix(d.vars["CRIER_DATABASE_URL"], "sqlite:"))
	sent := len(d.door.seen())
	time.Sleep(outage)
	if more := len(d.door.seen()) - sent; more > slots || !c.alive() {
		d.Errorf("%d were sent without a database; the process lives: %v", more, c.alive())
	}
	unlock()
	r := d.done(c, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	d.account("database locked for "+outage.String(), "sqlite", 1, "hold", r)
}

// The disk is full for a while: what is under way is kept in mind, and it goes on when there is
// room. SQLite writes in its journal's place as far as that goes, and so some are sent meanwhile; but
// nothing begins that can't be noted.
func diskFull(t *testing.T) {
	k := newDisk(t)
	db := storetest.Database{Name: "sqlite", Empty: func(testing.TB) string { return "sqlite:" + k.folder + "/crier.db" }}
	d := someHundreds(t, db)
	c := d.serve()
	id := d.send(c, "hold")
	d.delivered(100)
	k.fill(c)
	release := fillJournal(t, strings.TrimPrefix(d.vars["CRIER_DATABASE_URL"], "sqlite:"))
	c.eventually("a write fails", func() bool { return strings.Contains(c.log.String(), "the database does not answer") })
	time.Sleep(outage / 2)
	if !c.alive() {
		d.Fatal("the process ended when the disk was full")
	}
	sent := len(d.door.seen())
	if known := number(c.report(id), "sent"); sent-known > slots {
		d.Errorf("%d were sent while the disk was full, and %d are recorded", sent, known)
	}
	k.empty(c)
	release()
	r := d.done(c, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	d.account("disk full ("+k.kind+") for "+(outage/2).String(), "sqlite", 1, "hold", r)
}

// A second process on one SQLite file is refused, and does no harm to the first. When that is
// killed, the next one has the file at once.
func TestFaultTwoOnOneFile(t *testing.T) {
	t.Parallel()
	d := someHundreds(t, storetest.SQLite())
	c := d.serve()
	id := d.send(c, "hold")
	d.delivered(50)
	second := launchChild(t, d.vars)
	select {
	case <-second.ended:
	case <-second.log.ready:
		d.Fatal("two processes serve on one file")
	case <-time.After(longest):
		d.Fatal("the second process waits for ever")
	}
	if said := second.log.String(); second.cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(said, "another crier process is using the database") {
		d.Errorf("%v: %s", second.cmd.ProcessState, said)
	}
	r := d.done(c, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	c.kill()
	want(d, d.done(d.serve(), id), map[string]int{"sent": d.n})
	d.account("second process on one file refused", "sqlite", 1, "hold", r)
}
