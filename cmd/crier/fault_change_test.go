package main

import (
	"net/http"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// TestFaultChanged corrects what people have, takes it back, and kills the process again and
// again meanwhile: in the end everybody has been reached, and each row says so.
func TestFaultChanged(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db storetest.Database) {
		kills := sized(1, 10)
		latency := sized(100*time.Millisecond, 20*time.Millisecond)
		d := newDrill(t, db, sized(600, 5000), simulator.Behaviour{Latency: latency}, sized("CRIER_SEND_RATE=300", "CRIER_SEND_RATE=2000"))
		d.place()
		c := d.serve()
		id := d.sendAs(c, "first", "resend")
		d.done(c, id)
		d.once("first")

		c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/correct", map[string]any{"content": map[string]any{"text": "Dear [FIRSTNAME], " + mark + " second"}})
		c = d.interruptedChange(c, kills, func(s simulator.Stats) int { return s.Updated })
		d.changed(c, id, "correct")
		d.once("second")
		if got := d.tally("first"); len(got.lost) != d.n {
			d.Errorf("%d people still have what was wrong", d.n-len(got.lost))
		}

		c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/recall", nil)
		c = d.interruptedChange(c, kills, func(s simulator.Stats) int { return s.Deleted })
		d.changed(c, id, "recall")
		if got := d.tally("second"); len(got.lost) != d.n {
			d.Errorf("%d people still have what was taken back", d.n-len(got.lost))
		}
		c.call(http.StatusConflict, "POST", "/campaigns/"+id+"/recall", nil)
		c.call(http.StatusConflict, "POST", "/campaigns/"+id+"/correct", map[string]any{"content": map[string]any{"text": "third"}})
	})
}

// interruptedChange kills the process at random moments of a change, and starts another at once.
func (d *drill) interruptedChange(c *child, times int, done func(simulator.Stats) int) *child {
	d.Helper()
	part := d.n * 9 / 10 / times
	for i := range times {
		enough := i*part + d.dice.IntN(part)
		d.until("changes", func(s simulator.Stats) bool { return done(s) >= enough })
		c.kill()
		c = d.serve()
	}
	return c
}

// changed waits for a change to be through, and checks that each row says so.
func (d *drill) changed(c *child, id, what string) {
	d.Helper()
	deadline := time.Now().Add(longest)
	for {
		change := c.report(id)["change"].(map[string]any)
		if change["what"] == what && change["status"] == "done" {
			want(d, change, map[string]int{"recipients": d.n, "changed": d.n, "pending": 0, "failed": 0})
			break
		}
		if time.Now().After(deadline) {
			d.Fatalf("the change is never done: %v", change)
		}
		time.Sleep(50 * time.Millisecond) // the report has no signal
	}
	rows := 0
	for cursor := ""; ; {
		page := c.call(http.StatusOK, "GET", "/campaigns/"+id+"/deliveries?limit=500"+cursor, nil)
		for _, item := range page["items"].([]any) {
			row := item.(map[string]any)
			change, _ := row["change"].(map[string]any)
			if change["what"] != what || change["state"] != "changed" || change["at"] == nil || row["state"] != "sent" {
				d.Fatalf("a row says %v", row)
			}
			rows++
		}
		next, more := page["next_cursor"].(string)
		if !more {
			break
		}
		cursor = "&cursor=" + next
	}
	if rows != d.n {
		d.Errorf("%d rows", rows)
	}
}
