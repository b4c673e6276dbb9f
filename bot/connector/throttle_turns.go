package connector

import "time"

// turns are those that were taken and not used yet, in their order: few runs, each of as many turns
// as a high rate has in a moment.
type turns []run

// run is n turns, interval apart.
type run struct {
	first    time.Time
	n        int
	interval time.Duration
}

func (r run) last() time.Time { return r.first.Add(time.Duration(r.n-1) * r.interval) }

// without is what is left of a run after its first turns, not more than it has.
func (r run) without(n int) run {
	return run{r.first.Add(time.Duration(n) * r.interval), r.n - n, r.interval}
}

func (s turns) count() int {
	n := 0
	for _, r := range s {
		n += r.n
	}
	return n
}

// last is the last turn, or the zero time.
func (s turns) last() time.Time {
	if len(s) == 0 {
		return time.Time{}
	}
	return s[len(s)-1].last()
}

// next is the first turn.
func (s turns) next() (time.Time, bool) {
	if len(s) == 0 {
		return time.Time{}, false
	}
	return s[0].first, true
}

// use takes the first turn away.
func (s turns) use() turns {
	if s[0].n == 1 {
		return s[1:]
	}
	s[0] = s[0].without(1)
	return s
}

// since is what is left of them without those before a time.
func (s turns) since(earliest time.Time) turns {
	for len(s) > 0 && s[0].last().Before(earliest) {
		s = s[1:]
	}
	if len(s) > 0 && s[0].first.Before(earliest) {
		gone := earliest.Sub(s[0].first)
		s[0] = s[0].without(int((gone + s[0].interval - 1) / s[0].interval))
	}
	return s
}
