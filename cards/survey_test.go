package cards

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

// element is what the tests look at of a card's elements.
type element struct {
	Type, Text, ID, Label, Style string
	Value                        any
	IsRequired, IsMultiSelect    bool
	MaxLength                    int
	Choices                      []struct{ Title, Value string }
	Actions                      []pressable
	Items                        []element
}

type pressable struct {
	Title, Verb, AssociatedInputs string
	Data                          map[string]string
	Fallback                      *struct {
		AssociatedInputs string
		Data             map[string]string
	}
}

func elementsOf(t *testing.T, card json.RawMessage) []element {
	t.Helper()
	var c struct{ Body []element }
	if err := json.Unmarshal(card, &c); err != nil {
		t.Fatal(err)
	}
	return c.Body
}

func buttonsOf(body []element) []pressable {
	var all []pressable
	for _, e := range body {
		all = append(all, e.Actions...)
	}
	return all
}

func titlesOf(buttons []pressable) []string {
	var titles []string
	for _, b := range buttons {
		titles = append(titles, b.Title)
	}
	return titles
}

func inputsOf(body []element) map[string]element {
	found := map[string]element{}
	for _, e := range body {
		if strings.HasPrefix(e.Type, "Input.") {
			found[e.ID] = e
		}
	}
	return found
}

// pressed is what a client sends for a button, as Action.Execute and as Action.Submit.
func pressed(b pressable, filledIn map[string]string) [][]byte {
	merge := func(data map[string]string, inputs string) map[string]string {
		all := map[string]string{}
		if inputs != "none" {
			maps.Copy(all, filledIn)
		}
		maps.Copy(all, data)
		return all
	}
	execute, _ := json.Marshal(map[string]any{"action": map[string]any{
		"type": "Action.Execute", "verb": b.Verb, "data": merge(b.Data, b.AssociatedInputs),
	}})
	submit, _ := json.Marshal(merge(b.Fallback.Data, b.Fallback.AssociatedInputs))
	return [][]byte{execute, submit}
}

func TestButtonsOfASurvey(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"asks_month": {"Next", "Back"}, "later": {"Next"}, "asks_yes_no": {"Yes", "No", "Skip", "Back"}, "asks_statement": {"Send", "Back"},
		"masked": {"Next", "Remind me tomorrow"}, "single": {"Send", "Remind me tomorrow"}, "rtl": {"Send", "Remind me tomorrow"},
		"thanks": nil, "closed": nil, "anonymous_thanks": nil,
	} {
		got := titlesOf(buttonsOf(elementsOf(t, Survey(steps()[name], ana().Person))))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestWhatIsSentComesBack presses every button of every card as clients do.
func TestWhatIsSentComesBack(t *testing.T) {
	t.Parallel()
	for name, step := range steps() {
		body := elementsOf(t, Survey(step, ana().Person))
		filledIn := map[string]string{}
		for id := range inputsOf(body) {
			filledIn[id] = "1"
		}
		for _, b := range buttonsOf(body) {
			for _, value := range pressed(b, filledIn) {
				got, err := ReadSubmission(value)
				if err != nil {
					t.Fatalf("%s: %s: %v", name, value, err)
				}
				if got.Ref != step.Ref || got.State != step.State || string(got.Verb) != b.Verb {
					t.Errorf("%s: %s came back as %+v", name, value, got)
				}
				if single := step.Campaign.Content.Survey.Style == domain.SingleCard; single != (got.Question == "") {
					t.Errorf("%s: the question is %q", name, got.Question)
				}
				if got.Verb != domain.VerbAnswer && len(got.Inputs) > 0 {
					t.Errorf("%s: %s sent %v", name, got.Verb, got.Inputs)
				}
			}
		}
	}
}

// TestInputsHoldTheAnswersAsTheyAreSent reads what the inputs are filled in with as an answer.
func TestInputsHoldTheAnswersAsTheyAreSent(t *testing.T) {
	t.Parallel()
	step := steps()["single"]
	inputs := inputsOf(elementsOf(t, Survey(step, ana().Person)))
	for id, want := range answers() {
		q, _ := step.Campaign.Content.Survey.Question(id)
		in := inputs[answerPrefix+id]
		raw, isText := in.Value.(string)
		if n, ok := in.Value.(float64); ok {
			raw = strconv.FormatFloat(n, 'f', -1, 64)
		} else if !isText {
			t.Errorf("%s holds %v", id, in.Value)
		}
		if got, err := q.Read(raw); err != nil || got != want {
			t.Errorf("%s holds %q: %v, %v", id, raw, got, err)
		}
		if in.IsRequired == q.Optional || in.Label == "" {
			t.Errorf("%s: required %v, label %q", id, in.IsRequired, in.Label)
		}
	}
}

// TestEveryChoiceIsReadAsWhatItSays chooses each of the answers.
func TestEveryChoiceIsReadAsWhatItSays(t *testing.T) {
	t.Parallel()
	step := steps()["single"]
	for _, q := range step.Campaign.Content.Survey.Questions {
		in := inputsOf(elementsOf(t, Survey(step, ana().Person)))[answerPrefix+q.ID]
		for _, c := range in.Choices {
			value, err := q.Read(c.Value)
			if err != nil {
				t.Errorf("%s: %q: %v", q.ID, c.Value, err)
			}
			says := newPen("en").label(c.Title)
			if n, ok := value.Number(); ok && !strings.Contains(says, strconv.Itoa(int(n))) {
				t.Errorf("%s: %q is read as %v", q.ID, says, n)
			}
			if option := strings.Join(append(value.List(), value.Text()), ""); option != "" && newPen("en").label(option) != says {
				t.Errorf("%s: %q is read as %q", q.ID, says, option)
			}
		}
	}
}

func TestFaultsStandBesideTheirQuestions(t *testing.T) {
	t.Parallel()
	body := elementsOf(t, Survey(steps()["single_faults"], ana().Person))
	for id, fault := range map[string]string{"month": "This question needs an answer.", "guests": "Answer with a number, for example 12.5."} {
		at := slices.IndexFunc(body, func(e element) bool { return e.ID == answerPrefix+id })
		if at < 1 || body[at-1].Text != "⚠ "+fault {
			t.Errorf("%s: got %+v", id, body[max(at-1, 0)])
		}
	}
	inputs := inputsOf(body)
	for id, want := range map[string]any{"place": "2", "food": "1", "note": "line\nline", "guests": nil, "day": nil, "last": nil} {
		if got := inputs[answerPrefix+id].Value; got != want {
			t.Errorf("%s holds %v, want %v", id, got, want)
		}
	}
}

func TestThanksRepeatTheAnswersUnlessTheyAreAnonymous(t *testing.T) {
	t.Parallel()
	for name, repeats := range map[string]bool{"thanks": true, "anonymous_thanks": false} {
		raw := string(Survey(steps()[name], ana().Person))
		for _, word := range []string{`factory`, `Soup, bread, Cake`, `\\[NAME\\] \\*x\\*`, `★★★★☆ 4`, `10 – very likely`, `✔ No"`, `✔ 1.5`, `4 Jul 2026`} {
			if strings.Contains(raw, word) != repeats {
				t.Errorf("%s: %q: %v in %s", name, word, !repeats, raw)
			}
		}
		if strings.Contains(raw, "Input.") || strings.Contains(raw, "Action.") {
			t.Errorf("%s can still be answered", name)
		}
	}
}

func TestSurveysTellTheirPrivacy(t *testing.T) {
	t.Parallel()
	for name, promise := range map[string]string{"asks_month": "with your name", "masked": "without your name", "anonymous": "nobody can tell which are yours"} {
		step := steps()[name]
		card, said := string(Survey(step, ana().Person)), Text(step.Campaign, ana().Person)
		if !strings.Contains(card, promise) || !strings.Contains(said, promise) {
			t.Errorf("%s does not say %q", name, promise)
		}
	}
}

// TestALongStateLeavesOutWhatItCan holds that an anonymous survey of long texts can be
// answered to its end.
func TestALongStateLeavesOutWhatItCan(t *testing.T) {
	t.Parallel()
	step := steps()["anonymous"]
	step.State = strings.Repeat("s", 12_000) // the most that package app makes
	raw := SurveyActivity(step, ana().Person)
	if size := Size(raw); size > MaxSize {
		t.Errorf("%d bytes, and %d can be sent", size, MaxSize)
	}
	if got := titlesOf(buttonsOf(elementsOf(t, Survey(step, ana().Person)))); !slices.Equal(got, []string{"Next", "Back"}) {
		t.Errorf("the buttons are %v", got)
	}
	many := steps()["thanks"]
	many.Campaign.Content.Survey.Questions = nil
	for i := range domain.MaxQuestions {
		id := strconv.Itoa(i)
		many.Campaign.Content.Survey.Questions = append(many.Campaign.Content.Survey.Questions, domain.Question{ID: id, Type: domain.FreeText, Text: strings.Repeat("why ", 250)})
		many.Answers[id] = domain.TextValue(strings.Repeat("because ", 500))
	}
	if size := Size(SurveyActivity(many, ana().Person)); size > MaxSize {
		t.Errorf("thanks: %d bytes", size)
	}
}

func TestAHostileStepIsOnlyText(t *testing.T) {
	t.Parallel()
	for _, words := range slices.Concat(hostileTexts, hostileNames) {
		for _, style := range []domain.Style{domain.OneByOne, domain.SingleCard} {
			c := with(func(s *domain.Survey) { s.Style, s.Thanks = style, words })
			for i := range c.Content.Survey.Questions {
				c.Content.Survey.Questions[i].Text = words
			}
			step := domain.SurveyStep{
				Campaign: c, Ref: words, State: words, Question: "note", Inputs: map[string]string{"note": words},
				Answers: map[string]domain.Value{"note": domain.TextValue(words)}, Faults: map[string]domain.Text{"note": domain.Say("%s", words)},
			}
			for _, step.Stage = range []domain.SurveyStage{domain.StageAsking, domain.StageThanks, domain.StageClosed, domain.StageLater} {
				raw := SurveyActivity(step, called(words).Person)
				if !json.Valid(raw) || strings.ContainsFunc(string(raw), isMark) {
					t.Fatalf("%q: %s", words, raw)
				}
				if said := Reply(called(words).Person, SurveyText(step, called(words).Person)); !json.Valid(said) || strings.ContainsFunc(string(said), isMark) {
					t.Fatalf("%q: %s", words, said)
				}
			}
		}
	}
}

func TestATextAsksOneQuestionAtATime(t *testing.T) {
	t.Parallel()
	c := poll()
	if said := Text(c, ana().Person); !strings.Contains(said, "Question 1 of 9\n\nWhere") || strings.Contains(said, "When?") {
		t.Errorf("got %s", said)
	}
	c.Content.Survey.Style = domain.SingleCard // whose card asks all
	if said := Text(c, ana().Person); !strings.Contains(said, "Question 1 of 9\n\nWhere") || strings.Contains(said, "When?") {
		t.Errorf("got %s", said)
	}
	c.Content.Survey.Questions = []domain.Question{{ID: "hello", Type: domain.Statement, Text: "First a word."}, {ID: "q", Type: domain.YesNo, Text: "Agreed?"}}
	if said := Text(c, ana().Person); !strings.HasSuffix(said, "First a word.\n\nReply with anything to go on.") {
		t.Errorf("got %s", said)
	}
}

func TestResultsTellNobodysWords(t *testing.T) {
	t.Parallel()
	raw := string(Results(poll(), pollResults(), ana().Person))
	for word, there := range map[string]bool{
		"75% On the roof": true, "nobody else": false, "On average: 4": true, "Score: 12.6, from -100 to 100": true, "█████████": true,
		"40 people answered": true, "In the _old_ factory": true, "That was the last": false, "2% May": false,
	} {
		if strings.Contains(raw, word) != there {
			t.Errorf("%q: %v in %s", word, !there, raw)
		}
	}
	withheld := pollResults()
	withheld.Withheld = true
	if raw := string(Results(poll(), withheld, ana().Person)); strings.Contains(raw, "roof") {
		t.Errorf("withheld results are shown: %s", raw)
	}
	big := pollResults()
	for range 50 {
		big.Questions = append(big.Questions, domain.QuestionReport{Question: domain.Question{Type: domain.YesNo, Text: strings.Repeat("why ", 250)}, Answers: 9})
	}
	if size := Size(Results(poll(), big, ana().Person)); size > MaxSize {
		t.Errorf("%d bytes", size)
	}
}

// What so few answered would tell who they are, whatever the privacy of the survey.
func TestResultsLeaveOutWhatFewAnswered(t *testing.T) {
	t.Parallel()
	for answers, shown := range map[int64]bool{0: false, 4: false, 5: true} {
		r := pollResults()
		r.Questions = []domain.QuestionReport{{
			Question: domain.Question{Type: domain.YesNo, Text: "Do you smoke?"}, Answers: answers,
			Options: []domain.OptionCount{{Text: "yes", Count: answers}, {Text: "no"}},
		}}
		if raw := string(Results(poll(), r, ana().Person)); strings.Contains(raw, "smoke") != shown {
			t.Errorf("of %d answers: %s", answers, raw)
		}
	}
}

func TestFiguresOfResults(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]float64{
		1e30: 1e30, -1e30: -1e30, math.MaxFloat64: math.MaxFloat64, 12.55: 12.6, -12.55: -12.6, 2.04: 2, 123456789012345.67: 123456789012345.7,
	} {
		if got := rounded(n); got != want {
			t.Errorf("%v is rounded to %v", n, got)
		}
	}
	p := newPen("en")
	q := domain.QuestionReport{Question: domain.Question{Type: domain.Number}, Answers: 7, Numbers: domain.Numbers{Average: 1e30}}
	if got := p.results(q)[0].plain; got != "On average: 1"+strings.Repeat("0", 30) {
		t.Errorf("got %s", got)
	}
	if got := p.number(rounded(-0.01)); got != "0" {
		t.Errorf("hardly below zero is %s", got)
	}
	halves := domain.QuestionReport{Question: domain.Question{Type: domain.YesNo}, Answers: 8, Options: []domain.OptionCount{{Text: "yes", Count: 3}, {Text: "no", Count: 5}}}
	if got := plainLines(p.results(halves)); !slices.Equal(got, []string{"63% No", "37% Yes"}) {
		t.Errorf("got %q", got)
	}
}

func TestOnePersonAnswered(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][2]string{
		"en": {"this is what 1 person answered.", "1 person answered"}, "fr": {"voici la réponse d’une personne.", "1 personne a répondu"},
	} {
		who := ana().Person
		who.Locale = language
		if raw := string(Results(poll(), domain.SurveyReport{Shown: 1}, who)); !strings.Contains(raw, want[0]) {
			t.Errorf("got %s", raw)
		}
		if got := newPen(language).answered(1); got != want[1] {
			t.Errorf("got %s", got)
		}
	}
}

// TestOddNumbersAreDropped types what a number's input can't hold.
func TestOddNumbersAreDropped(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"NaN", "Inf", "-infinity", "1e999", "0x1p-2", "12 or so"} {
		step := steps()["single"]
		step.Answers, step.Inputs = nil, map[string]string{}
		for _, q := range step.Campaign.Content.Survey.Questions {
			step.Inputs[q.ID] = typed
		}
		if !json.Valid(Survey(step, ana().Person)) {
			t.Errorf("%q breaks the card", typed)
		}
	}
}

func TestAReminderAsksWhereSomebodyStopped(t *testing.T) {
	t.Parallel()
	for _, channel := range []domain.Channel{domain.Teams, domain.Skype} {
		c := poll()
		c.Channel, c.Change = channel, domain.Remind
		m, err := Compile(c, Options{Standing: &domain.SurveyStep{Question: "food", State: "sealed", Answers: map[string]domain.Value{"food": domain.ListValue([]string{"Salad"})}}})
		if err != nil {
			t.Fatal(err)
		}
		body := string(m.Fill(nil, ana()))
		if !strings.Contains(body, "Reminder: your answer is still missing.") || !strings.Contains(body, "What will you eat?") || strings.Contains(body, "Where would you like") {
			t.Errorf("%s: got %s", channel, body)
		}
		if channel == domain.Teams && (!strings.Contains(body, `"state":"sealed"`) || !strings.Contains(body, `"value":"1"`)) {
			t.Errorf("the card does not hold what was answered: %s", body)
		}
	}
}

func TestWhatIsSaidAtTheEndComesWithTheThanks(t *testing.T) {
	t.Parallel()
	c := poll()
	step := domain.SurveyStep{Campaign: c, Stage: domain.StageThanks, Closing: c.Content.Survey.Closing(answers())}
	for _, said := range []string{string(Survey(step, ana().Person)), string(Reply(ana().Person, SurveyText(step, ana().Person)))} {
		last, thanks := strings.Index(said, "That was the last question."), strings.Index(said, "Thank you")
		if last < 0 || thanks < last {
			t.Errorf("got %s", said)
		}
	}
}
