package simulator

import "time"

// presence is what Graph says of somebody (graph 3).
type presence struct{ availability, activity string }

// weighted is a presence, and how many of a hundred people have it.
type weighted struct {
	presence
	weight int
}

func presenceMix() []weighted {
	return []weighted{
		{presence{"Available", "Available"}, 40},
		{presence{"Available", "OutOfOffice"}, 2},
		{presence{"AvailableIdle", "Available"}, 3},
		{presence{"Busy", "InAMeeting"}, 9},
		{presence{"Busy", "InACall"}, 5},
		{presence{"Busy", "Busy"}, 6},
		{presence{"BusyIdle", "Busy"}, 2},
		{presence{"Away", "Away"}, 9},
		{presence{"BeRightBack", "BeRightBack"}, 3},
		{presence{"DoNotDisturb", "DoNotDisturb"}, 3},
		{presence{"DoNotDisturb", "Presenting"}, 3},
		{presence{"Offline", "Offline"}, 9},
		{presence{"Offline", "OffWork"}, 4},
		{presence{"PresenceUnknown", "PresenceUnknown"}, 2},
	}
}

// Presence is what Graph says of a person now: "" for both on Skype, whom it does
// not know.
func (s *Simulator) Presence(i int) (availability, activity string) {
	if s.people.isSkype(i) {
		return "", ""
	}
	s.mu.Lock()
	p, pinned := s.pinned[i]
	s.mu.Unlock()
	if !pinned {
		p = s.people.presence(i, s.opt.Now())
	}
	return p.availability, p.activity
}

// SetPresence keeps a person's presence as it is told, whatever the time. An empty
// availability lets them come and go again.
func (s *Simulator) SetPresence(i int, availability, activity string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if availability == "" {
		delete(s.pinned, i)
		return
	}
	s.pinned[i] = presence{availability, activity}
}

// presence follows from the seed, the person and the time alone. Each person has a
// pace, three to ten minutes, at which it is drawn anew.
func (d *directory) presence(i int, now time.Time) presence {
	pace := d.draw(drawPresencePace, i)
	minutes := 3 + pace%8
	phase := pace >> 32 % (minutes * 60) // so that not everybody moves at once
	turn := (uint64(now.Unix()) + phase) / (minutes * 60)
	at := pick(chance(d.seed, drawPresence, uint64(i), turn), 100)
	mix := presenceMix()
	for _, w := range mix {
		if at -= w.weight; at < 0 {
			return w.presence
		}
	}
	return mix[0].presence
}
