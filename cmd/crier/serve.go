package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"crier/internal/config"
	"crier/internal/web"
)

// serve is "crier serve".
func serve(ctx context.Context, w world) int {
	cfg, code, ok := w.settings("serve", nil)
	if !ok {
		return code
	}
	log := w.logger(cfg)
	if cfg.AppID == "" && !cfg.AllowAnonymous {
		log.Warn("no bot is configured: CRIER_APP_ID is not set, so Teams can't reach this service")
	}
	if cfg.APIToken.IsZero() {
		log.Warn("CRIER_API_TOKEN is not set: nobody can sign in to the console or use the API")
	}
	defer runtime.KeepAlive(w.headroom()) // asked for now, and kept to the end
	s, err := newService(ctx, cfg, log, web.Token)
	if err == nil {
		err = s.run(ctx, func() {
			log.Info("ready", "listen", s.cfg.Listen, "public_url", s.cfg.PublicURL, "version", version)
		})
	}
	return w.ended(err)
}

// headroom is memory that is asked for and never touched, so that it takes none itself. The garbage
// collector counts it as in use, and lets as much more gather before it runs: that does take memory. A server with little
// in memory that sends ten thousand messages a second has it run forty times a second otherwise, and
// spends a quarter of its time on that. Whoever tunes the collector by its variables gets what they ask for.
func (w world) headroom() []byte {
	if w.getenv("GOGC") != "" || w.getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, 64<<20)
}

// ended is the exit code for how a service ended.
func (w world) ended(err error) int {
	if err == nil {
		return exitOK
	}
	if faults, ok := errors.AsType[config.Faults](err); ok {
		fmt.Fprintln(w.stderr, faults)
		return exitUsage
	}
	return w.failed(err)
}
