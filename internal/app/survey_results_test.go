package app_test

import (
	"fmt"
	"testing"
	"time"

	"crier/internal/domain"
)

func TestTooFewAnonymousResponsesShowNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const people = 12
	for i := range people {
		w.person(fmt.Sprintf("p%02d", i))
	}
	c := w.done(party(private(domain.Anonymous)))
	for i := range people {
		h := w.hand(c, fmt.Sprintf("p%02d", i))
		h.answer("come=no")
		h.answer(fmt.Sprintf("why=text %d", i))
		r := w.results(c)
		shown := int64(i+1) / 5 * 5
		w.same([]any{r.Responses, r.Shown, r.Withheld}, []any{int64(i + 1), shown, i < 4})
		w.same([]int64{r.Questions[0].Answers, r.Questions[0].Options[1].Count}, []int64{shown, shown})
		w.same([]any{r.Questions[3].TextsWithheld, len(r.Questions[3].Latest)}, []any{shown < 10, int(shown / 10 * 10)})
		w.same(r.Passages == nil && r.ResponseTime.People == 0 && r.ReactionTime.People == 0, true)
	}
	_, err := w.surveys.Responses(w.ctx, owner, c.ID, "", 0, 10)
	w.is(err, domain.Forbidden)
	for _, d := range w.rows(c) {
		w.same([]bool{d.AnsweredAt.IsZero(), d.SeenAt.IsZero()}, []bool{true, true})
	}
	w.same(w.counts(c).Seen, int64(people))
}

func TestResponsesAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	for privacy, name := range map[domain.Privacy]string{domain.Identified: "ana", domain.Masked: ""} {
		c := w.done(party(private(privacy)))
		h := w.hand(c, "ana")
		h.answer("come=no")
		h.answer("why=x")
		w.hand(c, "bob").answer("come=yes")
		list, err := w.surveys.Responses(w.ctx, analyst, c.ID, "why", 0, 10)
		w.ok(err)
		w.same(len(list), 1)
		w.same([]any{list[0].Person.Name, list[0].FinishedAt.IsZero(), list[0].Answers["why"].Text()}, []any{name, name == "", "x"})
		all, err := w.surveys.Responses(w.ctx, analyst, c.ID, "", 0, 10)
		w.ok(err)
		w.same(len(all), 2)
		_, err = w.surveys.Responses(w.ctx, analyst, c.ID, "what", 0, 10)
		w.is(err, domain.NotFound)
		_, err = w.surveys.Responses(w.ctx, stranger, c.ID, "", 0, 10)
		w.is(err, domain.Forbidden)
	}
}

// Whose names are withheld is found by none.
func TestPeopleAreFoundByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous} {
		c := w.done(party(private(privacy)))
		w.hand(c, "ana").answer("come=yes")
		w.hand(c, "bob").answer("come=yes")
		found, err := w.surveys.Find(w.ctx, analyst, c.ID, " BO", 0, 10)
		if privacy != domain.Identified {
			w.is(err, domain.Forbidden)
			continue
		}
		w.ok(err)
		w.same(len(found), 1)
		w.same(found[0].Person.Name, "bob")
		_, err = w.surveys.Find(w.ctx, stranger, c.ID, "bo", 0, 10)
		w.is(err, domain.Forbidden)
	}
}

func TestWhereAndHowFastPeopleAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"ana", "bob", "cy", "dan"} {
		w.person(name)
	}
	c := w.done(party())
	for i, name := range []string{"ana", "bob", "cy"} {
		h := w.hand(c, name)
		w.pass(10 * time.Second)
		h.answer("come=yes")
		w.pass(time.Duration(10*(i+1)) * time.Second)
		if name != "bob" {
			h.answer("with=1")
		}
	}
	r := w.results(c)
	w.same(r.Passages, []domain.Passage{{QuestionID: "come", Reached: 3}, {QuestionID: "with", Reached: 3, Left: 1}, {QuestionID: "many", Reached: 2, Left: 2}, {QuestionID: "why"}})
	w.same(r.ResponseTime, domain.Timing{People: 2, Average: 20 * time.Second, Median: 20 * time.Second})
	w.same(r.ReactionTime, domain.Timing{People: 3, Average: 100 * time.Second / 3 / time.Millisecond * time.Millisecond, Median: 30 * time.Second})
}

// The deliveries tell when each message was sent: with an average that is right after every
// answer one could work out whose it was.
func TestAMaskedSurveyHasNoReactionTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Masked)))
	h := w.hand(c, "ana")
	w.pass(10 * time.Second)
	h.answer("come=no")
	w.pass(5 * time.Second)
	h.answer("why=x")
	r := w.results(c)
	w.same([]any{r.Responses, r.ReactionTime, r.ResponseTime.Average}, []any{int64(1), domain.Timing{}, 5 * time.Second})
}

// Who stops at a statement never answered what comes after it; who went back to one has.
func TestWhereStatementsAreLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"ana", "bob", "cy"} {
		w.person(name)
	}
	c := w.done(survey(func(s *domain.Survey) {
		s.Questions = append(s.Questions, domain.Question{ID: "so", Type: domain.Statement, Text: "So."}, domain.Question{ID: "mark", Type: domain.Rating, Text: "How good?"},
			domain.Question{ID: "why", Type: domain.FreeText, Text: "Why?"})
	}))
	for _, name := range []string{"ana", "bob", "cy"} {
		h := w.hand(c, name)
		h.answer("tea=1")
		h.shows(domain.StageAsking, "so")
		if name == "cy" {
			h.answer()
			h.answer("mark=3")
			h.press(domain.VerbBack)
			h.press(domain.VerbBack)
			h.shows(domain.StageAsking, "so")
		}
	}
	w.same(w.results(c).Passages, []domain.Passage{{QuestionID: "tea", Reached: 3}, {QuestionID: "mark", Reached: 3, Left: 2}, {QuestionID: "why"}})
}

// Who sends all answers at once took no time between them; what is said last comes with the thanks.
func TestASingleCardHasNoResponseTime(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		c := w.done(party(single, private(privacy), func(s *domain.Survey) {
			s.Questions = append(s.Questions, domain.Question{ID: "bye", Type: domain.Statement, Text: "See you."})
		}))
		h := w.hand(c, "ana")
		h.step.Question = ""
		w.pass(time.Minute)
		h.answer("come=yes", "many=2")
		h.shows(domain.StageThanks, "")
		w.same([]any{len(h.step.Closing), w.results(c).ResponseTime.People}, []any{1, 0})
	}
}
