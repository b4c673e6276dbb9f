package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"crier/bot"
	"crier/bot/connector"
	"crier/cards"
	"crier/internal/app"
	"crier/internal/config"
	"crier/internal/delivery"
	"crier/internal/directory"
	"crier/internal/domain"
	"crier/internal/metrics"
	"crier/internal/schedule"
	"crier/internal/store"
	"crier/internal/web"

	"golang.org/x/sync/semaphore"
)

// service is everything in one process: built, started, stopped in reverse.
type service struct {
	cfg      config.Config
	log      *slog.Logger
	signIn   web.SignIn
	db       *store.DB
	metrics  *metrics.Metrics
	verifier *connector.Verifier
	client   *connector.Client
	bot      *bot.Bot
	engine   *delivery.Engine
	graph    *directory.Directory // nil: no bot is configured
	ticks    *schedule.Schedule
	app      operations
	secret   string
	keep     store.Inbox
	turns    store.Turns

	simulated web.Simulated // nil: the tenant is a real one

	unlock    func() // lets another process have the database
	listeners []net.Listener
	servers   []*http.Server
}

// operations are what the faces call.
type operations struct {
	campaigns *app.Campaigns
	preflight *app.Preflight
	people    *app.People
	signals   *app.Signals
	surveys   *app.Surveys
	clicks    *app.Clicks
	pictures  *app.Pictures
	officers  *app.Officers
}

// lockPatience is how long a process waits for the one before it to let go of the database.
const lockPatience = 15 * time.Second

// clicksAtOnce is how many clicks are counted at once.
const clicksAtOnce = 4

// postgresConns is how many connections an instance takes at most.
const postgresConns = 16

// newService listens, opens and migrates the database and builds everything on it. It
// serves and starts nothing yet. The error is config.Faults where a setting is at fault.
func newService(ctx context.Context, cfg config.Config, log *slog.Logger, signIn web.SignIn) (*service, error) {
	hosts, err := trustedHosts(cfg)
	if err != nil {
		return nil, err
	}
	s := &service{cfg: cfg, log: log, signIn: signIn, metrics: metrics.New()}
	if err := s.listen(); err != nil {
		return nil, err
	}
	if s.unlock, err = lockDatabase(ctx, cfg.DatabaseURL.Reveal(), lockPatience); err != nil {
		s.close()
		return nil, err
	}
	if s.db, err = store.Open(ctx, cfg.DatabaseURL.Reveal(), postgresConns); err != nil {
		s.close()
		return nil, fmt.Errorf("the database can't be opened: %w", err)
	}
	if err := s.build(ctx, hosts); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *service) build(ctx context.Context, hosts connector.TrustedHosts) error {
	applied, err := s.db.Migrate(ctx)
	if err != nil {
		return err
	}
	for _, name := range applied {
		s.log.Info("migrated", "step", name)
	}
	if s.secret = s.cfg.Secret.Reveal(); s.secret == "" {
		if s.secret, err = (store.Settings{DB: s.db}).Secret(ctx, "secret"); err != nil {
			return fmt.Errorf("make the secret: %w", err)
		}
	}
	s.turns = store.Turns{DB: s.db}
	throttle := s.buildThrottle()
	if err := s.buildConnector(hosts, throttle); err != nil {
		return err
	}
	if err := s.buildDirectory(); err != nil {
		return err
	}
	refs := app.Refs{Secret: []byte(s.secret)}
	s.buildOperations(refs)
	s.buildBot(hosts, throttle, refs)
	s.metrics.Watch(metrics.Gauges{Due: s.countDue, Campaigns: s.countCampaigns, Database: s.engine.Up, Leading: s.engine.Leading})
	return s.buildTicks()
}

func (s *service) buildOperations(refs app.Refs) {
	campaigns, deliveries := s.campaigns(), store.Deliveries{DB: s.db}
	people, responses := store.People{DB: s.db}, store.Responses{DB: s.db}
	s.keep = store.Inbox{DB: s.db}
	s.app.campaigns = &app.Campaigns{
		Store: campaigns, Flow: campaigns, Count: campaigns, Deliveries: deliveries, Changes: campaigns, People: people,
		Now: domain.SystemClock, Wake: s.wakeEngine, MaxAhead: s.cfg.MaxScheduleAhead, SendRate: s.cfg.SendRate,
		Zone: s.cfg.TimeZone, CanAsk: s.canAsk, Progress: func(c domain.Campaign) domain.Progress { return s.engine.Progress(c) },
	}
	s.app.pictures = s.pictures(s.cfg.PublicURL + domain.PicturePath)
	s.app.campaigns.Own = s.app.pictures.Base
	s.app.people = &app.People{Store: people, References: people, Roster: people, Now: domain.SystemClock, Wake: s.wakeBot}
	s.app.signals = &app.Signals{
		Store: deliveries, Deliveries: deliveries, Campaigns: campaigns, Refs: refs, Now: domain.SystemClock,
	}
	s.app.surveys = &app.Surveys{
		Standings: responses, Ballots: responses, Answers: responses, Flow: campaigns, Deliveries: deliveries, Campaigns: campaigns,
		Refs: refs, Now: domain.SystemClock, Wake: s.wakeEngine, Zone: s.cfg.TimeZone,
	}
	s.app.clicks = &app.Clicks{Refs: refs, Deliveries: deliveries, Links: store.Links{DB: s.db}, Now: domain.SystemClock, Counting: semaphore.NewWeighted(clicksAtOnce)}
	s.app.preflight = s.buildPreflight(refs)
	s.app.officers = app.NewOfficers(s.cfg.Admins, s.cfg.APIToken.Reveal())
}

func (s *service) buildBot(hosts connector.TrustedHosts, throttle *connector.Throttle, refs app.Refs) {
	o := bot.Options{
		Anonymous: s.cfg.AppID == "" && s.cfg.AllowAnonymous, Hosts: hosts, Connector: s.client, Inbox: s.keep,
		People: s.app.people, Campaigns: s.app.campaigns, Signals: s.app.signals, Surveys: s.app.surveys, Officers: s.app.officers,
		BotID: "28:" + s.cfg.AppID, Now: domain.SystemClock, Log: s.log, Observe: s.metrics.Inbound,
	}
	if s.verifier != nil {
		o.Verifier = s.verifier
	}
	s.bot = bot.New(o)
	engine := delivery.Options{
		Store: store.Deliveries{DB: s.db}, Instances: s.instances(), Campaigns: s.campaigns(), Audiences: s.campaigns(), Reminders: s.campaigns(), Surveys: s.app.surveys, Turns: s.turns,
		Sender: &bot.Sender{Bot: s.bot, Throttle: throttle, Refs: refs, Links: store.Links{DB: s.db}, LinkBase: s.cfg.PublicURL + "/r/", Results: s.results, Reminded: s.app.surveys.Reminded},
		Slots:  s.cfg.SendConcurrency, Sole: s.db.Dialect() == store.SQLite, Zone: s.cfg.TimeZone, Now: domain.SystemClock, Log: s.log,
		Observe: func(r domain.Result, took time.Duration) { s.metrics.Send(resultName(r), took) },
	}
	if s.graph != nil {
		engine.Directory = s.graph
	}
	s.engine = delivery.New(engine)
}

func (s *service) campaigns() store.Campaigns { return store.Campaigns{DB: s.db, Zone: s.cfg.TimeZone} }

func (s *service) buildTicks() error {
	ticks, err := schedule.New(s.log, s.engine.Leading)
	if err != nil {
		return err
	}
	s.ticks = ticks
	return errors.Join(
		ticks.Every(time.Second, "start due campaigns", s.engine.Plan),
		ticks.Every(time.Second, "settle early signals", func(ctx context.Context) {
			if err := s.app.signals.Settle(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("can't settle signals that came early", "error", err)
			}
		}),
		ticks.Every(time.Hour, "forget old activities", func(ctx context.Context) {
			err := errors.Join(s.keep.Purge(ctx, time.Now().Add(-26*time.Hour)), s.turns.Purge(ctx, time.Now().Add(-26*time.Hour)))
			if err != nil && ctx.Err() == nil {
				s.log.Warn("can't forget old activities", "error", err)
			}
		}),
	)
}

// wakeEngine and wakeBot exist because the operations are built before what they wake.
func (s *service) wakeEngine() { s.engine.WakePlan() }
func (s *service) wakeBot()    { s.bot.WakeNewcomers() }

// results are those of a survey, for the messages that share them.
func (s *service) results(ctx context.Context, id int64) (domain.SurveyReport, error) {
	_, r, err := s.app.surveys.Results(ctx, domain.Actor{Role: domain.Analyst}, id)
	return r, err
}

func (s *service) countDue(ctx context.Context) (int64, error) {
	return store.Deliveries{DB: s.db}.CountDue(ctx, domain.SystemClock(), 1_000_000)
}

func (s *service) countCampaigns(ctx context.Context) (map[string]int64, error) {
	by, err := store.Campaigns{DB: s.db}.ByStatus(ctx)
	counts := map[string]int64{}
	for _, status := range domain.Statuses() {
		counts[string(status)] = by[status]
	}
	return counts, err
}

// preview draws a campaign for one person: the very activity that would be sent.
func preview(c domain.Campaign, p domain.Person) (json.RawMessage, error) {
	m, err := cards.Compile(c, cards.Options{})
	if err != nil {
		return nil, err
	}
	return m.Fill(nil, cards.Recipient{Person: p, Ref: "preview"}), nil
}

// resultName is a try as the metrics count it.
func resultName(r domain.Result) string {
	switch r.Verdict {
	case domain.Accepted:
		return "sent"
	case domain.Slowed:
		return "throttled"
	case domain.Passing:
		return "postponed"
	case domain.Ambiguous:
		return "uncertain"
	case domain.Stopped:
		return "stopped"
	case domain.Closed:
		return "closed"
	case domain.Absent:
		return "absent"
	case domain.Needless:
		return "needless"
	}
	return "failed"
}

// close lets go of what newService took.
func (s *service) close() {
	for _, l := range s.listeners {
		l.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
	if s.unlock != nil {
		s.unlock()
	}
}

// run serves until ctx ends, then stops in the reverse order: no new work, what
// is in flight finished and recorded, the database closed. ready is called once it answers.
func (s *service) run(ctx context.Context, ready func()) error {
	defer s.close()
	handler, err := s.handler()
	if err != nil {
		return err
	}
	work, stopWork := context.WithCancel(context.Background())
	defer stopWork()
	var group sync.WaitGroup
	group.Go(func() { s.engine.Run(work) })
	talk, stopTalk := context.WithCancel(context.Background())
	defer stopTalk()
	var talkers sync.WaitGroup
	talkers.Go(func() { s.bot.Run(talk) })
	failed := s.serveHTTP(handler)
	s.ticks.Start()
	ready()

	select {
	case <-ctx.Done():
		s.log.Info("stopping: finishing what is in flight")
	case err = <-failed:
	}
	stopWork() // no new sends while the last requests end
	if e := s.ticks.Stop(); e != nil {
		s.log.Warn("a tick did not end in time", "error", e)
	}
	s.app.campaigns.StopWatching() // streams would hold the servers
	s.shutHTTP()
	group.Wait()
	stopTalk()
	talkers.Wait()
	s.client.CloseIdleConnections()
	if s.graph != nil {
		s.graph.CloseIdleConnections()
	}
	s.log.Info("stopped")
	return err
}
