package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/simulator"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// These tests hurt the program where it runs: processes of its own that are killed, a
// Connector and a database that go away, a disk that is full. CRIER_FAULTS=full runs them at
// the sizes of docs/reliability.md (make faults).
var full = os.Getenv("CRIER_FAULTS") == "full"

// sized is how large a test is: small among all other tests, large in the full suite.
func sized[T any](small, large T) T {
	if full {
		return large
	}
	return small
}

// longest is when a test gives up waiting for what must come. It is no expectation.
var longest = sized(2*time.Minute, 20*time.Minute)

// slots is CRIER_SEND_CONCURRENCY: what may be in doubt after one crash.
const slots = 32

// mark is in the text of every campaign of a drill.
const mark = "mark-2718"

// drill is a tenant whose people are known to the program already, and a database, for
// processes that serve them.
type drill struct {
	testing.TB
	tenant *tenant
	door   *door
	n      int // people
	vars   map[string]string
	begun  time.Time
	dice   *rand.Rand
}

// sideBySide runs tests at once. Drills wait most of the time: they need not take turns, as
// those do that t.Parallel puts side by side.
func sideBySide(t *testing.T, tests map[string]func(t *testing.T)) {
	t.Helper()
	var group sync.WaitGroup
	for name, test := range tests {
		group.Go(func() { t.Run(name, test) })
	}
	group.Wait()
}

// onBoth runs a drill on both databases at once.
func onBoth(t *testing.T, test func(t *testing.T, db storetest.Database)) {
	t.Helper()
	tests := map[string]func(*testing.T){}
	for _, db := range storetest.Databases() {
		tests[db.Name] = func(t *testing.T) { test(t, db) }
	}
	sideBySide(t, tests)
}

// newDrill puts n people in place; each option changes a variable, as "CRIER_SEND_RATE=100".
func newDrill(t testing.TB, db storetest.Database, n int, b simulator.Behaviour, options ...string) *drill {
	t.Helper()
	tenant, err := startTenant(t.Context(), "127.0.0.1:0", simulator.Options{
		Users: n, Behaviour: b, AppID: simulatedApp, AppPassword: simulatedSecret, TenantID: simulatedTenant, BotURL: "http://127.0.0.1/api/messages",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tenant.stop)
	d := &drill{TB: t, tenant: tenant, door: newDoor(t), n: n, dice: rand.New(rand.NewPCG(1, 2))}
	d.door.within = tenant.Handler()
	tenant.SetBaseURL(d.door.url)
	d.vars = map[string]string{
		"CRIER_LISTEN": "127.0.0.1:0", "CRIER_DATABASE_URL": db.URL(t), "CRIER_API_TOKEN": testToken,
		"CRIER_APP_ID": simulatedApp, "CRIER_APP_PASSWORD": simulatedSecret, "CRIER_APP_TENANT_ID": simulatedTenant,
		"CRIER_LOGIN_URL": tenant.url, "CRIER_OPENID_METADATA_URL": tenant.metadataURL(), "CRIER_GRAPH_URL": tenant.url,
		"CRIER_TRUSTED_SERVICE_HOSTS": d.door.url, "CRIER_SEND_CONCURRENCY": fmt.Sprint(slots), "CRIER_SEND_RATE": "5000",
	}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		d.vars[name] = value
	}
	return d
}

// place makes everybody known to the program, so that nothing but campaigns is sent.
func (d *drill) place() {
	d.Helper()
	at := d.vars["CRIER_DATABASE_URL"]
	if strings.HasPrefix(at, "postgres") {
		at += "&synchronous_commit=off"
	}
	db, err := store.Open(d.Context(), at, 8)
	if err != nil {
		d.Fatal(err)
	}
	defer db.Close()
	placePeople(d, db, d.tenant)
}

func placePeople(t testing.TB, db *store.DB, tenant *tenant) {
	t.Helper()
	numbers := make(chan int)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range numbers {
				if err := placePerson(t.Context(), store.People{DB: db}, tenant, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range tenant.People() {
		numbers <- i
	}
	close(numbers)
	group.Wait()
}

func placePerson(ctx context.Context, people store.People, tenant *tenant, i int) error {
	tenant.Place(i)
	p, now := tenant.Person(i), domain.SystemClock()
	seen := domain.Sighting{Channel: domain.Teams, AADObjectID: p.ObjectID, Reference: domain.ConversationReference{
		ConversationID: p.ConversationID, ServiceURL: tenant.ServiceURL("msteams"), TenantID: simulatedTenant, UserID: p.UserID, BotID: "28:" + simulatedApp,
	}}
	if err := people.Remember(ctx, seen, now.Add(24*time.Hour)); err != nil { // the roster is not asked before
		return err
	}
	known, err := people.BySender(ctx, domain.Teams, p.UserID)
	if err != nil {
		return err
	}
	known.Name, known.FirstName, known.LastName, known.Email = p.Name, p.GivenName, p.Surname, p.Email
	if err := people.SaveRoster(ctx, known); err != nil {
		return err
	}
	_, err = people.MarkWelcomed(ctx, known.ID, now)
	return err
}

// serve starts a process.
func (d *drill) serve(options ...string) *child {
	d.Helper()
	vars := maps.Clone(d.vars)
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		vars[name] = value
	}
	return startChild(d.TB, d.tenant, vars)
}

// draft makes a campaign to everyone. words are in its text, beside the mark.
func (d *drill) draft(c *child, words, onUncertain string) string {
	d.Helper()
	return c.campaign(map[string]any{"name": words, "kind": "important", "content": map[string]any{"text": "Dear [FIRSTNAME], " + mark + " " + words},
		"audience": map[string]any{"everyone": true}, "delivery": map[string]any{"on_uncertain": onUncertain}})
}

// send begins a campaign to everyone, with what becomes of the uncertain as its words.
func (d *drill) send(c *child, onUncertain string) string {
	d.Helper()
	return d.sendAs(c, onUncertain, onUncertain)
}

// sendAs begins a campaign to everyone with those words.
func (d *drill) sendAs(c *child, words, onUncertain string) string {
	d.Helper()
	id := d.draft(c, words, onUncertain)
	d.begun = time.Now()
	c.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	return id
}

// until waits until the tenant's counts are so.
func (d *drill) until(what string, holds func(simulator.Stats) bool) {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), longest)
	defer cancel()
	if err := d.tenant.WaitFor(ctx, holds); err != nil {
		d.Fatalf("it never came: %s: %v", what, d.tenant.Stats())
	}
}

// delivered waits until so many messages have arrived.
func (d *drill) delivered(n int) {
	d.Helper()
	d.until(fmt.Sprintf("%d messages", n), func(s simulator.Stats) bool { return s.Delivered >= n })
}

// done waits for a campaign to be done, and answers its report, the sums checked.
func (d *drill) done(c *child, id string) map[string]any {
	d.Helper()
	deadline := time.Now().Add(longest)
	for {
		r := c.report(id)
		if r["status"] == "done" {
			return r
		}
		if time.Now().After(deadline) {
			d.Fatalf("the campaign is never done: %v", r)
		}
		time.Sleep(50 * time.Millisecond) // the report has no signal
	}
}

// tally is what arrived of a campaign whose text holds the words.
type tally struct {
	lost     []int // people without it
	repeated int   // messages beyond one a person
}

func (d *drill) tally(words string) tally {
	var t tally
	for i := range d.n {
		n := 0
		for _, m := range d.tenant.Received(i) {
			if strings.Contains(m.Text, mark+" "+words) || strings.Contains(string(m.Raw), mark+" "+words) {
				n++
			}
		}
		if n == 0 {
			t.lost = append(t.lost, i)
		}
		t.repeated += max(n-1, 0)
	}
	return t
}

// once checks that everybody has the campaign, once.
func (d *drill) once(words string) {
	d.Helper()
	if t := d.tally(words); len(t.lost) > 0 || t.repeated > 0 {
		d.Errorf("%d of %d people have nothing, %d messages were repeated", len(t.lost), d.n, t.repeated)
	}
}

// uncertain is who has a row of unknown outcome, by address.
func (d *drill) uncertain(c *child, id string) map[string]bool {
	d.Helper()
	people, cursor := map[string]bool{}, ""
	for {
		page := c.call(http.StatusOK, "GET", "/campaigns/"+id+"/deliveries?state=uncertain&limit=500"+cursor, nil)
		for _, item := range page["items"].([]any) {
			people[item.(map[string]any)["user"].(map[string]any)["email"].(string)] = true
		}
		next, more := page["next_cursor"].(string)
		if !more {
			return people
		}
		cursor = "&cursor=" + next
	}
}

// forgotten counts who has nothing and is not held either: there must be nobody.
func (d *drill) forgotten(got tally, held map[string]bool) int {
	d.Helper()
	n := 0
	for _, i := range got.lost {
		if email := d.tenant.Person(i).Email; !held[email] {
			d.Errorf("%s has nothing and is not held", email)
			n++
		}
	}
	return n
}

// account logs what became of a campaign to everybody: which fault, on which database, people,
// how often, people who have nothing, messages repeated, rows in doubt, seconds.
func (d *drill) account(what, database string, times any, words string, r map[string]any) {
	got := d.tally(words)
	d.figures(what, database, d.n, times, len(got.lost), got.repeated, number(r, "uncertain"))
}

// figures logs a line of a table for docs/reliability.md.
func (d *drill) figures(columns ...any) {
	line := "|"
	for _, c := range columns {
		line += fmt.Sprintf(" %v |", c)
	}
	d.Logf("%s %.1f s |", line, time.Since(d.begun).Seconds())
}

// number is one of a report.
func number(r map[string]any, name string) int { return int(r[name].(float64)) }
