package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

// needless asks whether a message about a survey need not go to somebody.
func (w *world) needless(c domain.Campaign, change domain.Change, name string) bool {
	w.Helper()
	row := w.card(c, name)
	about := w.campaign(c.ID)
	if change != "" {
		about.Parent, about.Change, row.Origin = c.ID, change, row.ID
	}
	is, err := w.surveys.Needless(w.ctx, about, row)
	w.ok(err)
	return is
}

func TestWhoNeedsNoMessageAboutASurvey(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		w.person("bob")
		c := w.done(survey(func(s *domain.Survey) { s.Privacy, s.ClosesAt = privacy, w.clock().Add(time.Hour) }))
		w.types("ana", "yes")
		anonymous := privacy == domain.Anonymous
		for _, one := range []struct {
			change   domain.Change
			ana, bob bool
		}{
			{"", false, false}, {domain.Remind, true, false}, {domain.Later, true, false}, {domain.Recall, false, false}, {domain.Expire, false, false},
			// These are written down for those alone whom they are for, unless that would tell who has answered.
			{domain.Share, false, anonymous}, {domain.Correct, anonymous, false},
		} {
			if got := [2]bool{w.needless(c, one.change, "ana"), w.needless(c, one.change, "bob")}; got != [2]bool{one.ana, one.bob} {
				t.Errorf("%s, %q: needless for ana and bob: %v", privacy, one.change, got)
			}
		}
		w.pass(time.Hour)
		for change, closed := range map[domain.Change]bool{"": true, domain.Remind: true, domain.Later: true, domain.Recall: false, domain.Correct: false} {
			if got := w.needless(c, change, "bob"); got != closed {
				t.Errorf("%s, %q of a closed survey: needless is %v", privacy, change, got)
			}
		}
	}
}
