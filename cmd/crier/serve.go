package main

import (
	"context"
	"errors"
	"fmt"

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
	s, err := newService(ctx, cfg, log, web.Token)
	if err == nil {
		err = s.run(ctx, func() {
			log.Info("ready", "listen", s.cfg.Listen, "public_url", s.cfg.PublicURL, "version", version)
		})
	}
	return w.ended(err)
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
