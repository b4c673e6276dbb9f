package domain

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A policy of any kind, a zone of any kind, at any time: what is always so.
func FuzzTimetable(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := anyPolicy(r)
		if err := message(func(c *Campaign) { c.Delivery = p }).Check(); err != nil {
			t.Fatal(err)
		}
		start := at(t, "2026-01-01 00:00 +0000").Add(time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour)))).Truncate(time.Millisecond)
		campaign := r.Int64N(1e6)
		timetable := NewTimetable(p, campaign, start, "America/St_Johns")
		t.Logf("policy %+v, hours %+v, start %s", p, p.Hours, start)
		for range 20 {
			person, zone := r.Int64N(1e9), anyZone(r)
			first := timetable.First(person, zone)
			holdsFirst(t, timetable, first, zone)
			if after := NewTimetable(p, campaign, start, "America/St_Johns").First(person, zone); !after.Equal(first) {
				t.Fatalf("after a restart %s, before %s", after, first)
			}
			climb(t, timetable, person, zone, first)
			holdsReopens(t, timetable, person, zone, first.Add(time.Duration(r.Int64N(int64(14*24*time.Hour)))))
		}
	})
}

func anyPolicy(r *rand.Rand) Policy {
	var p Policy
	p.Spread = []time.Duration{0, 1, time.Millisecond, time.Duration(r.Int64N(int64(time.Hour))), time.Duration(r.Int64N(int64(7 * 24 * time.Hour))), MaxSpread}[r.IntN(6)]
	if r.IntN(8) == 0 {
		return p
	}
	h := WorkingHours{TimeZone: append(slices.Clone(odd), "", Recipient, Recipient, Recipient)[r.IntN(len(odd)+4)]}
	from, length := r.IntN(24*60), 1+r.IntN(24*60-1)
	h.From = fmt.Sprintf("%02d:%02d", from/60, from%60)
	h.To = fmt.Sprintf("%02d:%02d", (from+length)/60%24, (from+length)%60)
	for _, day := range weekdays {
		if r.IntN(2) == 0 {
			h.Days = append(h.Days, day)
		}
	}
	p.Hours = &h
	return p
}

func anyZone(r *rand.Rand) string {
	return append(slices.Clone(odd), "", "Local", "nonsense", "../../etc/passwd")[r.IntN(len(odd)+4)]
}

// shows says whether the clock on the wall lies in the hours: what Open is held against.
func shows(h *WorkingHours, at time.Time, zone *time.Location) bool {
	if h == nil {
		return true
	}
	local := at.In(zone)
	clock, yesterday := local.Format("15:04"), local.AddDate(0, 0, -1).Weekday()
	on := func(day time.Weekday) bool {
		return slices.Contains(h.Days, weekdays[day]) || h.Days == nil && day != time.Saturday && day != time.Sunday
	}
	if h.From < h.To {
		return on(local.Weekday()) && h.From <= clock && clock < h.To
	}
	return on(local.Weekday()) && clock >= h.From || on(yesterday) && clock < h.To
}

func holdsFirst(t *testing.T, timetable *Timetable, first time.Time, zone string) {
	t.Helper()
	start, end := timetable.start, timetable.start.Add(timetable.Spread)
	where := timetable.place(zone).zone
	if first.Before(start) || first.Nanosecond()%1e6 != 0 || !timetable.Open(first, zone) {
		t.Fatalf("first at %s for %s", first, where)
	}
	if first.After(timetable.Ends()) {
		t.Fatalf("first at %s for %s, all ends at %s", first, where, timetable.Ends())
	}
	if !first.Before(end) && timetable.Spread > 0 { // then it was closed all the time
		if at := timetable.week.current(start, where); at.begin.Before(end) || first.Before(at.begin) || !first.Before(at.end) || first.Sub(at.begin) > timetable.Spread {
			t.Fatalf("first at %s for %s, it opens at %s", first, where, at.begin)
		}
	}
}

// climb walks the whole ladder.
func climb(t *testing.T, timetable *Timetable, person int64, zone string, now time.Time) {
	t.Helper()
	where := timetable.place(zone).zone
	for tries := 1; ; tries++ {
		next, again := timetable.Again(person, zone, tries, now)
		if again != (tries < 9) {
			t.Fatalf("after %d tries: another one is %v", tries, again)
		}
		if !again {
			return
		}
		if !next.After(now) || next.Nanosecond()%1e6 != 0 || !timetable.Open(next, zone) {
			t.Fatalf("try %d at %s, then at %s (%s)", tries, now, next, where)
		}
		begins := timetable.week.current(now, where).begin
		if tries%3 == 0 && !timetable.week.current(next, where).begin.After(begins) {
			t.Fatalf("a new cycle after %s in the same opening, at %s", now, next)
		}
		if quiet(now, where) && quiet(next, where) && !shows(timetable.Hours, next, where) {
			t.Fatalf("try %d at %s: closed by the clock (%s)", tries, next, next.In(where))
		}
		now = next
	}
}

// quiet says whether no change of the clock is near, by which hours begin or end elsewhere.
func quiet(at time.Time, zone *time.Location) bool {
	_, early := at.Add(-26 * time.Hour).In(zone).Zone()
	_, late := at.Add(26 * time.Hour).In(zone).Zone()
	return early == late
}

func holdsReopens(t *testing.T, timetable *Timetable, person int64, zone string, now time.Time) {
	t.Helper()
	where := timetable.place(zone).zone
	if quiet(now, where) && timetable.Open(now, zone) != shows(timetable.Hours, now, where) {
		t.Fatalf("at %s it is open: %v, the clock disagrees", now.In(where), timetable.Open(now, zone))
	}
	opens, again := timetable.OpensAt(now, zone), timetable.Reopens(person, zone, 4, now)
	if opens.IsZero() != timetable.Open(now, zone) || opens.IsZero() && !again.Equal(now) {
		t.Fatalf("at %s it is open: %v, opens at %s, goes on at %s", now, timetable.Open(now, zone), opens, again)
	}
	if !opens.IsZero() && (again.Before(opens) || !timetable.Open(opens, zone) || !timetable.Open(again, zone) || timetable.Open(opens.Add(-1), zone) || timetable.Spread == 0 && !again.Equal(opens)) {
		t.Fatalf("closed at %s, opens at %s, goes on at %s", now, opens, again)
	}
}
