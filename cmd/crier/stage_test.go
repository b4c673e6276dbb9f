package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/config"
	"crier/internal/simulator"
	"crier/internal/store/storetest"
	"crier/internal/web"
)

// stage is the whole program, with its own simulated tenant, on one database.
type stage struct {
	testing.TB
	tenant  *tenant
	service *service
	cfg     config.Config
	log     slog.Handler // what is logged from the next start on; nil: nothing is
	stop    func()
}

const testToken = "stage-token-0123456789"

// onEach runs a test of the whole program on every database.
func onEach(t *testing.T, o simulator.Options, test func(s *stage)) {
	t.Helper()
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			test(newStage(t, d, o))
		})
	}
}

// newStage starts a tenant and the program; people have not installed the app yet.
func newStage(t testing.TB, d storetest.Database, o simulator.Options, change ...func(*config.Config)) *stage {
	t.Helper()
	o.AppID, o.AppPassword, o.TenantID = simulatedApp, simulatedSecret, simulatedTenant
	o.BotURL = "http://127.0.0.1/api/messages"
	tenant, err := startTenant(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tenant.stop)
	s := &stage{TB: t, tenant: tenant}
	vars := map[string]string{
		"CRIER_LISTEN": "127.0.0.1:0", "CRIER_DATABASE_URL": d.Empty(t), "CRIER_API_TOKEN": testToken,
		"CRIER_APP_ID": o.AppID, "CRIER_APP_PASSWORD": o.AppPassword, "CRIER_APP_TENANT_ID": o.TenantID,
		"CRIER_LOGIN_URL": tenant.url, "CRIER_OPENID_METADATA_URL": tenant.metadataURL(), "CRIER_TRUSTED_SERVICE_HOSTS": tenant.url, "CRIER_GRAPH_URL": tenant.url,
		"CRIER_SEND_RATE": "5000", "CRIER_ADMINS": tenant.Person(0).UPN + "," + tenant.Person(1).ObjectID,
	}
	cfg, err := config.Load("serve", nil, func(name string) string { return vars[name] }, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(&cfg)
	}
	s.cfg = cfg
	s.start()
	return s
}

// start runs the program until the stage's stop or the end of the test.
func (s *stage) start() {
	s.Helper()
	log := s.log
	if log == nil {
		log = slog.DiscardHandler
	}
	service, err := newService(context.Background(), s.cfg, slog.New(log), web.Token)
	if err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- service.run(ctx, func() { close(ready) }) }()
	<-ready
	stopped := false
	s.service, s.stop = service, func() {
		if !stopped {
			stopped = true
			cancel()
			if err := <-ended; err != nil {
				s.Errorf("the program ended with %v", err)
			}
		}
	}
	s.Cleanup(s.stop)
	if err := s.tenant.SetBot(service.cfg.PublicURL + "/api/messages"); err != nil {
		s.Fatal(err)
	}
}

// install has everybody install the app and waits until all are known by name.
func (s *stage) install() {
	s.Helper()
	if err := s.tenant.InstallAll(s.Context(), nil); err != nil {
		s.Fatal(err)
	}
	n := s.tenant.People()
	s.eventually("everybody is welcomed", func() bool { return s.tenant.Stats().Delivered >= n })
}

// eventually waits for something that has no signal of its own.
func (s *stage) eventually(what string, holds func() bool) {
	s.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(sized(4*time.Minute, 20*time.Minute)) // a busy machine takes its time
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			s.Fatalf("it never came: %s", what)
		}
	}
}

// call is a request to the API; it fails the test unless the status is as wanted.
func (s *stage) call(status int, method, path string, body any) map[string]any {
	s.Helper()
	var payload io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		payload = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.service.cfg.PublicURL+"/api/v1"+path, payload)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	if response.StatusCode != status {
		s.Fatalf("%s %s: %d, want %d: %s", method, path, response.StatusCode, status, text)
	}
	var answer map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			s.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return answer
}

// campaign creates a draft and answers its id.
func (s *stage) campaign(draft map[string]any) string {
	s.Helper()
	return s.call(http.StatusCreated, "POST", "/campaigns", draft)["id"].(string)
}

// report is a campaign's report, its two sums checked.
func (s *stage) report(id string) map[string]any {
	s.Helper()
	r := s.call(http.StatusOK, "GET", "/campaigns/"+id+"/report", nil)
	n := func(name string) int { return int(r[name].(float64)) }
	if n("listed") != n("recipients")+n("unreachable") {
		s.Errorf("listed is not recipients + unreachable: %v", r)
	}
	sum := n("pending") + n("postponed") + n("sent") + n("failed") + n("unscheduled") + n("uncertain") + n("cancelled")
	if n("recipients") != sum || n("seen") > n("sent") {
		s.Errorf("the sums do not hold: %v", r)
	}
	return r
}

// finished waits for a campaign to be done, checking its sums all the while.
func (s *stage) finished(id string) map[string]any {
	s.Helper()
	var r map[string]any
	s.eventually("campaign "+id+" is done", func() bool {
		r = s.report(id)
		return r["status"] == "done"
	})
	return r
}

// got counts the messages of a person that hold the words.
func (s *stage) got(i int, words string) int {
	n := 0
	for _, m := range s.tenant.Received(i) {
		if strings.Contains(string(m.Raw), words) {
			n++
		}
	}
	return n
}

// want compares numbers of a report.
func want(t testing.TB, r map[string]any, numbers map[string]int) {
	t.Helper()
	for name, n := range numbers {
		if got := r[name].(float64); int(got) != n {
			t.Errorf("%s is %v, want %d (%v)", name, got, n, r)
		}
	}
}
