package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// A million people (fewer among all other tests): the first has the message within seconds
// while the others are still written down, the process stays small, and the report answers
// at once while it is sending, unthrottled and at the rate that Microsoft allows.
func TestFaultAMillionPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, db storetest.Database) {
		people, sends := sized(20_000, 1_000_000), sized(2_000, 100_000)
		d := newDrill(t, db, people, simulator.Behaviour{},
			sized("CRIER_SEND_RATE=1000", "CRIER_SEND_RATE=1000000"), // some are left for what follows
			sized("GOGC=100", "GOGC="))                               // the race detector would take several times what is set aside untouched
		d.placeMany()
		c := d.serve()
		idle := d.reportTimes(c, d.draft(c, "idle", "resend"), func() bool { return true })
		id := d.send(c, "resend")
		d.delivered(1)
		first := time.Since(d.begun)
		busy := d.reportTimes(c, id, func() bool { return d.tenant.Stats().Delivered >= sends })
		rate := float64(d.tenant.Stats().Delivered) / time.Since(d.begun).Seconds()
		for number(c.report(id), "listed") < people {
			time.Sleep(50 * time.Millisecond) // the report has no signal
		}
		named, peak := time.Since(d.begun), d.peakMemory(c)
		c.terminate()
		c = d.serve("CRIER_SEND_RATE=50")
		had := d.tenant.Stats().Delivered
		allowed := d.reportTimes(c, id, func() bool { return d.tenant.Stats().Delivered >= had+sized(100, 3000) })
		peak = max(peak, d.peakMemory(c))
		begun := time.Now()
		c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/cancel", nil)
		answered := time.Since(begun)
		for r := c.report(id); number(r, "pending")+number(r, "postponed") > 0; r = c.report(id) {
			time.Sleep(50 * time.Millisecond)
		}
		withdrawn := time.Since(begun)
		peak = max(peak, d.peakMemory(c))
		r := c.report(id)
		if number(r, "listed") != people || number(r, "sent")+number(r, "cancelled") != people {
			t.Errorf("the sums do not hold: %v", r)
		}
		if got := d.tally("resend"); people-len(got.lost) != number(r, "sent") || got.repeated > 0 {
			t.Errorf("%d count as sent, %d have it, %d messages were repeated", number(r, "sent"), people-len(got.lost), got.repeated)
		}
		if peak > sized[int64](400, 200)<<20 { // small, it runs under the race detector, which takes its share
			t.Errorf("it took %d MB", peak>>20)
		}
		d.figures("people", people, "first after", first.Round(time.Millisecond), "all named after", named.Round(10*time.Millisecond),
			"sends/s", int(rate), "report p50/p99 idle", percentiles(idle), "sending", percentiles(busy), "at 50/s", percentiles(allowed), "peak MB", peak>>20,
			"cancel answered after", answered.Round(time.Millisecond), "all withdrawn after", withdrawn.Round(10*time.Millisecond))
	})
}

func percentiles(took []time.Duration) string {
	slices.Sort(took)
	at := func(share float64) time.Duration {
		return took[int(share*float64(len(took)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprint(at(0.5), " / ", at(0.99))
}

// peakMemory is the most that a process ever had, in bytes.
func (d *drill) peakMemory(c *child) int64 {
	d.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		d.Logf("no memory to measure here: %v", err)
		return 0
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int64
	fmt.Sscan(line, &kilobytes)
	return kilobytes << 10
}

// placeMany is place for very many: a thousand people a statement.
func (d *drill) placeMany() {
	d.Helper()
	at := d.vars["CRIER_DATABASE_URL"]
	driver, source := "postgres", at+"&synchronous_commit=off"
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		driver, source = "sqlite", path+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		d.Fatal(err)
	}
	defer db.Close()
	for from := 0; from < d.n; from += 1000 {
		if err := d.placeThousand(d.Context(), db, from, min(from+1000, d.n)); err != nil {
			d.Fatal(err)
		}
	}
	if driver == "postgres" {
		if _, err := db.ExecContext(d.Context(), "ANALYZE people"); err != nil {
			d.Fatal(err)
		}
	}
}

func (d *drill) placeThousand(ctx context.Context, db *sql.DB, from, to int) error {
	var text strings.Builder
	text.WriteString(`INSERT INTO people (channel, user_id, tenant_id, aad_object_id, conversation_id, service_url, bot_id, name, name_key,
		first_name, last_name, email, email_key, upn, upn_key, locale, time_zone, installed, installed_at, welcomed_at) VALUES `)
	now, quote := domain.SystemClock().UnixMilli(), func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	for i := from; i < to; i++ {
		d.tenant.Place(i)
		p := d.tenant.Person(i)
		values := []string{"teams", p.UserID, simulatedTenant, p.ObjectID, p.ConversationID, d.tenant.ServiceURL("msteams"), "28:" + simulatedApp,
			p.Name, strings.ToLower(p.Name), p.GivenName, p.Surname, p.Email, strings.ToLower(p.Email), p.UPN, strings.ToLower(p.UPN), p.Locale, p.TimeZone}
		for j, v := range values {
			values[j] = quote(v)
		}
		if i > from {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "(%s, TRUE, %d, %d)", strings.Join(values, ", "), now, now)
	}
	_, err := db.ExecContext(ctx, text.String())
	return err
}
