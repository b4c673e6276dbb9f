// Package simulator is a Microsoft Teams tenant that does not exist: the token
// endpoint, the signing keys, the Connector and the part of Graph that a bot calls,
// and the people who install the bot, talk to it, read, click, answer and block it,
// and come and go.
//
// It is written from the protocol pages alone (inbound, outbound, errors, skype,
// emulator, cards, graph) and shares no code with the bot it is used to test, so
// that a misreading on one side shows. Microsoft's own SDK is its judge: see sdkbot.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options describe the tenant. AppID, AppPassword, TenantID and BotURL are
// required; everything else has a default.
type Options struct {
	Users      int     // people in the tenant, numbered from 0; default 100
	SkypeShare float64 // share of people, 0 to 1, who are on the channel "skype"
	Seed       uint64  // the same seed gives the same people doing the same things

	AppID, AppPassword, TenantID string

	BotURL    string // the bot's messaging endpoint, e.g. http://127.0.0.1:3978/api/messages
	PublicURL string // where the bot's own links lead; default: scheme and host of BotURL
	BaseURL   string // where this server is reached, without a path; see SetBaseURL

	TokenLifetime time.Duration // of access tokens; default one hour
	Concurrency   int           // requests to the bot in flight; default 32

	Chatty bool // people say hello after the install and answer the card that comes back
	Engage bool // people read, click, react and answer; see Habits
	Habits Habits

	Behaviour Behaviour
	Client    *http.Client // for requests to the bot; default: 15 s time limit, as Teams has, and no redirects followed
	Log       *slog.Logger
	Now       func() time.Time
}

// Simulator is one tenant. Its methods are safe for concurrent use. Wherever they
// take a person's number i, 0 <= i < People must hold.
type Simulator struct {
	opt      Options
	people   directory
	keys     *keyring
	mail     *mailroom
	tally    *tally
	ledger   *ledger
	surveys  *surveys
	visits   *agenda
	throttle throttle // of the Connector
	graph    throttle // of Graph
	client   *http.Client
	slots    chan struct{} // one per request to the bot in flight

	life context.Context // ends with Stop
	end  context.CancelFunc

	mu        sync.Mutex // guards what follows
	baseURL   string
	botURL    string
	publicURL *url.URL
	behaviour Behaviour
	seats     []seat
	sequence  uint64
	tokens    map[string]cachedToken // service URL -> token the channel is using
	granted   map[string]grant       // by access token
	pinned    map[int]presence       // people whose presence a test has set
	cancel    context.CancelFunc
	workers   sync.WaitGroup
}

// seat is what the tenant remembers of one person's relation with the bot.
type seat struct {
	state    installState
	greeted  bool   // has answered the card that followed the hello
	attempts uint16 // Connector writes since the last SetBehaviour
	played   bool   // does nothing by themselves
	blocked  bool   // has blocked the bot
}

type installState uint8

const (
	neverInstalled installState = iota
	installed
	removed
)

// New checks the options and makes the tenant. It starts nothing.
func New(opt Options) (*Simulator, error) {
	if err := opt.complete(); err != nil {
		return nil, err
	}
	public, err := url.Parse(opt.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("simulator: public URL: %w", err)
	}
	keys, err := newKeyring(opt.Now())
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		opt:       opt,
		people:    newDirectory(opt),
		keys:      keys,
		mail:      newMailroom(opt.Now),
		tally:     newTally(opt.Now),
		ledger:    &ledger{by: map[keptRef]*deed{}},
		surveys:   &surveys{by: map[sittingKey]*sitting{}},
		visits:    newAgenda(),
		client:    opt.Client,
		slots:     make(chan struct{}, opt.Concurrency),
		botURL:    opt.BotURL,
		publicURL: public,
		seats:     make([]seat, opt.Users),
		tokens:    map[string]cachedToken{},
		granted:   map[string]grant{},
		pinned:    map[int]presence{},
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.SetBaseURL(opt.BaseURL)
	s.SetBehaviour(opt.Behaviour)
	return s, nil
}

func (o *Options) complete() error {
	for name, value := range map[string]string{
		"AppID": o.AppID, "AppPassword": o.AppPassword, "TenantID": o.TenantID, "BotURL": o.BotURL,
	} {
		if value == "" {
			return fmt.Errorf("simulator: %s is empty", name)
		}
	}
	bot, err := url.Parse(o.BotURL)
	if err != nil || bot.Host == "" {
		return fmt.Errorf("simulator: BotURL %q is not an absolute URL", o.BotURL)
	}
	if o.SkypeShare < 0 || o.SkypeShare > 1 {
		return fmt.Errorf("simulator: SkypeShare %v is not between 0 and 1", o.SkypeShare)
	}
	if o.Users < 0 || o.Users > maxUsers {
		return fmt.Errorf("simulator: Users %d is not between 0 and %d", o.Users, maxUsers)
	}
	if o.Users == 0 {
		o.Users = 100
	}
	if o.PublicURL == "" {
		o.PublicURL = bot.Scheme + "://" + bot.Host
	}
	if o.TokenLifetime == 0 {
		o.TokenLifetime = time.Hour
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 32
	}
	if o.Habits == (Habits{}) {
		o.Habits = DefaultHabits()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Client == nil {
		o.Client = newClient(o.Concurrency)
	}
	return nil
}

// botPatience is the longest a channel waits for a bot (inbound 1).
const botPatience = 15 * time.Second

// newClient makes the client that carries activities to the bot and opens links
// of cards: 15 seconds, the longest a channel waits (inbound 1), and no redirects,
// since a bot's click counter leads out to sites that are nobody's business here.
func newClient(connections int) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = connections
	transport.Proxy = nil
	return &http.Client{
		Transport:     transport,
		Timeout:       botPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SetBaseURL says where this server is reached: scheme and host. The serviceUrl of
// every later activity is built from it.
func (s *Simulator) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.baseURL = strings.TrimRight(base, "/")
}

// SetBot moves the bot: its messaging endpoint, and with it the site that its own links
// lead to.
func (s *Simulator) SetBot(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return fmt.Errorf("simulator: %q is not an absolute URL", endpoint)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.botURL, s.publicURL = endpoint, &url.URL{Scheme: u.Scheme, Host: u.Host}
	return nil
}

// bot is where the bot is: its messaging endpoint and its site.
func (s *Simulator) bot() (endpoint string, site *url.URL) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.botURL, s.publicURL
}

// ServiceURL is the address of the Connector for a channel, "msteams" or "skype".
func (s *Simulator) ServiceURL(channelID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.baseURL + channelByID(channelID).path + "/"
}

// Handler serves everything a bot calls (token endpoint, OpenID metadata, keys,
// Connector, Graph's presence) and GET /report.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routeOAuth(mux)
	s.routeOpenID(mux)
	s.routeConnector(mux)
	s.routeGraph(mux)
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, s.Report())
	})
	return mux
}

// Start lets people act on what they receive (Engage, Chatty) until the context
// ends or Stop is called. Call it once.
func (s *Simulator) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		return errors.New("simulator: started twice")
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.startVisits(ctx)
	return nil
}

func (s *Simulator) started() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancel != nil
}

// Stop ends what Start began and lets go of the requests that are left hanging.
func (s *Simulator) Stop() {
	s.end()
	s.mu.Lock()
	if s.cancel != nil {
		s.cancel()
	}
	s.mu.Unlock()
	s.workers.Wait()
	s.client.CloseIdleConnections()
}

// People is the number of people in the tenant.
func (s *Simulator) People() int { return s.opt.Users }

// Person tells everything about the person with this number.
func (s *Simulator) Person(i int) Person { return s.people.person(i) }

// next numbers whatever needs a number of its own.
func (s *Simulator) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence++
	return s.sequence
}
