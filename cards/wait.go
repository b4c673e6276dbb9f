package cards

import "crier/internal/domain"

// Why says in plain words why nothing of a campaign goes at the moment; empty where it goes.
func Why(w domain.Wait) domain.Text {
	switch w {
	case domain.WaitThrottled:
		return domain.Say("Teams asked us to slow down.")
	case domain.WaitHours:
		return domain.Say("Waiting for working hours.")
	case domain.WaitCap:
		return domain.Say("Held back by its cap of messages an hour.")
	case domain.WaitPresence:
		return domain.Say("Microsoft Graph does not say who is there just now.")
	case domain.WaitDatabase:
		return domain.Say("The database does not answer. Nothing more is sent until it does.")
	case domain.WaitPaused:
		return domain.Say("Paused until somebody resumes it.")
	case domain.WaitScheduled:
		return domain.Say("Waiting for its start.")
	case domain.WaitDue:
		return domain.Say("Waiting for the next recipient's time.")
	}
	return domain.Text{}
}

// waiting is why nothing goes and when it goes on, in the reader's zone; empty where it goes.
// What is paused says so in its status.
func (p *pen) waiting(r domain.Progress, zone string) string {
	why := Why(r.Waiting)
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
