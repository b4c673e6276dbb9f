package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

// surveyBot is a bot that asks three questions, one by one, and keeps its own count: "Where?" (a
// choice, whose second answer ends it), "Why?" (a text) and "Sure?" (two buttons).
type surveyBot struct {
	*tenant
	mu      sync.Mutex
	at      map[string]int               // by person
	answers map[string]map[string]string // by person and question
}

var asksInTurn = []string{"Where?", "Why?", "Sure?"}

const through = 3

func newSurveyBot(t *testing.T, h simulator.SurveyHabits) *surveyBot {
	b := &surveyBot{at: map[string]int{}, answers: map[string]map[string]string{}}
	b.tenant = newTenant(t, func(o *simulator.Options) {
		o.Users, o.Engage, o.Habits = 60, true, simulator.Habits{Answer: 1, Survey: h}
	})
	b.install(everybody(b.tenant)...)
	must(0, b.sim.Start(t.Context()))
	b.bot.answer = b.take
	for i := range b.sim.People() {
		b.send(i, b.message(b.sim.Person(i).UserID))
	}
	b.waitFor(idle)
	return b
}

// take takes an answer and answers the card that follows.
func (b *surveyBot) take(act map[string]any) (int, string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	who, _ := field(act, "from", "id").(string)
	data, _ := field(act, "value", "action", "data").(map[string]any)
	if data["ref"] != who { // somebody else's, or cut short
		return http.StatusOK, `{"statusCode":400,"type":"application/vnd.microsoft.error","value":{}}`
	}
	if b.answers[who] == nil {
		b.answers[who] = map[string]string{}
	}
	asked := slices.Index(asksInTurn, fmt.Sprint(data["question"]))
	value, _ := data["answer_it"].(string)
	wrong := asked == 0 && value != "1" && value != "2" || asked == 1 && value == "" || asked == 2 && value != "yes" && value != "no"
	switch now := b.at[who]; {
	case asked < 0 || now == through || asked > now:
	case data["verb"] == "back" && asked == now:
		b.at[who] = max(0, now-1)
	case data["verb"] == "answer" && !wrong:
		b.answers[who][asksInTurn[asked]] = value
		if asked == now {
			b.at[who]++
		}
		if asked == 0 && value == "2" {
			b.at[who], b.answers[who] = through, map[string]string{"Where?": "2"}
		}
	}
	card := must(json.Marshal(b.card(who)))
	return http.StatusOK, `{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":` + string(card) + `}`
}

func (b *surveyBot) message(who string) map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive", "content": b.card(who)}}}
}

// card is where somebody stands. The caller holds the lock.
func (b *surveyBot) card(who string) map[string]any {
	now := b.at[who]
	body := []any{map[string]any{"type": "TextBlock", "text": "mark-test"}}
	button := func(title, verb string, more ...string) map[string]any {
		data := map[string]any{"verb": verb, "ref": who, "question": asksInTurn[now]}
		if len(more) > 0 {
			data["answer_it"] = more[0]
		}
		return map[string]any{"type": "Action.Execute", "title": title, "verb": verb, "data": data}
	}
	actions := []any{}
	switch now {
	case 0:
		body = append(body, map[string]any{"type": "Input.ChoiceSet", "id": "answer_it", "label": "Where?", "isRequired": true, "choices": []any{
			map[string]any{"title": "Here", "value": "1"}, map[string]any{"title": "There", "value": "2"}}})
		actions = append(actions, button("Next", "answer"))
	case 1:
		body = append(body, map[string]any{"type": "Input.Text", "id": "answer_it", "label": "Why?", "isRequired": true})
		actions = append(actions, button("Next", "answer"), button("Back", "back"))
	case 2:
		body = append(body, map[string]any{"type": "TextBlock", "text": "Sure?"})
		actions = append(actions, button("Yes", "answer", "yes"), button("No", "answer", "no"), button("Back", "back"))
	}
	return map[string]any{"type": "AdaptiveCard", "version": "1.5", "fallbackText": "mark-test", "body": append(body, map[string]any{"type": "ActionSet", "actions": actions})}
}

// counted is the bot's own count, in the words of its cards.
func (b *surveyBot) counted() (counts map[string]map[string]int, completed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	words := map[string]string{"1": "Here", "2": "There", "yes": "Yes", "no": "No"}
	counts = map[string]map[string]int{}
	for who, answers := range b.answers {
		if b.at[who] == through {
			completed++
		}
		for question, value := range answers {
			if counts[question] == nil {
				counts[question] = map[string]int{}
			}
			if words[value] != "" {
				value = words[value]
			}
			counts[question][value]++
		}
	}
	return counts, completed
}

var everyHabit = simulator.SurveyHabits{Mark: "mark-", DropOut: 0.3, Back: 0.3, LeaveEmpty: 0.3, DoubleClick: 0.3, TwoDevices: 0.3, Late: 0.5, Forge: 0.5}

// A bot that does it right counts what people counted, whatever they do.
func TestSurveysAreCounted(t *testing.T) {
	t.Parallel()
	b := newSurveyBot(t, everyHabit)
	got := b.sim.Surveyed("mark-test", false)
	counts, completed := b.counted()
	if diff := cmp.Diff(counts, got.Counts); diff != "" || completed != got.Completed || len(got.Troubles) > 0 {
		t.Errorf("%d completed, want %d; troubles %q (-bot +people):\n%s", got.Completed, completed, got.Troubles, diff)
	}
	st := b.sim.Stats().Survey
	for what, n := range map[string]int{"finished": st.Finished, "dropped out": st.DroppedOut, "doubled": st.Doubled, "other device": st.OtherDevice,
		"went back": st.WentBack, "left empty": st.LeftEmpty, "forged": st.Forged, "too late": st.TooLate} {
		if n == 0 {
			t.Errorf("nobody %s", what)
		}
	}
	if whole := b.sim.Surveyed("mark-test", true); whole.Completed != completed || len(whole.Responses) != completed {
		t.Errorf("%d of %d finished", whole.Completed, len(whole.Responses))
	}
}

// People come back when they are asked once more, and those who are through do not.
func TestSurveysAreTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := newSurveyBot(t, simulator.SurveyHabits{Mark: "mark-", DropOut: 0.5})
	before := b.sim.Surveyed("mark-test", true).Completed
	for i := range b.sim.People() {
		b.send(i, b.message(b.sim.Person(i).UserID))
	}
	b.waitFor(idle)
	got := b.sim.Surveyed("mark-test", false)
	counts, completed := b.counted()
	if diff := cmp.Diff(counts, got.Counts); diff != "" || completed != got.Completed || completed <= before || len(got.Troubles) > 0 {
		t.Errorf("%d completed, want %d and more than %d; troubles %q (-bot +people):\n%s", got.Completed, completed, before, got.Troubles, diff)
	}
	if again := b.sim.Stats().Survey.TakenAgain; again != b.sim.People()-before {
		t.Errorf("%d took it up again, want %d", again, b.sim.People()-before)
	}
}

// A survey is known by its buttons too, and people take their time.
func TestSurveysWithoutAMark(t *testing.T) {
	t.Parallel()
	b := newSurveyBot(t, simulator.SurveyHabits{Pace: 20 * time.Millisecond})
	if _, completed := b.counted(); completed != b.sim.People() || b.sim.Stats().Survey.Finished != completed {
		t.Errorf("%d completed, want %d (%+v)", completed, b.sim.People(), b.sim.Stats().Survey)
	}
}

// What a bot should not do is told.
func TestSurveyTroubles(t *testing.T) {
	t.Parallel()
	b := newSurveyBot(t, simulator.SurveyHabits{Mark: "mark-"})
	b.mu.Lock()
	b.at = map[string]int{} // it has forgotten everything
	b.mu.Unlock()
	if n, err := b.sim.AnswerTooLate(t.Context(), "mark-test"); err != nil || n != b.sim.People() {
		t.Errorf("%d people answered too late: %v", n, err)
	}
	got := b.sim.Surveyed("mark-test", false)
	if len(got.Troubles) == 0 || !strings.Contains(got.Troubles[0], "asks on after the end") {
		t.Errorf("troubles %q", got.Troubles)
	}
}
