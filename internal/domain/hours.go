package domain

import (
	"iter"
	"slices"
	"time"
)

// WorkingHours are the hours of the week in which messages may go. Hours that end before
// they begin go on past midnight, and belong to the day on which they begin.
type WorkingHours struct {
	Days     []string // "mon" … "sun"; nil: Monday to Friday
	From, To string   // "09:00"; To may be "24:00"
	TimeZone string   // IANA, or Recipient; empty: the service's own, see Policy.FillZone
}

// Recipient as the time zone of working hours means each recipient's own.
const Recipient = "recipient"

// weekdays are the names of the days, by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// normalized is a copy in which each day stands once, and those left out are filled in.
func (h WorkingHours) normalized() *WorkingHours {
	h.Days = unique(h.Days)
	if h.Days == nil {
		h.Days = slices.Clone(weekdays[time.Monday : time.Friday+1])
	}
	return &h
}

// unique is the list with each item once, in the order of their first places; nil stays nil.
func unique[T comparable](list []T) []T {
	if list == nil {
		return nil
	}
	once := make([]T, 0, len(list))
	seen := make(map[T]bool, len(list))
	for _, item := range list {
		if !seen[item] {
			once, seen[item] = append(once, item), true
		}
	}
	return once
}

// check finds what is wrong. What passes has an opening in any 30 days: one day of each
// week at least, and a change of the clock swallows it once in a while at most.
func (h WorkingHours) check(f *faults) {
	if h.Days != nil && len(h.Days) == 0 {
		f.add("delivery.working_hours.days", "Name at least one day, for example mon, or leave the days out for Monday to Friday.")
	}
	for _, day := range h.Days {
		if !slices.Contains(weekdays, day) {
			f.add("delivery.working_hours.days", "%q is not a day. Write mon, tue, wed, thu, fri, sat or sun.", day)
			break
		}
	}
	from, okFrom := clockTime(h.From)
	if okFrom = okFrom && from < wholeDay; !okFrom {
		f.add("delivery.working_hours.from", "Write a time of the day between 00:00 and 23:59, for example 09:00.")
	}
	to, okTo := clockTime(h.To)
	if !okTo {
		f.add("delivery.working_hours.to", "Write a time of the day between 00:00 and 24:00, for example 18:00.")
	}
	if okFrom && okTo && from == to {
		f.add("delivery.working_hours.to", "The hours are empty: they end when they begin. For whole days write 00:00 to 24:00.")
	}
	if _, ok := loadZone(h.TimeZone); !ok && h.TimeZone != Recipient && h.TimeZone != "" {
		f.add("delivery.working_hours.time_zone", "%q is not a time zone known here. Write one like Europe/Paris, or recipient for each person's own.", h.TimeZone)
	}
}

const wholeDay = 24 * time.Hour

// clockTime reads "09:00" as the time since midnight; "24:00" is the midnight that ends the day.
func clockTime(text string) (time.Duration, bool) {
	if text == "24:00" {
		return wholeDay, true
	}
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, true
}

// maxZoneName is longer than any name there is ("America/Argentina/ComodRivadavia").
const maxZoneName = 64

// loadZone finds an IANA zone. The machine's own ("Local") and no name at all are no zones.
func loadZone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > maxZoneName {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// week is working hours, read: each of the days has one opening.
type week struct {
	days     [7]bool       // by time.Weekday
	from, to time.Duration // since the day's midnight; to may lie on the next day
}

// everyDay is open all the time, one opening a calendar day.
var everyDay = week{days: [7]bool{true, true, true, true, true, true, true}, to: wholeDay}

// week reads the hours. Those that check refuses never open: a campaign must not go outside
// the hours its author set.
func (h WorkingHours) week() week {
	h.TimeZone = "" // on another machine it may be unknown; the hours can be read all the same
	var wrong faults
	if h.check(&wrong); wrong.err() != nil {
		return week{}
	}
	var w week
	for _, day := range h.normalized().Days {
		w.days[slices.Index(weekdays, day)] = true
	}
	w.from, _ = clockTime(h.From)
	w.to, _ = clockTime(h.To)
	if w.to < w.from {
		w.to += wholeDay
	}
	return w
}

// opening is a time in which messages may go: from begin until just before end.
type opening struct{ begin, end time.Time }

// lookahead is how many days openings are looked for: the longest spread, and its edges.
const lookahead = int(MaxSpread/wholeDay) + 2

// openings are those that end after a time, in order, as far as lookahead. They never
// overlap; those of neighbouring days may touch and are two all the same.
func (w week) openings(after time.Time, zone *time.Location) iter.Seq[opening] {
	return func(yield func(opening) bool) {
		year, month, today := after.In(zone).Date()
		for ahead := -1; ahead <= lookahead; ahead++ { // yesterday's may go on past midnight
			midnight := time.Date(year, month, today+ahead, 0, 0, 0, 0, time.UTC)
			if !w.days[midnight.Weekday()] {
				continue
			}
			o := opening{instant(midnight.Add(w.from), zone), instant(midnight.Add(w.to), zone)}
			if o.begin.Before(o.end) && o.end.After(after) && !yield(o) {
				return
			}
		}
	}
}

// current is the opening of that time, or else the next one.
func (w week) current(at time.Time, zone *time.Location) opening {
	for o := range w.openings(at, zone) {
		return o
	}
	return never(at)
}

// next is the first opening that begins after that time.
func (w week) next(at time.Time, zone *time.Location) opening {
	for o := range w.openings(at, zone) {
		if o.begin.After(at) {
			return o
		}
	}
	return never(at)
}

// never stands for the next opening of hours that have none, so that they are looked at
// again once in a while.
func never(at time.Time) opening {
	at = at.Add(MaxSpread).UTC().Truncate(time.Millisecond)
	return opening{at, at}
}

// instant is when clocks in the zone show a wall time, which is given as if in UTC. A time
// that the clock skips is the moment it skips it; of one shown twice it is the first.
func instant(wall time.Time, zone *time.Location) time.Time {
	year, month, day := wall.Date()
	at := time.Date(year, month, day, wall.Hour(), wall.Minute(), 0, 0, zone)
	_, offset := at.Zone()
	since, until := at.ZoneBounds()
	switch shown := at.Unix() + int64(offset); {
	case shown > wall.Unix(): // skipped, and counted with the offset before the change
		return since.UTC()
	case shown < wall.Unix(): // skipped, and counted with the one after it
		return until.UTC()
	}
	_, before := since.Add(-time.Second).Zone()
	if earlier := at.Add(time.Duration(offset-before) * time.Second); earlier.Before(since) {
		return earlier.UTC()
	}
	return at.UTC()
}

// nextHour is when clocks in the zone next show a full hour, strictly after a time.
func nextHour(after time.Time, zone *time.Location) time.Time {
	local := after.In(zone)
	_, offset := local.Zone()
	hour := hourAfter(local.Unix(), offset)
	if _, change := local.ZoneBounds(); !change.IsZero() && hour >= change.Unix() {
		_, offset = change.Zone()
		hour = hourAfter(change.Unix()-1, offset) // the change itself may make it one
	}
	return time.Unix(hour, 0).UTC()
}

func hourAfter(unix int64, offset int) int64 {
	const hour = 3600
	return ((unix+int64(offset))/hour+1)*hour - int64(offset)
}
