package domain

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math/bits"
	"slices"
	"sync"
	"time"
)

// Somebody who is not there is tried in cycles: at a drawn time, a pause later, and at the
// next full hour; the next cycle is on the next working day.
const (
	MaxPresenceTries = 3 * triesInCycle
	triesInCycle     = 3
	presencePause    = 10 * time.Minute
)

// maxZones bounds how many zones a timetable remembers. There are about 600; recipients
// may name any number that do not exist.
const maxZones = 1024

// Timetable is when the messages of one campaign may go: its policy and start, in the
// zones of its recipients. It is safe for concurrent use.
//
// A zone parameter is the recipient's own (IANA). It counts where the hours are the
// recipient's or there are none; where it is not known, the timetable's stands in. All
// draws are a matter of the ids and the try alone, so that a restart draws the same.
type Timetable struct {
	Policy
	campaignID int64
	start      time.Time
	week       week
	own        bool   // each recipient's own zone counts
	home       *place // where it does not, or is not known
	mu         sync.RWMutex
	places     map[string]*place // by the recipients' zones
}

// place is a zone with the times that first turns are drawn from there.
type place struct {
	zone   *time.Location
	window func() window
}

// NewTimetable makes a timetable. zone (IANA) stands for a recipient's where that is
// unknown; where it is unknown itself, UTC does.
func NewTimetable(p Policy, campaignID int64, start time.Time, zone string) *Timetable {
	t := &Timetable{Policy: p, campaignID: campaignID, week: everyDay, own: true, places: map[string]*place{}}
	t.start = start.Add(time.Millisecond - 1).UTC().Truncate(time.Millisecond)
	home, ok := loadZone(zone)
	if !ok {
		home = time.UTC
	}
	if h := p.Hours; h != nil {
		t.week, t.own = h.week(), h.TimeZone == Recipient
		if fixed, ok := loadZone(h.TimeZone); ok {
			home = fixed
		}
	}
	t.home = t.newPlace(home)
	return t
}

// First is a person's planned time: drawn evenly over the part of the spread that lies in
// the hours. Where they do not meet it lies in the first opening after the start, no
// further into it than the spread is long.
func (t *Timetable) First(personID int64, zone string) time.Time {
	var b [16]byte
	hash := draw(t.ids(b[:0], personID))
	if t.Hours == nil {
		return t.start.Add(share(hash, t.Spread))
	}
	return t.place(zone).window().at(hash)
}

// Ends is by when every first turn has come; a close upper bound where the hours are the
// recipients' own.
func (t *Timetable) Ends() time.Time {
	if t.Hours == nil {
		return t.start.Add(t.Spread)
	}
	if !t.own {
		return t.home.window().end
	}
	var last time.Time
	for hour := -12; hour <= 14; hour++ { // the clocks of the world
		last = later(last, t.windowIn(time.FixedZone("", hour*3600)).end)
	}
	const between, summerTime = time.Hour, time.Hour // zones off the full hour, and a change of the clock
	return last.Add(between + summerTime)
}

// Open says whether a message may go to somebody in that zone at that time.
func (t *Timetable) Open(at time.Time, zone string) bool { return t.OpensAt(at, zone).IsZero() }

// OpensAt is when the next opening begins; zero while it is open.
func (t *Timetable) OpensAt(now time.Time, zone string) time.Time {
	if t.Hours == nil {
		return time.Time{}
	}
	if o := t.week.current(now, t.place(zone).zone); o.begin.After(now) {
		return o.begin
	}
	return time.Time{}
}

// After is when that much open time has passed since a time: a close estimate where a change
// of the clock lies between. Where the hours are the recipients' own somebody's are nearly
// always open, and all time counts.
func (t *Timetable) After(open time.Duration, from time.Time) time.Time {
	if t.Hours == nil || t.own {
		return from.Add(open)
	}
	// Whole weeks are jumped over: a small cap makes thousands of them.
	if week := t.week.length(); open > week && week > 0 {
		weeks := (open - 1) / week
		from, open = from.In(t.home.zone).AddDate(0, 0, 7*int(weeks)), open-weeks*week
	}
	for o := range t.week.openings(from, t.home.zone) {
		begin := later(o.begin, from)
		if length := o.end.Sub(begin); length < open {
			open -= length
			continue
		}
		return begin.Add(open).UTC()
	}
	return never(from).begin
}

// length is how long it is open in a week.
func (w week) length() (sum time.Duration) {
	for _, open := range w.days {
		if open {
			sum += w.to - w.from
		}
	}
	return sum
}

// Reopens is when a try that falls outside working hours is made instead, after that many
// tries: drawn over the next opening, or with no spread as soon as it begins. While it is
// open it is now.
func (t *Timetable) Reopens(personID int64, zone string, tries int, now time.Time) time.Time {
	opens := t.OpensAt(now, zone)
	switch {
	case opens.IsZero():
		return now
	case t.Spread <= 0:
		return opens
	}
	return t.drawNext(personID, zone, tries, now)
}

// Again is when somebody who was not there is tried again after that many tries (1: the
// first), and whether there is another try at all. A time outside the hours moves to a
// fresh draw in the next opening.
func (t *Timetable) Again(personID int64, zone string, tries int, now time.Time) (time.Time, bool) {
	if tries >= MaxPresenceTries {
		return time.Time{}, false
	}
	var at time.Time
	switch tries % triesInCycle {
	case 1:
		at = now.Add(presencePause).UTC().Truncate(time.Millisecond)
	case 2:
		at = nextHour(now, t.place(zone).zone)
	default:
		return t.drawNext(personID, zone, tries, now), true
	}
	if t.Open(at, zone) {
		return at, true
	}
	return t.drawNext(personID, zone, tries, at), true
}

// drawNext draws a time in the next opening that begins after that time.
func (t *Timetable) drawNext(personID int64, zone string, tries int, after time.Time) time.Time {
	var b [24]byte
	hash := draw(binary.BigEndian.AppendUint64(t.ids(b[:0], personID), uint64(tries)))
	o := t.week.next(after, t.place(zone).zone)
	return o.begin.Add(share(hash, o.end.Sub(o.begin)))
}

// place is where somebody with that zone is.
func (t *Timetable) place(zone string) *place {
	if !t.own || zone == "" || len(zone) > maxZoneName {
		return t.home
	}
	t.mu.RLock()
	p := t.places[zone]
	t.mu.RUnlock()
	if p == nil {
		p = t.remember(zone)
	}
	return p
}

func (t *Timetable) remember(zone string) *place {
	p := t.home
	if own, ok := loadZone(zone); ok {
		p = t.newPlace(own)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for other := range t.places {
		if len(t.places) < maxZones {
			break
		}
		delete(t.places, other)
	}
	t.places[zone] = p
	return p
}

func (t *Timetable) newPlace(zone *time.Location) *place {
	return &place{zone: zone, window: sync.OnceValue(func() window { return t.windowIn(zone) })}
}

// window is the time that first turns are drawn from: stretches in order, which do not overlap.
type window struct {
	stretches []stretch
	total     time.Duration
	end       time.Time
}

type stretch struct {
	begin time.Time
	skip  time.Duration // the length of the stretches before it
}

// windowIn is what the spread and the hours have in common in a zone, or where they do not
// meet the first opening after the start.
func (t *Timetable) windowIn(zone *time.Location) window {
	var w window
	end := t.start.Add(t.Spread)
	for o := range t.week.openings(t.start, zone) {
		begin := later(o.begin, t.start)
		if begin.Before(end) {
			w.add(begin, earlier(o.end, end))
			continue
		}
		if w.stretches == nil {
			w.add(begin, earlier(o.end, begin.Add(t.Spread)))
		}
		return w
	}
	if w.stretches == nil {
		o := never(t.start)
		w.add(o.begin, o.end)
	}
	return w
}

func (w *window) add(begin, end time.Time) {
	w.stretches = append(w.stretches, stretch{begin, w.total})
	w.total += end.Sub(begin)
	w.end = end
}

// at is the drawn time.
func (w window) at(hash uint64) time.Time {
	after := share(hash, w.total)
	i, found := slices.BinarySearchFunc(w.stretches, after, func(s stretch, after time.Duration) int { return cmp.Compare(s.skip, after) })
	if !found {
		i--
	}
	return w.stretches[i].begin.Add(after - w.stretches[i].skip)
}

func (t *Timetable) ids(b []byte, personID int64) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.campaignID))
	return binary.BigEndian.AppendUint64(b, uint64(personID))
}

// draw turns ids into a number that any of 64 bits may be.
func draw(ids []byte) uint64 {
	h := fnv.New64a()
	h.Write(ids)
	return mix(h.Sum64())
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

// share is the part of a length that a number drawn evenly stands for: whole milliseconds,
// less than the length.
func share(hash uint64, length time.Duration) time.Duration {
	part, _ := bits.Mul64(hash, uint64(max(length, 0)/time.Millisecond))
	return time.Duration(part) * time.Millisecond
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
