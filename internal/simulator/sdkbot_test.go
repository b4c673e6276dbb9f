package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

// TestMicrosoftSDK lets a bot written with Microsoft's own SDK live in the tenant.
// What the SDK takes for Teams is Teams enough.
func TestMicrosoftSDK(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()

	// The SDK's token library insists on https, so this tenant speaks it.
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	defer server.Close()
	botURL := startSDKBot(ctx, t, server)

	opt := options()
	opt.Users, opt.BotURL, opt.BaseURL = 3, botURL+"/api/messages", server.URL
	sim := newSimulator(t, opt)
	handler = sim.Handler()

	install := must(sim.Install(ctx, 0))
	if !install.OK() {
		t.Fatalf("install: %d %s", install.Status, install.Body)
	}
	if diff := cmp.Diff([]string{"Welcome!", "Was this useful?"}, texts(sim, 0)); diff != "" {
		t.Fatalf("greeting (-want +got):\n%s", diff)
	}
	card := sim.Received(0)[1].ID

	t.Run("message", func(t *testing.T) {
		if reply := must(sim.Say(ctx, 0, "привет <b>")); !reply.OK() {
			t.Fatalf("message: %d %s", reply.Status, reply.Body)
		}
		if got, want := texts(sim, 0)[2], "You said: привет <b>"; got != want {
			t.Errorf("echo = %q, want %q", got, want)
		}
	})
	t.Run("Action.Execute", func(t *testing.T) {
		reply := must(sim.Execute(ctx, 0, card, "rate", map[string]any{"campaign": "c1"}, map[string]any{"rating": 4}))
		answer, err := reply.Invoke()
		if err != nil {
			t.Fatalf("%d %s: %v", reply.Status, reply.Body, err)
		}
		want := simulator.InvokeAnswer{StatusCode: 200, Type: "application/vnd.microsoft.activity.message",
			Value: json.RawMessage(`"Executed rate 4"`)}
		if diff := cmp.Diff(want, answer); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
	})
	t.Run("Action.Submit", func(t *testing.T) {
		reply := must(sim.Submit(ctx, 0, card, map[string]any{"campaign": "c1"}, map[string]any{"rating": 5}))
		if !reply.OK() {
			t.Fatalf("submit: %d %s", reply.Status, reply.Body)
		}
		if got, want := texts(sim, 0)[1], "Submitted 5"; got != want {
			t.Errorf("the card became %q, want %q", got, want)
		}
	})
	t.Run("proactive by stored reference", func(t *testing.T) {
		must(sim.Install(ctx, 1))
		must(sim.Uninstall(ctx, 1))
		must(sim.Install(ctx, 2))
		before := sim.Stats().Delivered
		if got, want := post(ctx, t, botURL+"/notify", "News for you"), `{"notified":2}`; got != want {
			t.Fatalf("notify: %s, want %s", got, want)
		}
		for _, i := range []int{0, 2} {
			if all := texts(sim, i); all[len(all)-1] != "News for you" {
				t.Errorf("person %d last read %q", i, all[len(all)-1])
			}
		}
		if got := sim.Stats().Delivered - before; got != 2 {
			t.Errorf("%d messages arrived, want 2", got)
		}
	})
	t.Run("forged token", func(t *testing.T) {
		token := must(sim.ForeignToken(nil))
		before := len(sim.Received(0))
		if reply := must(sim.Say(ctx, 0, "let me in", simulator.WithToken(token))); reply.OK() {
			t.Errorf("the SDK took a forged token: %d", reply.Status)
		}
		if got := len(sim.Received(0)); got != before {
			t.Errorf("the bot answered a forged message")
		}
	})
	if stats := sim.Stats(); stats.Tokens == 0 || stats.Split != 0 {
		t.Errorf("tokens fetched %d, split messages %d", stats.Tokens, stats.Split)
	}
}

// startSDKBot runs the bot of folder sdkbot against the server and gives its URL.
func startSDKBot(ctx context.Context, t *testing.T, server *httptest.Server) string {
	t.Helper()
	if _, err := os.Stat("sdkbot/node_modules/botbuilder"); err != nil {
		install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
		install.Dir = "sdkbot"
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	for _, file := range []string{"sdkbot/bot.js", "sdkbot/package-lock.json"} {
		if _, err := os.ReadFile(file); err != nil { // read here, a change of it voids a cached result
			t.Fatal(err)
		}
	}
	certificate := filepath.Join(t.TempDir(), "simulator.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(certificate, block, 0o600); err != nil {
		t.Fatal(err)
	}
	opt := options()
	bot := exec.CommandContext(ctx, "node", "bot.js")
	bot.Dir = "sdkbot"
	bot.Env = append(os.Environ(), "PORT=0", "NODE_EXTRA_CA_CERTS="+certificate,
		"LOGIN_URL="+server.URL, "OPENID_METADATA_URL="+server.URL+"/v1/.well-known/openidconfiguration",
		"MicrosoftAppId="+opt.AppID, "MicrosoftAppPassword="+opt.AppPassword, "MicrosoftAppTenantId="+opt.TenantID)
	bot.Stderr = &logWriter{t: t}
	stdin := must(bot.StdinPipe())
	lines := bufio.NewScanner(must(bot.StdoutPipe()))
	if err := bot.Start(); err != nil {
		t.Fatalf("node: %v", err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // the bot ends with its standard input
		_ = bot.Wait()
	})
	for lines.Scan() {
		if port, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			return "http://127.0.0.1:" + port
		}
	}
	t.Fatal("the bot did not start")
	return ""
}

// logWriter shows the bot's complaints in the test's log.
type logWriter struct{ t *testing.T }

func (w *logWriter) Write(p []byte) (int, error) {
	w.t.Logf("bot: %s", p)
	return len(p), nil
}

func post(ctx context.Context, t *testing.T, url, body string) string {
	t.Helper()
	req := must(http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return string(must(io.ReadAll(res.Body)))
}
