package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"crier/internal/config"
	"crier/internal/store/storetest"
)

// crier runs the program to its end.
func crier(t *testing.T, vars map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return vars[name] }, &out, &errs)
	return code, out.String(), errs.String()
}

func TestHelpHelps(t *testing.T) {
	t.Parallel()
	code, out, _ := crier(t, nil)
	if code != exitOK {
		t.Error("exit", code)
	}
	for _, c := range commands() {
		if !strings.Contains(out, c.name) {
			t.Errorf("help does not know %s", c.name)
		}
		if c.name == "version" {
			continue
		}
		if code, out, _ := crier(t, nil, c.name, "--help"); code != exitOK || !strings.Contains(out, "CRIER_LOG_LEVEL") {
			t.Errorf("%s --help: exit %d\n%s", c.name, code, out)
		}
	}
	if code, _, errs := crier(t, nil, "serv"); code != exitUsage || !strings.Contains(errs, `"serv"`) {
		t.Errorf("an unknown command: exit %d, %s", code, errs)
	}
}

func TestBadConfiguration(t *testing.T) {
	t.Parallel()
	code, _, errs := crier(t, map[string]string{
		"CRIER_SEND_RATE": "fast", "CRIER_TIME_ZONE": "Mars/Olympus", "CRIER_APP_ID": "x"}, "serve", "--listen", "nowhere")
	if code != exitUsage {
		t.Error("exit", code)
	}
	for _, name := range []string{"CRIER_SEND_RATE", "CRIER_TIME_ZONE", "CRIER_APP_ID", "CRIER_LISTEN"} {
		if strings.Count(errs, name) < 1 {
			t.Errorf("%s is not named in:\n%s", name, errs)
		}
	}
	database := "sqlite:" + filepath.Join(t.TempDir(), "crier.db")
	code, _, errs = crier(t, map[string]string{"CRIER_DATABASE_URL": database, "CRIER_TRUSTED_SERVICE_HOSTS": "http://example.com"}, "serve", "--listen", "127.0.0.1:0")
	if code != exitUsage || !strings.Contains(errs, "CRIER_TRUSTED_SERVICE_HOSTS") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if code, out, _ := crier(t, nil, "version"); code != exitOK || !strings.Contains(out, "crier ") || !strings.Contains(out, "go1.") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			vars := map[string]string{"CRIER_DATABASE_URL": d.Empty(t)}
			if code, out, errs := crier(t, vars, "migrate", "status"); code != exitOK || !strings.Contains(out, "pending") && !strings.Contains(out, "no database") {
				t.Errorf("exit %d: %s%s", code, out, errs)
			}
			if code, out, errs := crier(t, vars, "migrate", "up"); code != exitOK || !strings.Contains(out, "applied") {
				t.Errorf("exit %d: %s%s", code, out, errs)
			}
			if code, out, errs := crier(t, vars, "migrate", "status"); code != exitOK || strings.Contains(out, "pending") {
				t.Errorf("exit %d: %s%s", code, out, errs)
			}
			if code, _, errs := crier(t, vars, "migrate"); code != exitUsage || !strings.Contains(errs, "migrate up") {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "crier.zip")
	vars := map[string]string{"CRIER_APP_ID": simulatedApp, "CRIER_PUBLIC_URL": "https://crier.contoso.com"}
	if code, out, errs := crier(t, vars, "manifest", "-o", path); code != exitOK || !strings.Contains(out, path) {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		ManifestVersion string
		Bots            []struct{ BotID string }
	}
	if err := json.NewDecoder(f).Decode(&m); err != nil || m.ManifestVersion != "1.19" || len(m.Bots) != 1 || m.Bots[0].BotID != simulatedApp {
		t.Errorf("%+v %v", m, err)
	}
	if code, _, errs := crier(t, map[string]string{"CRIER_APP_ID": simulatedApp, "CRIER_PUBLIC_URL": "http://crier.contoso.com"}, "manifest", "-o", path); code != exitUsage || errs == "" {
		t.Errorf("plain http: exit %d: %s", code, errs)
	}
}

// The demo comes up by itself and says where to look.
func TestDemo(t *testing.T) {
	t.Parallel()
	page := startDemo(t, 30)
	response, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK || !strings.Contains(string(text), "Crier") {
		t.Errorf("%d %.300s", response.StatusCode, text)
	}
}

// A demo that is stopped in the middle of a campaign and started again on the same data goes
// on where it was.
func TestDemoGoesOn(t *testing.T) {
	t.Parallel()
	flags := []string{"--data", t.TempDir(), "--api-token", testToken, "--send-rate", "100"}
	page, stop := runDemo(t, 60, flags...)
	s := &stage{TB: t, service: &service{cfg: config.Config{PublicURL: strings.TrimSuffix(page, "/")}}}
	id := s.campaign(map[string]any{"name": "Long", "kind": "idea", "content": map[string]any{"text": "x"},
		"audience": map[string]any{"everyone": true}, "delivery": map[string]any{"spread": "3s"}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	s.eventually("some have it", func() bool { return s.report(id)["sent"].(float64) > 5 })
	stop()
	page, _ = runDemo(t, 60, flags...)
	s.service.cfg.PublicURL = strings.TrimSuffix(page, "/")
	want(t, s.finished(id), map[string]int{"recipients": 60, "sent": 60})
}

// startDemo runs "crier demo" until the end of the test and answers the page it prints.
func startDemo(t *testing.T, users int, flags ...string) string {
	t.Helper()
	page, _ := runDemo(t, users, flags...)
	return page
}

func runDemo(t *testing.T, users int, flags ...string) (page string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	args := append([]string{"demo", "--listen", "127.0.0.1:0", "--log-level", "error", "--users", strconv.Itoa(users), "--latency", "1ms"}, flags...)
	go func() {
		ended <- run(ctx, args, func(string) string { return "" }, in, io.Discard)
		in.Close()
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("the demo ended with %d", code)
		}
	})
	t.Cleanup(stop)
	url := regexp.MustCompile(`^\s+(http://\S+/)$`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := url.FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, out) //nolint:errcheck // whatever else it says
			return m[1], stop
		}
	}
	t.Fatal("the demo never said where to look")
	return "", nil
}
