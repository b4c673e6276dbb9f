package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// full is a delivery with everything in it.
func full() domain.Policy {
	return domain.Policy{
		Spread: 2 * time.Hour, MaxPerHour: 100, Presence: []domain.Presence{domain.Available}, OnUncertain: domain.Hold,
		Hours: &domain.WorkingHours{Days: weekdays()[:5], From: "09:00", To: "18:00", TimeZone: domain.Recipient},
	}
}

func TestFormsKeepTheDelivery(t *testing.T) {
	t.Parallel()
	with := func(change func(*domain.Policy)) domain.Policy {
		p := full()
		change(&p)
		return p
	}
	for name, p := range map[string]domain.Policy{
		"all of it": full(), "nothing": {OnUncertain: domain.Resend},
		"90 minutes":            {Spread: 90 * time.Minute, OnUncertain: domain.Resend},
		"three days":            {Spread: 3 * day, OnUncertain: domain.Resend},
		"what a program writes": {Spread: 1234567891234 * time.Nanosecond, OnUncertain: domain.Resend},
		"another zone":          with(func(p *domain.Policy) { p.Hours.TimeZone = "America/Montreal" }),
		"until midnight":        with(func(p *domain.Policy) { p.Hours.To = "24:00" }),
		"the weekend":           with(func(p *domain.Policy) { p.Hours.Days = []string{"sat", "sun"} }),
		"any presence":          with(func(p *domain.Policy) { p.Presence = []domain.Presence{domain.Available, domain.Away, domain.Busy} }),
		"a presence of its own": with(func(p *domain.Policy) { p.Presence = []domain.Presence{domain.Busy} }),
	} {
		v := url.Values{}
		setDelivery(v, p)
		if diff := cmp.Diff(p, deliveryOf(v, domain.Policy{})); diff != "" {
			t.Errorf("%s: comes back changed:\n%s", name, diff)
		}
	}
}

func TestWhatPeopleTypeForADelivery(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"9": "09:00", "9:30": "09:30", "09:00": "09:00", "9h30": "09:30", "18h": "18:00", " 18.15 ": "18:15", "noon": "noon", "9:3": "9:3", "25": "25:00", "": ""} {
		if got := clockOf(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]int{"": 0, "500": 500, "1,000": 1000, "1\u202f000": 1000, "many": -1, "-5": -1, "1.5": -1, "1,5": -1, "12,34": -1, "1.000.000": 1000000} {
		if got := capOf(typed); got != want {
			t.Errorf("a cap of %q is %d, want %d", typed, got, want)
		}
	}
	for typed, want := range map[string]time.Duration{"3": 3 * time.Hour, "1.5": 90 * time.Minute, "1,5": 90 * time.Minute, "0": 0, "": -1, "x": -1, "-2": -1, "NaN": -1, "1e300": -1} {
		v := url.Values{"delivery.spread": {"custom"}, "delivery.spread.amount": {typed}, "delivery.spread.unit": {"h"}}
		if got := spreadOf(v, time.Minute); got != want {
			t.Errorf("a spread of %q is %s, want %s", typed, got, want)
		}
	}
}

func TestADeliveryInASentence(t *testing.T) {
	t.Parallel()
	paris := full()
	paris.Hours = &domain.WorkingHours{Days: []string{"mon", "wed"}, From: "22:00", To: "06:00", TimeZone: "Europe/Paris"}
	paris.Presence, paris.Spread, paris.MaxPerHour = []domain.Presence{domain.Available, domain.Away, domain.Busy}, 0, 12000
	daily := domain.Policy{Spread: 26 * time.Hour, Hours: &domain.WorkingHours{Days: weekdays(), From: "08:00", To: "20:00", TimeZone: "UTC"}}
	for _, c := range []struct {
		p               domain.Policy
		english, french string
	}{
		{domain.Policy{}, "As fast as Teams allows.", "Aussi vite que Teams le permet."},
		{domain.Policy{Spread: 90 * time.Minute}, "Spread over 1 hour 30 minutes.", "Étalé sur 1 heure 30 minutes."},
		{full(), "Spread over 2 hours, Monday to Friday 09:00–18:00 in each recipient’s own time zone, at most 100 an hour, only to people who are available.",
			"Étalé sur 2 heures, du lundi au vendredi 09:00–18:00 dans le fuseau horaire de chaque destinataire, 100 par heure au plus, seulement aux personnes disponibles."},
		{paris, "As fast as Teams allows, Monday, Wednesday 22:00–06:00 (Europe/Paris), at most 12,000 an hour, only to people who are available, away or busy.",
			"Aussi vite que Teams le permet, lundi, mercredi 22:00–06:00 (Europe/Paris), 12\u202f000 par heure au plus, seulement aux personnes disponibles, absentes ou occupées."},
		{daily, "Spread over 1 day 2 hours, every day 08:00–20:00 (UTC).", "Étalé sur 1 jour 2 heures, tous les jours 08:00–20:00 (UTC)."},
	} {
		if got := deliveryName(i18n.For("en"), c.p); got != c.english {
			t.Errorf("%q, want %q", got, c.english)
		}
		if got := deliveryName(i18n.For("fr"), c.p); got != c.french {
			t.Errorf("%q, want %q", got, c.french)
		}
	}
}

func TestASpeedInWords(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]string{0: "", 0.001: "1 a minute", 0.25: "15 a minute", 1.2: "1 a second", 27.6: "28 a second", 1234: "1,234 a second"} {
		if got := rateName(i18n.For("en"), rate); got != want {
			t.Errorf("%g is %q, want %q", rate, got, want)
		}
	}
}

// hoursTyped are a form's working hours, changed.
func hoursTyped(changes url.Values) url.Values {
	v := url.Values{
		"delivery.working_hours": {"on"}, "delivery.working_hours.days": {"mon", "tue"}, "delivery.working_hours.from": {"9"},
		"delivery.working_hours.to": {"18:00"}, "delivery.working_hours.time_zone": {"Europe/Paris"}, "delivery.max_per_hour": {"500"},
		"delivery.presence": {"available"}, "delivery.spread": {"custom"}, "delivery.spread.amount": {"3"}, "delivery.spread.unit": {"d"},
	}
	for field, values := range changes {
		v[field] = values
	}
	return typed(v)
}

func TestTheDeliveryIsSavedAndShownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/save", hoursTyped(nil))
	c := w.only()
	want := domain.Policy{
		Spread: 3 * day, MaxPerHour: 500, Presence: []domain.Presence{domain.Available}, OnUncertain: domain.Resend,
		Hours: &domain.WorkingHours{Days: []string{"mon", "tue"}, From: "09:00", To: "18:00", TimeZone: "Europe/Paris"},
	}
	if diff := cmp.Diff(want, c.Delivery); diff != "" {
		t.Fatal(diff)
	}
	page := w.get(answer.Location)
	page.must(t, http.StatusOK, `name="delivery.working_hours" value="on" checked`, `value="tue" checked`, `value="500"`,
		`<option value="custom" selected>`, `name="delivery.spread.amount" value="3"`, `<option value="d" selected>`, `<option value="available" selected>`)
	if strings.Contains(page.Body, `value="wed" checked`) || strings.Contains(page.Body, `value="other" selected`) {
		t.Error("a day or a zone that was not chosen is")
	}
	w.get(campaignPath(c.ID)+"/review").must(t, http.StatusOK, "Spread over 3 days, Monday, Tuesday 09:00–18:00 (Europe/Paris), at most 500 an hour, only to people who are available.", "Expected end", "if it is sent now")

	// Without the tick the hours are gone, and so is what the form leaves empty.
	plain := typed(url.Values{"revision": {"1"}, "delivery.max_per_hour": {""}, "delivery.presence": {""}})
	w.post(campaignPath(c.ID), campaignPath(c.ID)+"/save", plain)
	if diff := cmp.Diff(domain.Policy{OnUncertain: domain.Resend}, w.only().Delivery); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfTheDeliveryStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/save", hoursTyped(url.Values{
		"delivery.working_hours.days": nil, "delivery.working_hours.from": {"noon"}, "delivery.working_hours.to": {"99:00"},
		"delivery.working_hours.time_zone": {"other"}, "delivery.working_hours.time_zone.other": {"Paris"},
		"delivery.max_per_hour": {"a lot"}, "delivery.spread.amount": {"400"},
	}))
	answer.must(t, http.StatusUnprocessableEntity,
		`id="f-delivery-working_hours-days-fault"`, "Choose at least one day.", `id="f-delivery-working_hours-from-fault"`, `value="noon"`,
		`id="f-delivery-working_hours-to-fault"`, `value="99:00"`, `id="f-delivery-working_hours-time_zone-fault"`, "This time zone is not known here.",
		`<option value="other" selected>`, `value="Paris"`, `id="f-delivery-max_per_hour-fault"`, `value="a lot"`,
		`id="f-delivery-spread-fault"`, "Choose a time of up to 30 days.", `value="400"`, `href="#f-delivery-spread"`)
	if strings.Contains(answer.Body, `value="mon" checked`) {
		t.Error("a day that was not ticked is")
	}
	answer = w.post("/campaigns/new", "/campaigns/new/save", hoursTyped(url.Values{
		"delivery.working_hours.time_zone": {"other"}, "delivery.working_hours.time_zone.other": {" "},
	}))
	answer.must(t, http.StatusUnprocessableEntity, `id="f-delivery-working_hours-time_zone-fault"`, `<option value="other" selected>`)
}

func TestPresenceThatMayNotBeAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.get("/campaigns/new").must(t, http.StatusOK, "Who is not there is tried again")
	w.refusal = &domain.Unavailable{Permission: "Presence.Read.All", Err: errors.New("forbidden")}
	w.get("/campaigns/new").must(t, http.StatusOK, `aria-describedby="no-presence" disabled`, "it needs the permission Presence.Read.All")
	// Who chose it before is told, and can choose again.
	answer := w.post("/campaigns/new", "/campaigns/new/save", hoursTyped(nil))
	answer.must(t, http.StatusUnprocessableEntity, `id="f-delivery-presence-fault"`, "Leave presence out", `<option value="available" selected>`)
	if field := between(answer.Body, `name="delivery.presence"`, ">"); strings.Contains(field, "disabled") {
		t.Error("the field that is at fault can't be changed")
	}
	// A directory that does not answer is no reason to refuse.
	w.refusal = &domain.Unavailable{Err: context.DeadlineExceeded}
	if answer = w.post("/campaigns/new", "/campaigns/new/save", hoursTyped(nil)); answer.Status != http.StatusSeeOther {
		t.Errorf("%d: %.300s", answer.Status, answer.Body)
	}
}

// A draft that lacks something is shown with its delivery, not with an empty one.
func TestAReviewRefusedKeepsTheDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := idea()
	c.Content.Text, c.Delivery = "", full()
	c = w.create(c)
	w.get(campaignPath(c.ID)+"/review").must(t, http.StatusUnprocessableEntity, `name="delivery.working_hours" value="on" checked`,
		`<option value="recipient" selected>`, `<option value="2h0m0s" selected>`, `<option value="hold" selected>`)
}
