package domain

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // on a machine without zones the tests know them too

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsWrongWithWorkingHours(t *testing.T) {
	t.Parallel()
	office := func(change func(*WorkingHours)) *WorkingHours {
		h := WorkingHours{Days: []string{"mon", "fri"}, From: "09:00", To: "18:00", TimeZone: "Europe/Paris"}
		change(&h)
		return &h
	}
	days := func(d ...string) *WorkingHours { return office(func(h *WorkingHours) { h.Days = d }) }
	span := func(from, to string) *WorkingHours {
		return office(func(h *WorkingHours) { h.From, h.To = from, to })
	}
	zone := func(name string) *WorkingHours { return office(func(h *WorkingHours) { h.TimeZone = name }) }
	tests := map[string]struct {
		hours  *WorkingHours
		blamed string
	}{
		"nothing":                  {office(func(*WorkingHours) {}), ""},
		"days left out":            {office(func(h *WorkingHours) { h.Days = nil }), ""},
		"no day":                   {office(func(h *WorkingHours) { h.Days = []string{} }), "days"},
		"a day twice":              {days("sun", "sat", "sun"), ""},
		"a day in full":            {days("mon", "tuesday", "whatever"), "days"},
		"a day in capitals":        {days("Mon"), "days"},
		"a day without a name":     {days(""), "days"},
		"all of the day":           {span("00:00", "24:00"), ""},
		"to midnight":              {span("18:00", "00:00"), ""},
		"over midnight":            {span("22:00", "06:00"), ""},
		"all but a minute":         {span("00:01", "00:00"), ""},
		"empty":                    {span("09:00", "09:00"), "to"},
		"empty at midnight":        {span("00:00", "00:00"), "to"},
		"from the end of the day":  {span("24:00", "06:00"), "from"},
		"no beginning":             {span("", "18:00"), "from"},
		"no end":                   {span("09:00", ""), "to"},
		"one digit":                {span("9:00", "18:00"), "from"},
		"one digit, as long":       {span("9:000", "18:00"), "from"},
		"seconds":                  {span("09:00", "18:00:00"), "to"},
		"an hour too many":         {span("09:00", "25:00"), "to"},
		"past the end of the day":  {span("09:00", "24:01"), "to"},
		"a minute too many":        {span("09:60", "18:00"), "from"},
		"an English time":          {span("09:00", "6:00pm"), "to"},
		"the service's zone":       {zone(""), ""},
		"the recipient's zone":     {zone("recipient"), ""},
		"UTC":                      {zone("UTC"), ""},
		"the machine's zone":       {zone("Local"), "time_zone"},
		"a zone that is not there": {zone("Europe/Atlantis"), "time_zone"},
		"a zone out of the folder": {zone("../Europe/Paris"), "time_zone"},
		"an endless zone":          {zone(strings.Repeat("Europe/", 5000)), "time_zone"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var blamed []string
			if test.blamed != "" {
				blamed = []string{"delivery.working_hours." + test.blamed}
			}
			blames(t, message(func(c *Campaign) { c.Delivery.Hours = test.hours }).Check(), blamed...)
		})
	}
}

// at is a local time such as "2026-03-29 03:00 +0200", with its offset, as in zone.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return when.UTC()
}

func in(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, ok := loadZone(name)
	if !ok {
		t.Fatalf("no zone %s", name)
	}
	return zone
}

// Openings begin and end as people read the clock, also in nights when it is changed.
func TestOpenings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		days, from, to, zone string
		after                string
		want                 []string
	}{
		"a week in Paris": {"", "09:00", "18:00", "Europe/Paris", "2026-09-03 12:00 +0200", []string{
			"2026-09-03 09:00 +0200 9h", "2026-09-04 09:00 +0200 9h", "2026-09-07 09:00 +0200 9h"}},
		"at the end it is over": {"", "09:00", "18:00", "Europe/Paris", "2026-09-04 18:00 +0200", []string{"2026-09-07 09:00 +0200 9h"}},
		"the weekend":           {"sat sun", "10:00", "24:00", "America/New_York", "2026-09-01 12:00 +0000", []string{"2026-09-05 10:00 -0400 14h", "2026-09-06 10:00 -0400 14h", "2026-09-12 10:00 -0400 14h"}},
		"whole days stay apart": {"mon tue", "00:00", "24:00", "Asia/Kolkata", "2026-09-07 00:00 +0530", []string{"2026-09-07 00:00 +0530 24h", "2026-09-08 00:00 +0530 24h", "2026-09-14 00:00 +0530 24h"}},
		"to midnight":           {"fri", "18:00", "00:00", "Europe/Paris", "2026-09-01 12:00 +0000", []string{"2026-09-04 18:00 +0200 6h", "2026-09-11 18:00 +0200 6h"}},
		"over midnight":         {"", "22:00", "06:00", "Europe/Paris", "2026-09-05 05:59 +0200", []string{"2026-09-04 22:00 +0200 8h", "2026-09-07 22:00 +0200 8h"}},
		"east of everybody":     {"mon", "09:00", "18:00", "Pacific/Kiritimati", "2026-09-06 12:00 +0000", []string{"2026-09-07 09:00 +1400 9h", "2026-09-14 09:00 +1400 9h"}},
		"west of everybody":     {"mon", "09:00", "18:00", "Pacific/Midway", "2026-09-08 04:00 +0000", []string{"2026-09-07 09:00 -1100 9h", "2026-09-14 09:00 -1100 9h"}},

		"Paris, spring, over the gap":       {"sat sun", "22:00", "06:00", "Europe/Paris", "2026-03-28 12:00 +0100", []string{"2026-03-28 22:00 +0100 7h", "2026-03-29 22:00 +0200 8h"}},
		"Paris, spring, from the gap":       {"sun", "02:30", "06:00", "Europe/Paris", "2026-03-28 12:00 +0100", []string{"2026-03-29 03:00 +0200 3h", "2026-04-05 02:30 +0200 3h30m"}},
		"Paris, spring, into the gap":       {"sat", "22:00", "02:30", "Europe/Paris", "2026-03-28 12:00 +0100", []string{"2026-03-28 22:00 +0100 4h", "2026-04-04 22:00 +0200 4h30m"}},
		"Paris, spring, all in the gap":     {"sun", "02:00", "03:00", "Europe/Paris", "2026-03-28 12:00 +0100", []string{"2026-04-05 02:00 +0200 1h"}},
		"Paris, autumn, over the hour":      {"sat", "22:00", "06:00", "Europe/Paris", "2026-10-24 12:00 +0200", []string{"2026-10-24 22:00 +0200 9h", "2026-10-31 22:00 +0100 8h"}},
		"Paris, autumn, from the hour":      {"sun", "02:30", "04:00", "Europe/Paris", "2026-10-24 12:00 +0200", []string{"2026-10-25 02:30 +0200 2h30m", "2026-11-01 02:30 +0100 1h30m"}},
		"Paris, autumn, into the hour":      {"sat", "22:00", "02:30", "Europe/Paris", "2026-10-24 12:00 +0200", []string{"2026-10-24 22:00 +0200 4h30m", "2026-10-31 22:00 +0100 4h30m"}},
		"New York, spring":                  {"sun", "02:15", "09:00", "America/New_York", "2026-03-07 12:00 -0500", []string{"2026-03-08 03:00 -0400 6h", "2026-03-15 02:15 -0400 6h45m"}},
		"New York, autumn":                  {"sun", "01:15", "09:00", "America/New_York", "2026-10-31 12:00 -0400", []string{"2026-11-01 01:15 -0400 8h45m", "2026-11-08 01:15 -0500 7h45m"}},
		"St. John's, spring":                {"sun", "02:15", "09:00", "America/St_Johns", "2026-03-07 12:00 -0330", []string{"2026-03-08 03:00 -0230 6h"}},
		"Lord Howe, spring, half an hour":   {"sun", "02:15", "09:00", "Australia/Lord_Howe", "2026-10-03 12:00 +1030", []string{"2026-10-04 02:30 +1100 6h30m"}},
		"Lord Howe, autumn, half an hour":   {"sun", "01:45", "09:00", "Australia/Lord_Howe", "2026-04-04 12:00 +1100", []string{"2026-04-05 01:45 +1100 7h45m"}},
		"Casablanca, before Ramadan":        {"sun", "02:30", "09:00", "Africa/Casablanca", "2026-02-14 12:00 +0100", []string{"2026-02-15 02:30 +0100 7h30m", "2026-02-22 02:30 +0000 6h30m"}},
		"Casablanca, after Ramadan":         {"sun", "02:30", "09:00", "Africa/Casablanca", "2026-03-21 12:00 +0000", []string{"2026-03-22 03:00 +0100 6h"}},
		"Apia, where a Friday was left out": {"thu fri sat", "09:00", "18:00", "Pacific/Apia", "2011-12-29 12:00 -1000", []string{"2011-12-29 09:00 -1000 9h", "2011-12-31 09:00 +1400 9h"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := WorkingHours{From: test.from, To: test.to}
			if test.days != "" {
				w.Days = strings.Fields(test.days)
			}
			var got, want []string
			for o := range w.week().openings(at(t, test.after), in(t, test.zone)) {
				got = append(got, o.begin.In(in(t, test.zone)).Format("2006-01-02 15:04 -0700 ")+o.end.Sub(o.begin).String())
				if len(got) == len(test.want) {
					break
				}
			}
			for _, line := range test.want {
				words := strings.Fields(line)
				length, err := time.ParseDuration(words[3])
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, strings.Join(words[:3], " ")+" "+length.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// odd are zones with something of their own.
var odd = []string{
	"UTC", "Europe/Paris", "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu",
	"Pacific/Kiritimati", "Pacific/Apia", "Pacific/Midway", "Pacific/Chatham", "Africa/Casablanca", "America/Nuuk", "America/Havana", "Asia/Beirut",
	"America/Sao_Paulo", "Antarctica/Troll", "Africa/Cairo", "Europe/Dublin", "Asia/Tehran",
}

// The clock on the wall is the judge: a wall time is the first instant at which it shows that
// time or, where it skips it, a later one. Looked at minute by minute around every change.
func TestWallTimesAroundAChangeOfTheClock(t *testing.T) {
	t.Parallel()
	for _, name := range odd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := in(t, name)
			for _, year := range []int{2011, 2018, 2026, 2027} {
				for _, change := range changes(zone, year) {
					checkWall(t, change, zone)
				}
			}
		})
	}
}

func changes(zone *time.Location, year int) []time.Time {
	list := []time.Time{time.Date(year, 6, 15, 0, 0, 0, 0, time.UTC)} // and any other day
	for at := time.Date(year, 1, 1, 0, 0, 0, 0, zone); ; {
		_, until := at.ZoneBounds()
		if until.IsZero() || until.Year() > year {
			return list
		}
		list, at = append(list, until), until
	}
}

// checkWall walks two days around a change, with a day more on the way there.
func checkWall(t *testing.T, change time.Time, zone *time.Location) {
	t.Helper()
	wall := func(at time.Time) time.Time {
		_, offset := at.In(zone).Zone()
		return at.Add(time.Duration(offset) * time.Second).UTC()
	}
	now := change.UTC().Truncate(time.Minute).Add(-26 * time.Hour)
	for asked := wall(now); asked.Before(wall(change).Add(26 * time.Hour)); asked = asked.Add(time.Minute) {
		for wall(now).Before(asked) {
			now = now.Add(time.Minute)
		}
		if got := instant(asked, zone); !got.Equal(now) {
			t.Fatalf("%s: %s is %s, the clock shows it at %s", zone, asked.Format(time.DateTime), got.In(zone), now.In(zone))
		}
	}
}

// The next full hour is found by looking at the clock every minute, too.
func TestTheNextFullHour(t *testing.T) {
	t.Parallel()
	for _, name := range odd {
		zone := in(t, name)
		for _, year := range []int{2018, 2026} {
			for _, change := range changes(zone, year) {
				begin := change.UTC().Truncate(time.Minute).Add(-3 * time.Hour)
				for minute := range 6 * 60 {
					after := begin.Add(time.Duration(minute)*time.Minute + time.Duration(minute%3)*time.Millisecond)
					want := after.Truncate(time.Minute).Add(time.Minute)
					for want.In(zone).Minute() != 0 {
						want = want.Add(time.Minute)
					}
					if got := nextHour(after, zone); !got.Equal(want) {
						t.Fatalf("after %s comes %s, want %s", after.In(zone), got.In(zone), want.In(zone))
					}
				}
			}
		}
	}
}

func TestHoursThatCannotBeReadNeverOpen(t *testing.T) {
	t.Parallel()
	for _, h := range []WorkingHours{{}, {From: "09:00", To: "9"}, {From: "09:00", To: "18:00", Days: []string{"lundi"}}, {From: "09:00", To: "18:00", Days: []string{}}} {
		for o := range h.week().openings(noon, time.UTC) {
			t.Errorf("%+v are open from %s", h, o.begin)
		}
	}
}
