package config

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Help writes the flags of a command, its own first, then the settings with
// their variables and defaults. Pass what [Load] gets.
func Help(w io.Writer, command string, extra func(*flag.FlagSet)) error {
	p := printer{w: w}
	p.printf("Usage: crier %s [flags]\n", command)
	own := flag.NewFlagSet(command, flag.ContinueOnError)
	if extra != nil {
		extra(own)
		p.printf("\nFlags:\n")
	}
	own.VisitAll(func(f *flag.Flag) {
		dashes := strings.Repeat("-", min(2, len(f.Name))) // one before a single letter, as people type it
		p.printf("  %s%s\n        %s%s\n", dashes, f.Name, f.Usage, defaultOf(f.DefValue))
	})
	p.printf("\nSettings, each a flag or a variable of the environment; the flag wins:\n")
	for _, s := range settingsOf(command, &Config{}) {
		p.printf("  --%-24s %s\n        %s%s\n", s.flag(), s.variable(), s.help, defaultOf(s.standard))
	}
	return p.err
}

func defaultOf(value string) string {
	if cmp.Or(value, "false") == "false" {
		return ""
	}
	return fmt.Sprintf(" (default: %s)", value)
}

// printer writes until the first error, and keeps it.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}
