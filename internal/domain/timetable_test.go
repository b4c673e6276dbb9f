package domain

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// office is Monday to Friday, nine to six; noon is a Tuesday.
func office(zone string) *WorkingHours {
	return &WorkingHours{From: "09:00", To: "18:00", TimeZone: zone}
}

func table(p Policy, campaign int64) *Timetable { return NewTimetable(p, campaign, noon, "UTC") }

func TestWithoutASpreadEverybodyIsDueAtOnce(t *testing.T) {
	t.Parallel()
	for person := range int64(10) {
		if got := table(Policy{}, 1).First(person, "Europe/Paris"); !got.Equal(noon) {
			t.Errorf("person %d is due at %s", person, got)
		}
	}
}

// A million ids are neighbours, as a database hands them out: their turns must fill the
// spread evenly all the same, for any campaign.
func TestTurnsAreEvenOverTheSpread(t *testing.T) {
	t.Parallel()
	const people = 50_000
	policy := Policy{Spread: 8 * time.Hour}
	for _, campaign := range []int64{1, 2, 3, 1_000_000} {
		timetable := table(policy, campaign)
		var parts []float64
		for person := int64(1); person <= people; person++ {
			after := timetable.First(person, "").Sub(noon)
			if after < 0 || after >= policy.Spread {
				t.Fatalf("person %d's turn is %s after the start", person, after)
			}
			parts = append(parts, float64(after)/float64(policy.Spread))
		}
		even(t, fmt.Sprint("campaign ", campaign), parts)
	}
}

// even holds that numbers in [0,1) look drawn: chi-square over 100 equal buckets. For 99
// degrees of freedom it stays below 161 in 9,999 of 10,000 cases, and above 52 as often:
// turns in a row would be too even to be drawn.
func even(t *testing.T, what string, parts []float64) {
	t.Helper()
	const buckets = 100
	var count [buckets]float64
	for _, part := range parts {
		count[int(part*buckets)]++
	}
	expected, distance := float64(len(parts))/buckets, 0.0
	for _, n := range count {
		distance += (n - expected) * (n - expected) / expected
	}
	if distance < 52 || distance > 161 {
		t.Errorf("%s: chi-square is %.0f", what, distance)
	}
}

func TestATurnIsDrawnOnceAndForAll(t *testing.T) {
	t.Parallel()
	policy := Policy{Spread: time.Hour}
	first := table(policy, 7).First(42, "")
	// Written down, for the next version must draw the same.
	if want := noon.Add(54*time.Minute + 44*time.Second + 435*time.Millisecond); !first.Equal(want) {
		t.Errorf("drawn %s, want %s", first, want)
	}
	if other := table(policy, 8).First(42, ""); other.Equal(first) {
		t.Error("another campaign draws the same turn")
	}
	if other := table(policy, 42).First(7, ""); other.Equal(first) {
		t.Error("the ids the other way round draw the same turn")
	}
	hours := table(Policy{Spread: time.Hour, Hours: office("UTC")}, 7)
	again := hours.Reopens(42, "", 1, noon.Add(8*time.Hour))
	if want := at(t, "2026-09-02 09:00 +0000").Add(33*time.Minute + 21*time.Second + 433*time.Millisecond); !again.Equal(want) {
		t.Errorf("drawn anew %s, want %s", again, want)
	}
}

func TestATurnIsNotBeforeTheStart(t *testing.T) {
	t.Parallel()
	odd := noon.Add(999_999 * time.Nanosecond) // not cut to milliseconds
	timetable := NewTimetable(Policy{Spread: 2 * time.Millisecond}, 1, odd, "UTC")
	for person := range int64(2000) {
		at := timetable.First(person, "")
		if at.Before(odd) || !at.Before(odd.Add(2*time.Millisecond)) || at.Nanosecond()%1e6 != 0 {
			t.Fatalf("person %d is due %s after the start", person, at.Sub(odd))
		}
	}
}

// What first turns are drawn from: the first and the last of many draws come close to its ends.
func TestFirstTurns(t *testing.T) {
	t.Parallel()
	weekend := &WorkingHours{Days: []string{"sat", "sun"}, From: "10:00", To: "24:00", TimeZone: "UTC"}
	night := &WorkingHours{Days: []string{"tue"}, From: "22:00", To: "06:00", TimeZone: "Europe/Paris"}
	tests := map[string]struct {
		hours          *WorkingHours
		start          string
		spread         time.Duration
		zone           string
		from, to, ends string
	}{
		"no hours":                      {nil, "2026-09-05 03:00 +0000", time.Hour, "Asia/Kolkata", "2026-09-05 03:00 +0000", "2026-09-05 04:00 +0000", "2026-09-05 04:00 +0000"},
		"within the hours":              {office("UTC"), "2026-09-01 10:00 +0000", 2 * time.Hour, "", "2026-09-01 10:00 +0000", "2026-09-01 12:00 +0000", "2026-09-01 12:00 +0000"},
		"to their end":                  {office("UTC"), "2026-09-01 17:00 +0000", 2 * time.Hour, "", "2026-09-01 17:00 +0000", "2026-09-01 18:00 +0000", "2026-09-01 18:00 +0000"},
		"from their beginning":          {office("UTC"), "2026-09-01 08:00 +0000", 2 * time.Hour, "", "2026-09-01 09:00 +0000", "2026-09-01 10:00 +0000", "2026-09-01 10:00 +0000"},
		"over a weekend":                {office("UTC"), "2026-09-04 17:00 +0000", 65 * time.Hour, "", "2026-09-04 17:00 +0000", "2026-09-07 10:00 +0000", "2026-09-07 10:00 +0000"},
		"not met: the spread":           {office("UTC"), "2026-09-04 18:00 +0000", 2 * time.Hour, "", "2026-09-07 09:00 +0000", "2026-09-07 11:00 +0000", "2026-09-07 11:00 +0000"},
		"just not met":                  {office("UTC"), "2026-09-01 08:00 +0000", time.Hour, "", "2026-09-01 09:00 +0000", "2026-09-01 10:00 +0000", "2026-09-01 10:00 +0000"},
		"not met: the opening":          {weekend, "2026-09-01 00:00 +0000", 48 * time.Hour, "", "2026-09-05 10:00 +0000", "2026-09-06 00:00 +0000", "2026-09-06 00:00 +0000"},
		"at once":                       {office("UTC"), "2026-09-01 10:00 +0000", 0, "", "2026-09-01 10:00 +0000", "2026-09-01 10:00 +0000", "2026-09-01 10:00 +0000"},
		"at once, in the morning":       {office("UTC"), "2026-09-01 08:00 +0000", 0, "", "2026-09-01 09:00 +0000", "2026-09-01 09:00 +0000", "2026-09-01 09:00 +0000"},
		"at once, on Friday at six":     {office("UTC"), "2026-09-04 18:00 +0000", 0, "", "2026-09-07 09:00 +0000", "2026-09-07 09:00 +0000", "2026-09-07 09:00 +0000"},
		"a night begun":                 {night, "2026-09-02 03:00 +0200", 2 * time.Hour, "", "2026-09-02 03:00 +0200", "2026-09-02 05:00 +0200", "2026-09-02 05:00 +0200"},
		"a night over":                  {night, "2026-09-02 06:00 +0200", 2 * time.Hour, "", "2026-09-08 22:00 +0200", "2026-09-09 00:00 +0200", "2026-09-09 00:00 +0200"},
		"fixed hours":                   {office("Europe/Paris"), "2026-09-01 00:00 +0000", 24 * time.Hour, "Asia/Kolkata", "2026-09-01 09:00 +0200", "2026-09-01 18:00 +0200", "2026-09-01 18:00 +0200"},
		"hours without a zone":          {office(""), "2026-09-01 00:00 +0000", 24 * time.Hour, "Asia/Kolkata", "2026-09-01 09:00 -0400", "2026-09-01 18:00 -0400", "2026-09-01 18:00 -0400"},
		"the recipient's hours":         {office(Recipient), "2026-09-01 00:00 +0000", 24 * time.Hour, "Asia/Kolkata", "2026-09-01 09:00 +0530", "2026-09-01 18:00 +0530", ""},
		"a recipient's over midnight":   {office(Recipient), "2026-09-01 00:00 +0000", 24 * time.Hour, "Pacific/Kiritimati", "2026-09-01 14:00 +1400", "2026-09-02 14:00 +1400", ""},
		"a recipient from nowhere":      {office(Recipient), "2026-09-01 00:00 +0000", 24 * time.Hour, "", "2026-09-01 09:00 -0400", "2026-09-01 18:00 -0400", ""},
		"a recipient from far off":      {office(Recipient), "2026-09-01 00:00 +0000", 24 * time.Hour, "Mars/Olympus", "2026-09-01 09:00 -0400", "2026-09-01 18:00 -0400", ""},
		"a recipient of the machine's":  {office(Recipient), "2026-09-01 00:00 +0000", 24 * time.Hour, "Local", "2026-09-01 09:00 -0400", "2026-09-01 18:00 -0400", ""},
		"the night the clock is put on": {&WorkingHours{Days: []string{"sun"}, From: "00:00", To: "05:00", TimeZone: "Europe/Paris"}, "2026-03-29 00:00 +0100", 24 * time.Hour, "", "2026-03-29 00:00 +0100", "2026-03-29 05:00 +0200", "2026-03-29 05:00 +0200"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timetable := NewTimetable(Policy{Spread: test.spread, Hours: test.hours}, 3, at(t, test.start), "America/New_York")
			var turns []time.Time
			for person := range int64(2000) {
				turn := timetable.First(person, test.zone)
				if turn.Before(at(t, test.from)) || turn.After(at(t, test.to)) || !timetable.Open(turn, test.zone) {
					t.Fatalf("person %d is due %s", person, turn)
				}
				turns = append(turns, turn)
			}
			first, last := slices.MinFunc(turns, time.Time.Compare), slices.MaxFunc(turns, time.Time.Compare)
			slack := at(t, test.to).Sub(at(t, test.from)) / 50
			if first.Sub(at(t, test.from)) > slack || at(t, test.to).Sub(last) > slack {
				t.Errorf("drawn from %s to %s", first, last)
			}
			if ends := timetable.Ends(); test.ends != "" && !ends.Equal(at(t, test.ends)) {
				t.Errorf("ends at %s", ends)
			}
		})
	}
}

// Over many days nobody's turn falls together with the closed hours: no heap at nine.
func TestTurnsAreEvenOverTheHours(t *testing.T) {
	t.Parallel()
	timetable := NewTimetable(Policy{Spread: 7 * 24 * time.Hour, Hours: office("UTC")}, 9, at(t, "2026-09-01 12:00 +0000"), "UTC")
	var parts []float64
	for person := range int64(20_000) {
		turn := timetable.First(person, "")
		open := time.Duration(0) // how long it was open until then
		for day := at(t, "2026-09-01 09:00 +0000"); day.Before(turn); day = day.Add(24 * time.Hour) {
			if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
				open += min(turn.Sub(day), 9*time.Hour)
			}
		}
		parts = append(parts, float64(open-3*time.Hour)/float64(5*9*time.Hour))
	}
	even(t, "a week of hours", parts)
}

// Where each has hours of their own, all of it ends when it ends for the last of the world.
func TestTheEndOfRecipientsHours(t *testing.T) {
	t.Parallel()
	timetable := table(Policy{Spread: 2 * time.Hour, Hours: office(Recipient)}, 1)
	last := at(t, "2026-09-02 11:00 +0600") // where the day has just ended at the start
	if ends := timetable.Ends(); ends.Before(last) || ends.After(last.Add(2*time.Hour)) {
		t.Errorf("ends at %s", ends)
	}
	fixed := table(Policy{Spread: 2 * time.Hour, Hours: office("No/Where")}, 1)
	if ends := fixed.Ends(); !ends.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("in a zone that this machine does not know it ends at %s", ends)
	}
}

// The example of the ladder, by the clock in each zone.
func TestThePresenceLadder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hours *WorkingHours
		zone  string
		tries int
		now   string
		want  string
	}{
		"ten minutes later":               {nil, "", 1, "2026-09-01 14:27 +0000", "2026-09-01 14:37 +0000"},
		"the full hour":                   {nil, "", 2, "2026-09-01 14:37 +0000", "2026-09-01 15:00 +0000"},
		"late in the hour":                {nil, "", 4, "2026-09-01 14:55 +0000", "2026-09-01 15:05 +0000"},
		"the full hour after that":        {nil, "", 5, "2026-09-01 15:05 +0000", "2026-09-01 16:00 +0000"},
		"strictly after":                  {nil, "", 8, "2026-09-01 15:00 +0000", "2026-09-01 16:00 +0000"},
		"the hour in Kolkata":             {nil, "Asia/Kolkata", 2, "2026-09-01 14:37 +0530", "2026-09-01 15:00 +0530"},
		"the hour in Kathmandu":           {nil, "Asia/Kathmandu", 2, "2026-09-01 14:37 +0545", "2026-09-01 15:00 +0545"},
		"of the hours, not the person":    {office("Asia/Kolkata"), "Asia/Kathmandu", 2, "2026-09-01 14:37 +0530", "2026-09-01 15:00 +0530"},
		"of the person":                   {office(Recipient), "Asia/Kathmandu", 2, "2026-09-01 14:37 +0545", "2026-09-01 15:00 +0545"},
		"the hour that comes twice":       {nil, "Europe/Paris", 2, "2026-10-25 02:30 +0200", "2026-10-25 02:00 +0100"},
		"the hour left out":               {nil, "Europe/Paris", 2, "2026-03-29 01:30 +0100", "2026-03-29 03:00 +0200"},
		"half an hour left out":           {nil, "Australia/Lord_Howe", 2, "2026-10-04 01:45 +1030", "2026-10-04 03:00 +1100"},
		"half an hour twice":              {nil, "Australia/Lord_Howe", 2, "2026-04-05 01:45 +1100", "2026-04-05 02:00 +1030"},
		"the last hour begins in time":    {office("UTC"), "", 2, "2026-09-01 16:37 +0000", "2026-09-01 17:00 +0000"},
		"just inside":                     {office("UTC"), "", 1, "2026-09-01 17:49 +0000", "2026-09-01 17:59 +0000"},
		"ten minutes later it is closed":  {office("UTC"), "", 1, "2026-09-01 17:50 +0000", "2026-09-02"},
		"by the full hour it is closed":   {office("UTC"), "", 2, "2026-09-01 17:10 +0000", "2026-09-02"},
		"on Friday":                       {office("UTC"), "", 1, "2026-09-04 17:50 +0000", "2026-09-07"},
		"the next day":                    {nil, "", 3, "2026-09-01 15:00 +0000", "2026-09-02"},
		"the person's next day":           {nil, "Pacific/Kiritimati", 6, "2026-09-01 15:00 +0000", "2026-09-03"},
		"the next day without a weekend":  {nil, "", 3, "2026-09-04 15:00 +0000", "2026-09-05"},
		"the next working day":            {office("UTC"), "", 3, "2026-09-04 15:00 +0000", "2026-09-07"},
		"the same day, before it opens":   {office("UTC"), "", 3, "2026-09-04 07:00 +0000", "2026-09-04"},
		"past an opening already":         {&WorkingHours{From: "10:00", To: "10:05", TimeZone: "UTC"}, "", 1, "2026-09-01 09:57 +0000", "2026-09-02"},
		"whole days, the next of them":    {&WorkingHours{From: "00:00", To: "24:00", TimeZone: "UTC"}, "", 3, "2026-09-01 15:00 +0000", "2026-09-02"},
		"the last there is":               {nil, "", 8, "2026-09-01 14:37 +0000", "2026-09-01 15:00 +0000"},
		"after nine there is none":        {nil, "", 9, "2026-09-01 15:00 +0000", ""},
		"nor after more":                  {nil, "", 10, "2026-09-01 15:00 +0000", ""},
		"midnight's opening goes on":      {&WorkingHours{From: "22:00", To: "06:00", TimeZone: "UTC"}, "", 1, "2026-09-05 00:30 +0000", "2026-09-05 00:40 +0000"},
		"midnight's opening has the rest": {&WorkingHours{From: "22:00", To: "06:00", TimeZone: "UTC"}, "", 2, "2026-09-01 23:59 +0000", "2026-09-02 00:00 +0000"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := time.UTC
			if test.zone != "" {
				zone = in(t, test.zone)
			}
			timetable := NewTimetable(Policy{Hours: test.hours}, 1, at(t, "2026-01-01 00:00 +0000"), "UTC")
			got, again := timetable.Again(5, test.zone, test.tries, at(t, test.now))
			switch {
			case test.want == "":
				if again || !got.IsZero() {
					t.Errorf("there is another try at %s", got)
				}
			case len(test.want) == len(time.DateOnly): // a draw
				if got.In(zone).Format(time.DateOnly) != test.want || !again || !timetable.Open(got, test.zone) {
					t.Errorf("drawn at %s", got.In(zone))
				}
			case !again || !got.Equal(at(t, test.want)):
				t.Errorf("again at %s", got.In(zone))
			}
		})
	}
}

func TestReopening(t *testing.T) {
	t.Parallel()
	friday, monday := at(t, "2026-09-04 20:00 +0000"), at(t, "2026-09-07 09:00 +0000")
	at17 := at(t, "2026-09-04 17:00 +0000")
	fast, slow := table(Policy{Hours: office("UTC")}, 1), table(Policy{Hours: office("UTC"), Spread: time.Hour}, 1)
	free := table(Policy{}, 1)
	for name, test := range map[string]struct{ got, want time.Time }{
		"open":                 {slow.Reopens(1, "", 0, at17), at17},
		"never closed":         {free.Reopens(1, "", 0, friday), friday},
		"at once":              {fast.Reopens(1, "", 0, friday), monday},
		"opens":                {slow.OpensAt(friday, ""), monday},
		"is open":              {slow.OpensAt(at17, ""), time.Time{}},
		"opens at the very ms": {slow.OpensAt(monday, ""), time.Time{}},
		"is closed at six":     {slow.OpensAt(at(t, "2026-09-04 18:00 +0000"), ""), monday},
		"never closes":         {free.OpensAt(friday, ""), time.Time{}},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", name, test.got, test.want)
		}
	}
	var parts []float64
	for person := range int64(20_000) {
		turn := slow.Reopens(person, "", 2, friday)
		if turn.Before(monday) || !turn.Before(monday.Add(9*time.Hour)) {
			t.Fatalf("person %d goes on at %s", person, turn)
		}
		parts = append(parts, float64(turn.Sub(monday))/float64(9*time.Hour))
	}
	even(t, "reopened", parts)
	if slow.Reopens(1, "", 1, friday).Equal(slow.Reopens(1, "", 2, friday)) {
		t.Error("another try draws the same time")
	}
}

// Hours that no author may set are closed, and not open to everything.
func TestATimetableThatNeverOpens(t *testing.T) {
	t.Parallel()
	timetable := table(Policy{Hours: &WorkingHours{From: "9", To: "18"}, Spread: time.Hour}, 1)
	if timetable.Open(noon, "") {
		t.Error("it is open")
	}
	again, _ := timetable.Again(1, "", 1, noon)
	for _, at := range []time.Time{timetable.First(1, ""), timetable.Reopens(1, "", 0, noon), timetable.OpensAt(noon, ""), again} {
		if at.Before(noon.Add(24 * time.Hour)) {
			t.Errorf("it opens at %s", at)
		}
	}
}

// Zones are the recipients' words: any number of them costs no more than a fixed memory.
func TestATimetableRemembersSoManyZones(t *testing.T) {
	t.Parallel()
	timetable := table(Policy{Hours: office(Recipient), Spread: time.Hour}, 1)
	paris := timetable.First(1, "Europe/Paris")
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := range maxZones {
				timetable.First(1, fmt.Sprintf("Nowhere/%d-%d", part, i))
				timetable.Open(noon, odd[i%len(odd)])
			}
		})
	}
	all.Wait()
	if n := len(timetable.places); n > maxZones {
		t.Errorf("%d zones are remembered", n)
	}
	if again := timetable.First(1, "Europe/Paris"); !again.Equal(paris) {
		t.Errorf("forgotten and found again: %s, before %s", again, paris)
	}
}

func BenchmarkFirst(b *testing.B) {
	for name, hours := range map[string]*WorkingHours{"always": nil, "office": office("UTC"), "recipient": office(Recipient)} {
		b.Run(name, func(b *testing.B) {
			timetable := table(Policy{Spread: MaxSpread, Hours: hours}, 1)
			for person := int64(0); b.Loop(); person++ {
				timetable.First(person, "Europe/Paris")
			}
		})
	}
}
