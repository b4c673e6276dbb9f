package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/internal/simulator"
)

// stubBot keeps what the people send and answers as it is told.
type stubBot struct {
	mu      sync.Mutex
	got     []map[string]any
	tokens  []string
	visited []string // paths of links opened
	answer  func(activity map[string]any) (status int, body string)
}

func (b *stubBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		b.mu.Lock()
		b.visited = append(b.visited, r.URL.Path)
		b.mu.Unlock()
		http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusFound)
		return
	}
	var act map[string]any
	if err := json.NewDecoder(r.Body).Decode(&act); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	b.got = append(b.got, act)
	b.tokens = append(b.tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	answer := b.answer
	b.mu.Unlock()
	if answer != nil {
		status, body := answer(act)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// take gives what arrived since the last take.
func (b *stubBot) take() []map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.got
	b.got, b.tokens = nil, nil
	return out
}

// tenant is a simulator being served, a bot it talks to, and that bot's token.
type tenant struct {
	*testing.T
	sim    *simulator.Simulator
	opt    simulator.Options
	bot    *stubBot
	botURL string
	url    string
	token  string
}

func newTenant(t *testing.T, change func(*simulator.Options)) *tenant {
	t.Helper()
	bot := &stubBot{}
	botServer := httptest.NewServer(bot)
	t.Cleanup(botServer.Close)
	opt := options()
	opt.BotURL = botServer.URL + "/api/messages"
	if change != nil {
		change(&opt)
	}
	sim := newSimulator(t, opt)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(sim.Stop) // before the server closes: nobody is left hanging
	sim.SetBaseURL(server.URL)
	n := &tenant{T: t, sim: sim, opt: opt, bot: bot, botURL: botServer.URL, url: server.URL}
	_, granted := n.grant(opt.TenantID, nil)
	n.token, _ = granted["access_token"].(string)
	return n
}

// grant asks for a token; change may spoil the form.
func (n *tenant) grant(tenantID string, change func(url.Values)) (int, map[string]any) {
	n.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {n.opt.AppID},
		"client_secret": {n.opt.AppPassword}, "scope": {"https://api.botframework.com/.default"}}
	if change != nil {
		change(form)
	}
	res, err := http.PostForm(n.url+"/"+tenantID+"/oauth2/v2.0/token", form)
	if err != nil {
		n.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		n.Fatal(err)
	}
	return res.StatusCode, out
}

type response struct {
	status int
	header http.Header
	raw    string
	body   map[string]any // when it is a JSON object
}

// code is the error code of the first error shape.
func (r response) code() string {
	e, _ := r.body["error"].(map[string]any)
	code, _ := e["code"].(string)
	return code
}

// call makes a Connector request below /teams, or below /apis when the path says so.
func (n *tenant) call(method, path string, body any) response {
	n.Helper()
	raw, isRaw := body.(string)
	if !isRaw && body != nil {
		raw = string(must(json.Marshal(body)))
	}
	if !strings.HasPrefix(path, "/apis/") {
		path = "/teams" + path
	}
	ctx, cancel := context.WithTimeout(n.Context(), time.Minute) // a hang is a failure, not a wait
	defer cancel()
	req := must(http.NewRequestWithContext(ctx, method, n.url+path, bytes.NewReader([]byte(raw))))
	if n.token != "" {
		req.Header.Set("Authorization", "Bearer "+n.token)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		n.Fatal(err)
	}
	defer res.Body.Close()
	out := response{status: res.StatusCode, header: res.Header, raw: string(must(io.ReadAll(res.Body)))}
	_ = json.Unmarshal([]byte(out.raw), &out.body)
	return out
}

// install gives people the bot and forgets the activities of it.
func (n *tenant) install(people ...int) {
	n.Helper()
	for _, i := range people {
		if reply := must(n.sim.Install(n.Context(), i)); !reply.OK() {
			n.Fatalf("install %d: %d", i, reply.Status)
		}
	}
	n.bot.take()
}

// activities is the path to a person's conversation, percent-encoded.
func (n *tenant) activities(i int) string {
	return "/v3/conversations/" + url.PathEscape(n.sim.Person(i).ConversationID) + "/activities"
}

// send sends and gives the activity id.
func (n *tenant) send(i int, activity any) string {
	n.Helper()
	res := n.call("POST", n.activities(i), activity)
	id, _ := res.body["id"].(string)
	if res.status != http.StatusCreated || id == "" {
		n.Fatalf("send: %d %s", res.status, res.raw)
	}
	return id
}

func message(text string) map[string]any { return map[string]any{"type": "message", "text": text} }

func card(content map[string]any) map[string]any {
	full := map[string]any{"type": "AdaptiveCard", "version": "1.5", "body": []any{}}
	for k, v := range content {
		full[k] = v
	}
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive", "content": full}}}
}

// firstOn gives the first person on a channel.
func (n *tenant) firstOn(channel string) int {
	for i := range n.sim.People() {
		if n.sim.Person(i).Channel == channel {
			return i
		}
	}
	n.Fatalf("nobody is on %s", channel)
	return 0
}
