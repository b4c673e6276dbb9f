package web

import (
	"math"
	"slices"
	"strings"
	"time"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// deliveryName says in a sentence how a campaign is delivered.
func deliveryName(tr i18n.Translator, p domain.Policy) string {
	parts := []string{spreadName(tr, p.Spread)}
	if p.Hours != nil {
		parts = append(parts, hoursName(tr, *p.Hours))
	}
	if p.MaxPerHour > 0 {
		parts = append(parts, tr.Text("at most %s an hour", number(tr.Language(), p.MaxPerHour)))
	}
	if len(p.Presence) > 0 {
		parts = append(parts, tr.Text("only to people who are %s", presenceName(tr, p.Presence)))
	}
	return strings.Join(parts, tr.Text(", ")) + "."
}

func spreadName(tr i18n.Translator, d time.Duration) string {
	if d <= 0 {
		return tr.Text("As fast as Teams allows")
	}
	return tr.Text("Spread over %s", exactly(tr, d))
}

// exactly is a duration in days, hours, minutes and seconds.
func exactly(tr i18n.Translator, d time.Duration) string {
	var parts []string
	for _, u := range units() {
		if n := int64(d / u.Length); n > 0 {
			parts = append(parts, unitCount(tr, u.ID, n))
		}
		d %= u.Length
	}
	if len(parts) == 0 {
		return unitCount(tr, "s", 1) // less than that is no spread to speak of
	}
	return strings.Join(parts, " ")
}

func unitCount(tr i18n.Translator, id string, n int64) string {
	switch id {
	case "d":
		return count(tr, n, tr.Text("%s day"), tr.Text("%s days"))
	case "h":
		return count(tr, n, tr.Text("%s hour"), tr.Text("%s hours"))
	case "m":
		return count(tr, n, tr.Text("%s minute"), tr.Text("%s minutes"))
	}
	return count(tr, n, tr.Text("%s second"), tr.Text("%s seconds"))
}

func unitName(tr i18n.Translator, id string) string {
	switch id {
	case "d":
		return tr.Text("days")
	case "h":
		return tr.Text("hours")
	case "m":
		return tr.Text("minutes")
	}
	return tr.Text("seconds")
}

func hoursName(tr i18n.Translator, h domain.WorkingHours) string {
	if h.TimeZone == domain.Recipient {
		return tr.Text("%s %s–%s in each recipient’s own time zone", daysName(tr, h.Days), h.From, h.To)
	}
	return tr.Text("%s %s–%s (%s)", daysName(tr, h.Days), h.From, h.To, h.TimeZone)
}

// daysName is "Monday to Friday" for days that follow each other, else their list.
func daysName(tr i18n.Translator, days []string) string {
	var at []int
	for i, d := range weekdays() {
		if slices.Contains(days, d) {
			at = append(at, i)
		}
	}
	n := len(at)
	switch {
	case n == 7:
		return tr.Text("every day")
	case n >= 3 && at[n-1]-at[0] == n-1:
		return tr.Text("%s to %s", dayName(tr, weekdays()[at[0]]), dayName(tr, weekdays()[at[n-1]]))
	}
	var names []string
	for _, i := range at {
		names = append(names, dayName(tr, weekdays()[i]))
	}
	return strings.Join(names, tr.Text(", "))
}

func dayName(tr i18n.Translator, d string) string {
	switch d {
	case "mon":
		return tr.Text("Monday")
	case "tue":
		return tr.Text("Tuesday")
	case "wed":
		return tr.Text("Wednesday")
	case "thu":
		return tr.Text("Thursday")
	case "fri":
		return tr.Text("Friday")
	case "sat":
		return tr.Text("Saturday")
	case "sun":
		return tr.Text("Sunday")
	}
	return d
}

// presenceName is "available, away or busy".
func presenceName(tr i18n.Translator, list []domain.Presence) string {
	var names []string
	for _, p := range list {
		switch p {
		case domain.Available:
			names = append(names, tr.Text("available"))
		case domain.Away:
			names = append(names, tr.Text("away"))
		case domain.Busy:
			names = append(names, tr.Text("busy"))
		}
	}
	n := len(names)
	if n < 2 {
		return strings.Join(names, "")
	}
	return tr.Text("%s or %s", strings.Join(names[:n-1], tr.Text(", ")), names[n-1])
}

func uncertainName(tr i18n.Translator, on domain.OnUncertain) string {
	if on == domain.Hold {
		return tr.Text("Hold it: nobody gets it twice")
	}
	return tr.Text("Send it again: nobody is missed")
}

// rateName is a speed as people say it; slow ones by the minute.
func rateName(tr i18n.Translator, rate float64) string {
	switch {
	case rate <= 0:
		return ""
	case rate < 1:
		return tr.Text("%s a minute", number(tr.Language(), int64(max(1, math.Round(rate*60)))))
	}
	return tr.Text("%s a second", number(tr.Language(), int64(math.Round(rate))))
}

// whyName says why nothing goes; empty where it goes.
func whyName(tr i18n.Translator, w domain.Wait) string { return sayIn(tr, w.Explain()) }

// standing is a campaign's status with how it went: what is done is not always well done.
func standing(tr i18n.Translator, s domain.Status, n domain.Counts) string {
	if flawed(s, n) {
		return tr.Text("Done, with errors")
	}
	return statusName(tr, s)
}

func flawed(s domain.Status, n domain.Counts) bool {
	return s == domain.Done && n.Result(s) == domain.ResultError
}
