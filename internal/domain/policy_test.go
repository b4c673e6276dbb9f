package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
		"a presence":          {Policy{Presence: []Presence{Busy, "here"}}, []string{"delivery.presence"}},
		"all presences":       {Policy{Presence: []Presence{Busy, Available, Away}}, nil},
		"a cap below nothing": {Policy{MaxPerHour: -1}, []string{"delivery.max_per_hour"}},
		"a cap":               {Policy{MaxPerHour: MaxPerHour}, nil},
		"a cap beyond all":    {Policy{MaxPerHour: MaxPerHour + 1}, []string{"delivery.max_per_hour"}},
		"all of the hours": {Policy{Hours: &WorkingHours{Days: []string{}, From: "x", To: "y", TimeZone: "z"}},
			[]string{"delivery.working_hours.days", "delivery.working_hours.from", "delivery.working_hours.to", "delivery.working_hours.time_zone"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, message(func(c *Campaign) { c.Delivery = test.policy }).Check(), test.blamed...)
		})
	}
}

func TestOnlyTeamsIsAskedForPresence(t *testing.T) {
	t.Parallel()
	for channel, blamed := range map[Channel][]string{Teams: nil, Skype: {"delivery.presence"}} {
		blames(t, message(func(c *Campaign) { c.Channel, c.Delivery.Presence = channel, []Presence{Away} }).Check(), blamed...)
	}
}

func TestWhatAnAuthorMayLeaveOutOfADelivery(t *testing.T) {
	t.Parallel()
	days := []string{"sat", "mon", "sat"}
	tests := map[string]struct{ given, want Policy }{
		"all of it": {Policy{}, Policy{OnUncertain: Resend}},
		"the days": {Policy{Hours: &WorkingHours{From: "09:00", To: "18:00", TimeZone: Recipient}},
			Policy{OnUncertain: Resend, Hours: &WorkingHours{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "09:00", To: "18:00", TimeZone: Recipient}}},
		"to count": {Policy{OnUncertain: Hold, Hours: &WorkingHours{Days: days}, Presence: []Presence{Busy, Away, Busy}},
			Policy{OnUncertain: Hold, Hours: &WorkingHours{Days: []string{"sat", "mon"}}, Presence: []Presence{Busy, Away}}},
		"no day": {Policy{Hours: &WorkingHours{Days: []string{}}}, Policy{OnUncertain: Resend, Hours: &WorkingHours{Days: []string{}}}},
	}
	for name, test := range tests {
		test.given.normalize()
		if diff := cmp.Diff(test.want, test.given); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if days[2] != "sat" {
		t.Error("the author's list was changed")
	}
}

func TestTheZoneIsFilledInWhereThereIsNone(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "Asia/Kolkata", Recipient: Recipient, "Europe/Paris": "Europe/Paris"} {
		shared := &WorkingHours{TimeZone: given}
		policy := Policy{Hours: shared}
		policy.FillZone("Asia/Kolkata")
		if policy.Hours.TimeZone != want || shared.TimeZone != given {
			t.Errorf("%q: %q, and the original is now %q", given, policy.Hours.TimeZone, shared.TimeZone)
		}
	}
	var none Policy
	if none.FillZone("UTC"); none.Hours != nil {
		t.Error("hours came from nowhere")
	}
}
