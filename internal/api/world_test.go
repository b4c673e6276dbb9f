package api

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// world is the API over the real operations on a real database.
type world struct {
	t       *testing.T
	server  *server
	db      *store.DB
	spec    *spec
	mu      sync.Mutex
	now     time.Time
	logged  bytes.Buffer
	replies *replies
}

var start = time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)

// officers are the tokens of the tests, by the name of the role.
type officers struct{}

func (officers) Token(token string) (domain.Actor, bool) {
	roles := map[string]domain.Role{
		"owner": domain.Owner, "sender": domain.Sender, "author": domain.Author, "analyst": domain.Analyst, "nobody": domain.NoRole,
	}
	role, ok := roles[token]
	return domain.Actor{ID: "token:" + token, Name: token, Role: role}, ok
}

// replies are the store's, with a place to break them.
type replies struct {
	Replies
	finish, begin error
	dropped       int
}

func (r *replies) Begin(ctx context.Context, key, request string, now time.Time) (*domain.Reply, error) {
	if r.begin != nil {
		return nil, r.begin
	}
	return r.Replies.Begin(ctx, key, request, now)
}

func (r *replies) Finish(ctx context.Context, key string, reply domain.Reply) error {
	if r.finish != nil {
		return r.finish
	}
	return r.Replies.Finish(ctx, key, reply)
}

func (r *replies) Drop(ctx context.Context, key string) error {
	r.dropped++
	return r.Replies.Drop(ctx, key)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "crier.db"), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, spec: loadSpec(t), now: start, replies: &replies{Replies: store.Replies{DB: db}}}
	campaigns, people, responses := store.Campaigns{DB: db}, store.People{DB: db}, store.Responses{DB: db}
	w.server = newServer(Options{
		Campaigns: &app.Campaigns{
			Store: campaigns, Flow: campaigns, Count: campaigns, Deliveries: store.Deliveries{DB: db}, Changes: campaigns, People: people,
			Now: w.clock, Wake: func() {}, MaxAhead: 144 * time.Hour, SendRate: 30,
		},
		Surveys: &app.Surveys{
			Standings: responses, Ballots: responses, Answers: responses, Flow: campaigns, Deliveries: store.Deliveries{DB: db}, Campaigns: campaigns,
			Refs: app.Refs{Secret: []byte("secret")}, Now: w.clock, Wake: func() {},
		},
		People:   &app.People{Store: people, References: people, Roster: people, Now: w.clock, Wake: func() {}},
		Officers: officers{}, Replies: w.replies, Preview: draw, Now: w.clock,
		Log: slog.New(slog.NewTextHandler(w, nil)),
	})
	return w
}

func draw(c domain.Campaign, p domain.Person) (json.RawMessage, error) {
	m, err := cards.Compile(c, cards.Options{BotName: "Crier"})
	if err != nil {
		return nil, err
	}
	return m.Fill(nil, cards.Recipient{Person: p, Ref: "sample"}), nil
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Write takes the log's lines.
func (w *world) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logged.Write(line)
}

func (w *world) log() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logged.String()
}

// meet adds somebody to Teams whose name and address are not known yet.
func (w *world) meet(email string) {
	w.t.Helper()
	must(w.t, store.People{DB: w.db}.Remember(w.t.Context(), domain.Sighting{
		Channel: domain.Teams, AADObjectID: "aad-" + email, Locale: "en-US", TimeZone: "Europe/Paris", Install: true,
		Reference: domain.ConversationReference{ConversationID: "a:" + email, ServiceURL: "https://smba.trafficmanager.net/emea/", TenantID: "tenant", UserID: "29:" + email, BotID: "28:bot"},
	}, w.clock()))
}

// install adds people to Teams with the ids 1, 2, …, called as their address says: Ana Roy
// for ana.roy@example.com.
func (w *world) install(emails ...string) {
	w.t.Helper()
	people := store.People{DB: w.db}
	for _, email := range emails {
		w.meet(email)
		p, err := people.BySender(w.t.Context(), domain.Teams, "29:"+email)
		must(w.t, err)
		local, _, _ := strings.Cut(email, "@")
		first, last, _ := strings.Cut(local, ".")
		p.FirstName, p.LastName = strings.ToUpper(first[:1])+first[1:], strings.ToUpper(last[:1])+last[1:]
		p.Name, p.Email, p.UPN = p.FirstName+" "+p.LastName, email, email
		must(w.t, people.SaveRoster(w.t.Context(), p))
	}
}

func (w *world) leave(email string) {
	w.t.Helper()
	must(w.t, store.People{DB: w.db}.Leave(w.t.Context(), domain.Teams, "29:"+email, w.clock()))
}

// begin lets a scheduled campaign start, as the engine would.
func (w *world) begin(id int64) {
	w.t.Helper()
	must(w.t, storetest.Start(w.t.Context(), store.Campaigns{DB: w.db}, id, w.clock()))
}

// deliver claims what is due of a campaign and gives each row an outcome, by address; who
// is not named stays in flight.
func (w *world) deliver(id int64, outcomes map[string]domain.Outcome) {
	w.t.Helper()
	worker, err := storetest.NewWorker(w.t.Context(), w.db)
	must(w.t, err)
	claimed, err := worker.Claim(w.t.Context(), domain.Lane{CampaignID: id, TenantID: "tenant"}, w.clock(), 100)
	must(w.t, err)
	var batch []domain.Finished
	for _, d := range claimed {
		if o, ok := outcomes[d.Person.Email]; ok {
			o.Attempts, o.DueAt = d.Attempts, d.DueAt
			batch = append(batch, domain.Finished{Delivery: d, Outcome: o})
		}
	}
	if len(batch) != len(outcomes) {
		w.t.Fatalf("%d of %d outcomes had a row", len(batch), len(outcomes))
	}
	must(w.t, worker.Finish(w.t.Context(), batch, w.clock()))
}

// step is one request and what is expected of its answer.
type step struct {
	name    string
	as      string // the token; empty: owner, "-": none
	call    string // "POST /campaigns/1/send"
	body    string
	header  map[string]string
	status  int
	has     map[string]any    // by JSON pointer
	headers map[string]string // of the answer
	prepare func(*world)      // before the request
	lax     bool              // the body is taken though it does not fit the description
}

// run makes the steps in order in one world.
func (w *world) run(steps ...step) {
	w.t.Helper()
	for _, s := range steps {
		if s.prepare != nil {
			s.prepare(w)
		}
		name := s.name
		if name == "" {
			name = s.call
		}
		answer := w.do(s)
		if answer.Code != s.status {
			w.t.Fatalf("%s: status %d, want %d: %s", name, answer.Code, s.status, answer.Body)
		}
		for header, want := range s.headers {
			if got := answer.Header().Get(header); got != want {
				w.t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		for pointer, want := range s.has {
			got, found := at(answer.Body.Bytes(), pointer)
			if !found {
				got = absent
			}
			if diff := cmp.Diff(plain(want), got); diff != "" {
				w.t.Errorf("%s: %s (-want +got):\n%s%s", name, pointer, diff, answer.Body)
			}
		}
	}
}

const absent = "(absent)"

// plain is a value as decoded JSON holds it.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

// do makes one request, and holds the answer against the API's description.
func (w *world) do(s step) *httptest.ResponseRecorder {
	w.t.Helper()
	method, path, _ := strings.Cut(s.call, " ")
	r := httptest.NewRequestWithContext(w.t.Context(), method, base+path, strings.NewReader(s.body))
	switch s.as {
	case "":
		r.Header.Set("Authorization", "Bearer owner")
	case "-":
	default:
		r.Header.Set("Authorization", "Bearer "+s.as)
	}
	for name, value := range s.header {
		r.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	w.server.router.ServeHTTP(answer, r)
	if s.lax {
		s.body = ""
	}
	w.spec.check(w.t, w.server, r, s.body, answer)
	return answer
}

// at is the value at a JSON pointer.
func at(body []byte, pointer string) (any, bool) {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, false
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch now := v.(type) {
		case map[string]any:
			next, ok := now[part]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(now) {
				return nil, false
			}
			v = now[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
