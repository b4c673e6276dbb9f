package api

import (
	"context"
	"testing"
	"time"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
)

// lookOver makes the world's drafts ones that can be looked over; sites are made up.
func (w *world) lookOver(links ...domain.LinkCheck) {
	w.server.Preflight = &app.Preflight{
		Campaigns: w.server.Campaigns, Facts: store.Campaigns{DB: w.db}, Limit: cards.MaxSize,
		Size: func(c domain.Campaign, people []domain.Person) (int, error) {
			activity, err := draw(c, people[0])
			return cards.Size(activity), err
		},
		Notes: func(domain.Campaign) []domain.FieldError {
			return []domain.FieldError{{Field: "content.text", Message: domain.Say("At most %d buttons.", 6)}}
		},
		Links: func(domain.Campaign) []string { return nil },
		Check: func(context.Context, []string) []domain.LinkCheck { return links },
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lookOver(
		domain.LinkCheck{URL: "https://x.example/?m=[EMAIL]", Status: domain.LinkOK, Code: 200},
		domain.LinkCheck{URL: "https://y.example/", Status: domain.LinkNotChecked, Message: domain.Say("It leads into a private network, where it can’t be checked from here.")},
	)
	w.install("ana.roy@example.com", "ben.lee@example.com", "cem.kaya@example.com")
	w.leave("cem.kaya@example.com")
	const body = `{"name":"Drill","kind":"message","content":{"text":"Hi [FIRSTNAME] [LASTNAME|all]"},
		"audience":{"people":["ana.roy@example.com","cem.kaya@example.com","nobody@example.com"]}}`
	french := map[string]string{"Accept-Language": "fr"}
	w.run(
		step{call: "POST /campaigns", body: body, status: 201},
		step{call: "GET /campaigns/1/preflight", as: "analyst", status: 200, has: fields{
			"/recipients": 3, "/reachable": 1, "/unreachable/0/code": "not_installed", "/unreachable/0/count": 1, "/unreachable/1/code": "unknown_person",
			"/size/limit": cards.MaxSize, "/size/fits": true, "/ready": true, "/errors": []any{},
			"/links/0":            fields{"url": "https://x.example/?m=[EMAIL]", "status": "ok", "code": 200, "message": ""},
			"/links/1/status":     "not_checked",
			"/links/1/code":       nil,
			"/tags/0":             fields{"tag": "FIRSTNAME", "fallback": false, "missing": 0},
			"/tags/1":             fields{"tag": "LASTNAME", "fallback": true, "missing": 0},
			"/notes/0":            fields{"field": "content.text", "message": "At most 6 buttons."},
			"/expected_finish_at": w.clock().Add(time.Second).Format(time.RFC3339),
		}},
		step{name: "in French", call: "GET /campaigns/1/preflight", header: french, status: 200, has: fields{
			"/links/1/message": "Il mène dans un réseau privé, où il ne peut pas être vérifié d’ici.", "/notes/0/message": "6 boutons au maximum.",
			"/unreachable/0/message": "Ces personnes ont retiré l’application. Demandez à votre administrateur Teams de l’installer pour elles."}},
		step{name: "of an unfinished draft", call: "POST /campaigns", body: `{"name":"Later","kind":"card"}`, status: 201},
		step{name: "of an unfinished draft", call: "GET /campaigns/2/preflight", status: 200, has: fields{
			"/ready": false, "/recipients": 0, "/unreachable": []any{}, "/tags": []any{}, "/expected_finish_at": nil,
			"/errors/0/field": "content.text", "/errors/1/field": "content.title", "/errors/2/field": "audience"}},
		step{call: "HEAD /campaigns/1/preflight", status: 200},
		step{call: "GET /campaigns/1/preflight", as: "nobody", status: 403},
		step{call: "GET /campaigns/9/preflight", status: 404},
		step{call: "GET /campaigns/x/preflight", status: 404},
		step{call: "POST /campaigns/1/send", status: 202},
		step{name: "of a scheduled one", call: "GET /campaigns/1/preflight", status: 200},
		step{name: "of one that has started", prepare: func(w *world) { w.begin(1) }, call: "GET /campaigns/1/preflight", status: 409},
	)
}
