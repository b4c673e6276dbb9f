package config

import "strings"

// Fault is one thing that is wrong with the configuration.
type Fault struct {
	Variable string // CRIER_LISTEN; for a flag that is no setting --users; empty for an argument that belongs nowhere
	Problem  string // what is wrong, never with the value of a secret
	Example  string // a value that would do
}

// Faults is all that is wrong, as one error: a line a fault.
type Faults []Fault

// Error gives one line a fault, without a newline at the end.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// String is the fault in one line.
func (f Fault) String() string {
	line := f.Problem
	if f.Variable != "" {
		line = f.Variable + ": " + line
	}
	if f.Example != "" {
		line += " (example: " + f.Example + ")"
	}
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(line)
}

// names reports whether one of the faults is about the variable.
func (f Faults) names(variable string) bool {
	for _, fault := range f {
		if fault.Variable == variable {
			return true
		}
	}
	return false
}
