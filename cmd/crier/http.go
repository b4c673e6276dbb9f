package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"crier/cards"
	"crier/internal/api"
	"crier/internal/config"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/web"

	"github.com/gorilla/mux"
)

// listen opens the addresses, so that a taken one is told before anything starts.
func (s *service) listen() error {
	l, err := net.Listen("tcp", s.cfg.Listen)
	if err != nil {
		return config.Faults{{Variable: "CRIER_LISTEN", Problem: fmt.Sprintf("can't listen on %s: %v", s.cfg.Listen, errors.Unwrap(err)), Example: "127.0.0.1:3979"}}
	}
	s.cfg = s.cfg.ListeningOn(l.Addr())
	s.listeners = append(s.listeners, l)
	if s.cfg.MetricsListen == "" {
		return nil
	}
	m, err := net.Listen("tcp", s.cfg.MetricsListen)
	if err != nil {
		l.Close()
		return config.Faults{{Variable: "CRIER_METRICS_LISTEN", Problem: fmt.Sprintf("can't listen on %s: %v", s.cfg.MetricsListen, errors.Unwrap(err)), Example: "127.0.0.1:9100"}}
	}
	s.listeners = append(s.listeners, m)
	return nil
}

// onLoopback says whether only this machine can reach the service.
func (s *service) onLoopback() bool {
	address, ok := s.listeners[0].Addr().(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// handler puts the faces together.
func (s *service) handler() (http.Handler, error) {
	console, err := web.New(web.Options{
		Campaigns: s.app.campaigns, Surveys: s.app.surveys, Preflight: s.app.preflight, People: s.app.people, Pictures: s.app.pictures, Officers: s.app.officers, Links: s.app.clicks, Address: cards.Address, Preview: preview, Rehearse: cards.Rehearse, Simulated: s.simulated, Secret: s.sessionKey(),
		PublicURL: s.cfg.PublicURL, SignIn: s.signIn, Version: version, Now: domain.SystemClock, Log: s.log,
	})
	if err != nil {
		return nil, err
	}
	r := mux.NewRouter().SkipClean(true)
	r.Handle("/api/messages", s.bot)
	r.PathPrefix("/api/v1").Handler(api.New(api.Options{
		Campaigns: s.app.campaigns, Surveys: s.app.surveys, Preflight: s.app.preflight, People: s.app.people, Pictures: s.app.pictures,
		Officers: s.app.officers, Replies: store.Replies{DB: s.db},
		Preview: preview, Now: domain.SystemClock, Log: s.log,
	}))
	r.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/readyz", s.ready).Methods(http.MethodGet, http.MethodHead)
	if s.cfg.MetricsListen == "" {
		r.Handle("/metrics", s.metrics.Handler()).Methods(http.MethodGet)
	}
	r.PathPrefix("/").Handler(console)
	return r, nil
}

// sessionKey signs the console's sessions. It changes with the API token and the way in, so
// that a new token ends every session that the old one began, and a demo's opens no service.
func (s *service) sessionKey() []byte {
	h := hmac.New(sha256.New, []byte(s.secret))
	fmt.Fprintf(h, "sessions:%d:%s", s.signIn, s.cfg.APIToken.Reveal())
	return h.Sum(nil)
}

// ready says whether the database answers and the channel's keys are known.
func (s *service) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := s.db.Ping(ctx); err != nil {
		s.log.Warn("not ready", "why", "database", "error", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	if s.verifier != nil {
		if err := s.verifier.Ready(ctx); err != nil {
			s.log.Warn("not ready", "why", "keys", "error", err)
			http.Error(w, "the channel's signing keys are not known yet", http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "ready")
}

// serveHTTP starts a server on each address; what ends one unasked arrives on the channel.
func (s *service) serveHTTP(handler http.Handler) <-chan error {
	failed := make(chan error, len(s.listeners))
	handlers := []http.Handler{handler, s.metricsOnly()}
	for i, l := range s.listeners {
		server := &http.Server{
			Handler: handlers[i], ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
			WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		}
		s.servers = append(s.servers, server)
		go func() {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve http: %w", err)
			}
		}()
	}
	return failed
}

func (s *service) metricsOnly() http.Handler {
	r := mux.NewRouter()
	r.Handle("/metrics", s.metrics.Handler()).Methods(http.MethodGet)
	return r
}

// shutHTTP takes no new requests and waits for those under way; a client that stalls is
// left behind.
func (s *service) shutHTTP() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, server := range s.servers {
		if err := server.Shutdown(ctx); err != nil {
			s.log.Warn("requests were still under way at the stop", "error", err)
			server.Close()
		}
	}
}
