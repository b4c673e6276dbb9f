package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"crier/internal/store"
)

// migrate is "crier migrate up|status".
func migrate(ctx context.Context, w world) int {
	action := ""
	if len(w.args) > 0 && (w.args[0] == "up" || w.args[0] == "status") {
		action, w.args = w.args[0], w.args[1:]
	}
	cfg, code, ok := w.settings("migrate", nil)
	if !ok {
		return code
	}
	if action == "" {
		fmt.Fprintln(w.stderr, "crier: say what to do: crier migrate up, or crier migrate status")
		return exitUsage
	}
	if path, sqlite := strings.CutPrefix(cfg.DatabaseURL.Reveal(), "sqlite:"); sqlite && action == "status" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(w.stdout, "there is no database at %s yet; crier serve or crier migrate up makes one\n", path)
			return exitOK
		}
	}
	db, err := store.Open(ctx, cfg.DatabaseURL.Reveal(), 2)
	if err != nil {
		return w.failed(err)
	}
	defer db.Close()
	if action == "status" {
		return w.migrationStatus(ctx, db)
	}
	applied, err := db.Migrate(ctx)
	if err != nil {
		return w.failed(err)
	}
	for _, name := range applied {
		fmt.Fprintln(w.stdout, "applied", name)
	}
	fmt.Fprintln(w.stdout, "the schema is up to date")
	return exitOK
}

func (w world) migrationStatus(ctx context.Context, db *store.DB) int {
	list, err := db.Migrations(ctx)
	if err != nil {
		return w.failed(err)
	}
	for _, m := range list {
		state := "pending"
		if m.Applied {
			state = "applied"
		}
		fmt.Fprintf(w.stdout, "%-8s %s\n", state, m.Name)
	}
	return exitOK
}
