package cards

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

func TestSizeCountsUTF16(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "abc", "é李", "👩‍🚀 x", strings.Repeat("💡", 100)} {
		if got, want := Size([]byte(s)), 2*len(utf16.Encode([]rune(s))); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

func TestTooBigIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Compile(text(domain.KindIdea, strings.Repeat("many words ", 4000)), Options{})
	if domain.KindOf(err) != domain.Invalid || !strings.Contains(err.Error(), "KB") {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]domain.Campaign{
		"no kind": {}, "an unknown kind": {Kind: "poem"}, "no questions": {Kind: domain.KindSurvey},
		"no JSON":      {Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: json.RawMessage(`{"type"`)}},
		"a list":       {Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: json.RawMessage(`[1]`)}},
		"a giant card": {Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: json.RawMessage(`{"x":"` + strings.Repeat("x", domain.MaxCardJSON) + `"}`)}},
	} {
		for _, c.Channel = range []domain.Channel{domain.Teams, domain.Skype} {
			if _, err := Compile(c, Options{}); domain.KindOf(err) != domain.Invalid {
				t.Errorf("%s on %s: got %v", name, c.Channel, err)
			}
		}
	}
}

func TestOwnCardIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	const card = `{"version":"1.5","type":"AdaptiveCard","z":1.50,"a":[1e3,null,true,{},[]],"text":"<b>&é \"q\"","[NAME]":"[other] \\[NAME]","type":"AdaptiveCard"}`
	m := compiled(t, domain.Campaign{Kind: domain.KindCard, Channel: domain.Teams, Content: domain.Content{AdaptiveCard: json.RawMessage(card)}})
	if raw := string(m.Fill(nil, ana())); !strings.Contains(raw, `"content":`+card+`}`) {
		t.Errorf("the card is not in %s", raw)
	}
}

func TestTextAndAttachmentNeverMeet(t *testing.T) {
	t.Parallel()
	for name, raw := range activities(t) {
		var a struct {
			Type, Text string
			From       struct{ ID string }
			Attachments,
			ChannelData json.RawMessage
		}
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		if (a.Text == "") == (len(a.Attachments) == 0) {
			t.Errorf("%s: text %q and attachments %s", name, a.Text, a.Attachments)
		}
		if a.Type != "message" || a.From.ID != "28:bot" {
			t.Errorf("%s: %s from %s", name, a.Type, a.From.ID)
		}
	}
}

func TestReadSubmission(t *testing.T) {
	t.Parallel()
	want := domain.SurveySubmission{
		Verb: "answer", Ref: "r1", State: "sealed", Question: "q1", Inputs: map[string]string{"q1": "Yes", "n": "5", "t": "true", "e": ""},
	}
	const fields = `"verb":"answer","ref":"r1","state":"sealed","question":"q1","answer_q1":"Yes","answer_n":5,"answer_t":true,"answer_e":null,"other":{"x":1}`
	for _, value := range []string{
		`{` + fields + `}`,
		`{"action":{"type":"Action.Execute","id":"x","verb":"answer","data":{` + fields + `}},"trigger":"manual"}`,
		`{"action":"mine",` + fields + `}`,
	} {
		got, err := ReadSubmission(json.RawMessage(value))
		if err != nil {
			t.Errorf("%s: %v", value, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", value, diff)
		}
	}
}

func TestReadSubmissionRefusesHostileInput(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range domain.MaxQuestions + 1 {
		fmt.Fprintf(&many, `,"answer_%d":"x"`, i)
	}
	for name, value := range map[string]string{
		"nothing": ``, "null": `null`, "text": `"x"`, "list": `[]`, "broken": `{"verb":`,
		"a giant":           `{"x":"` + strings.Repeat("x", maxSubmission) + `"}`,
		"a long reference":  `{"ref":"` + strings.Repeat("x", maxReference+1) + `"}`,
		"a long verb":       `{"verb":"` + strings.Repeat("x", maxVerb+1) + `"}`,
		"a long state":      `{"verb":"back","state":"` + strings.Repeat("x", maxState+1) + `"}`,
		"a long question":   `{"verb":"back","question":"` + strings.Repeat("x", maxQuestion+1) + `"}`,
		"an author's verb":  `{"verb":"order","ref":"x"}`,
		"no verb":           `{"ref":"x"}`,
		"a long answer":     `{"verb":"answer","answer_q":"` + strings.Repeat("x", maxAnswer+1) + `"}`,
		"too many answers":  `{"verb":"answer"` + many.String() + `}`,
		"a deep nest":       strings.Repeat(`{"action":`, 20000),
		"a long Execute":    `{"action":{"type":"Action.Execute","verb":"` + strings.Repeat("x", maxVerb+1) + `"}}`,
		"a deep valid nest": strings.Repeat(`[`, 20000) + strings.Repeat(`]`, 20000),
	} {
		if _, err := ReadSubmission(json.RawMessage(value)); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzReadSubmission(f *testing.F) {
	f.Add([]byte(`{"action":{"type":"Action.Execute","verb":"answer","data":{"ref":"r","answer_q1":"Yes"}}}`))
	f.Add([]byte(`{"verb":7,"ref":[],"answer_":{}}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		s, err := ReadSubmission(value)
		var known *domain.Error
		if err != nil && !errors.As(err, &known) {
			t.Errorf("an internal error: %v", err)
		}
		if len(s.Inputs) > domain.MaxQuestions || len(s.Ref) > maxReference || len(s.Verb) > maxVerb {
			t.Errorf("beyond its bounds: %v", s)
		}
	})
}

func TestReplyOnSkypeIsPlain(t *testing.T) {
	t.Parallel()
	who := ana().Person
	who.Channel = domain.Skype
	for name, content := range words(who) {
		if raw := string(Reply(who, content)); strings.Contains(raw, "attachments") || !strings.Contains(raw, `"textFormat":"plain"`) {
			t.Errorf("%s: %s", name, raw)
		}
	}
}

// TestAnsweredCardSurvivesItsActivity holds that nothing in a finished card is taken
// for a slot of the activity around it.
func TestAnsweredCardSurvivesItsActivity(t *testing.T) {
	t.Parallel()
	who := named("Ana \U000F0000\U000F0001").Person
	card := json.RawMessage(`{"type":"AdaptiveCard","text":"x` + "\U000F0000" + `y"}`)
	raw := string(ActivityWithCard(who, card, "sum\U000F0002mary"))
	if !strings.Contains(raw, `"content":{"type":"AdaptiveCard","text":"xy"}`) || !strings.Contains(raw, `"summary":"summary"`) {
		t.Errorf("got %s", raw)
	}
	m, err := Compile(text(domain.KindIdea, "x"), Options{BotName: "Cri\U000F0000er"})
	if err != nil {
		t.Fatal(err)
	}
	if raw := string(m.Fill(nil, ana())); !strings.Contains(raw, `"name":"Crier"`) {
		t.Errorf("got %s", raw)
	}
}
