package web

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"crier/internal/domain"
)

// Simulated is the other side of a demonstration: a tenant whose people are made up. What they get
// can be seen here, and what they do is done here. People are numbered from 0.
type Simulated interface {
	// People are those whose name or address contains a query, at most a page of them.
	People(query string) []SimulatedPerson
	Person(i int) (SimulatedPerson, bool)
	// Chat is what a person sees, the oldest first. Whoever looks has read it.
	Chat(ctx context.Context, i int) []SimulatedMessage
	Say(ctx context.Context, i int, text string) error
	// Press does what a button or a reaction of a message does; said is what the bot answers to it.
	Press(ctx context.Context, i int, p SimulatedPress) (said string, err error)
	Move(ctx context.Context, i int, to SimulatedMove) error
	Weather() SimulatedWeather
	SetWeather(w SimulatedWeather)
}

// SimulatedPerson is somebody made up.
type SimulatedPerson struct {
	Index           int
	Name, Address   string
	Channel         domain.Channel
	Locale          string
	Messages        int // from the bot
	Has, HasBlocked bool
}

// SimulatedMessage is one message of a chat. Activity is the bot's, as it came; Card what a button
// has put in its place. Of an old message only the text is kept.
type SimulatedMessage struct {
	ID        string          `json:"id,omitempty"`
	At        time.Time       `json:"at"`
	Mine      bool            `json:"mine,omitempty"`
	Text      string          `json:"text,omitempty"`
	Activity  json.RawMessage `json:"activity,omitempty"`
	Card      json.RawMessage `json:"card,omitempty"`
	Edited    bool            `json:"edited,omitempty"`
	Reactions []string        `json:"reactions,omitempty"`
}

// SimulatedPress is a button of a message, with what was filled in beside it, or a reaction.
type SimulatedPress struct {
	Kind    string // "Action.Execute", "Action.Submit" or "reaction"
	Message string
	Verb    string // or the reaction: "like"
	Data    map[string]any
}

// SimulatedMove is what somebody does with the app.
type SimulatedMove string

// The moves.
const (
	SimulatedInstall   SimulatedMove = "install"
	SimulatedUninstall SimulatedMove = "uninstall"
	SimulatedBlock     SimulatedMove = "block"
	SimulatedUnblock   SimulatedMove = "unblock"
)

// SimulatedWeather is how well the simulated Teams does.
type SimulatedWeather struct {
	Latency time.Duration // of each answer
	Rate    float64       // requests a second that it takes; 0: any number
	Failing float64       // share of the requests that fail for a moment, 0 to 1
}

type simulatorData struct {
	frame
	Query   string
	People  []SimulatedPerson
	Person  *SimulatedPerson
	Chat    []SimulatedMessage
	Weather SimulatedWeather
}

// Milliseconds is the latency as its field shows it.
func (d simulatorData) Milliseconds() int64 { return d.Weather.Latency.Milliseconds() }

// Percent is the share that fails as its field shows it.
func (d simulatorData) Percent() int { return int(d.Weather.Failing*100 + 0.5) }

// Open says whether somebody's chat is the one that shows.
func (d simulatorData) Open(i int) bool { return d.Person != nil && d.Person.Index == i }

// Path is where somebody's chat is, with the people that were searched for.
func (d simulatorData) Path(i int) string {
	path := "/simulator/" + strconv.Itoa(i)
	if d.Query != "" {
		path += "?" + with(nil, "q", d.Query)
	}
	return path
}

// simulatorRoutes are the addresses of the simulated tenant.
func (s *server) simulatorRoutes(get, post func(string, handler)) {
	get("/simulator", s.owners(s.simulatorPage))
	post("/simulator/weather", s.owners(s.simulatedWeather))
	get("/simulator/{person:[0-9]+}", s.owners(s.simulatorPage))
	get("/simulator/{person:[0-9]+}/chat", s.owners(s.simulatedChat))
	post("/simulator/{person:[0-9]+}/say", s.owners(s.simulatedSay))
	post("/simulator/{person:[0-9]+}/press", s.owners(s.simulatedPress))
	post("/simulator/{person:[0-9]+}/move", s.owners(s.simulatedMove))
}

// owners runs a handler for who may do anything.
func (s *server) owners(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if err := v.actor().May(domain.Owner); err != nil {
			return err
		}
		return h(w, r, v)
	}
}

// simulatorPage shows the people of the simulated tenant, and the chat of one of them.
func (s *server) simulatorPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	d := simulatorData{frame: s.frame(v, "simulator", v.tr.Text("Simulated Teams")), Query: r.URL.Query().Get("q"), Weather: s.Simulated.Weather()}
	d.Said = said(v.tr, r.URL.Query().Get("said"))
	if mux.Vars(r)["person"] != "" {
		p, err := s.simulatedPerson(r)
		if err != nil {
			return err
		}
		d.Person, d.Chat = &p, s.Simulated.Chat(r.Context(), p.Index)
		d.Title = p.Name + " – " + d.Title
	}
	d.People = s.Simulated.People(d.Query)
	return s.render(w, v, http.StatusOK, "simulator", "", d)
}

func (s *server) simulatedPerson(r *http.Request) (SimulatedPerson, error) {
	i, err := strconv.Atoi(mux.Vars(r)["person"])
	p, ok := SimulatedPerson{}, false
	if err == nil {
		p, ok = s.Simulated.Person(i)
	}
	if !ok {
		return p, domain.Fail(domain.NotFound, "There is no such person.")
	}
	return p, nil
}

// simulatedChat answers a chat as it is now.
func (s *server) simulatedChat(w http.ResponseWriter, r *http.Request, _ *visit) error {
	p, err := s.simulatedPerson(r)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, s.Simulated.Chat(r.Context(), p.Index))
}

// maxSaid bounds what somebody says at once, in bytes: its field takes fewer characters.
const maxSaid = 10_000

// simulatedSay has somebody write to the bot.
func (s *server) simulatedSay(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, err := s.simulatedPerson(r)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(r.PostForm.Get("text"))
	if len(text) > maxSaid {
		return domain.Fail(domain.Invalid, "A message of at most %d characters is enough to try the bot.", maxSaid)
	}
	if text != "" {
		if err := s.Simulated.Say(r.Context(), p.Index, text); err != nil {
			return err
		}
	}
	if v.fragment {
		return s.simulatedChat(w, r, v)
	}
	return redirect(w, r, simulatorData{Query: r.URL.Query().Get("q")}.Path(p.Index))
}

// simulatedPress has somebody press a button, and answers what the bot says to that.
func (s *server) simulatedPress(w http.ResponseWriter, r *http.Request, _ *visit) error {
	p, err := s.simulatedPerson(r)
	if err != nil {
		return err
	}
	press := SimulatedPress{Kind: r.PostForm.Get("kind"), Message: r.PostForm.Get("message"), Verb: r.PostForm.Get("verb")}
	if data := r.PostForm.Get("data"); data != "" {
		if err := json.Unmarshal([]byte(data), &press.Data); err != nil {
			return domain.Fail(domain.Invalid, "This answer can't be read. Open the message again and answer once more.")
		}
	}
	said, err := s.Simulated.Press(r.Context(), p.Index, press)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]string{"said": said})
}

// simulatedMove has somebody add or remove the app, or block the bot.
func (s *server) simulatedMove(w http.ResponseWriter, r *http.Request, _ *visit) error {
	p, err := s.simulatedPerson(r)
	if err != nil {
		return err
	}
	if err := s.Simulated.Move(r.Context(), p.Index, SimulatedMove(r.PostForm.Get("to"))); err != nil {
		return err
	}
	return redirect(w, r, simulatorData{Query: r.URL.Query().Get("q")}.Path(p.Index))
}

// The most that the weather may be set to.
const (
	worstLatency = 10_000 // milliseconds
	mostRate     = 10_000 // requests a second
)

// simulatedWeather changes how well the simulated Teams does.
func (s *server) simulatedWeather(w http.ResponseWriter, r *http.Request, _ *visit) error {
	n := func(field string, most float64) float64 {
		x, err := strconv.ParseFloat(r.PostForm.Get(field), 64)
		if err != nil || math.IsNaN(x) {
			return 0
		}
		return min(max(x, 0), most)
	}
	s.Simulated.SetWeather(SimulatedWeather{
		Latency: time.Duration(n("latency", worstLatency)) * time.Millisecond, Rate: n("rate", mostRate), Failing: n("failing", 100) / 100,
	})
	return redirect(w, r, "/simulator?said=weather")
}
