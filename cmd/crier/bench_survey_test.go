package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// BenchmarkSurveyAnswers is answers a second over 32 connections while another campaign is being
// sent at 30 a second: buttons pressed, each activity signed, verified, its answer stored, the
// next card answered and the message redrawn. Everybody answers five questions, one by one.
func BenchmarkSurveyAnswers(b *testing.B) {
	for _, d := range storetest.Databases() {
		for _, privacy := range []string{"identified", "anonymous"} {
			b.Run(d.Name+"/"+privacy, func(b *testing.B) { benchAnswers(b, d, privacy) })
		}
	}
}

const (
	askedInBench = 5
	sentAlong    = 5_000 // people that the other campaign is still going to
)

func benchAnswers(b *testing.B, d storetest.Database, privacy string) {
	respondents := (b.N + askedInBench - 1) / askedInBench
	s := newStage(b, d, simulator.Options{Users: max(respondents, sentAlong)}, unlimited)
	benchUsers(b, s, s.tenant.People())
	people := map[string]any{"everyone": true}
	var questions []map[string]any
	for n := range askedInBench {
		questions = append(questions, map[string]any{"id": fmt.Sprint("q", n), "type": "rating", "text": fmt.Sprint("How is it? ", n)})
	}
	survey := s.campaign(map[string]any{"name": "Survey", "kind": "survey", "audience": people,
		"content": map[string]any{"title": "How are you?", "privacy": privacy, "questions": questions}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+survey+"/send", nil)
	s.finished(survey)
	other := s.campaign(map[string]any{"name": "News", "kind": "important", "audience": people,
		"content": map[string]any{"text": "Please leave by the stairs."}, "delivery": map[string]any{"max_per_hour": 30 * 3600}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+other+"/send", nil)
	s.eventually("the other campaign is being sent", func() bool { return s.report(other)["sent"].(float64) > 0 })
	press, before, begun := s.presses(respondents), s.report(other)["sent"].(float64), time.Now()
	token, err := s.tenant.Token(nil)
	if err != nil {
		b.Fatal(err)
	}
	hammer(b, 32, token, func(i int) (string, []byte) {
		return s.service.cfg.PublicURL + "/api/messages", press(i%respondents, i/respondents)
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
	r := s.report(other)
	b.ReportMetric((r["sent"].(float64)-before)/time.Since(begun).Seconds(), "sends/s")
	if r["status"] != "sending" {
		b.Errorf("the other campaign is %v", r["status"])
	}
	completed := s.call(http.StatusOK, "GET", "/campaigns/"+survey+"/survey", nil)["completed"].(float64)
	if left := b.N % respondents; int(completed) != b.N/askedInBench && left == 0 {
		b.Errorf("%v have answered everything, want %d", completed, b.N/askedInBench)
	}
}

var inCard = regexp.MustCompile(`"ref":"([^"]+)"`)

// presses makes activities: somebody presses "Next" below a question.
func (s *stage) presses(respondents int) func(person, question int) []byte {
	s.Helper()
	type sent struct{ message, ref string }
	cards := make([]sent, respondents)
	for i := range cards {
		for _, m := range s.tenant.Received(i) {
			if ref := inCard.FindSubmatch(m.Raw); ref != nil && strings.Contains(m.Text, "How are you?") {
				cards[i] = sent{m.ID, string(ref[1])}
			}
		}
		if cards[i].ref == "" {
			s.Fatalf("person %d has no survey", i)
		}
	}
	return func(person, question int) []byte {
		q := fmt.Sprint("q", question)
		a := s.message(person)
		a["type"], a["name"], a["replyToId"], a["id"] = "invoke", "adaptiveCard/action", cards[person].message, fmt.Sprintf("f:%d-%d", person, question)
		a["value"] = map[string]any{"trigger": "manual", "action": map[string]any{"type": "Action.Execute", "verb": "answer",
			"data": map[string]any{"verb": "answer", "ref": cards[person].ref, "question": q, "answer_" + q: "4"}}}
		delete(a, "text")
		body, err := json.Marshal(a)
		if err != nil {
			panic(err) // plain data always does
		}
		return body
	}
}
