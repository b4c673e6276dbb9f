package domain

import (
	"slices"
	"time"
)

// OnUncertain is what to do with a send whose outcome was lost in a crash or a time-out.
type OnUncertain string

// Send it again (the default: nobody is missed, somebody may get it twice), or hold it
// (nobody gets it twice, the officer decides).
const (
	Resend OnUncertain = "resend"
	Hold   OnUncertain = "hold"
)

// MaxSpread is how long a campaign may be spread.
const MaxSpread = 30 * 24 * time.Hour

// Policy is how a campaign is delivered.
type Policy struct {
	StartAt     time.Time     // zero: when it is sent
	Spread      time.Duration // each recipient's time is drawn in it; 0: as fast as allowed
	Hours       *WorkingHours
	Presence    []Presence // empty: do not ask
	MaxPerHour  int        // 0: no cap
	OnUncertain OnUncertain
}

// Presence is whether somebody is there.
type Presence string

// The presences a campaign may wait for.
const (
	Available Presence = "available"
	Away      Presence = "away"
	Busy      Presence = "busy"
)

// MaxPerHour bounds the cap of messages an hour.
const MaxPerHour = 1_000_000

// FillZone sets the zone (IANA) of working hours that name none.
func (p *Policy) FillZone(zone string) {
	if p.Hours != nil && p.Hours.TimeZone == "" {
		hours := *p.Hours // another campaign may share them
		hours.TimeZone = zone
		p.Hours = &hours
	}
}

func (p *Policy) normalize() {
	if p.OnUncertain == "" {
		p.OnUncertain = Resend
	}
	if p.Hours != nil {
		p.Hours = p.Hours.normalized()
	}
	p.Presence = unique(p.Presence)
}

func (p Policy) check(f *faults) {
	if p.Spread < 0 || p.Spread > MaxSpread {
		f.add("delivery.spread", "The spread is between 0s and 720h.")
	}
	if p.OnUncertain != Resend && p.OnUncertain != Hold {
		f.add("delivery.on_uncertain", "on_uncertain is resend or hold.")
	}
	if p.Hours != nil {
		p.Hours.check(f)
	}
	known := []Presence{Available, Away, Busy}
	if i := slices.IndexFunc(p.Presence, func(one Presence) bool { return !slices.Contains(known, one) }); i >= 0 {
		f.add("delivery.presence", "%q is not a presence. Write available, away or busy.", string(p.Presence[i]))
	}
	if p.MaxPerHour < 0 || p.MaxPerHour > MaxPerHour {
		f.add("delivery.max_per_hour", "The cap is between 0 and %d messages an hour, for example 500; 0 means no cap.", MaxPerHour)
	}
}
