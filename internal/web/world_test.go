package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

const apiToken = "a-token-of-the-tests"

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// safeLog is a log that the server writes and a test reads.
type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// world is the console over the real operations and a real database.
type world struct {
	t         *testing.T
	clock     *clock
	campaigns *app.Campaigns
	people    *app.People
	signals   *app.Signals
	surveys   *app.Surveys
	clicks    *app.Clicks
	db        *store.DB
	log       *safeLog
	server    *httptest.Server
	client    *http.Client
	refusal   error // of the directory, to say who is there
}

var owner = domain.Actor{ID: "token:bootstrap", Name: "API", Role: domain.Owner}

func newWorld(t *testing.T, how SignIn) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: time.Now().UTC().Truncate(time.Millisecond)}, log: &safeLog{}}
	w.openStore()
	w.serve(how, draw)
	t.Cleanup(func() {
		w.campaigns.StopWatching() // a server that closes waits for its streams
		w.server.Close()
	})
	jar, _ := cookiejar.New(nil)
	w.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return w
}

// serve starts the console on a server of its own.
func (w *world) serve(how SignIn, preview func(domain.Campaign, domain.Person) (json.RawMessage, error)) {
	w.t.Helper()
	w.server = httptest.NewUnstartedServer(nil)
	o := w.options(how, "http://"+w.server.Listener.Addr().String())
	o.Preview = preview
	h, err := New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.server.Config.Handler = h
	w.server.Start()
}

func (w *world) openStore() {
	w.t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(w.t.TempDir(), "crier.db"), 4)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { db.Close() })
	if _, err := db.Migrate(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	people, rows := store.People{DB: db}, store.Deliveries{DB: db}
	kept := store.Campaigns{DB: db}
	w.db = db
	w.campaigns = &app.Campaigns{
		Store: kept, Flow: kept, Count: kept, Deliveries: rows, Changes: kept, People: people,
		Now: w.clock.now, Wake: func() {}, MaxAhead: 144 * time.Hour, SendRate: 30,
		Zone: "Europe/Paris", CanAsk: func(context.Context) error { return w.refusal },
	}
	w.people = &app.People{Store: people, References: people, Roster: people, Now: w.clock.now, Wake: func() {}}
	w.signals = &app.Signals{
		Store: rows, Deliveries: rows, Campaigns: kept,
		Refs: app.Refs{Secret: []byte("0123456789abcdef")}, Now: w.clock.now,
	}
	answers := store.Responses{DB: db}
	w.surveys = &app.Surveys{
		Standings: answers, Ballots: answers, Answers: answers, Flow: kept, Deliveries: rows, Campaigns: kept,
		Refs: w.signals.Refs, Now: w.clock.now, Wake: func() {}, Zone: "Europe/Paris",
	}
	w.clicks = &app.Clicks{Refs: w.signals.Refs, Deliveries: rows, Links: store.Links{DB: db}, Now: w.clock.now}
}

func (w *world) options(how SignIn, public string) Options {
	return Options{
		Campaigns: w.campaigns, Surveys: w.surveys, Preflight: w.preflight(), People: w.people, Pictures: w.pictures(public), Officers: app.NewOfficers(nil, apiToken), Links: w.clicks, Address: cards.Address, Preview: draw, Rehearse: cards.Rehearse,
		Secret: []byte("0123456789abcdef0123456789abcdef"), PublicURL: public, SignIn: how, Version: "test",
		Now: w.clock.now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
}

// draw is the real drawing of messages.
func draw(c domain.Campaign, p domain.Person) (json.RawMessage, error) {
	m, err := cards.Compile(c, cards.Options{BotName: "Crier"})
	if err != nil {
		return nil, err
	}
	return m.Fill(nil, cards.Recipient{Person: p, Ref: "sample"}), nil
}

// install makes n people have the app: person-0@example.com and so on.
func (w *world) install(n int, names ...string) {
	w.t.Helper()
	ctx := context.Background()
	for i := range n {
		reference := domain.ConversationReference{
			ConversationID: fmt.Sprintf("a:%d", i), ServiceURL: "https://smba.example.com/", TenantID: "tenant",
			UserID: fmt.Sprintf("29:%d", i), BotID: "28:bot",
		}
		v := domain.Sighting{Channel: domain.Teams, Reference: reference, AADObjectID: fmt.Sprint("aad-", i), Locale: "fr-FR", Install: true}
		if err := w.people.Remember(ctx, v); err != nil {
			w.t.Fatal(err)
		}
		p, err := w.people.BySender(ctx, domain.Teams, reference.UserID)
		if err != nil {
			w.t.Fatal(err)
		}
		p.Name, p.Email = fmt.Sprint("Person ", i), fmt.Sprintf("person-%d@example.com", i)
		if i < len(names) {
			p.Name = names[i]
		}
		if err := w.people.Learn(ctx, p); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) create(c domain.Campaign) domain.Campaign {
	w.t.Helper()
	c, err := w.campaigns.Create(context.Background(), owner, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// start sends a draft and names its recipients, as the engine does.
func (w *world) start(id int64) {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.campaigns.Send(ctx, owner, id, w.clock.now()); err != nil {
		w.t.Fatal(err)
	}
	w.begin(id)
}

// begin names the recipients of a scheduled campaign whose time has come.
func (w *world) begin(id int64) {
	w.t.Helper()
	if err := storetest.Start(context.Background(), store.Campaigns{DB: w.db}, id, w.clock.now()); err != nil {
		w.t.Fatal(err)
	}
}

// deliver lets up to n messages of a campaign come to an outcome, and answers their rows.
func (w *world) deliver(id int64, n int, outcome func(i int) domain.Outcome) []domain.Delivery {
	w.t.Helper()
	ctx, now := context.Background(), w.clock.now()
	worker, err := storetest.NewWorker(ctx, w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	claimed, err := worker.Claim(ctx, domain.Lane{CampaignID: id, TenantID: "tenant"}, now, n)
	if err != nil {
		w.t.Fatal(err)
	}
	batch := make([]domain.Finished, len(claimed))
	for i, d := range claimed {
		batch[i] = domain.Finished{Delivery: d, Outcome: outcome(i)}
	}
	if err := worker.Finish(ctx, batch, now); err != nil {
		w.t.Fatal(err)
	}
	for i := range claimed {
		claimed[i].ActivityID = batch[i].Outcome.ActivityID
	}
	return claimed
}

func (w *world) sent(i int) domain.Outcome {
	return domain.Outcome{State: domain.Sent, Attempts: 1, ActivityID: fmt.Sprint(1000 + i), SentAt: w.clock.now()}
}

// signIn signs in with the token of the tests.
func (w *world) signIn() {
	w.t.Helper()
	answer := w.do(w.request(http.MethodPost, "/sign-in", url.Values{"secret": {apiToken}}))
	if answer.Status != http.StatusSeeOther {
		w.t.Fatalf("signing in answers %d", answer.Status)
	}
}

// reply is what the console answered.
type reply struct {
	Status   int
	Location string
	Body     string
	Header   http.Header
}

func (w *world) do(r *http.Request) reply {
	w.t.Helper()
	answer, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header.Get("Location"), string(body), answer.Header}
}

func (w *world) request(method, path string, form url.Values) *http.Request {
	w.t.Helper()
	r, err := http.NewRequest(method, w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", w.server.URL)
	}
	return r
}

func (w *world) get(path string) reply {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, path, nil))
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// post sends a form with the token of the page it stands on.
func (w *world) post(page, path string, form url.Values) reply {
	w.t.Helper()
	found := tokenField.FindStringSubmatch(w.get(page).Body)
	if found == nil {
		w.t.Fatalf("%s has no form token", page)
	}
	sent := url.Values{"token": {found[1]}}
	for k, v := range form {
		sent[k] = v
	}
	return w.do(w.request(http.MethodPost, path, sent))
}

func (r reply) must(t *testing.T, status int, parts ...string) {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d (location %q)\n%.2000s", r.Status, status, r.Location, r.Body)
	}
	for _, part := range parts {
		if !strings.Contains(r.Body, part) {
			t.Errorf("%q is missing in\n%s", part, r.Body)
		}
	}
}

func idea() domain.Campaign {
	return domain.Campaign{
		Name: "Lunch walk", Channel: domain.Teams, Kind: domain.KindIdea,
		Content:  domain.Content{Title: "Walk at noon", Text: "Hello [FIRSTNAME|there], **come along**."},
		Audience: domain.Audience{Everyone: true}, Delivery: domain.Policy{OnUncertain: domain.Resend},
	}
}

func survey() domain.Campaign {
	c := idea()
	c.Name, c.Kind = "Canteen", domain.KindSurvey
	c.Content = domain.Content{Title: "The canteen", Survey: &domain.Survey{
		Style: domain.OneByOne, Privacy: domain.Identified,
		Questions: []domain.Question{{ID: "q1", Type: domain.Choice, Text: "How do you like the new menu?", Options: []string{"A lot", "It is fine", "Not at all"}}},
	}}
	return c
}
