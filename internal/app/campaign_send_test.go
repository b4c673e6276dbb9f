package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"crier/internal/domain"
)

// faults are the fields and words of an Invalid error.
func faults(t testing.TB, err error) []string {
	t.Helper()
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Kind != domain.Invalid {
		t.Fatalf("error %v, want an Invalid one", err)
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Field+": "+f.Message.String())
	}
	return list
}

func TestWhenASendStarts(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) time.Time { return noon.Add(d) }
	const ahead = 144 * time.Hour
	paris := time.FixedZone("Paris", 7200)
	tests := map[string]struct {
		own, at  time.Time
		maxAhead time.Duration
		want     time.Time
		fault    string // empty: it works
	}{
		"now":                              {maxAhead: ahead, want: noon},
		"this very moment":                 {at: noon, maxAhead: ahead, want: noon},
		"later":                            {at: at(time.Hour), maxAhead: ahead, want: at(time.Hour)},
		"later, in another zone":           {at: at(time.Hour).In(paris), maxAhead: ahead, want: at(time.Hour)},
		"later, to the nanosecond":         {at: at(time.Hour + 1_234_567), maxAhead: ahead, want: at(time.Hour + 1_000_000)},
		"a click ago":                      {at: at(-time.Second), maxAhead: ahead, want: noon},
		"as long ago as may be":            {at: at(-time.Minute), maxAhead: ahead, want: noon},
		"too long ago":                     {at: at(-time.Minute - time.Millisecond), maxAhead: ahead, fault: "at: This time is past."},
		"as far ahead as may be":           {at: at(ahead), maxAhead: ahead, want: at(ahead)},
		"too far ahead":                    {at: at(ahead + time.Millisecond), maxAhead: ahead, fault: "at: A campaign can be scheduled until 2026-09-07 12:00 (UTC) at the latest."},
		"far ahead without a limit":        {at: at(9000 * time.Hour), want: at(9000 * time.Hour)},
		"at its own time":                  {own: at(2 * time.Hour), maxAhead: ahead, want: at(2 * time.Hour)},
		"at another than its own":          {own: at(2 * time.Hour), at: at(time.Hour), maxAhead: ahead, want: at(time.Hour)},
		"at another, its own being past":   {own: at(-time.Hour), at: at(time.Hour), maxAhead: ahead, want: at(time.Hour)},
		"at its own time, a moment ago":    {own: at(-time.Minute), maxAhead: ahead, want: noon},
		"at its own time, which is past":   {own: at(-time.Hour), maxAhead: ahead, fault: "delivery.start_at: This time is past."},
		"at its own time, too far ahead":   {own: at(200 * time.Hour), maxAhead: ahead, fault: "delivery.start_at: A campaign can be scheduled until 2026-09-07 12:00 (UTC) at the latest."},
		"at its own time, without a limit": {own: at(200 * time.Hour), want: at(200 * time.Hour)},
	}
	w := newWorld(t)
	w.person("ana")
	for name, test := range tests {
		w.campaigns.MaxAhead = test.maxAhead
		c := w.draft(startingAt(test.own))
		var sent domain.Campaign
		var err error
		wakes := w.wakesAfter(func() { sent, err = w.campaigns.Send(w.ctx, sender, c.ID, test.at) })
		switch {
		case test.fault != "":
			if err == nil || !slices.Equal(faults(t, err), []string{test.fault}) || wakes != 0 {
				t.Errorf("%s: error %v, %d wakes; want %q", name, err, wakes, test.fault)
			}
			w.same(w.campaign(c.ID), c)
		case err != nil || sent.Status != domain.Scheduled || !sent.Delivery.StartAt.Equal(test.want) || wakes != 1:
			t.Errorf("%s: %s at %s, %v, %d wakes; want it at %s", name, sent.Status, sent.Delivery.StartAt, err, wakes, test.want)
		default:
			w.same(w.campaign(c.ID), sent)
		}
	}
}

func TestOnlyADraftIsSent(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		for _, status := range domain.Statuses() {
			c := w.in(status)
			_, err := w.campaigns.Send(w.ctx, sender, c.ID, time.Time{})
			if status == domain.Draft {
				w.ok(err)
				continue
			}
			w.is(err, domain.Conflict)
			w.same(w.campaign(c.ID), c)
		}
		_, err := w.campaigns.Send(w.ctx, sender, 99, time.Time{})
		w.is(err, domain.NotFound)
	})
}

func TestWhatIsMissingIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.draft(func(c *domain.Campaign) { c.Content, c.Audience = domain.Content{}, domain.Audience{} })
	_, err := w.campaigns.Send(w.ctx, sender, c.ID, noon.Add(time.Hour))
	w.same(faults(t, err), []string{"content.text: Write the text.", "audience: Choose who gets it: everyone, or some people."})
	w.same(w.campaign(c.ID), c)
}

// Now it needs somebody; later somebody may have come. Who is named is listed in any case.
func TestASendToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.former("ana")
	c := w.draft()
	_, err := w.campaigns.Send(w.ctx, sender, c.ID, time.Time{})
	w.same(faults(t, err), []string{"audience: Nobody has installed the app yet."})
	w.same(w.campaign(c.ID), c)
	_, err = w.campaigns.Send(w.ctx, sender, c.ID, noon.Add(time.Hour))
	w.ok(err)
	_, err = w.campaigns.Send(w.ctx, sender, w.draft(to(address("ana"))).ID, time.Time{})
	w.ok(err)
}

func TestOfTwoWhoSendOneIsTooLate(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.draft()
		errs := make([]error, 6)
		atOnce(len(errs), func(i int) { _, errs[i] = w.campaigns.Send(w.ctx, sender, c.ID, noon.Add(time.Duration(i)*time.Hour)) })
		sent := 0
		for i, err := range errs {
			if err == nil {
				sent++
				w.same(w.campaign(c.ID).Delivery.StartAt, noon.Add(time.Duration(i)*time.Hour))
				continue
			}
			w.is(err, domain.Conflict)
		}
		w.same(sent, 1)
	})
}
