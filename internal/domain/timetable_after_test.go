package domain

import (
	"testing"
	"time"
)

func TestAfterCountsOpenTimeOnly(t *testing.T) {
	t.Parallel()
	const zone = "Europe/Paris"
	paris, ok := loadZone(zone)
	if !ok {
		t.Fatal("no zone")
	}
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, paris)
	}
	nights := &WorkingHours{Days: []string{"fri"}, From: "22:00", To: "06:00", TimeZone: zone}
	tests := map[string]struct {
		hours      *WorkingHours
		from, want time.Time
		open       time.Duration
	}{
		"no hours at all":              {nil, at(9, 1, 20, 0), at(9, 2, 6, 0), 10 * time.Hour},
		"each recipient's own":         {office(Recipient), at(9, 1, 20, 0), at(9, 2, 6, 0), 10 * time.Hour},
		"within the day":               {office(zone), at(9, 1, 10, 0), at(9, 1, 12, 0), 2 * time.Hour},
		"until the very end":           {office(zone), at(9, 1, 10, 0), at(9, 1, 18, 0), 8 * time.Hour},
		"over the night":               {office(zone), at(9, 1, 17, 0), at(9, 2, 10, 0), 2 * time.Hour},
		"from before the hours":        {office(zone), at(9, 1, 7, 0), at(9, 1, 9, 30), 30 * time.Minute},
		"from after them":              {office(zone), at(9, 1, 20, 0), at(9, 2, 9, 30), 30 * time.Minute},
		"nothing at all, while closed": {office(zone), at(9, 1, 20, 0), at(9, 2, 9, 0), 0},
		"nothing at all, while open":   {office(zone), at(9, 1, 10, 0), at(9, 1, 10, 0), 0},
		"over the weekend":             {office(zone), at(9, 4, 17, 0), at(9, 7, 11, 0), 3 * time.Hour},
		"a whole week":                 {office(zone), at(9, 1, 10, 0), at(9, 8, 10, 0), 45 * time.Hour},
		"a week and a day":             {office(zone), at(9, 1, 10, 0), at(9, 9, 10, 0), 54 * time.Hour},
		"a year of weeks":              {office(zone), at(9, 1, 10, 0), at(9, 1, 10, 0).AddDate(0, 0, 52*7), 52 * 45 * time.Hour},
		"a change of the clock":        {office(zone), at(10, 23, 17, 0), at(10, 26, 10, 0), 2 * time.Hour},
		"nights, past midnight":        {nights, at(9, 5, 5, 0), at(9, 11, 23, 0), 2 * time.Hour},
		"hours that never open":        {&WorkingHours{From: "x", To: "y", TimeZone: zone}, at(9, 1, 12, 0), at(10, 1, 12, 0), time.Hour},
	}
	for name, test := range tests {
		timetable := NewTimetable(Policy{Hours: test.hours}, 1, test.from, "UTC")
		if got := timetable.After(test.open, test.from); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, got.In(paris), test.want)
		}
	}
}
