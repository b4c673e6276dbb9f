package cards

import "crier/internal/domain"

// waiting is why nothing goes and when it goes on, in the reader's zone; empty where it goes.
// What is paused says so in its status.
func (p *pen) waiting(r domain.Progress, zone string) string {
	why := r.Waiting.Explain()
	if why.Format == "" || r.Waiting == domain.WaitPaused {
		return ""
	}
	text := p.Text(why.Format, why.Args...)
	switch {
	case r.Until.IsZero():
		return text
	case r.Waiting == domain.WaitScheduled:
		return p.Text("It starts at %s.", p.clock(r.Until, zone))
	}
	return p.Text("%s It goes on at %s.", text, p.clock(r.Until, zone))
}
