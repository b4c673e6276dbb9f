package api

import (
	"fmt"
	"strings"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

func TestTestSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com", "ben.lee@example.com", "cem.kaya@example.com")
	w.leave("cem.kaya@example.com")
	eleven := `"` + strings.Repeat(`a@example.com","`, 10) + `a@example.com"`
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "POST /campaigns/1/test", body: `{"email":"ana.roy@example.com"}`, as: "author", status: 202, has: fields{"": absent, "/status": "accepted"}},
		step{call: "POST /campaigns/1/test", body: `{"emails":["ana.roy@example.com","ben.lee@example.com"]}`, status: 202},
		step{name: "neither", call: "POST /campaigns/1/test", body: `{}`, status: 422, has: fields{"/errors/0/field": "email"}},
		step{name: "nothing at all", call: "POST /campaigns/1/test", status: 422},
		step{name: "both", call: "POST /campaigns/1/test", body: `{"email":"ana.roy@example.com","emails":["ben.lee@example.com"]}`, status: 422, has: fields{"/errors/0/message": "Give either email or emails, not both."}},
		step{name: "an empty address", call: "POST /campaigns/1/test", body: `{"email":" "}`, status: 422},
		step{name: "an empty address among others", call: "POST /campaigns/1/test", body: `{"emails":["ana.roy@example.com",""]}`, status: 422},
		step{name: "too many", call: "POST /campaigns/1/test", body: `{"emails":[` + eleven + `]}`, status: 422},
		step{name: "somebody unknown", call: "POST /campaigns/1/test", body: `{"emails":["ana.roy@example.com","eve@example.com"]}`, status: 422, has: fields{"/errors/0/field": "emails[1]", "/detail": "Nothing was sent."}},
		step{name: "somebody who left", call: "POST /campaigns/1/test", body: `{"email":"cem.kaya@example.com"}`, status: 422},
		step{call: "POST /campaigns/2/test", body: `{"email":"ana.roy@example.com"}`, status: 404},
		step{call: "POST /campaigns/two/test", body: `{"email":"ana.roy@example.com"}`, status: 404},
		step{name: "counted nowhere", call: "GET /campaigns/1/report", status: 200, has: fields{"/listed": 0, "/status": "draft"}},
		step{call: "GET /campaigns/1/deliveries", status: 200, has: fields{"/items": []any{}}},
	)
	now := w.clock()
	worker, err := storetest.NewWorker(t.Context(), w.db)
	must(t, err)
	trials, err := worker.ClaimTrials(t.Context(), now, 10)
	must(t, err)
	if len(trials) != 3 {
		t.Errorf("%d test sends, want 3", len(trials))
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "to nobody", call: "POST /campaigns/1/send", status: 422, has: fields{"/errors/0/field": "audience"}},
		step{prepare: func(w *world) { w.install("ana.roy@example.com") }, name: "in the past", call: "POST /campaigns/1/send", body: `{"at":"2026-09-01T07:00:00Z"}`, status: 422, has: fields{"/errors/0": fields{"field": "at", "message": "This time is past."}}},
		step{name: "too far ahead", call: "POST /campaigns/1/send", body: `{"at":"2026-09-08T08:00:00Z"}`, status: 422, has: fields{"/errors/0/field": "at"}},
		step{name: "no time", call: "POST /campaigns/1/send", body: `{"at":"now"}`, status: 422, has: fields{"/errors/0/field": "at"}},
		step{name: "no text", call: "POST /campaigns/1/send", body: `{"at":1}`, status: 422},
		step{name: "another field", call: "POST /campaigns/1/send", body: `{"when":"2026-09-01T09:00:00Z"}`, status: 400},
		step{name: "an author may not", call: "POST /campaigns/1/send", as: "author", status: 403, has: fields{"/type": "urn:crier:problem:forbidden"}},
		step{name: "at a time", call: "POST /campaigns/1/send", as: "sender", body: `{"at":"2026-09-01T11:00:00+02:00"}`, status: 202, has: fields{"/status": "scheduled", "/delivery/start_at": "2026-09-01T09:00:00Z"}},
		step{name: "twice", call: "POST /campaigns/1/send", status: 409},
		step{name: "cancelled", call: "POST /campaigns/1/cancel", status: 202, has: fields{"/status": "cancelled", "/finished_at": "2026-09-01T08:00:00Z"}},
		step{name: "cancelled twice", call: "POST /campaigns/1/cancel", status: 409},
		step{name: "of an unfinished draft", call: "POST /campaigns", body: `{"name":"Later","kind":"card"}`, status: 201},
		step{name: "of an unfinished draft", call: "POST /campaigns/2/send", status: 422,
			has: fields{"/errors/0/field": "content.text", "/errors/1/field": "content.title", "/errors/2/field": "audience"}},
		step{call: "POST /campaigns/3/send", status: 404},
		step{call: "POST /campaigns/-1/send", status: 404},
	)
}

func TestFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := []string{"ana.roy@example.com", "ben.lee@example.com", "cem.kaya@example.com", "dan.fox@example.com", "eva.sol@example.com"}
	w.install(people...)
	w.leave("eva.sol@example.com")
	body := `{"name":"Flow","kind":"message","content":{"text":"Hello"},"audience":{"people":["` + strings.Join(people, `","`) + `","Nobody@example.com"]},"delivery":{"on_uncertain":"hold"}}`
	w.run(
		step{call: "POST /campaigns", body: body, status: 201},
		step{call: "POST /campaigns/1/pause", status: 409, has: fields{"/detail": "The campaign is draft; this needs one that is sending."}},
		step{call: "POST /campaigns/1/send", status: 202},
		step{prepare: func(w *world) { w.begin(1) }, call: "GET /campaigns/1/report", as: "analyst", status: 200, has: fields{
			"/campaign_id": "1", "/status": "sending", "/result": "in_progress", "/notice": nil, "/listed": 6, "/unreachable": 2, "/recipients": 4, "/pending": 4, "/postponed": 0,
			"/sent": 0, "/failed": 0, "/unscheduled": 0, "/uncertain": 0, "/cancelled": 0, "/seen": 0, "/clicked": 0, "/answered": 0, "/reactions": fields{}, "/links": []any{},
			"/started_at": "2026-09-01T08:00:00Z", "/finished_at": nil, "/expected_finish_at": "2026-09-01T08:00:01Z"}},
		step{call: "POST /campaigns/1/pause", as: "author", status: 403},
		step{call: "POST /campaigns/1/pause", body: `{"reason":"lunch"}`, status: 400},
		step{call: "POST /campaigns/1/pause", body: `{}`, as: "sender", status: 202, has: fields{"/status": "paused"}},
		step{call: "POST /campaigns/1/pause", status: 409},
		step{call: "POST /campaigns/1/resume", status: 202, has: fields{"/status": "sending"}},
		step{call: "POST /campaigns/1/resume", status: 409},
		step{call: "POST /campaigns/1/retry", status: 409},
		step{call: "DELETE /campaigns/1", status: 409},
	)
	w.deliver(1, map[string]domain.Outcome{
		"ana.roy@example.com":  {State: domain.Sent, ActivityID: "1", SentAt: start},
		"ben.lee@example.com":  {State: domain.Failed, Code: domain.BlockedByUser, Reason: "MessageWritesBlocked: secret words of the channel"},
		"cem.kaya@example.com": {State: domain.Uncertain, Code: domain.Timeout},
		"dan.fox@example.com":  {State: domain.Sent, ActivityID: "2", SentAt: start},
	})
	rows, err := store.Deliveries{DB: w.db}.List(t.Context(), 1, domain.DeliveryFilter{}, 0, 1)
	must(t, err)
	must(t, store.Deliveries{DB: w.db}.React(t.Context(), rows[0], "like", true, start))
	w.run(
		step{call: "GET /campaigns/1/report", status: 200, has: fields{"/status": "done", "/result": "error", "/sent": 2, "/failed": 1, "/uncertain": 1, "/seen": 1,
			"/reactions": fields{"like": 1}, "/finished_at": "2026-09-01T08:00:00Z", "/expected_finish_at": nil}},
		step{call: "GET /campaigns/1/deliveries", as: "analyst", status: 200, has: fields{
			"/items/0": fields{"user": fields{"id": "1", "name": "Ana Roy", "email": "ana.roy@example.com"}, "state": "sent", "attempts": 1,
				"due_at": "2026-09-01T08:00:00Z", "sent_at": "2026-09-01T08:00:00Z", "seen_at": "2026-09-01T08:00:00Z", "clicked_at": nil, "answered_at": nil},
			"/items/1/error":   fields{"code": "blocked_by_user", "message": "This person blocked the app. Only they can unblock it, in Teams."},
			"/items/2/state":   "uncertain",
			"/items/4/state":   "unreachable",
			"/items/4/error":   fields{"code": "not_installed", "message": "This person does not have the app. Ask your Teams administrator to install it for them, then send again."},
			"/items/4/due_at":  nil,
			"/items/5/user":    fields{"id": nil, "name": "", "email": "nobody@example.com"},
			"/items/5/state":   "unreachable",
			"/items/6":         absent,
			"/next_cursor":     nil,
			"/items/0/error":   absent,
			"/items/5/sent_at": nil,
		}},
		step{call: "GET /campaigns/1/deliveries?state=failed", status: 200, has: fields{"/items/0/user/id": "2", "/items/1": absent}},
		step{call: "GET /campaigns/1/deliveries?q=dan", status: 200, has: fields{"/items/0/user/id": "4", "/items/1": absent}},
		step{call: "GET /campaigns/1/deliveries?q=nobody", status: 200, has: fields{"/items/0/user/email": "nobody@example.com", "/items/1": absent}},
		step{call: "GET /campaigns/1/deliveries?limit=4", status: 200, has: fields{"/items/3/user/id": "4", "/items/4": absent, "/next_cursor": "NA"}},
		step{call: "GET /campaigns/1/deliveries?limit=4&cursor=NA", status: 200, has: fields{"/items/0/user/id": "5", "/items/2": absent, "/next_cursor": nil}},
		step{call: "GET /campaigns/1/deliveries?state=lost", status: 422, has: fields{"/errors/0/field": "state"}},
		step{call: "GET /campaigns/1/deliveries?limit=-1", status: 422},
		step{call: "GET /campaigns/1/deliveries?q=%zz", status: 400},
		step{call: "GET /campaigns/2/deliveries", status: 404},
		step{call: "GET /campaigns/x/deliveries", status: 404},
		step{call: "GET /campaigns/2/report", status: 404},
		step{call: "GET /campaigns/x/report", status: 404},
		step{call: "POST /campaigns/1/retry", as: "sender", status: 202, has: fields{"/status": "sending", "/finished_at": nil}},
		step{call: "GET /campaigns/1/report", status: 200, has: fields{"/pending": 2, "/sent": 2, "/failed": 0, "/uncertain": 0, "/result": "in_progress"}},
		step{call: "POST /campaigns/1/cancel", status: 202, has: fields{"/status": "cancelled"}},
		step{call: "GET /campaigns/1/report", status: 200, has: fields{"/cancelled": 2, "/pending": 0}},
		step{name: "an author may not remove a report", call: "DELETE /campaigns/1", as: "author", status: 403},
		step{call: "DELETE /campaigns/1", as: "sender", status: 204},
		step{call: "GET /campaigns/1/report", status: 404},
	)
}

func TestNoticeInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "POST /campaigns/1/send", status: 202},
	)
	w.begin(1)
	notice := domain.PauseNotice(domain.Unauthorized)
	must(t, store.Campaigns{DB: w.db}.Move(t.Context(), 1, domain.Paused, notice, start, domain.Sending))
	w.run(
		step{call: "GET /campaigns/1/report", status: 200, has: fields{"/status": "paused", "/notice": notice}},
		step{call: "GET /campaigns/1/report", header: map[string]string{"Accept-Language": "fr"}, status: 200, has: fields{
			"/notice": "En pause : Microsoft refuse les identifiants du bot. Vérifiez l’identifiant de l’application, son mot de passe et son tenant, puis reprenez l’envoi."}},
	)
}

// Every code of the contract has words of its own, in both languages, with what to do.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	spec := loadSpec(t)
	found, _ := spec.find("components", "schemas", "Delivery", "properties", "error", "properties", "code")
	codes := found.(map[string]any)["enum"].([]any)
	unknown := domain.Code("something new").Explain()
	seen := map[string]string{say("en", unknown): "none", say("fr", unknown): "none"}
	for _, code := range codes {
		for _, language := range []string{"en", "fr"} {
			message := say(language, domain.Code(fmt.Sprint(code)).Explain())
			if seen[message] != "" {
				t.Errorf("%v in %s says what %s says: %s", code, language, seen[message], message)
			}
			seen[message] = fmt.Sprint(code)
		}
	}
	if len(codes) != 13 {
		t.Errorf("%d codes", len(codes))
	}
}
