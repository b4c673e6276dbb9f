package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fixture is a database with the nouns of the store and short ways to fill it.
type fixture struct {
	testing.TB
	ctx        context.Context
	DB         *store.DB
	People     store.People
	Campaigns  store.Campaigns
	Deliveries store.Deliveries
	Responses  store.Responses
	Inbox      store.Inbox
	Replies    store.Replies
	Settings   store.Settings
	Instances  store.Instances
	worker     *Worker // the process that sends, unless a test says otherwise
}

func newFixture(t testing.TB, db *store.DB) *fixture {
	f := &fixture{
		TB: t, ctx: t.Context(), DB: db, People: store.People{DB: db}, Campaigns: store.Campaigns{DB: db},
		Deliveries: store.Deliveries{DB: db}, Responses: store.Responses{DB: db}, Inbox: store.Inbox{DB: db},
		Replies: store.Replies{DB: db}, Settings: store.Settings{DB: db},
		Instances: store.Instances{DB: db},
	}
	f.worker = f.newWorker()
	return f
}

func (f *fixture) newWorker() *Worker {
	f.Helper()
	w, err := NewWorker(f.ctx, f.DB)
	f.ok(err)
	return w
}

// noon is some time after noon of the tests' day. The zone is not UTC, and its clocks
// change on the way: times must be kept as instants.
func noon(after time.Duration) time.Time {
	zone := time.FixedZone("before the change", 3600)
	if after >= 13*time.Hour {
		zone = time.FixedZone("after the change", 7200)
	}
	return time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC).Add(after).In(zone)
}

// ok fails the test on an error.
func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// is fails the test unless the error is of the kind.
func (f *fixture) is(err error, kind domain.ErrorKind) {
	f.Helper()
	if domain.KindOf(err) != kind {
		f.Fatalf("error %v is of kind %d, want %d", err, domain.KindOf(err), kind)
	}
}

// same fails the test when two values differ.
func (f *fixture) same(got, want any) {
	f.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(domain.Delivery{}, "Hold", "Reserved")); d != "" {
		f.Fatalf("got +, want -:\n%s", d)
	}
}

// atOnce runs do n times at once.
func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-gate
			do(i)
		})
	}
	close(gate)
	all.Wait()
}

// sighting is what the n-th person's install shows.
func sighting(n int) domain.Sighting {
	return domain.Sighting{
		Channel: domain.Teams, Install: true, AADObjectID: fmt.Sprintf("aad-%d", n), Name: fmt.Sprintf("Person %d", n),
		Locale: "fr-FR", TimeZone: "Europe/Paris",
		Reference: domain.ConversationReference{
			ConversationID: fmt.Sprintf("a:%d", n), ServiceURL: "https://smba.trafficmanager.net/emea/", TenantID: "tenant-a",
			UserID: fmt.Sprintf("29:%d", n), BotID: "28:bot",
		},
	}
}

// email is the n-th person's address.
func email(n int) string { return fmt.Sprintf("Person.%d@Example.com", n) }

// install adds the n-th person, who is named by the roster already.
func (f *fixture) install(n int) domain.Person {
	f.Helper()
	return f.installIn(n, "tenant-a")
}

func (f *fixture) installIn(n int, tenant string) domain.Person {
	f.Helper()
	v := sighting(n)
	v.Reference.TenantID = tenant
	f.ok(f.People.Remember(f.ctx, v, noon(0)))
	p := f.sender(n)
	p.Email, p.UPN = email(n), fmt.Sprintf("p%d@corp.example.com", n)
	f.ok(f.People.SaveRoster(f.ctx, p))
	return f.sender(n)
}

// crowd adds people 1 to n.
func (f *fixture) crowd(n int) []domain.Person {
	f.Helper()
	list := make([]domain.Person, n)
	for i := range n {
		list[i] = f.install(i + 1)
	}
	return list
}

// passersby adds people first to last, without names: quicker.
func (f *fixture) passersby(first, last int) {
	f.Helper()
	for n := first; n <= last; n++ {
		f.ok(f.People.Remember(f.ctx, sighting(n), noon(0)))
	}
}

// crowdFast adds people 1 to n by many at once: PostgreSQL waits for the disk each time.
func (f *fixture) crowdFast(n int) {
	f.Helper()
	atOnce(8, func(i int) {
		for p := i + 1; p <= n; p += 8 {
			if err := f.People.Remember(f.ctx, sighting(p), noon(0)); err != nil {
				f.Error(err)
			}
		}
	})
}

func (f *fixture) sender(n int) domain.Person {
	f.Helper()
	p, err := f.People.BySender(f.ctx, domain.Teams, fmt.Sprintf("29:%d", n))
	f.ok(err)
	return p
}

func (f *fixture) leave(n int, at time.Time) {
	f.Helper()
	f.ok(f.People.Leave(f.ctx, domain.Teams, fmt.Sprintf("29:%d", n), at))
}
