package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crier/bot/connector"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// BenchmarkSending is a campaign to b.N people from "send" to done: rows written, claimed, drawn,
// sent over HTTP, recorded and counted; and then a loop that posts the same body to the same
// simulated Teams, by as many at once, and remembers nothing. Crier, the loop and Teams are
// processes of their own. It reports both, and the one as a share of the other.
func BenchmarkSending(b *testing.B) {
	for _, db := range storetest.Databases() {
		for _, atOnce := range []int{32, 256} { // the default, and as many as make the database's transactions large
			b.Run(fmt.Sprint(db.Name, "/", atOnce), func(b *testing.B) { benchSending(b, db, atOnce) })
		}
	}
}

func benchSending(b *testing.B, db storetest.Database, atOnce int) {
	d := newDrill(b, db, b.N, simulator.Behaviour{}, "CRIER_SEND_RATE=1000000", fmt.Sprint("CRIER_SEND_CONCURRENCY=", atOnce))
	d.tenant.SetBaseURL(d.tenant.url) // not through the door, which notes each visit
	d.vars["CRIER_TRUSTED_SERVICE_HOSTS"] = d.tenant.url
	d.placeMany()
	c := d.serve()
	id := d.draft(c, "bench", "resend")
	drawn := c.call(http.StatusOK, "POST", "/campaigns/"+id+"/preview", nil)
	b.ResetTimer()
	c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	r := d.done(c, id)
	b.StopTimer()
	want(b, r, map[string]int{"sent": b.N})
	sent := float64(b.N) / b.Elapsed().Seconds()
	loop := float64(b.N) / d.loop(atOnce, drawn["activity"]).Seconds()
	b.ReportMetric(sent, "sends/s")
	b.ReportMetric(loop, "loop/s")
	b.ReportMetric(100*sent/loop, "%-of-loop")
}

// asLoop is the variable that makes the test binary a raw loop. It names a file with a rawLoop.
const asLoop = "CRIER_TEST_LOOP"

// rawLoop is a body to post to addresses, by how many at once.
type rawLoop struct {
	Addresses []string
	Token     string
	Body      json.RawMessage
	AtOnce    int
}

// repeatedly posts what a file says, and prints how long it took.
func repeatedly(file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var l rawLoop
	if err := json.Unmarshal(text, &l); err != nil {
		panic(err)
	}
	begun := time.Now()
	if err := postAll(len(l.Addresses), l.AtOnce, l.Token, func(i int) (string, []byte) { return l.Addresses[i], l.Body }); err != nil {
		panic(err)
	}
	fmt.Println(time.Since(begun))
}

// loop is how long a raw loop takes to post an activity to everybody.
func (d *drill) loop(atOnce int, activity any) time.Duration {
	d.Helper()
	tokens, err := connector.NewTokens(connector.TokenOptions{
		AppID: simulatedApp, Password: simulatedSecret, TenantID: simulatedTenant, LoginURL: d.tenant.url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		d.Fatal(err)
	}
	l := rawLoop{AtOnce: atOnce}
	if l.Token, err = tokens.Token(d.Context()); err != nil {
		d.Fatal(err)
	}
	for i := range d.n {
		l.Addresses = append(l.Addresses, d.tenant.ServiceURL("msteams")+"v3/conversations/"+d.tenant.Person(i).ConversationID+"/activities")
	}
	if l.Body, err = json.Marshal(activity); err != nil {
		d.Fatal(err)
	}
	text, err := json.Marshal(l)
	if err != nil {
		d.Fatal(err)
	}
	file := filepath.Join(d.TempDir(), "loop.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		d.Fatal(err)
	}
	cmd := exec.CommandContext(d.Context(), os.Args[0])
	cmd.Env = append(withoutSettings(os.Environ()), asLoop+"="+file)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		d.Fatal(err)
	}
	took, err := time.ParseDuration(strings.TrimSpace(string(said)))
	if err != nil {
		d.Fatal(err)
	}
	return took
}
