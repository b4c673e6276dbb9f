// Package api is the JSON API at /api/v1, for programs and scripts. It turns requests into
// calls of the application's operations and their results into JSON; what may be done, by
// whom and when is decided there.
//
// A request passes, in this order: the router, the token (auth.go), the body (decode.go),
// the idempotency key (idempotency.go), the operation. What goes wrong anywhere is an error
// and becomes a problem in one place (problem.go).
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"crier/internal/app"
	"crier/internal/domain"

	"github.com/gorilla/mux"
)

// base is where the API is mounted; paths and locations are absolute.
const base = "/api/v1"

// Officers knows who holds a token; *app.Officers does.
type Officers interface {
	// Token is the actor behind a token, compared in constant time; false when there is none.
	Token(token string) (domain.Actor, bool)
}

// Replies keeps the results of requests that carried an idempotency key.
type Replies interface {
	// Begin claims a key. The first caller gets nil, later ones what is stored, with Status 0
	// while the first is under way.
	Begin(ctx context.Context, key, request string, now time.Time) (*domain.Reply, error)
	// Finish stores the result under the key.
	Finish(ctx context.Context, key string, r domain.Reply) error
	// Drop frees a key whose request failed for no fault of its own.
	Drop(ctx context.Context, key string) error
}

// Options are what the API works with; all are needed.
type Options struct {
	Campaigns *app.Campaigns
	Surveys   Surveys
	Preflight *app.Preflight
	People    *app.People
	Pictures  *app.Pictures
	Officers  Officers
	Replies   Replies
	// Preview draws the activity that a person would get.
	Preview func(domain.Campaign, domain.Person) (json.RawMessage, error)
	Now     domain.Clock
	Log     *slog.Logger
}

type server struct {
	Options
	router *mux.Router
}

// New makes the handler of everything under /api/v1. It expects the whole path, so mount
// it without stripping the prefix.
func New(o Options) http.Handler { return newServer(o).router }

func newServer(o Options) *server {
	s := &server{Options: o, router: mux.NewRouter().SkipClean(true)}
	s.routes()
	s.router.NotFoundHandler = s.serve(noSuchRoute)
	s.router.MethodNotAllowedHandler = s.serve(s.wrongMethod)
	return s
}

func (s *server) routes() {
	s.router.HandleFunc(base+"/openapi.json", openAPI).Methods(http.MethodGet, http.MethodHead)

	s.get("/campaigns", s.listCampaigns)
	s.post("/campaigns", s.createCampaign)
	s.get("/campaigns/{id}", s.getCampaign)
	s.route("/campaigns/{id}", s.putCampaign, http.MethodPut)
	s.route("/campaigns/{id}", s.deleteCampaign, http.MethodDelete)
	s.post("/campaigns/{id}/clone", s.cloneCampaign)
	s.post("/campaigns/{id}/preview", s.previewCampaign)
	s.get("/campaigns/{id}/audience", s.getAudience)
	s.get("/campaigns/{id}/preflight", s.getPreflight)

	s.post("/campaigns/{id}/test", s.testCampaign)
	s.post("/campaigns/{id}/send", s.sendCampaign)
	s.post("/campaigns/{id}/pause", s.move(s.Campaigns.Pause))
	s.post("/campaigns/{id}/resume", s.move(s.Campaigns.Resume))
	s.post("/campaigns/{id}/cancel", s.move(s.Campaigns.Cancel))
	s.post("/campaigns/{id}/retry", s.move(s.Campaigns.Retry))
	s.post("/campaigns/{id}/recall", s.move(s.Campaigns.Recall))
	s.post("/campaigns/{id}/correct", s.correctCampaign)
	s.post("/campaigns/{id}/retry-change", s.move(s.Campaigns.RetryChange))

	s.get("/campaigns/{id}/report", s.getReport)
	s.router.HandleFunc(base+"/campaigns/{id}/events", s.followReport).Methods(http.MethodGet)
	s.get("/campaigns/{id}/deliveries", s.listDeliveries)
	s.router.HandleFunc(base+"/campaigns/{id}/export", s.exportCampaign).Methods(http.MethodGet, http.MethodHead)

	s.get("/campaigns/{id}/survey", s.getSurvey)
	s.get("/campaigns/{id}/responses", s.listResponses)
	s.post("/campaigns/{id}/close", s.moveSurvey(Surveys.Close))
	s.post("/campaigns/{id}/remind", s.moveSurvey(Surveys.Remind))
	s.post("/campaigns/{id}/share", s.moveSurvey(Surveys.Share))

	s.router.Handle(base+"/images", s.serveReading(readUpload, s.createImage)).Methods(http.MethodPost)

	s.get("/people", s.listPeople)
	s.get("/people/lookup", s.lookupPerson)
	s.route("/people/{id}", s.deletePerson, http.MethodDelete)
}

func (s *server) get(path string, do endpoint) { s.route(path, do, http.MethodGet, http.MethodHead) }

func (s *server) post(path string, do endpoint) { s.route(path, do, http.MethodPost) }

func (s *server) route(path string, do endpoint, methods ...string) {
	s.router.Handle(base+path, s.serve(do)).Methods(methods...)
}
