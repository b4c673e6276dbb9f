package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"crier/internal/simulator"

	"github.com/google/go-cmp/cmp"
)

// A campaign to everyone reaches each person once, by name, and the report accounts for
// everybody, also after a restart.
func TestCampaignToEveryone(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 300}, func(s *stage) {
		s.install()
		for i := range 5 {
			if r, err := s.tenant.Uninstall(s.Context(), 10+i); err != nil || !r.OK() {
				s.Fatal(r, err)
			}
		}
		id := s.campaign(map[string]any{"name": "Fire drill", "kind": "important",
			"content": map[string]any{"text": "Dear [FIRSTNAME], leave by the **stairs** at noon."}, "audience": map[string]any{"everyone": true}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		want(s, s.finished(id), map[string]int{"listed": 295, "recipients": 295, "sent": 295, "unreachable": 0})
		for i := range 300 {
			n := 1
			if i >= 10 && i < 15 {
				n = 0
			}
			if got := s.got(i, "leave by the **stairs** at noon"); got != n {
				s.Errorf("person %d got it %d times, want %d", i, got, n)
			}
		}

		var people []string
		for i := range 20 {
			people = append(people, strings.ToUpper(s.tenant.Person(i).Email))
		}
		few := s.campaign(map[string]any{"name": "A few", "kind": "message", "content": map[string]any{"text": "Hello [NAME]"},
			"audience": map[string]any{"people": append(people, "nobody@example.net")}})
		size := s.call(http.StatusOK, "GET", "/campaigns/"+few+"/audience", nil)
		if diff := cmp.Diff(map[string]any{"recipients": 21.0, "reachable": 15.0, "not_installed": 6.0}, size); diff != "" {
			s.Error(diff)
		}
		s.call(http.StatusAccepted, "POST", "/campaigns/"+few+"/send", nil)
		before := s.finished(few)
		want(s, before, map[string]int{"listed": 21, "recipients": 15, "sent": 15, "unreachable": 6})
		rows := s.call(http.StatusOK, "GET", "/campaigns/"+few+"/deliveries?state=unreachable", nil)["items"].([]any)
		if len(rows) != 6 {
			s.Errorf("%d rows are unreachable", len(rows))
		}

		s.stop()
		s.start()
		if diff := cmp.Diff(before, s.report(few)); diff != "" {
			s.Error("after a restart:", diff)
		}
		want(s, s.report(id), map[string]int{"sent": 295})
	})
}

// People who blocked the bot are failed with the code that says so, and nobody else is.
func TestBlockedPeople(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 60, Seed: 7}, func(s *stage) {
		s.install()
		s.tenant.SetBehaviour(simulator.Behaviour{Blocked: 0.2})
		id := s.campaign(map[string]any{"name": "Idea", "kind": "idea",
			"content": map[string]any{"text": "Shorter meetings, mark-4711"}, "audience": map[string]any{"everyone": true}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		r := s.finished(id)
		arrived := 0
		for i := range 60 {
			arrived += s.got(i, "mark-4711")
		}
		if arrived == 60 || arrived == 0 {
			s.Fatalf("the test needs some to have blocked the bot; %d of 60 got it", arrived)
		}
		want(s, r, map[string]int{"sent": arrived, "failed": 60 - arrived})
		if r["result"] != "error" {
			s.Errorf("result %v", r["result"])
		}
		for _, row := range s.call(http.StatusOK, "GET", "/campaigns/"+id+"/deliveries?state=failed", nil)["items"].([]any) {
			if code := row.(map[string]any)["error"].(map[string]any)["code"]; code != "blocked_by_user" {
				s.Errorf("code %v", code)
			}
		}
	})
}

// A person's name is only ever a name.
func TestANameIsOnlyAName(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 200}, func(s *stage) {
		hostile := -1
		for i := range s.tenant.People() {
			if strings.Contains(s.tenant.Person(i).Name, "](http://evil)") {
				hostile = i
			}
		}
		if hostile < 0 {
			s.Fatal("nobody has the hostile name")
		}
		if _, err := s.tenant.Install(s.Context(), hostile); err != nil {
			s.Fatal(err)
		}
		id := s.campaign(map[string]any{"name": "Hello", "kind": "message",
			"content": map[string]any{"text": "Hello [NAME], mark-0815"}, "audience": map[string]any{"everyone": true}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		s.finished(id)
		for _, m := range s.tenant.Received(hostile) {
			var a struct{ Text string }
			if err := json.Unmarshal(m.Raw, &a); err != nil {
				s.Fatal(err)
			}
			if strings.Contains(a.Text, "mark-0815") && !strings.Contains(a.Text, `\[x\]\(http://evil\) \*Ana\*`) {
				s.Errorf("the name is not escaped: %s", a.Text)
			}
		}
		if s.got(hostile, "mark-0815") != 1 {
			s.Error("it did not arrive")
		}
	})
}

// One welcome, ever, in the person's language, whatever is installed how often.
func TestOneWelcome(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 40}, func(s *stage) {
		s.install()
		for i := range 10 {
			for _, act := range []func() (simulator.Reply, error){
				func() (simulator.Reply, error) { return s.tenant.Uninstall(s.Context(), i) },
				func() (simulator.Reply, error) { return s.tenant.Install(s.Context(), i) },
				func() (simulator.Reply, error) { return s.tenant.Upgrade(s.Context(), i) },
			} {
				if r, err := act(); err != nil || !r.OK() {
					s.Fatal(r.Status, err)
				}
			}
		}
		s.eventually("all names are known again", func() bool {
			list := s.call(http.StatusOK, "GET", "/people?installed=true&limit=100", nil)["items"].([]any)
			for _, p := range list {
				if p.(map[string]any)["email"] == "" {
					return false
				}
			}
			return len(list) == 40
		})
		french := 0
		for i := range 40 {
			list := s.tenant.Received(i)
			if len(list) != 1 {
				s.Errorf("person %d got %d messages", i, len(list))
				continue
			}
			if strings.HasPrefix(s.tenant.Person(i).Locale, "fr") {
				french++
				if !strings.Contains(string(list[0].Raw), "Bonjour") {
					s.Errorf("no French for person %d: %s", i, list[0].Text)
				}
			}
		}
		if french == 0 {
			s.Error("nobody reads French in this tenant")
		}
	})
}

// Scheduled campaigns start by the tick, not before; a test goes out at once and counts nowhere.
func TestScheduleAndTry(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 5}, func(s *stage) {
		s.install()
		id := s.campaign(map[string]any{"name": "Later", "kind": "success",
			"content": map[string]any{"text": "mark-0001"}, "audience": map[string]any{"everyone": true}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/test", map[string]any{"email": s.tenant.Person(2).Email})
		s.eventually("the test arrived", func() bool { return s.got(2, "mark-0001") == 1 })
		s.call(http.StatusUnprocessableEntity, "POST", "/campaigns/"+id+"/test", map[string]any{"email": "nobody@example.net"})
		s.call(http.StatusUnprocessableEntity, "POST", "/campaigns/"+id+"/send", map[string]any{"at": later(s, "200h")})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", map[string]any{"at": later(s, "1h")})
		if r := s.report(id); r["status"] != "scheduled" {
			s.Errorf("status %v", r["status"])
		}
		clone := s.call(http.StatusCreated, "POST", "/campaigns/"+id+"/clone", nil)["id"].(string)
		s.call(http.StatusAccepted, "POST", "/campaigns/"+clone+"/send", map[string]any{"at": later(s, "1500ms")})
		want(s, s.finished(clone), map[string]int{"sent": 5})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/cancel", nil)
		for i := range 5 {
			n := 1
			if i == 2 {
				n = 2 // the test too
			}
			if got := s.got(i, "mark-0001"); got != n {
				s.Errorf("person %d got it %d times, want %d", i, got, n)
			}
		}
	})
}
