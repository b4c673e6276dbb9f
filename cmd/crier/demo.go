package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"crier/internal/config"
	"crier/internal/simulator"
	"crier/internal/web"
)

// demo is "crier demo": the whole service with a simulated tenant in the same process.
func demo(ctx context.Context, w world) int {
	var folder string
	o := simulator.Options{
		BotURL: "http://127.0.0.1/api/messages", // known once it listens
		AppID:  simulatedApp, AppPassword: simulatedSecret, TenantID: simulatedTenant, Engage: true, Habits: simulator.DefaultHabits(),
	}
	cfg, code, ok := w.settings("demo", func(f *flag.FlagSet) {
		f.IntVar(&o.Users, "users", 250, "people in the simulated tenant")
		f.StringVar(&folder, "data", "", "folder that keeps the database (default: one that is removed at the end)")
		f.DurationVar(&o.Behaviour.Latency, "latency", 40*time.Millisecond, "how long the simulated Teams takes to answer")
		f.Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same people")
	})
	if !ok {
		return code
	}
	o.Log = w.logger(cfg)
	folder, remove, err := demoFolder(folder)
	if err != nil {
		return w.failed(err)
	}
	defer remove()
	fmt.Fprintf(w.stdout, "Starting a simulated Teams tenant of %d people …\n", o.Users)
	t, err := demoTenant(ctx, folder, o)
	if err != nil {
		return w.failed(err)
	}
	defer t.stop()
	cfg = demoConfig(cfg, t, o, filepath.Join(folder, "crier.db"))
	token := ""
	if cfg.APIToken.IsZero() {
		token = rand.Text() // made here for this run alone, so that it may be shown
		cfg.APIToken = config.NewSecret(token)
	}
	s, err := newService(ctx, cfg, o.Log, web.Open)
	if err != nil {
		return w.ended(err)
	}
	s.simulated = newChats(t.Simulator)
	if !s.onLoopback() {
		s.signIn = web.Token // straight in is for this machine alone
	}
	if err := t.SetBot(s.cfg.PublicURL + "/api/messages"); err != nil {
		return w.ended(err)
	}
	return w.ended(s.run(ctx, func() { go w.welcome(ctx, s, t, token) }))
}

// demoFolder is where the demo's database lives, and how to leave it.
func demoFolder(folder string) (string, func(), error) {
	if folder != "" {
		return folder, func() {}, os.MkdirAll(folder, 0o700)
	}
	folder, err := os.MkdirTemp("", "crier-demo-")
	return folder, func() { os.RemoveAll(folder) }, err
}

const anyPort = "127.0.0.1:0"

// demoTenant starts the simulated tenant where it was the last time this folder was used:
// the conversations that the database keeps lead there. Its people still have the app then,
// so that a campaign that was under way goes on.
func demoTenant(ctx context.Context, folder string, o simulator.Options) (*tenant, error) {
	note := filepath.Join(folder, "simulator-address")
	before, err := os.ReadFile(note)
	if err != nil {
		before = []byte(anyPort)
	}
	t, err := startTenant(ctx, string(before), o)
	if err != nil {
		return nil, fmt.Errorf("the simulated Teams can't be where it was: %w; stop what uses that address, or begin with another --data", err)
	}
	if string(before) != anyPort {
		for i := range t.People() {
			t.Place(i)
		}
	}
	return t, os.WriteFile(note, []byte(strings.TrimPrefix(t.url, "http://")), 0o600)
}

// demoConfig points the service at the simulated tenant.
func demoConfig(cfg config.Config, t *tenant, o simulator.Options, database string) config.Config {
	cfg.DatabaseURL = config.NewSecret("sqlite:" + database)
	cfg.AppID, cfg.AppPassword, cfg.AppTenantID, cfg.AppType = o.AppID, config.NewSecret(o.AppPassword), o.TenantID, config.SingleTenant
	cfg.LoginURL, cfg.OpenIDMetadataURL, cfg.TrustedServiceHosts, cfg.GraphURL = t.url, t.metadataURL(), t.url, t.url
	cfg.Admins = append(cfg.Admins, t.Person(0).UPN)
	return cfg
}

// welcome has everybody install the app, and says where to look.
func (w world) welcome(ctx context.Context, s *service, t *tenant, token string) {
	if err := t.install(ctx, w); err != nil {
		if ctx.Err() == nil {
			fmt.Fprintln(w.stderr, "crier:", err)
		}
		return
	}
	fmt.Fprintf(w.stdout, "\nCrier is ready. Open this in a browser:\n\n    %s/\n\n", s.cfg.PublicURL)
	fmt.Fprintf(w.stdout, "What the simulated people get: %s/simulator\n", s.cfg.PublicURL)
	if token == "" {
		token = "<your CRIER_API_TOKEN>"
	}
	fmt.Fprintf(w.stdout, "The API: curl -H 'Authorization: Bearer %s' %s/api/v1/campaigns\n", token, s.cfg.PublicURL)
	if s.signIn != web.Open {
		fmt.Fprintln(w.stdout, "This address is reached from other machines: sign in with that token.")
	}
	fmt.Fprintln(w.stdout, "Stop with Ctrl-C.")
}
