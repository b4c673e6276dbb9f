package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crier/internal/domain"
)

func TestWhoGetsATest(t *testing.T) {
	t.Parallel()
	const unknown = " is not known here: nobody with this address has installed the app."
	eleven := slices.Repeat([]string{address("ana")}, domain.MaxTestPeople+1)
	tests := map[string]struct {
		addresses []string
		gets      []string // names; none when something is at fault
		faults    []string
	}{
		"one":                      {[]string{address("ana")}, []string{"ana"}, nil},
		"in any case":              {[]string{" ANA@Example.com "}, []string{"ana"}, nil},
		"by user principal name":   {[]string{"ana@corp.example"}, []string{"ana"}, nil},
		"two":                      {[]string{address("ana"), address("bob")}, []string{"ana", "bob"}, nil},
		"one of them twice":        {[]string{address("ana"), address("bob"), "ana@corp.example", "Ana@example.com"}, []string{"ana", "bob"}, nil},
		"ten":                      {eleven[1:], []string{"ana"}, nil},
		"eleven":                   {eleven, nil, []string{"emails: A test goes to at most 10 people."}},
		"nobody":                   {nil, nil, []string{"email: Give the address of somebody who has the app."}},
		"a blank":                  {[]string{" "}, nil, []string{"email: Give the address of somebody who has the app."}},
		"somebody unknown":         {[]string{"eve@example.com"}, nil, []string{"email: eve@example.com" + unknown}},
		"somebody gone":            {[]string{address("cy")}, nil, []string{"email: cy@example.com has removed the app."}},
		"somebody without address": {[]string{"29:dan"}, nil, []string{"email: 29:dan" + unknown}},
		"several faults, one good": {
			[]string{"eve@example.com", address("ana"), address("cy"), ""}, nil,
			[]string{
				"emails[0]: eve@example.com" + unknown, "emails[2]: cy@example.com has removed the app.",
				"emails[3]: Give the address of somebody who has the app.",
			},
		},
	}
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	w.former("cy")
	w.newcomer("dan")
	c := w.draft()
	for name, test := range tests {
		var err error
		wakes := w.wakesAfter(func() { err = w.campaigns.Test(w.ctx, author, c.ID, test.addresses) })
		var got []string
		for _, d := range w.tried(c) {
			got = append(got, d.Person.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, test.gets) {
			t.Errorf("%s: %q get it, want %q", name, got, test.gets)
		}
		if test.faults == nil {
			if err != nil || wakes != 1 {
				t.Errorf("%s: %v, %d wakes", name, err, wakes)
			}
			continue
		}
		if err == nil || !slices.Equal(faults(t, err), test.faults) || wakes != 0 {
			t.Errorf("%s: %v, %d wakes; want %q", name, err, wakes, test.faults)
		}
	}
}

func TestATestIsCountedNowhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		for _, status := range domain.Statuses() {
			c := w.in(status)
			before := w.snapshot()
			w.ok(w.campaigns.Test(w.ctx, author, c.ID, []string{address("ana")}))
			w.same(len(w.tried(c)), 1)
			w.same(w.snapshot(), before)
		}
	})
}

func TestATestNeedsAContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	nobody := func(c *domain.Campaign) { c.Audience = domain.Audience{} }
	w.ok(w.campaigns.Test(w.ctx, author, w.draft(nobody).ID, []string{address("ana")}))
	empty := w.draft(nobody, func(c *domain.Campaign) { c.Content = domain.Content{} })
	w.same(faults(t, w.campaigns.Test(w.ctx, author, empty.ID, []string{address("ana")})), []string{"content.text: Write the text."})
	skype := w.draft(func(c *domain.Campaign) { c.Channel = domain.Skype })
	if got := fmt.Sprint(w.campaigns.Test(w.ctx, author, skype.ID, []string{address("ana")})); !strings.Contains(got, "not known here") {
		t.Errorf("a test on another channel: %s", got)
	}
	w.is(w.campaigns.Test(w.ctx, author, 99, nil), domain.NotFound)
	w.same(w.waitingTrials(), int64(1))
}
