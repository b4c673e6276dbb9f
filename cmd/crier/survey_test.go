package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/internal/simulator"
)

// surveyors are people who answer surveys in every way that people do.
func surveyors() simulator.Options {
	return simulator.Options{
		Users: sized(300, 10_000), SkypeShare: sized(0.3, 0.12), Seed: 7, Engage: true, Concurrency: sized(64, 512),
		Habits: simulator.Habits{
			MaxDelay: sized(3*time.Second, 30*time.Second), Read: 0.3, Answer: 0.93, OldClient: 0.15,
			Survey: simulator.SurveyHabits{
				Mark: "mark-", Settled: sized(0, 3*time.Second), DropOut: 0.25, Back: 0.15, LeaveEmpty: 0.15, DoubleClick: 0.2, TwoDevices: 0.12,
				Typed: 0.15, Later: 0.1, Late: 0.4, Forge: 0.3,
			},
		},
		Behaviour: simulator.Behaviour{Redeliver: 0.1, Early: sized(0.4, 0.02), Latency: 2 * time.Millisecond, Jitter: 10 * time.Millisecond},
	}
}

// What people answered to surveys of every kind of question, in both styles and under every
// promise of privacy, is counted exactly as they counted it, though they press twice, go back,
// answer from two devices, write instead, stop half-way, come too late and forge.
func TestSurveysAddUp(t *testing.T) {
	t.Parallel()
	onEach(t, surveyors(), func(s *stage) {
		log := &written{}
		s.stop()
		s.log = slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})
		s.start()
		s.install()
		for _, style := range []struct{ style, privacy string }{{"one_by_one", "identified"}, {"single_card", "masked"}, {"one_by_one", "anonymous"}} {
			for _, channel := range []string{"teams", "skype"} {
				newSurveyed(s, style.style, style.privacy, channel).run()
			}
		}
		s.checkSurveyors()
		if s.Failed() {
			s.Log(log.problems())
		}
		if log.has(simulator.Said) {
			s.Error("the log holds what people answered")
		}
	})
}

// checkSurveyors holds that nothing of what these people do was left out.
func (s *stage) checkSurveyors() {
	s.Helper()
	st := s.tenant.Stats().Survey
	for what, n := range map[string]int{
		"finished": st.Finished, "dropped out": st.DroppedOut, "typed": st.Typed, "pressed twice": st.Doubled, "answered from another device": st.OtherDevice,
		"went back": st.WentBack, "left something empty": st.LeftEmpty, "postponed": st.Postponed, "forged": st.Forged, "came too late": st.TooLate,
		"came back": st.TakenAgain,
	} {
		if n < s.tenant.People()/60 {
			s.Errorf("only %d %s: the tenant is no test (%+v)", n, what, st)
		}
	}
}

// written is a log in memory.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

// problems are some lines that are more than information.
func (w *written) problems() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var lines []string
	for line := range strings.Lines(w.text.String()) {
		if len(lines) < 20 && (strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR")) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func (w *written) has(words string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.text.String(), words)
}

// surveyed is a survey that people are sent.
type surveyed struct {
	*stage
	id, name       string
	style, privacy string
	questions      []map[string]any
	onlyFinished   bool // of those who stop half-way nothing is kept
	shown          int  // responses, when the results were last looked at
}

func newSurveyed(s *stage, style, privacy, channel string) *surveyed {
	v := &surveyed{stage: s, style: style, privacy: privacy, onlyFinished: privacy == "anonymous"}
	v.name = "mark-" + strings.ReplaceAll(style, "_", "-") + "-" + privacy + "-" + channel
	v.questions = everyQuestion(style)
	v.id = s.campaign(map[string]any{"name": v.name, "kind": "survey", "channel": channel, "audience": map[string]any{"everyone": true},
		"content": map[string]any{"title": "How are you? " + v.name, "text": "Dear [FIRSTNAME], please tell us.", "style": style, "privacy": privacy,
			"thanks": "Thank you so much!", "questions": v.questions}})
	return v
}

// everyQuestion is a question of every type, required and not, and a statement; one by one, two
// answers lead elsewhere.
func everyQuestion(style string) []map[string]any {
	questions := []map[string]any{
		{"id": "place", "type": "choice", "text": "Where shall it be?", "options": []string{"By the lake", "On the roof", "At home, alone"}},
		{"id": "food", "type": "choices", "text": "What will you eat?", "options": []string{"Soup and bread", "Salad", "Cake", "Cheese, ripe"}},
		{"id": "how", "type": "rating", "text": "How was the last one?"},
		{"id": "note", "type": "statement", "text": "Half of it is behind you."},
		{"id": "friend", "type": "nps", "text": "Would you bring a friend?", "required": false},
		{"id": "bus", "type": "yes_no", "text": "Do you need the bus?"},
		{"id": "seats", "type": "number", "text": "For how many?", "min": 1, "max": 40},
		{"id": "month", "type": "choice", "text": "Which month?", "required": false,
			"options": []string{"January", "February", "March", "April", "May", "June", "July", "August"}},
		{"id": "why", "type": "text", "text": "What else?", "max_length": 200},
		{"id": "more", "type": "text", "text": "And besides?", "required": false},
		{"id": "day", "type": "date", "text": "On which day?"},
	}
	if style == "one_by_one" {
		questions[0]["goto"] = map[string]string{"At home, alone": "why"}
		questions[5]["goto"] = map[string]string{"no": "month"}
		questions[7]["goto"] = map[string]string{"August": "end"}
	}
	return questions
}

// run sends the survey, reminds people of it and closes it, and checks the results each time.
func (v *surveyed) run() {
	v.Helper()
	v.call(http.StatusAccepted, "POST", "/campaigns/"+v.id+"/send", nil)
	sent := int(v.finished(v.id)["sent"].(float64))
	v.tenant.waitIdle(v.stage)
	first := v.check("sent")
	if n := len(first.Responses); n == 0 || n >= sent {
		v.Errorf("%s: %d of %d answered: the tenant is no test", v.name, n, sent)
	}
	v.remind(first)
	second := v.check("reminded")
	if len(second.Responses) <= len(first.Responses) {
		v.Errorf("%s: nobody answered when they were reminded", v.name)
	}
	v.close()
	v.check("closed")
}

// close closes the survey, and has people answer it all the same.
func (v *surveyed) close() {
	v.Helper()
	v.call(http.StatusAccepted, "POST", "/campaigns/"+v.id+"/close", nil)
	n, err := v.tenant.AnswerTooLate(v.Context(), v.name)
	if err != nil || n == 0 {
		v.Errorf("%s: %d people answered too late: %v", v.name, n, err)
	}
	v.tenant.waitIdle(v.stage)
	v.call(http.StatusConflict, "POST", "/campaigns/"+v.id+"/remind", nil)
}
