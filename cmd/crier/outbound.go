package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"crier/bot/connector"
	"crier/internal/config"
	"crier/internal/directory"
	"crier/internal/domain"
	"crier/internal/store"
)

// buildThrottle keeps the rate: over all instances, where several may share the database.
func (s *service) buildThrottle() *connector.Throttle {
	o := connector.ThrottleOptions{Rate: s.cfg.SendRate, OnThrottled: func(string, time.Duration) { s.metrics.Throttled() }}
	if s.db.Dialect() == store.Postgres {
		o.Bucket = s.turns
	}
	return connector.NewThrottle(o)
}

// buildDirectory makes the way to Microsoft Graph.
func (s *service) buildDirectory() error {
	if s.cfg.AppID == "" {
		return nil
	}
	tokens, err := connector.NewGraphTokens(s.tokenOptions(), s.cfg.GraphURL)
	if err != nil {
		return err
	}
	s.graph, err = directory.New(directory.Options{URL: s.cfg.GraphURL, Tokens: tokens, Now: time.Now, Log: s.log})
	return err
}

func (s *service) tokenOptions() connector.TokenOptions {
	return connector.TokenOptions{
		AppID: s.cfg.AppID, Password: s.cfg.AppPassword.Reveal(), TenantID: s.cfg.AppTenantID,
		AppType: connector.AppType(s.cfg.AppType), LoginURL: s.cfg.LoginURL, Now: time.Now, Log: s.log,
	}
}

func (s *service) buildConnector(hosts connector.TrustedHosts, throttle *connector.Throttle) error {
	o := connector.ClientOptions{
		AppID: s.cfg.AppID, Hosts: hosts, Throttle: throttle, Concurrency: s.cfg.SendConcurrency,
		Timeout: sendTimeout, UserAgent: "crier/" + version,
	}
	if s.cfg.AppID != "" {
		tokens, err := connector.NewTokens(s.tokenOptions())
		if err != nil {
			return err
		}
		o.Tokens = tokens
		s.verifier, err = connector.NewVerifier(connector.VerifierOptions{
			AppID: s.cfg.AppID, MetadataURL: s.cfg.OpenIDMetadataURL, TenantID: s.cfg.AppTenantID, Now: time.Now, Log: s.log,
			Channels: []string{connector.ChannelTeams, connector.ChannelSkype},
		})
		if err != nil {
			return err
		}
	}
	s.client = connector.NewClient(o)
	return nil
}

// sendTimeout bounds one request to the Connector: somebody whose conversation hangs takes
// a slot for no longer.
const sendTimeout = 12 * time.Second

// canAsk says whether presence may be asked for: a *domain.Unavailable where not.
func (s *service) canAsk(ctx context.Context) error {
	if s.graph == nil {
		return &domain.Unavailable{Permission: "Presence.Read.All", Err: errors.New("no bot is configured")}
	}
	return s.graph.Check(ctx, s.cfg.AppTenantID)
}

// trustedHosts reads the setting; in anonymous development the emulator's own addresses,
// on this machine, are trusted as well.
func trustedHosts(cfg config.Config) (connector.TrustedHosts, error) {
	list := cfg.TrustedServiceHosts
	if cfg.AppID == "" && cfg.AllowAnonymous {
		list = strings.TrimPrefix(list+",http://localhost,http://127.0.0.1,http://[::1]", ",")
	}
	hosts, err := connector.ParseTrustedHosts(list)
	if err != nil {
		return hosts, config.Faults{{
			Variable: "CRIER_TRUSTED_SERVICE_HOSTS", Problem: strings.ReplaceAll(err.Error(), "\n", "; "), Example: "smba.trafficmanager.net,http://127.0.0.1:9000",
		}}
	}
	return hosts, nil
}
