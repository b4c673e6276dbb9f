package main

import (
	"net/http"
	"strings"
	"testing"

	"crier/internal/simulator"
)

// People on Skype add the bot as a contact, get hero cards instead of Adaptive Cards, and are
// an "everyone" of their own.
func TestSkype(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 8, SkypeShare: 1}, func(s *stage) {
		s.install()
		if r, err := s.tenant.Uninstall(s.Context(), 7); err != nil || !r.OK() {
			s.Fatal(r.Status, err)
		}
		draft := map[string]any{"name": "News", "kind": "success", "channel": "skype", "audience": map[string]any{"everyone": true},
			"content": map[string]any{"title": "Good news", "text": "Dear [FIRSTNAME], mark-6666"}}
		id := s.campaign(draft)
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		want(s, s.finished(id), map[string]int{"recipients": 7, "sent": 7})
		for i := range 8 {
			n := 1
			if i == 7 {
				n = 0
			}
			if got := s.got(i, "mark-6666"); got != n {
				s.Errorf("person %d got it %d times, want %d", i, got, n)
			}
			for _, m := range s.tenant.Received(i) {
				if strings.Contains(string(m.Raw), "card.adaptive") {
					s.Errorf("an Adaptive Card on Skype: %s", m.Raw)
				}
			}
		}
		draft["channel"] = "teams"
		teams := s.campaign(draft)
		s.call(http.StatusUnprocessableEntity, "POST", "/campaigns/"+teams+"/send", nil) // nobody there
	})
}
