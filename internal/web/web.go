// Package web is the console: pages for communications officers, in a browser and in a tab
// of Teams. It holds no rules of its own; it calls the operations of package app.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"crier/internal/app"
	"crier/internal/domain"
)

// SignIn is how officers get in.
type SignIn int

// The ways in.
const (
	Token SignIn = iota // paste an API token
	Open                // straight in, as the local owner: for a loopback address only
)

// Options are what the console needs.
type Options struct {
	Campaigns *app.Campaigns
	Surveys   Surveys
	Preflight *app.Preflight
	People    *app.People
	Pictures  *app.Pictures
	Officers  *app.Officers
	Links     *app.Clicks
	// Address fills the tags of an address for a person.
	Address func(address string, p domain.Person) string
	// Preview is the very activity that a person would get.
	Preview func(domain.Campaign, domain.Person) (json.RawMessage, error)

	// Rehearse is what a survey's message would show a person who pressed these buttons of its
	// cards, each as the channel would send it.
	Rehearse func(c domain.Campaign, p domain.Person, pressed []json.RawMessage) (json.RawMessage, error)

	Simulated Simulated // nil: the tenant is a real one

	Secret    []byte // signs sessions; at least 16 bytes
	PublicURL string // where browsers reach the console
	SignIn    SignIn
	Version   string
	Now       domain.Clock
	Log       *slog.Logger
}

const minSecret = 16 // bytes

// server is the console, ready to serve.
type server struct {
	Options
	public   *url.URL
	views    *views
	assets   *assets
	sessions sessions
}

// New makes the console's handler, to be mounted at "/". It starts nothing.
func New(o Options) (http.Handler, error) {
	s := &server{Options: o}
	var err error
	if s.public, err = url.Parse(o.PublicURL); err != nil || s.public.Host == "" {
		return nil, fmt.Errorf("console: the public URL %q is no absolute URL", o.PublicURL)
	}
	if len(o.Secret) < minSecret {
		return nil, errors.New("console: the secret that signs sessions is too short")
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if !s.assets.has("vendor/console.js") {
		o.Log.Warn("the console's scripts are not bundled: it works without live pages and previews; run make assets")
	}
	if s.views, err = loadViews(s.assets); err != nil {
		return nil, err
	}
	s.sessions = sessions{secret: o.Secret, secure: s.public.Scheme == "https", now: o.Now}
	return s.guard(s.routes())
}

// routes are the console's addresses.
func (s *server) routes() http.Handler {
	r := mux.NewRouter()
	get := func(path string, h handler) { r.Handle(path, s.page(h)).Methods("GET", "HEAD") }
	post := func(path string, h handler) { r.Handle(path, s.page(h)).Methods("POST") }

	r.Handle("/assets/{sum}/{name:.*}", s.assets).Methods("GET", "HEAD")
	r.Handle("/sign-in", s.open(s.signInPage)).Methods("GET", "HEAD")
	r.Handle("/sign-in", s.open(s.signIn)).Methods("POST")
	post("/sign-out", s.signOut)
	r.PathPrefix("/r/").Handler(s.open(s.follow)).Methods("GET", "HEAD")
	r.Handle(domain.PicturePath+"{file}", s.open(s.picture)).Methods("GET", "HEAD")
	r.Handle("/privacy", s.open(s.privacy)).Methods("GET", "HEAD")
	r.Handle("/terms", s.open(s.terms)).Methods("GET", "HEAD")

	get("/", s.home)
	get("/tab", s.home)
	get("/campaigns", s.campaignList)
	get("/campaigns/rows", s.campaignRows)
	get("/campaigns/{id:[0-9]+|new}", s.campaignPage)
	get("/campaigns/{id:[0-9]+}/review", s.reviewPage)
	get("/campaigns/{id:[0-9]+}/preflight", s.preflight)
	get("/campaigns/{id:[0-9]+}/correct", s.correctPage)
	post("/campaigns/{id:[0-9]+}/correct", s.correctCampaign)
	get("/campaigns/{id:[0-9]+}/report", s.reportPage)
	get("/campaigns/{id:[0-9]+}/live", s.reportLive)
	get("/campaigns/{id:[0-9]+}/rows", s.reportRows)
	r.Handle("/campaigns/{id:[0-9]+}/events", s.stream(s.reportEvents)).Methods("GET")
	post("/campaigns/{id:[0-9]+|new}/save", s.saveCampaign)
	post("/campaigns/{id:[0-9]+|new}/picture", s.uploadPicture(s.postedEditor))
	post("/campaigns/{id:[0-9]+}/correct/picture", s.uploadPicture(s.postedCorrection))
	post("/campaigns/{id:[0-9]+|new}/try", s.tryCampaign)
	post("/campaigns/{id:[0-9]+|new}/review", s.reviewCampaign)
	post("/campaigns/{id:[0-9]+}/send", s.sendCampaign)
	for _, a := range s.campaignActions() {
		post("/campaigns/{id:[0-9]+}/"+a.name, s.act(a))
	}
	s.surveyRoutes(get, post, r)
	post("/preview", s.preview)
	post("/campaigns/{id:[0-9]+}/preview", s.rehearsal)
	post("/audience", s.audience)
	get("/people", s.peoplePage)
	post("/people/{id:[0-9]+}/erase", s.erasePerson)
	if s.Simulated != nil {
		s.simulatorRoutes(get, post)
	}

	r.NotFoundHandler = s.open(s.notFound)
	r.MethodNotAllowedHandler = s.open(s.notFound)
	return r
}

func (s *server) home(w http.ResponseWriter, r *http.Request, _ *visit) error {
	http.Redirect(w, r, "/campaigns", http.StatusSeeOther)
	return nil
}
