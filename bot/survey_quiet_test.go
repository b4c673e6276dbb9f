package bot

import (
	"strings"
	"testing"

	"crier/internal/domain"
)

// TestNothingTellsWhenSomebodyAnsweredAnonymously looks at what the bot keeps and logs.
func TestNothingTellsWhenSomebodyAnsweredAnonymously(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Anonymous)
	d.refuses = true
	for range 2 {
		d.comes(execute)
		d.comes(submit)
		d.comes(typed)
	}
	if len(d.inbox.known) != 0 || d.log.Len() != 0 {
		t.Errorf("the inbox knows %v, the log says %s", d.inbox.known, d.log.String())
	}
	if len(d.surveys.typed) != 1 {
		t.Errorf("%d messages were taken, of one", len(d.surveys.typed))
	}
}

// Replies that can't be delivered are logged, without whom they were for.
func TestNoReplyTellsWhoAnsweredAnonymously(t *testing.T) {
	t.Parallel()
	faulty := func(d *desk) { d.surveys.step.Faults = map[string]domain.Text{"q2": domain.Say("?")} }
	tests := map[string]struct {
		privacy  domain.Privacy
		arrange  func(d *desk)
		activity string
		named    bool
	}{
		"on Skype":             {domain.Anonymous, func(d *desk) { d.person.Channel = domain.Skype }, typed, false},
		"a card without an id": {domain.Anonymous, func(d *desk) { d.surveys.step.Delivery.ActivityID = "" }, typed, false},
		"a failed update":      {domain.Anonymous, func(*desk) {}, submit, false},
		"a fault":              {domain.Anonymous, faulty, typed, false},
		"a refused press":      {domain.Anonymous, func(d *desk) { d.surveys.err = domain.Fail(domain.Conflict, "No.") }, submit, false},
		"a refused message":    {domain.Anonymous, func(d *desk) { d.surveys.err = domain.Fail(domain.Conflict, "No.") }, typed, false},
		"an identified survey": {domain.Identified, func(*desk) {}, submit, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, test.privacy)
			d.deaf = true
			test.arrange(d)
			d.comes(test.activity)
			log := d.log.String()
			if named := strings.Contains(log, "person_id") || strings.Contains(log, "a:1"); named != test.named || !strings.Contains(log, "could not be delivered") {
				t.Errorf("the log says %s", log)
			}
			if !test.named && len(d.inbox.known) != 0 {
				t.Errorf("the inbox knows %v", d.inbox.known)
			}
		})
	}
}
