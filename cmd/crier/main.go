// Command crier reaches every employee in Microsoft Teams, asks them, and knows what
// happened. One file a subcommand; see crier help.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"crier/internal/config"
)

// Set by the linker; see the Makefile.
var (
	version = "dev"
	commit  = "unknown"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // bad configuration or an unknown command
)

// world is what a command may touch.
type world struct {
	args           []string // after the command's name
	getenv         func(string) string
	stdout, stderr io.Writer
}

type command struct {
	name, summary string
	run           func(ctx context.Context, w world) int
}

func commands() []command {
	return []command{
		{"serve", "the bot endpoint, the web console, the API, the scheduler and the delivery engine", serve},
		{"demo", "all of that with a simulated Teams tenant: nothing else is needed", demo},
		{"simulate", "only the simulated Teams, for load tests of a bot", simulate},
		{"manifest", "write the Teams app package of the configured bot", writeManifest},
		{"doctor", "look at the configuration from end to end, and say how to mend what is wrong", runDoctor},
		{"migrate", "bring the database's schema up to date (up), or show how it stands (status)", migrate},
		{"version", "print the version", printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run is the program: it answers the exit code. Cancelling ctx stops it gracefully.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(stdout)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, world{args: args[1:], getenv: getenv, stdout: stdout, stderr: stderr})
		}
	}
	fmt.Fprintf(stderr, "crier: there is no command %q\n\n", args[0])
	usage(stderr)
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Crier reaches every employee in Microsoft Teams, asks them, and knows what happened.\n\nusage: crier <command> [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\n\"crier <command> --help\" lists a command's flags and variables. To look around: crier demo\n")
}

// settings reads a command's configuration. ok is false when there is nothing more to do,
// with the exit code: help was asked for, or something is wrong with it.
func (w world) settings(name string, extra func(*flag.FlagSet)) (cfg config.Config, code int, ok bool) {
	cfg, err := config.Load(name, w.args, w.getenv, extra)
	switch {
	case err == nil:
		return cfg, exitOK, true
	case errors.Is(err, flag.ErrHelp):
		if err := config.Help(w.stdout, name, extra); err != nil {
			return cfg, exitFailed, false
		}
		return cfg, exitOK, false
	}
	fmt.Fprintln(w.stderr, err)
	return cfg, exitUsage, false
}

// logger writes to standard error, as the configuration says.
func (w world) logger(cfg config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == config.LogJSON {
		return slog.New(slog.NewJSONHandler(w.stderr, options))
	}
	return slog.New(slog.NewTextHandler(w.stderr, options))
}

// failed reports what stopped a command.
func (w world) failed(err error) int {
	fmt.Fprintf(w.stderr, "crier: %v\n", err)
	return exitFailed
}
