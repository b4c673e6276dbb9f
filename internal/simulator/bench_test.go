package simulator_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// BenchmarkTenantOf100000 tells what 100,000 people cost before they do anything.
func BenchmarkTenantOf100000(b *testing.B) {
	opt := options()
	opt.Users = 100_000
	for b.Loop() {
		before := heap()
		sim := newSimulator(b, opt)
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
		runtime.KeepAlive(sim)
	}
}

// BenchmarkPerson tells what it costs to compute one of them.
func BenchmarkPerson(b *testing.B) {
	opt := options()
	opt.Users = 100_000
	sim := newSimulator(b, opt)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i = (i + 7919) % opt.Users
		_ = sim.Person(i)
	}
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// BenchmarkSend tells how much of a load test's time is the tenant's own.
func BenchmarkSend(b *testing.B) {
	sim := newSimulator(b, options())
	handler := sim.Handler()
	ask := func(path, kind, token, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest("POST", path, strings.NewReader(body))
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Authorization", "Bearer "+token)
		res := httptest.NewRecorder()
		handler.ServeHTTP(res, req)
		return res
	}
	_, _ = sim.Install(b.Context(), 0) // there is no bot to hear of it
	opt := options()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {opt.AppID},
		"client_secret": {opt.AppPassword}, "scope": {"https://api.botframework.com/.default"}}
	var granted map[string]any
	body := ask("/botframework.com/oauth2/v2.0/token", "application/x-www-form-urlencoded", "", form.Encode()).Body
	if err := json.Unmarshal(body.Bytes(), &granted); err != nil {
		b.Fatal(err)
	}
	path := "/teams/v3/conversations/" + sim.Person(0).ConversationID + "/activities"
	content := string(must(json.Marshal(question("http://bot.example"))))
	for b.Loop() {
		if res := ask(path, "application/json", granted["access_token"].(string), content); res.Code != 201 {
			b.Fatalf("%d %s", res.Code, res.Body)
		}
	}
}
