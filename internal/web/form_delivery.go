package web

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

// The choices of a form that are followed by fields of their own.
const (
	customSpread = "custom"
	otherZone    = "other"
)

const day = 24 * time.Hour

// spreads are the durations on offer.
func spreads() []time.Duration {
	return []time.Duration{0, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, day, 2 * day, 5 * day}
}

// unit is what a duration is typed in.
type unit struct {
	ID     string
	Length time.Duration
}

// units are the longest first; seconds are for what a program wrote.
func units() []unit {
	return []unit{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
}

// weekdays are the days of working hours, in the order of a week at work.
func weekdays() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// presences are the ways to wait for somebody to be there.
func presences() []string { return []string{"available", "available,away,busy"} }

// setDelivery writes how a campaign is delivered. Working hours that are not asked for are
// there to start from.
func setDelivery(v url.Values, p domain.Policy) {
	v.Set("delivery.spread", p.Spread.String())
	if !slices.Contains(spreads(), p.Spread) {
		amount, in := typedAs(p.Spread)
		v.Set("delivery.spread", customSpread)
		v.Set("delivery.spread.amount", amount)
		v.Set("delivery.spread.unit", in)
	}
	hours := domain.WorkingHours{Days: weekdays()[:5], From: "09:00", To: "18:00"}
	if p.Hours != nil {
		hours = *p.Hours
		v.Set("delivery.working_hours", "on")
	}
	for _, d := range weekdays() {
		if slices.Contains(hours.Days, d) {
			v.Add("delivery.working_hours.days", d)
		}
	}
	v.Set("delivery.working_hours.from", hours.From)
	v.Set("delivery.working_hours.to", hours.To)
	v.Set("delivery.working_hours.time_zone", hours.TimeZone)
	var there []string
	for _, presence := range p.Presence {
		there = append(there, string(presence))
	}
	v.Set("delivery.presence", strings.Join(there, ","))
	if p.MaxPerHour != 0 {
		v.Set("delivery.max_per_hour", strconv.Itoa(p.MaxPerHour))
	}
	v.Set("delivery.on_uncertain", string(p.OnUncertain))
}

func knownPresence(chosen string) bool { return slices.Contains(presences(), chosen) }

// typedAs is a duration as somebody would type it: a number and a unit.
func typedAs(d time.Duration) (amount, in string) {
	for _, u := range units() {
		if d%u.Length == 0 {
			return strconv.FormatInt(int64(d/u.Length), 10), u.ID
		}
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64), "s"
}

// deliveryOf reads how a campaign is delivered. What can't be read becomes a value that is
// refused with all that is wrong, so that it is said beside its field.
func deliveryOf(v url.Values, base domain.Policy) domain.Policy {
	p := base
	p.Spread = spreadOf(v, base.Spread)
	p.Hours = hoursOf(v)
	p.Presence = presenceOf(v.Get("delivery.presence"))
	p.MaxPerHour = capOf(v.Get("delivery.max_per_hour"))
	if on := v.Get("delivery.on_uncertain"); on != "" {
		p.OnUncertain = domain.OnUncertain(on)
	}
	return p
}

func spreadOf(v url.Values, base time.Duration) time.Duration {
	chosen := v.Get("delivery.spread")
	if chosen != customSpread {
		if d, err := time.ParseDuration(chosen); err == nil {
			return d
		}
		return base
	}
	amount, err := strconv.ParseFloat(strings.Replace(oneLine(v.Get("delivery.spread.amount")), ",", ".", 1), 64)
	at := slices.IndexFunc(units(), func(u unit) bool { return u.ID == v.Get("delivery.spread.unit") })
	if err != nil || at < 0 || !(amount >= 0 && amount*float64(units()[at].Length) <= float64(2*domain.MaxSpread)) {
		return -1
	}
	return time.Duration(math.Round(amount * float64(units()[at].Length)))
}

func hoursOf(v url.Values) *domain.WorkingHours {
	if v.Get("delivery.working_hours") == "" {
		return nil
	}
	zone := v.Get("delivery.working_hours.time_zone")
	if zone == otherZone {
		// Nothing typed is a fault, not the service's own zone.
		zone = strings.TrimSpace(v.Get("delivery.working_hours.time_zone.other"))
		if zone == "" {
			zone = "?"
		}
	}
	return &domain.WorkingHours{
		Days: append([]string{}, v["delivery.working_hours.days"]...), TimeZone: zone,
		From: clockOf(v.Get("delivery.working_hours.from")), To: clockOf(v.Get("delivery.working_hours.to")),
	}
}

var clockText = regexp.MustCompile(`^(\d{1,2})(?:[:hH.](\d{2})?)?$`)

// clockOf is a time of the day as people type it: 9, 9:00, 9h30.
func clockOf(typed string) string {
	typed = oneLine(typed)
	parts := clockText.FindStringSubmatch(strings.ReplaceAll(typed, " ", ""))
	if parts == nil {
		return typed
	}
	hour, _ := strconv.Atoi(parts[1])
	minute, _ := strconv.Atoi(parts[2])
	return fmt.Sprintf("%02d:%02d", hour, minute)
}

func presenceOf(chosen string) []domain.Presence {
	var list []domain.Presence
	for name := range strings.SplitSeq(chosen, ",") {
		if name != "" {
			list = append(list, domain.Presence(name))
		}
	}
	return list
}

// wholeNumber may have its thousands set apart; 1.5 is none, and must not be taken for 15.
var wholeNumber = regexp.MustCompile("^(\\d+|\\d{1,3}([ ,.'’\u00a0\u202f]\\d{3})+)$")

func capOf(typed string) int {
	typed = oneLine(typed)
	if typed == "" {
		return 0
	}
	if !wholeNumber.MatchString(typed) {
		return -1
	}
	n, err := strconv.Atoi(strings.Map(digits, typed))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// plainer says some faults in the words of the form, where the API's would puzzle.
func plainer(v *visit, field string) string {
	switch field {
	case "delivery.spread":
		return v.tr.Text("Choose a time of up to 30 days.")
	case "delivery.working_hours.days":
		return v.tr.Text("Choose at least one day.")
	case "delivery.working_hours.time_zone":
		return v.tr.Text("This time zone is not known here. Choose one like Europe/Paris.")
	case "delivery.max_per_hour":
		return v.tr.Text("Write a whole number of messages, for example 500, or nothing for no cap.")
	}
	return ""
}
