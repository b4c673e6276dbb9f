package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimesThatCouldPairSomebodyWithAnAnswer(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	row := Delivery{ID: 1, DueAt: at, SentAt: at, SeenAt: at, ClickedAt: at, AnsweredAt: at}
	for name, test := range map[string]struct {
		survey *Survey
		want   Delivery
	}{
		"no survey":  {nil, row},
		"identified": {&Survey{Privacy: Identified}, row},
		"masked":     {&Survey{Privacy: Masked}, Delivery{ID: 1, DueAt: at, SentAt: at}},
		"anonymous":  {&Survey{Privacy: Anonymous}, Delivery{ID: 1, DueAt: at, SentAt: at, SeenAt: at, ClickedAt: at}},
	} {
		if got := test.survey.Discreet(row); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatIsOverWhenASurveyStarts(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		survey *Survey
		want   []string
	}{
		"no survey":      {nil, nil},
		"nothing":        {&Survey{Reminders: []time.Time{start.Add(time.Millisecond)}, ClosesAt: start.Add(time.Hour)}, nil},
		"closed by then": {&Survey{ClosesAt: start}, []string{"content.closes_at"}},
		"a reminder":     {&Survey{Reminders: []time.Time{start, start.Add(RemindAfter)}}, []string{"content.reminders[0]"}},
	} {
		var fields []string
		for _, f := range test.survey.OverBy(start) {
			fields = append(fields, f.Field)
		}
		if diff := cmp.Diff(test.want, fields); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
