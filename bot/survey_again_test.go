package bot

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"crier/internal/domain"
)

// What is delivered again would undo what its person did since.
func TestPressesThatAreDeliveredAgain(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous} {
		d := newDesk(t, privacy)
		for range 2 {
			d.comes(submit)
		}
		d.wants([2]string{"PUT 17", "answer_q2"})
		d.comes(execute)
		d.wants([2]string{"PUT 17", "answer_q2"})
		d.surveys.step.Question = "q1" // they have gone back since
		_, body := d.comes(execute)
		d.wants()
		if !strings.Contains(body, typeCard) || strings.Contains(body, `"answer_q2"`) || !strings.Contains(body, "Tea?") {
			t.Errorf("%s: the second answer is %s", privacy, body)
		}
		if len(d.surveys.submitted) != 2 {
			t.Errorf("%s: %d presses were taken, of two", privacy, len(d.surveys.submitted))
		}
		d.Bot.recent = recent{} // another process gets it once more
		d.comes(submit)
		if kept := len(d.surveys.submitted) == 2; kept != (privacy != domain.Anonymous) || kept != (len(d.inbox.known) == 2) {
			t.Errorf("%s: %d presses were taken, and the inbox knows %d", privacy, len(d.surveys.submitted), len(d.inbox.known))
		}
	}
}

func TestAPressThatFailedIsTakenTheNextTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.surveys.err = errors.New("the database is away")
	for _, press := range []string{submit, execute} {
		if code, _ := d.comes(press); code != http.StatusInternalServerError { // the channel delivers again
			t.Errorf("status %d", code)
		}
	}
	d.surveys.err = nil
	for _, press := range []string{submit, execute} {
		d.comes(press)
		d.wants([2]string{"PUT 17", "answer_q2"})
	}
}
