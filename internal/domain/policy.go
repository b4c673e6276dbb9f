package domain

import (
	"encoding/binary"
	"hash/fnv"
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

// WorkingHours are the hours of the week in which messages may go.
type WorkingHours struct {
	Days     []string // "mon" … "sun"
	From, To string   // "09:00"
	TimeZone string   // IANA, or "recipient"
}

// Presence is whether somebody is there.
type Presence string

// The presences a campaign may wait for.
const (
	Available Presence = "available"
	Away      Presence = "away"
	Busy      Presence = "busy"
)

func (p *Policy) normalize() {
	if p.OnUncertain == "" {
		p.OnUncertain = Resend
	}
}

func (p Policy) check(f *faults) {
	if p.Spread < 0 || p.Spread > MaxSpread {
		f.add("delivery.spread", "The spread is between 0s and 720h.")
	}
	if p.OnUncertain != Resend && p.OnUncertain != Hold {
		f.add("delivery.on_uncertain", "on_uncertain is resend or hold.")
	}
	// Refused rather than ignored: a campaign must never go outside the hours its author set.
	if p.Hours != nil {
		f.add("delivery.working_hours", "This version does not keep working hours yet; leave them out.")
	}
	if len(p.Presence) > 0 {
		f.add("delivery.presence", "This version does not ask for presence yet; leave it out.")
	}
	if p.MaxPerHour != 0 {
		f.add("delivery.max_per_hour", "This version has no cap an hour yet; leave it out.")
	}
}

// DueAt is when a person's turn comes: drawn evenly over the spread from the campaign
// and the person alone, so that a restart draws the same.
func (p Policy) DueAt(start time.Time, campaignID, personID int64) time.Time {
	if p.Spread <= 0 {
		return start
	}
	h := fnv.New64a()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(campaignID))
	binary.BigEndian.PutUint64(b[8:], uint64(personID))
	h.Write(b[:])
	share := float64(mix(h.Sum64())>>11) / (1 << 53)
	return start.Add(time.Duration(share * float64(p.Spread)).Truncate(time.Millisecond))
}

// mix spreads the hash's last bytes over all bits (the finalizer of SplitMix64);
// FNV alone leaves neighbouring ids close together.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
