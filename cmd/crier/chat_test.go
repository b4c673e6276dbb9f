package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
)

func later(s *stage, d string) string {
	s.Helper()
	wait, err := time.ParseDuration(d)
	if err != nil {
		s.Fatal(err)
	}
	return time.Now().Add(wait).UTC().Format(time.RFC3339Nano)
}

// says has a person write to the bot and answers the text of what comes back.
func (s *stage) says(i int, text string) string {
	s.Helper()
	before := len(s.tenant.Received(i))
	if r, err := s.tenant.Say(s.Context(), i, text); err != nil || !r.OK() {
		s.Fatal(r.Status, err)
	}
	s.eventually("an answer to "+text, func() bool { return len(s.tenant.Received(i)) > before })
	m := s.tenant.Received(i)[before]
	return m.Text + "\n" + string(m.Raw)
}

// An officer's commands in chat do what the API does, to the same rows; anybody else's do
// nothing and say so.
func TestCommands(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 12}, func(s *stage) {
		s.install()
		draft := map[string]any{"name": "Town hall", "kind": "important",
			"content": map[string]any{"text": "mark-2222"}, "audience": map[string]any{"everyone": true}}
		id := s.campaign(draft)

		for officer, stranger := range map[int]int{0: 5, 1: 6} { // one known by principal name, one by object id
			if answer := s.says(stranger, `send "Town hall"`); strings.Contains(answer, "on its way") || s.got(0, "mark-2222") > 0 {
				s.Fatalf("a stranger's send was obeyed: %s", answer)
			}
			if answer := s.says(officer, "help"); !strings.Contains(answer, "campaigns") {
				s.Errorf("help: %s", answer)
			}
			if answer := s.says(officer, "campagnes"); !strings.Contains(answer, "Town hall") {
				s.Errorf("campagnes: %s", answer)
			}
		}
		if status := s.call(http.StatusOK, "GET", "/campaigns/"+id, nil)["status"]; status != "draft" {
			s.Errorf("after strangers' commands the campaign is %v", status)
		}
		s.says(0, "try Town hall "+s.tenant.Person(7).Email)
		s.eventually("the test arrived", func() bool { return s.got(7, "mark-2222") == 1 })
		s.says(0, `send "Town hall" now`)
		byChat := s.finished(id)
		if answer := s.says(0, "report town hall"); !strings.Contains(answer, "12") {
			s.Errorf("report: %s", answer)
		}

		draft["name"] = "Town hall again"
		other := s.campaign(draft)
		s.call(http.StatusAccepted, "POST", "/campaigns/"+other+"/send", nil)
		byAPI := s.finished(other)
		for _, name := range []string{"listed", "recipients", "sent", "unreachable", "failed", "result", "status"} {
			if byChat[name] != byAPI[name] {
				s.Errorf("%s: %v in chat, %v by the API", name, byChat[name], byAPI[name])
			}
		}
	})
}

// question is the survey as it arrived at a person: its message, the button's data and
// the id of its input.
func (s *stage) question(i int) (message string, data map[string]any, input string) {
	s.Helper()
	for _, m := range s.tenant.Received(i) {
		if !strings.Contains(string(m.Raw), "Which day") {
			continue
		}
		var a map[string]any
		if err := json.Unmarshal(m.Raw, &a); err != nil {
			s.Fatal(err)
		}
		walk(a, func(o map[string]any) {
			switch o["type"] {
			case "Action.Submit":
				if with, _ := o["data"].(map[string]any); with["verb"] == "answer" {
					data = with
				}
			case "Input.ChoiceSet":
				input, _ = o["id"].(string)
			}
		})
		return m.ID, data, input
	}
	s.Fatalf("person %d got no survey", i)
	return "", nil, ""
}

func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, child := range v {
			walk(child, visit)
		}
	case []any:
		for _, child := range v {
			walk(child, visit)
		}
	}
}

// One answer a person, whatever is clicked twice, by Action.Execute or Action.Submit.
func TestSurvey(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 6}, func(s *stage) {
		s.install()
		id := s.campaign(map[string]any{"name": "Day out", "kind": "survey", "audience": map[string]any{"everyone": true}, "content": map[string]any{
			"title": "Day out", "questions": []any{map[string]any{"type": "choice", "text": "Which day?", "options": []any{"Monday", "Friday"}}}}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		s.finished(id)

		answer := func(who, from int, choice string, execute bool) simulator.Reply {
			s.Helper()
			message, data, input := s.question(from)
			press := func() (simulator.Reply, error) {
				if execute {
					return s.tenant.Execute(s.Context(), who, message, "answer", data, map[string]any{input: choice})
				}
				return s.tenant.Submit(s.Context(), who, message, data, map[string]any{input: choice})
			}
			r, err := press()
			if err != nil || r.Status != http.StatusOK {
				s.Fatal(r.Status, string(r.Body), err)
			}
			if _, err := press(); err != nil { // the impatient click twice
				s.Fatal(err)
			}
			if _, err := s.tenant.Post(s.Context(), r.Activity); err != nil { // and the channel delivers again
				s.Fatal(err)
			}
			return r
		}
		options := s.value(id)
		r := answer(0, 0, options["Friday"], true)
		if a, err := r.Invoke(); err != nil || a.StatusCode != 200 || !strings.Contains(string(a.Value), "Friday") {
			s.Errorf("the card after the answer: %+v %v", a, err)
		}
		answer(1, 1, options["Friday"], false)
		answer(2, 2, options["Monday"], true)
		answer(3, 4, options["Monday"], true) // somebody else's card
		answer(5, 5, "Sunday", true)          // no option

		survey := s.call(http.StatusOK, "GET", "/campaigns/"+id+"/survey", nil)
		question := survey["questions"].([]any)[0].(map[string]any)
		counts := map[string]any{}
		for _, o := range question["options"].([]any) {
			option := o.(map[string]any)
			counts[option["text"].(string)] = option["count"]
		}
		if survey["responses"] != 3.0 || counts["Friday"] != 2.0 || counts["Monday"] != 1.0 {
			s.Errorf("%v", survey)
		}
		want(s, s.report(id), map[string]int{"answered": 3, "seen": 3})
		s.eventually("the submitted card is redrawn", func() bool {
			for _, m := range s.tenant.Received(1) {
				if strings.Contains(string(m.Raw), "Friday") && !strings.Contains(string(m.Raw), "Input.ChoiceSet") {
					return true
				}
			}
			return false
		})
	})
}

// value is what a choice's input sends for each option, read from the card.
func (s *stage) value(string) map[string]string {
	s.Helper()
	values := map[string]string{}
	for _, m := range s.tenant.Received(0) {
		var a any
		if json.Unmarshal(m.Raw, &a) != nil {
			continue
		}
		walk(a, func(o map[string]any) {
			if title, ok := o["title"].(string); ok && o["value"] != nil {
				values[title] = fmt.Sprint(o["value"])
			}
		})
	}
	return values
}

// Read receipts and reactions raise "seen", once, and are taken back where people take
// them back.
func TestSignals(t *testing.T) {
	t.Parallel()
	onEach(t, simulator.Options{Users: 4}, func(s *stage) {
		s.install()
		id := s.campaign(map[string]any{"name": "News", "kind": "success",
			"content": map[string]any{"text": "mark-3333"}, "audience": map[string]any{"everyone": true}})
		s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
		s.finished(id)
		message := func(i int) string {
			list := s.tenant.Received(i)
			return list[len(list)-1].ID
		}
		for _, act := range []func() (simulator.Reply, error){
			func() (simulator.Reply, error) { return s.tenant.Read(s.Context(), 0, message(0)) },
			func() (simulator.Reply, error) { return s.tenant.Read(s.Context(), 0, message(0)) },
			func() (simulator.Reply, error) { return s.tenant.React(s.Context(), 0, message(0), "like") },
			func() (simulator.Reply, error) { return s.tenant.React(s.Context(), 1, message(1), "heart") },
			func() (simulator.Reply, error) { return s.tenant.Unreact(s.Context(), 1, message(1), "heart") },
			func() (simulator.Reply, error) { return s.tenant.React(s.Context(), 2, "123", "like") }, // not ours
		} {
			if r, err := act(); err != nil || !r.OK() {
				s.Fatal(r.Status, err)
			}
		}
		r := s.report(id)
		want(s, r, map[string]int{"seen": 2})
		if reactions := fmt.Sprint(r["reactions"]); reactions != "map[like:1]" {
			s.Errorf("reactions %s", reactions)
		}
	})
}
