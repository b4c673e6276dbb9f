package domain

import (
	"testing"
	"time"
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
