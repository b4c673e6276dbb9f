package manifest

import "strings"

// Fault is one thing that Teams would refuse, or that would not work in it.
type Fault struct {
	Where   string // public URL, manifest.json version, fr.json
	Problem string
	Remedy  string // what to do
}

// String is the fault in one line.
func (f Fault) String() string { return f.Where + ": " + f.Problem + "; " + f.Remedy }

// Faults is all of them, as one error: a line a fault.
type Faults []Fault

// Error gives one line a fault, without a newline at the end.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

func (f *Faults) add(where, problem, remedy string) {
	*f = append(*f, Fault{where, problem, remedy})
}
