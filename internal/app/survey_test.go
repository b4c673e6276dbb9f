package app_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// party asks about a party, a question after the other; who does not come is asked why.
func party(change ...func(*domain.Survey)) func(*domain.Campaign) {
	s := &domain.Survey{Questions: []domain.Question{
		{ID: "come", Type: domain.YesNo, Text: "Do you come?", Goto: map[string]string{"no": "why"}},
		{ID: "with", Type: domain.Choices, Text: "With?", Options: []string{"Cake", "Salad, green"}, Optional: true},
		{ID: "many", Type: domain.Number, Text: "How many?", Max: new(9.0), Goto: nil},
		{ID: "why", Type: domain.FreeText, Text: "Anything else?", Optional: true},
	}}
	for _, do := range change {
		do(s)
	}
	return func(c *domain.Campaign) {
		c.Kind, c.Content = domain.KindSurvey, domain.Content{Title: "Party", Survey: s}
	}
}

func single(s *domain.Survey) {
	s.Style = domain.SingleCard
	s.Questions[0].Goto = nil
}

func private(p domain.Privacy) func(*domain.Survey) { return func(s *domain.Survey) { s.Privacy = p } }

// hand is somebody's card of a survey, as they have it before them.
type hand struct {
	*world
	campaign domain.Campaign
	name     string
	step     domain.SurveyStep
}

func (w *world) hand(c domain.Campaign, name string) *hand {
	w.Helper()
	first, _ := c.Content.Survey.First()
	return &hand{w, c, name, domain.SurveyStep{Ref: w.signals.Refs.Sign(w.card(c, name).ID), Question: first.ID}}
}

// press presses a button of the card, with what was filled in: "question=what its input sends".
func (h *hand) press(verb domain.SurveyVerb, filled ...string) domain.SurveyStep {
	h.Helper()
	s := domain.SurveySubmission{Verb: verb, Ref: h.step.Ref, State: h.step.State, Question: h.step.Question, Inputs: map[string]string{}}
	for _, f := range filled {
		question, value, _ := strings.Cut(f, "=")
		s.Inputs[question] = value
	}
	step, err := h.surveys.Submit(h.ctx, h.who(h.name), s)
	h.ok(err)
	h.step = step
	return step
}

func (h *hand) answer(filled ...string) domain.SurveyStep {
	h.Helper()
	return h.press(domain.VerbAnswer, filled...)
}

// shows holds what the card is about.
func (h *hand) shows(stage domain.SurveyStage, question string) {
	h.Helper()
	h.same([]any{h.step.Stage, h.step.Question}, []any{stage, question})
}

func (w *world) results(c domain.Campaign) domain.SurveyReport {
	w.Helper()
	_, r, err := w.surveys.Results(w.ctx, analyst, c.ID)
	w.ok(err)
	return r
}

func TestASurveyIsAnsweredOneByOne(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous} {
		t.Run(string(privacy), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			c := w.done(party(private(privacy)))
			h := w.hand(c, "ana")
			h.answer("come=yes")
			h.shows(domain.StageAsking, "with")
			h.answer("with=7")
			h.shows(domain.StageAsking, "with")
			w.same(h.step.Inputs, map[string]string{"with": "7"})
			w.same(strings.Contains(h.step.Faults["with"].String(), "from 1 to 2"), true)
			h.answer("with=2,1")
			h.answer("many=12")
			w.same(len(h.step.Faults), 1)
			w.same(h.step.Answers["with"].List(), []string{"Cake", "Salad, green"})
			h.press(domain.VerbBack)
			h.press(domain.VerbBack)
			h.shows(domain.StageAsking, "come")
			yes, _ := h.step.Answers["come"].Yes()
			w.same(yes, true)
			h.answer("come=no") // the other way: what was answered on the first is dropped
			h.shows(domain.StageAsking, "why")
			w.pass(time.Hour)
			h.answer("why=")
			h.shows(domain.StageThanks, "")
			w.same(w.counts(c).Answered, int64(1))
			w.same(len(h.step.Answers), map[domain.Privacy]int{domain.Identified: 1, domain.Masked: 1}[privacy])
			r := w.results(c)
			w.same([]int64{r.Responses, r.Completed}, []int64{1, 1})
			if privacy != domain.Anonymous {
				w.same([]int64{r.Questions[0].Answers, r.Questions[1].Answers, r.Questions[0].Options[1].Count}, []int64{1, 0, 1})
			}
			h.step.Question = "come" // an old card
			h.answer("come=yes")
			h.shows(domain.StageThanks, "")
			w.same(w.results(c), r)
		})
	}
}

func TestASingleCardTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(single))
	h := w.hand(c, "ana")
	h.step.Question = ""
	h.answer("come=perhaps", "many=99", "with=1")
	h.shows(domain.StageAsking, "")
	w.same(len(h.step.Faults), 2)
	w.same(h.step.Inputs, map[string]string{"come": "perhaps", "many": "99", "with": "1"})
	w.same(w.results(c).Responses, int64(0))
	h.answer("come=true", "many=2", "with=1", "made-up=1")
	h.shows(domain.StageThanks, "")
	w.same(len(h.step.Answers), 3)
	h.answer("come=bad")
	h.shows(domain.StageThanks, "")
	h.answer("come=false", "many=5")
	n := w.results(c).Questions[2].Numbers
	w.same([]any{n.Answers, n.Average}, []any{int64(1), 2.0})
}

func TestManyClicksAreOneResponse(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
			w.person("ana")
			c := w.done(survey(private(privacy)))
			ref := w.signals.Refs.Sign(w.card(c, "ana").ID)
			ana := w.who("ana")
			atOnce(8, func(i int) {
				s := domain.SurveySubmission{Verb: domain.VerbAnswer, Ref: ref, Question: "tea", Inputs: map[string]string{"tea": fmt.Sprint(1 + i%2)}}
				step, err := w.surveys.Submit(w.ctx, ana, s)
				if err != nil || step.Stage != domain.StageThanks {
					w.Errorf("%v, %v", step.Stage, err)
				}
			})
			r := w.results(c)
			w.same([]int64{r.Responses, r.Completed, w.counts(c).Answered, w.counts(c).Seen}, []int64{1, 1, 1, 1})
		}
	})
}

func TestSubmissionsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana, bob := w.person("ana"), w.person("bob")
	c, told := w.done(survey(), to(address("ana"))), w.done(to(address("ana")))
	gone := w.done(survey(), to(address("ana")))
	refs := w.signals.Refs
	mine, gonesRef := refs.Sign(w.card(c, "ana").ID), refs.Sign(w.card(gone, "ana").ID)
	w.ok(w.campaigns.Delete(w.ctx, owner, gone.ID))
	before := w.snapshot()
	tests := map[string]struct {
		person   domain.Person
		ref      string
		verb     domain.SurveyVerb
		question string
		kind     domain.ErrorKind
		says     string
	}{
		"no reference":        {ana, "", domain.VerbAnswer, "tea", domain.Forbidden, "not one of ours"},
		"a foreign one":       {ana, app.Refs{Secret: []byte("x")}.Sign(w.card(c, "ana").ID), domain.VerbAnswer, "tea", domain.Forbidden, "not one of ours"},
		"half of one":         {ana, mine[:len(mine)/2], domain.VerbAnswer, "tea", domain.Forbidden, "not one of ours"},
		"somebody else's":     {bob, mine, domain.VerbAnswer, "tea", domain.Forbidden, "sent to somebody else"},
		"nobody":              {domain.Person{}, mine, domain.VerbRemind, "tea", domain.Forbidden, "sent to somebody else"},
		"no survey":           {ana, refs.Sign(w.card(told, "ana").ID), domain.VerbAnswer, "tea", domain.Conflict, "no survey"},
		"one that is deleted": {ana, gonesRef, domain.VerbAnswer, "tea", domain.NotFound, "no such thing"},
		"a made-up question":  {ana, mine, domain.VerbAnswer, "coffee", domain.Invalid, "no such question"},
		"a made-up button":    {ana, mine, "delete", "tea", domain.Invalid, "does nothing"},
	}
	for name, test := range tests {
		step, err := w.surveys.Submit(w.ctx, test.person, domain.SurveySubmission{Verb: test.verb, Ref: test.ref, Question: test.question, Inputs: map[string]string{"tea": "1"}})
		if domain.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) || step.Ref != "" {
			t.Errorf("%s: %v, want an error of kind %d with %q", name, err, test.kind, test.says)
		}
	}
	w.same(w.snapshot(), before)
	w.same(w.results(c).Responses, int64(0))
}

func TestASurveyCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	w.person("cy")
	c := w.done(party(func(s *domain.Survey) { s.ClosesAt = noon.Add(time.Hour) }))
	ana, bob, cy := w.hand(c, "ana"), w.hand(c, "bob"), w.hand(c, "cy")
	ana.answer("come=no")
	ana.answer("why=x")
	bob.answer("come=no")
	w.pass(time.Hour)
	for _, verb := range []domain.SurveyVerb{domain.VerbAnswer, domain.VerbBack, domain.VerbRemind} {
		cy.press(verb, "come=yes")
		cy.shows(domain.StageClosed, "")
	}
	bob.answer("why=late")
	bob.shows(domain.StageClosed, "")
	w.same(len(bob.step.Answers), 1)
	ana.answer("why=late")
	ana.shows(domain.StageThanks, "")
	r := w.results(c)
	w.same([]int64{r.Responses, r.Completed}, []int64{2, 1})
	_, err := w.surveys.Close(w.ctx, sender, c.ID)
	w.is(err, domain.Conflict)
}

func TestAnOfficerClosesASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending(survey())
	w.deliver(c, accepted)
	closed, err := w.surveys.Close(w.ctx, sender, c.ID)
	w.ok(err)
	w.same(closed.Content.Survey.ClosesAt, noon)
	h := w.hand(c, "ana")
	h.answer("tea=1")
	h.shows(domain.StageClosed, "")
	_, err = w.surveys.Close(w.ctx, sender, w.draft(survey()).ID)
	w.is(err, domain.Conflict)
	_, err = w.surveys.Close(w.ctx, sender, w.done().ID)
	w.is(err, domain.Conflict)
}

func TestAnsweringATestIsCountedNowhere(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		c := w.draft(party(private(privacy)))
		w.ok(w.campaigns.Test(w.ctx, author, c.ID, []string{address("ana")}))
		trial := w.tried(c)[0]
		before := w.snapshot()
		h := &hand{w, c, "ana", domain.SurveyStep{Ref: w.signals.Refs.Sign(trial.ID), Question: "come"}}
		h.press(domain.VerbRemind)
		h.shows(domain.StageLater, "come")
		h.answer("come=no")
		h.answer("why=So")
		h.shows(domain.StageThanks, "")
		w.same(w.results(c).Responses, int64(0))
		w.same(w.snapshot(), before)
	}
}

// The card is in the chat, whatever became of the campaign.
func TestACancelledSurveyCanStillBeAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	c := w.sending(survey())
	w.deliver(c, func(d domain.Delivery) domain.Result {
		if d.Person.Name == "ana" {
			return accepted(d)
		}
		return domain.Result{Verdict: domain.Slowed}
	})
	_, err := w.campaigns.Cancel(w.ctx, sender, c.ID)
	w.ok(err)
	w.hand(c, "ana").answer("tea=2")
	w.same(w.results(c).Questions[0].Options[1].Count, int64(1))
}

// What an anonymous card carries opens for it alone, and tells nothing.
func TestTheStateOfAnAnonymousCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	c := w.done(party(private(domain.Anonymous), func(s *domain.Survey) {
		s.Questions = append([]domain.Question{{ID: "word", Type: domain.FreeText, Text: "A word?"}}, s.Questions...)
	}))
	ana, bob := w.hand(c, "ana"), w.hand(c, "bob")
	ana.answer("word=xylophone")
	if strings.Contains(ana.step.State, "xylophone") || ana.step.State == "" {
		t.Errorf("the card carries %q", ana.step.State)
	}
	w.same(w.results(c).Responses, int64(0)) // nothing is kept before the end
	w.same(w.counts(c).Answered, int64(0))
	theirs := bob.step
	for name, state := range map[string]string{"ana's": ana.step.State, "garbage": "garbage", "cut": ana.step.State[:10], "none": ""} {
		bob.step = theirs
		bob.step.State, bob.step.Question = state, "come"
		bob.answer("come=yes") // as if the first question were answered
		if bob.step.Question != "word" || len(bob.step.Answers) > 0 {
			t.Errorf("%s: at %q with %v", name, bob.step.Question, bob.step.Answers)
		}
	}
	ana.answer("come=yes")
	old := ana.step
	ana.answer("with=1")
	ana.step = old // an old card
	ana.answer("with=")
	ana.answer("many=3")
	ana.answer("why=")
	ana.shows(domain.StageThanks, "")
	w.same(w.counts(c).Answered, int64(1))
}

func TestAnAnonymousCardCarriesOnlySoMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Anonymous), func(s *domain.Survey) {
		s.Questions = nil
		for _, id := range []string{"a", "b", "c", "d"} {
			s.Questions = append(s.Questions, domain.Question{ID: id, Type: domain.FreeText, Text: "Tell us all."})
		}
	}))
	h := w.hand(c, "ana")
	h.answer("a=" + noise(1))
	h.answer("b=" + noise(2))
	h.shows(domain.StageAsking, "c")
	carries := len(h.step.State)
	for range 2 { // and what is sent again is refused again
		h.answer("c=" + noise(3))
		h.shows(domain.StageAsking, "c")
		w.same([]bool{strings.Contains(h.step.Faults["c"].String(), "too long"), len(h.step.State) <= carries+100}, []bool{true, true})
		w.same(len(h.step.Answers), 2)
	}
	step, ok := w.types("ana", noise(4))
	w.same([]any{ok, step.Question, len(step.Faults), len(step.Answers)}, []any{true, "c", 1, 2})
	h.answer("c=short")
	h.shows(domain.StageAsking, "d")
	h.answer("d=" + noise(5)) // the last one is carried by no card
	h.shows(domain.StageThanks, "")
}

// noise is a text of the greatest length, which nothing packs well.
func noise(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, domain.MaxText)
	for i := range text {
		text[i] = byte('!' + r.IntN('~'-'!'))
	}
	return string(text)
}
