package domain

import "time"

// Timetable is when the messages of one campaign may go: its policy and start, in the
// zones of its recipients. It is safe for concurrent use.
type Timetable struct {
	Policy
	campaignID int64
	start      time.Time
	zone       string // of recipients whose own is not known, IANA
}

// NewTimetable makes a timetable. zone (IANA) stands for a recipient's where that is unknown.
func NewTimetable(p Policy, campaignID int64, start time.Time, zone string) *Timetable {
	return &Timetable{Policy: p, campaignID: campaignID, start: start, zone: zone}
}

// First is a person's planned time.
func (t *Timetable) First(personID int64, zone string) time.Time {
	return t.DueAt(t.start, t.campaignID, personID)
}

// Open says whether a message may go to somebody in that zone at that time.
func (t *Timetable) Open(at time.Time, zone string) bool { return true }

// Reopens is when a try that falls outside working hours is made instead.
func (t *Timetable) Reopens(personID int64, zone string, tries int, now time.Time) time.Time {
	return now
}

// Again is when somebody who was not there is tried again after that many tries (1: the
// first), and whether there is another try at all.
func (t *Timetable) Again(personID int64, zone string, tries int, now time.Time) (time.Time, bool) {
	return now, true
}
