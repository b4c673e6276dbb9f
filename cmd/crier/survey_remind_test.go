package main

import (
	"database/sql"
	"net/http"
	"strings"
	"time"

	"crier/internal/simulator"
)

// remind sends a reminder, which reaches those who did not finish, and nobody else.
func (v *surveyed) remind(before simulator.SurveyCount) {
	v.Helper()
	v.call(http.StatusConflict, "POST", "/campaigns/"+v.id+"/remind", nil) // they have had it for less than a day
	v.yesterday()
	v.quiet()
	had := make([]int, v.tenant.People())
	for i := range had {
		had[i] = v.has(i)
	}
	v.call(http.StatusAccepted, "POST", "/campaigns/"+v.id+"/remind", nil)
	v.eventually("the reminder is through", func() bool {
		reminders := v.call(http.StatusOK, "GET", "/campaigns/"+v.id+"/survey", nil)["reminders"].([]any)
		return len(reminders) == 1 && reminders[0].(map[string]any)["status"] == "done"
	})
	v.tenant.waitIdle(v.stage)
	for i, n := range had {
		more := 0
		if n > 0 && !before.Responses[i].Finished {
			more = 1
		}
		if got := v.has(i) - n; got != more {
			v.Errorf("%s: person %d was reminded %d times, want %d", v.name, i, got, more)
		}
	}
}

// quiet waits until the bot has said what it had still to say.
func (v *surveyed) quiet() {
	v.Helper()
	for last, since := -1, time.Now(); time.Since(since) < 2*time.Second; time.Sleep(50 * time.Millisecond) {
		st := v.tenant.Stats()
		if said := st.Delivered + st.Updated; said != last {
			last, since = said, time.Now()
		}
	}
}

// has is how often somebody was asked.
func (v *surveyed) has(i int) int {
	n := 0
	for _, m := range v.tenant.Received(i) {
		if strings.Contains(m.Text, v.name) {
			n++
		}
	}
	return n
}

// yesterday makes it two days ago that the survey was sent.
func (v *surveyed) yesterday() {
	v.Helper()
	at := v.cfg.DatabaseURL.Reveal()
	driver, source := "postgres", at
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+path+"?_pragma=busy_timeout(60000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		v.Fatal(err)
	}
	defer db.Close()
	for _, text := range []string{
		`UPDATE campaigns SET started_at = started_at - 172800000, finished_at = finished_at - 172800000 WHERE id = ` + v.id,
		`UPDATE deliveries SET sent_at = sent_at - 172800000 WHERE sent_at IS NOT NULL AND campaign_id = ` + v.id,
	} {
		if _, err := db.ExecContext(v.Context(), text); err != nil {
			v.Fatal(err)
		}
	}
}
