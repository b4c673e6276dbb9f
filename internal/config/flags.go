package config

import (
	"errors"
	"flag"
	"io"
	"strings"
)

// parseFlags gives the settings' flags by name, and what is wrong with the
// arguments. It goes on after a fault, so that all are found. The error is
// [flag.ErrHelp].
func parseFlags(command string, args []string, all []setting, extra func(*flag.FlagSet)) (map[string]string, Faults, error) {
	given := map[string]string{}
	var faults Faults
	set := flagSet(command, all, given, extra)
	set.VisitAll(func(f *flag.Flag) { f.Value = reporting{f.Value, f.Name, &faults} })
	for {
		err := set.Parse(args)
		rest := set.Args()
		switch {
		case errors.Is(err, flag.ErrHelp):
			return nil, nil, flag.ErrHelp
		case err != nil:
			last := max(len(args)-len(rest), 1) - 1 // the flag package leaves what it can't read at all, such as --=x
			faults = append(faults, flagFault(set, args[last]))
			args = withoutValue(args[last+1:])
		case len(rest) > 0:
			faults = append(faults, Fault{Problem: quote(rest[0]) + " belongs to no flag"})
			args = rest[1:]
		default:
			return given, faults, nil
		}
	}
}

// flagSet registers the command's own flags and the settings'.
func flagSet(command string, all []setting, given map[string]string, extra func(*flag.FlagSet)) *flag.FlagSet {
	set := flag.NewFlagSet(command, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	if extra != nil {
		extra(set)
	}
	for _, s := range all {
		keep := func(text string) error { given[s.flag()] = text; return nil }
		if s.isSwitch {
			set.BoolFunc(s.flag(), s.help, keep)
		} else {
			set.Func(s.flag(), s.help, keep)
		}
	}
	return set
}

// reporting is a flag that keeps a bad value as a fault instead of stopping there.
type reporting struct {
	flag.Value
	name   string
	faults *Faults
}

// Set implements [flag.Value].
func (r reporting) Set(text string) error {
	if err := r.Value.Set(text); err != nil {
		*r.faults = append(*r.faults, Fault{Variable: "--" + r.name, Problem: quote(text) + " is no value for it: " + err.Error()})
	}
	return nil
}

// IsBoolFlag tells the flag package whether the flag may stand without a value.
func (r reporting) IsBoolFlag() bool {
	b, ok := r.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// flagFault says what is wrong with an argument that could not be read: a flag
// that does not exist, or one without its value.
func flagFault(set *flag.FlagSet, argument string) Fault {
	name, _, _ := strings.Cut(strings.TrimLeft(argument, "-"), "=")
	fault := Fault{Variable: "--" + name, Problem: "there is no such flag; see crier " + set.Name() + " --help"}
	if set.Lookup(name) != nil {
		fault.Problem = "it stands without a value"
	} else if near := nearest(set, name); near != "" {
		fault.Problem = "there is no such flag; did you mean --" + near + "?"
	}
	return fault
}

// withoutValue drops what looks like the value of the flag that was at fault.
func withoutValue(rest []string) []string {
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return rest[1:]
	}
	return rest
}

// nearest is the flag whose name takes the fewest changes from name; empty when
// more than half of it would change.
func nearest(set *flag.FlagSet, name string) string {
	best, fewest := "", len(name)/2+1
	set.VisitAll(func(f *flag.Flag) {
		if d := distance(name, f.Name); d < fewest {
			best, fewest = f.Name, d
		}
	})
	return best
}

// distance counts the letters to add, drop or change to get from a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
