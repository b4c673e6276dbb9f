package api

import (
	"testing"
	"time"

	"crier/internal/domain"
)

func TestAReportSaysHowItGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	var engine domain.Progress
	w.server.Campaigns.Progress = func(domain.Campaign) domain.Progress { return engine }
	now := func(p domain.Progress) func(*world) { return func(*world) { engine = p } }
	french := map[string]string{"Accept-Language": "fr"}
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "a draft", call: "GET /campaigns/1/report", status: 200, has: fields{"/rate": 0, "/limit": nil, "/waiting": nil}},
		step{call: "POST /campaigns/1/send", body: `{"at":"2026-09-01T09:00:00Z"}`, status: 202},
		step{name: "scheduled", call: "GET /campaigns/1/report", status: 200, has: fields{
			"/waiting": fields{"reason": "scheduled", "until": "2026-09-01T09:00:00Z", "message": "Waiting for its start."}}},
	)
	w.now = start.Add(time.Hour)
	w.begin(1)
	w.run(
		step{name: "going", prepare: now(domain.Progress{Rate: 28.449, Limit: 30}), call: "GET /campaigns/1/report", status: 200,
			has: fields{"/rate": 28.4, "/limit": 30, "/waiting": nil}},
		step{name: "throttled", prepare: now(domain.Progress{Limit: 14.96, Waiting: domain.WaitThrottled, Until: start.Add(time.Hour + 90*time.Second)}),
			call: "GET /campaigns/1/report", header: french, status: 200, has: fields{"/rate": 0, "/limit": 15,
				"/waiting": fields{"reason": "throttled", "until": "2026-09-01T09:01:30Z", "message": "Teams nous a demandé de ralentir."}}},
		step{name: "without a time", prepare: now(domain.Progress{Waiting: domain.WaitDatabase}), call: "GET /campaigns/1/report", status: 200,
			has: fields{"/waiting/reason": "database", "/waiting/until": nil}},
		step{call: "POST /campaigns/1/pause", status: 202},
		step{name: "paused", call: "GET /campaigns/1/report", status: 200, has: fields{"/rate": 0, "/waiting/reason": "paused", "/expected_finish_at": nil}},
	)
}

// Every reason to wait of the description has words of its own, in both languages.
func TestEveryWaitIsExplained(t *testing.T) {
	t.Parallel()
	found, _ := loadSpec(t).find("components", "schemas", "Report", "properties", "waiting")
	object := found.(map[string]any)["oneOf"].([]any)[1].(map[string]any)["properties"].(map[string]any)
	reasons := object["reason"].(map[string]any)["enum"].([]any)
	seen := map[string]any{}
	for _, reason := range reasons {
		p := domain.Progress{Waiting: domain.Wait(reason.(string))}
		english, french := encodeWaiting(p, "en").Message, encodeWaiting(p, "fr").Message
		if english == "" || french == english || seen[english] != nil || seen[french] != nil {
			t.Errorf("%v: %q, %q; %v", reason, english, french, seen)
		}
		seen[english], seen[french] = reason, reason
	}
	if len(reasons) != 8 {
		t.Errorf("%d reasons", len(reasons))
	}
}
