package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

// types is somebody's message; false: it was no answer.
func (w *world) types(name, text string) (domain.SurveyStep, bool) {
	w.Helper()
	step, ok, err := w.surveys.Typed(w.ctx, w.who(name), text)
	w.ok(err)
	return step, ok
}

func TestMessagesAnswerASurvey(t *testing.T) {
	t.Parallel()
	styles := map[string]func(*domain.Survey){"one by one": func(*domain.Survey) {}, "single card": single}
	for name, style := range styles {
		for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
			t.Run(name+" "+string(privacy), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.person("ana")
				_, ok := w.types("ana", "yes")
				w.same(ok, false) // nothing was asked
				c := w.done(party(style, private(privacy)))
				step, ok := w.types("ana", "Oui")
				w.same([]any{ok, step.Question, step.Stage}, []any{true, "with", domain.StageAsking})
				step, _ = w.types("ana", "cake and salad, green")
				w.same(step.Question, "many")
				step, ok = w.types("ana", "who knows?")
				w.same([]any{ok, step.Question, len(step.Faults), step.Inputs["many"]}, []any{true, "many", 1, "who knows?"})
				_, ok = w.types("ana", "who knows?")
				w.same(ok, false) // an ordinary message, the second time
				step, ok = w.types("ana", "nobody")
				w.same([]any{ok, len(step.Faults)}, []any{true, 1}) // and asked again after that
				step, _ = w.types("ana", "3")
				w.same(step.Question, "why")
				step, ok = w.types("ana", "Looking forward to it")
				w.same([]any{ok, step.Stage}, []any{true, domain.StageThanks})
				_, ok = w.types("ana", "thanks")
				w.same(ok, false)
				w.same([]int64{w.results(c).Completed, w.counts(c).Answered}, []int64{1, 1})
			})
		}
	}
}

func TestWhichSurveyAMessageAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	old := w.done(survey())
	w.pass(time.Hour)
	closing := w.done(survey(func(s *domain.Survey) { s.ClosesAt = w.clock().Add(time.Minute) }))
	w.pass(time.Minute)
	step, ok := w.types("ana", "yes")
	w.same([]any{ok, step.Campaign.ID, step.Stage}, []any{true, closing.ID, domain.StageClosed}) // it came too late
	w.same(step.Delivery.ActivityID, w.card(closing, "ana").ActivityID)
	step, ok = w.types("ana", "yes")
	w.same([]any{ok, step.Campaign.ID, step.Stage}, []any{true, old.ID, domain.StageThanks}) // which is said once
	w.same(w.results(closing).Responses, int64(0))
	_, ok = w.types("ana", "yes")
	w.same(ok, false)
	newer := w.done(survey())
	w.pass(7*24*time.Hour + time.Minute)
	_, ok = w.types("ana", "yes")
	w.same(ok, false) // it is too long ago
	w.same(w.results(newer).Responses, int64(0))
}

// Whoever has answered a survey hears nothing of its end.
func TestAMessageAfterASurveyThatClosed(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		older := w.done(survey())
		w.pass(time.Hour)
		newer := w.done(survey(private(privacy), func(s *domain.Survey) { s.ClosesAt = w.clock().Add(time.Minute) }))
		w.hand(newer, "ana").answer("tea=1")
		w.pass(time.Minute)
		step, ok := w.types("ana", "yes")
		w.same([]any{ok, step.Campaign.ID, step.Stage}, []any{true, older.ID, domain.StageThanks})
	}
}

// Of an anonymous survey the card carries the answers; one from before takes nobody back.
func TestAnOldAnonymousCardTakesNobodyBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Anonymous)))
	h := w.hand(c, "ana")
	first := h.step
	h.answer("come=yes")
	h.answer("with=1")
	h.shows(domain.StageAsking, "many")
	newest := h.step
	h.step = first
	h.answer("come=yes") // the click that was lost on the way
	h.shows(domain.StageAsking, "many")
	w.same(len(h.step.Answers), 2)
	step, _ := w.types("ana", "3")
	w.same(step.Question, "why")
	h.step = newest
	h.answer("many=4")
	h.shows(domain.StageAsking, "why")
	h.answer("why=")
	h.shows(domain.StageThanks, "")
	h.step = newest
	h.answer("many=5")
	h.shows(domain.StageThanks, "")
	w.same(w.counts(c).Answered, int64(1))
}

// Somebody may be quicker than our note that the survey was sent.
func TestAMessageThatComesEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending(survey())
	rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: c.ID, TenantID: "tenant"}, w.clock(), 1)
	w.ok(err)
	step, ok := w.types("ana", "Yes")
	w.same([]any{ok, step.Stage}, []any{true, domain.StageThanks})
	w.finish(c, rows, accepted)
	w.ok(w.signals.Settle(w.ctx))
	w.same(w.counts(c), domain.Counts{Listed: 1, Recipients: 1, Sent: 1, Seen: 1, Answered: 1})
}
