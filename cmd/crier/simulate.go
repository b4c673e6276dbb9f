package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"crier/internal/simulator"
)

// The registration of the simulated bot, where none is given.
const (
	simulatedApp    = "11111111-aaaa-4bbb-8ccc-000000000001"
	simulatedTenant = "22222222-aaaa-4bbb-8ccc-000000000002"
	simulatedSecret = "simulated-password"
)

// simulate is "crier simulate": a Teams tenant that does not exist, for any bot.
func simulate(ctx context.Context, w world) int {
	var listen, bot string
	o := simulator.Options{}
	cfg, code, ok := w.settings("simulate", func(f *flag.FlagSet) {
		f.StringVar(&listen, "listen", "127.0.0.1:3999", "address to listen on")
		f.StringVar(&bot, "bot", "http://127.0.0.1:3978/api/messages", "the bot's messaging endpoint; the path defaults to /api/messages")
		f.IntVar(&o.Users, "users", 100, "people in the tenant")
		f.StringVar(&o.AppID, "app-id", simulatedApp, "the bot's app id")
		f.StringVar(&o.AppPassword, "app-password", simulatedSecret, "the bot's password")
		f.StringVar(&o.TenantID, "tenant-id", simulatedTenant, "the tenant")
		f.DurationVar(&o.Behaviour.Latency, "latency", 0, "how long the Connector takes to answer")
		f.Float64Var(&o.Behaviour.Rate, "rate-limit", 0, "Connector requests a second, 429 above it; 0 for no limit")
		f.Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same people")
		f.BoolVar(&o.Chatty, "chatty", false, "people say hello after the install and answer the card that comes back")
	})
	if !ok {
		return code
	}
	o.Log = w.logger(cfg)
	var err error
	if o.BotURL, err = messagingEndpoint(bot); err != nil {
		fmt.Fprintln(w.stderr, err)
		return exitUsage
	}
	t, err := startTenant(ctx, listen, o)
	if err != nil {
		return w.failed(err)
	}
	defer t.stop()
	fmt.Fprint(w.stdout, t.settings(o))
	if err := t.install(ctx, w); err != nil && ctx.Err() == nil {
		fmt.Fprintln(w.stderr, "crier:", err) // the report still says what arrived
	}
	<-ctx.Done()
	return exitOK
}

// messagingEndpoint completes the bot's address.
func messagingEndpoint(bot string) (string, error) {
	u, err := url.Parse(bot)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("--bot: %q is no address. Example: http://127.0.0.1:3978/api/messages", bot)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/api/messages"
	}
	return u.String(), nil
}

// tenant is a simulator being served.
type tenant struct {
	*simulator.Simulator
	url    string
	server *http.Server
}

func startTenant(ctx context.Context, listen string, o simulator.Options) (*tenant, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	s, err := simulator.New(o)
	if err != nil {
		l.Close()
		return nil, err
	}
	t := &tenant{Simulator: s, url: "http://" + l.Addr().String(), server: &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second}}
	s.SetBaseURL(t.url)
	go t.server.Serve(l) //nolint:errcheck // it ends with Close
	return t, s.Start(context.WithoutCancel(ctx))
}

// settings are the lines that point crier serve at the tenant.
func (t *tenant) settings(o simulator.Options) string {
	password := o.AppPassword
	if password != simulatedSecret {
		password = "<as given>"
	}
	return fmt.Sprintf("simulated tenant on %s; point the bot at it with\n\n"+
		"CRIER_APP_ID=%s\nCRIER_APP_PASSWORD=%s\nCRIER_APP_TENANT_ID=%s\n"+
		"CRIER_LOGIN_URL=%s\nCRIER_OPENID_METADATA_URL=%s\nCRIER_TRUSTED_SERVICE_HOSTS=%s\nCRIER_GRAPH_URL=%s\n\n",
		t.url, o.AppID, password, o.TenantID, t.url, t.metadataURL(), t.url, t.url)
}

func (t *tenant) metadataURL() string { return t.url + "/v1/.well-known/openidconfiguration" }

func (t *tenant) stop() {
	t.Stop()
	t.server.Close()
}

// install has everybody install the app, once the bot answers, and shows how far it is.
func (t *tenant) install(ctx context.Context, w world) error {
	for told := false; ; told = true {
		_, err := t.Install(ctx, 0)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !told {
			fmt.Fprintln(w.stdout, "waiting for the bot to answer …")
		}
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
	total := t.People()
	err := t.InstallAll(ctx, func(done, total int) {
		if done == total || done%max(1, total/10) == 0 {
			fmt.Fprintf(w.stdout, "installed for %d of %d people\n", done, total)
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the app could not be installed for all %d people: %w", total, err)
	}
	return err
}
