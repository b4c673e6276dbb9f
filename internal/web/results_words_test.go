package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
)

// Results show what was asked as plain text.
func TestQuestionsAreReadWithoutMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(6)
	c := survey()
	c.Content.Survey.Questions = []domain.Question{{
		ID: "q1", Type: domain.Choice, Text: "Which **building**, [FIRSTNAME|friend]?", Options: []string{"The _old_ one", "The new one"},
	}}
	c = w.create(c)
	w.start(c.ID)
	for _, d := range w.deliver(c.ID, 6, w.sent) {
		if _, err := w.surveys.Submit(t.Context(), d.Person, domain.SurveySubmission{
			Verb: domain.VerbAnswer, Ref: w.surveys.Refs.Sign(d.ID), Question: "q1", Inputs: map[string]string{"q1": "1"},
		}); err != nil {
			t.Fatal(err)
		}
	}
	report := campaignPath(c.ID) + "/report?tab="
	for _, tab := range []string{"answers", "people", "answers&question=q1"} {
		page := w.get(report + tab)
		page.must(t, http.StatusOK, "Which building, friend?", "The old one")
		if strings.Contains(page.Body, "**") || strings.Contains(page.Body, "FIRSTNAME") || strings.Contains(page.Body, "_old_") {
			t.Errorf("the tab %s shows marks: %s", tab, page.Body)
		}
	}
}

func TestSharingSaysWhatColleaguesGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(8)
	c := w.surveyed(domain.Identified, 8, 7)
	path := campaignPath(c.ID)
	const open = "The survey is still open"
	w.get(path+"/report?tab=answers").must(t, http.StatusOK, "each question that at least 5 people answered. What people wrote is not on it.", open)
	w.post(path+"/report?tab=answers", path+"/close", nil)
	page := w.get(path + "/report?tab=answers")
	page.must(t, http.StatusOK, "at least 5 people answered.")
	if strings.Contains(page.Body, open) {
		t.Error("a closed survey is said to be open")
	}
}

// When a reminder has to wait, its time is one of the page's, which the script says in the
// reader's zone.
func TestAReminderThatHasToWaitSaysUntilWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(4)
	c := w.surveyed(domain.Identified, 4, 2)
	from := c.StartedAt.Add(domain.RemindAfter)
	answers := campaignPath(c.ID) + "/report?tab=answers"
	page := w.get(answers)
	page.must(t, http.StatusOK, fmt.Sprintf(`People are reminded once a day at most. The next reminder can go after <time datetime="%s">`, from.Format(time.RFC3339)))
	if strings.Contains(page.Body, "No reminder now") || strings.Contains(page.Body, "(UTC) on") {
		t.Error("it is said twice")
	}
	w.clock.forward(25 * time.Hour)
	if page := w.get(answers); strings.Contains(page.Body, "The next reminder") {
		t.Error("a reminder that can go waits")
	}

	soon := canteen(domain.Identified)
	soon.Content.Survey.ClosesAt = w.clock.now().Add(2 * time.Hour)
	soon = w.create(soon)
	w.start(soon.ID)
	w.get(campaignPath(soon.ID)+"/report?tab=answers").must(t, http.StatusOK, "once a day at most, and by then the survey is closed.")
}

func TestTextsThatAreDrawnSaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(30)
	for privacy, says := range map[domain.Privacy]bool{domain.Anonymous: true, domain.Masked: true, domain.Identified: false} {
		page := w.get(campaignPath(w.surveyed(privacy, 30, 30).ID) + "/report?tab=answers")
		if got := strings.Contains(page.Body, " of 15, drawn at random"); got != says {
			t.Errorf("%s: %v in %s", privacy, got, between(page.Body, "What do you miss?", "</section>"))
		}
	}
}
