package domain

import (
	"testing"
	"time"
)

func TestWhatIsWrongWithADelivery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		policy Policy
		blamed []string
	}{
		"nothing":             {Policy{}, nil},
		"the longest spread":  {Policy{Spread: MaxSpread}, nil},
		"a longer spread":     {Policy{Spread: MaxSpread + 1}, []string{"delivery.spread"}},
		"a spread before now": {Policy{Spread: -time.Second}, []string{"delivery.spread"}},
		"hold":                {Policy{OnUncertain: Hold}, nil},
		"perhaps":             {Policy{OnUncertain: "perhaps"}, []string{"delivery.on_uncertain"}},
		"hours":               {Policy{Hours: &WorkingHours{}}, []string{"delivery.working_hours"}},
		"presence":            {Policy{Presence: []Presence{Busy}}, []string{"delivery.presence"}},
		"a cap":               {Policy{MaxPerHour: -1}, []string{"delivery.max_per_hour"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, message(func(c *Campaign) { c.Delivery = test.policy }).Check(), test.blamed...)
		})
	}
}

func TestWithoutASpreadEverybodyIsDueAtOnce(t *testing.T) {
	t.Parallel()
	for person := range int64(10) {
		if got := (Policy{}).DueAt(noon, 1, person); !got.Equal(noon) {
			t.Errorf("person %d is due at %s", person, got)
		}
	}
}

// A million ids are neighbours, as a database hands them out: their turns must fill the
// spread evenly all the same, for any campaign.
func TestTurnsAreEvenOverTheSpread(t *testing.T) {
	t.Parallel()
	const people, buckets = 50_000, 100
	const expected = float64(people) / buckets
	policy := Policy{Spread: 8 * time.Hour}
	for _, campaign := range []int64{1, 2, 3, 1_000_000} {
		var count [buckets]int
		for person := int64(1); person <= people; person++ {
			after := policy.DueAt(noon, campaign, person).Sub(noon)
			if after < 0 || after >= policy.Spread {
				t.Fatalf("person %d's turn is %s after the start", person, after)
			}
			count[after*buckets/policy.Spread]++
		}
		distance := 0.0
		for _, n := range count {
			distance += (float64(n) - expected) * (float64(n) - expected) / expected
		}
		// For 99 degrees of freedom chi-square stays below 148 in 999 of 1000 cases, and above
		// 60 as often: turns in a row would be too even to be drawn.
		if distance < 60 || distance > 148 {
			t.Errorf("campaign %d: chi-square is %.0f", campaign, distance)
		}
	}
}

func TestATurnIsDrawnOnceAndForAll(t *testing.T) {
	t.Parallel()
	policy := Policy{Spread: time.Hour}
	first := policy.DueAt(noon, 7, 42)
	// Written down, for the next version must draw the same.
	if want := noon.Add(54*time.Minute + 44*time.Second + 435*time.Millisecond); !first.Equal(want) {
		t.Errorf("drawn %s, want %s", first, want)
	}
	if other := policy.DueAt(noon, 8, 42); other.Equal(first) {
		t.Error("another campaign draws the same turn")
	}
	if other := policy.DueAt(noon, 42, 7); other.Equal(first) {
		t.Error("the ids the other way round draw the same turn")
	}
}

func TestATurnIsNotBeforeTheStart(t *testing.T) {
	t.Parallel()
	odd := noon.Add(999_999 * time.Nanosecond) // not cut to milliseconds
	for person := range int64(2000) {
		if at := (Policy{Spread: 2 * time.Millisecond}).DueAt(odd, 1, person); at.Before(odd) || !at.Before(odd.Add(2*time.Millisecond)) {
			t.Fatalf("person %d is due %s after the start", person, at.Sub(odd))
		}
	}
}
