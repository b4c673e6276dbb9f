package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// card is the row of somebody's message.
func (w *world) card(c domain.Campaign, name string) domain.Delivery {
	w.Helper()
	for _, d := range w.rows(c) {
		if d.Person.Name == name {
			return d
		}
	}
	w.Fatalf("%s has no message of %q", name, c.Name)
	return domain.Delivery{}
}

// answer is somebody answering their own card.
func (w *world) answer(c domain.Campaign, name, value string) (app.Answered, error) {
	w.Helper()
	return w.signals.Answer(w.ctx, w.who(name), w.signals.Refs.Sign(w.card(c, name).ID), map[string]string{"tea": value})
}

func TestReadingGoesUpToAMessage(t *testing.T) {
	t.Parallel()
	const forever = "99999999999999999999999999"
	tests := map[string]struct {
		upTo string
		seen []string
	}{
		"the first":                 {"9", []string{"9"}},
		"by number, not by letters": {"10", []string{"10", "9"}},
		"the last number":           {"1700000000000", []string{"10", "1700000000000", "9"}},
		"a message not ours":        {"11", []string{"10", "9"}},
		"before all":                {"8", nil},
		"one without a number":      {"f:abc", []string{"f:abc"}},
		"another without":           {"f:zzz", nil},
		"a number beyond numbers":   {forever, []string{forever}},
		"nothing":                   {"", nil},
		"a negative one":            {"-1", nil},
		"a fraction":                {"10.5", nil},
		"a long one":                {strings.Repeat("9", 1<<20), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.person("bob")
			byID := map[string]domain.Campaign{}
			for _, id := range []string{"9", "10", "1700000000000", "f:abc", forever} {
				byID[id] = w.sending()
				w.deliver(byID[id], numbered(id))
			}
			w.deliver(w.sending(), refused)
			w.pass(time.Minute)
			w.ok(w.signals.Read(w.ctx, w.who("ana"), test.upTo))
			var seen []string
			for id, c := range byID {
				if at := w.card(c, "ana").SeenAt; !at.IsZero() {
					seen = append(seen, id)
					w.same(at, w.clock())
					w.same(w.counts(c).Seen, int64(1))
				}
				if at := w.card(c, "bob").SeenAt; !at.IsZero() {
					t.Errorf("bob saw message %q, but ana read it", id)
				}
			}
			slices.Sort(seen)
			w.same(seen, test.seen)
		})
	}
}

func TestReadingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.done()
		id := w.card(c, "ana").ActivityID
		w.ok(w.signals.Read(w.ctx, w.who("ana"), id))
		before := w.snapshot()
		w.pass(time.Hour)
		atOnce(4, func(int) { w.ok(w.signals.Read(w.ctx, w.who("ana"), id)) })
		w.same(w.snapshot(), before)
	})
}

func TestReactions(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		w.person("bob")
		c := w.done()
		react := func(name, reaction string, added bool) {
			w.Helper()
			w.ok(w.signals.React(w.ctx, w.who(name), w.card(c, name).ActivityID, reaction, added))
		}
		reactions := func() map[string]int64 {
			r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
			w.ok(err)
			return r.Reactions
		}
		react("ana", "like", true)
		react("ana", "like", true)
		react("ana", "heart", true)
		react("bob", "like", true)
		w.same(reactions(), map[string]int64{"like": 2, "heart": 1})
		react("ana", "like", false)
		react("ana", "like", false)
		react("bob", "sad", false)
		w.same(reactions(), map[string]int64{"like": 1, "heart": 1})
		w.same(w.counts(c).Seen, int64(2))
	})
}

func TestReactionsThatAreNotToOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	c := w.done()
	mine, bobs := w.card(c, "ana").ActivityID, w.card(c, "bob").ActivityID
	before := w.snapshot()
	for name, to := range map[string]struct{ id, reaction string }{
		"a message we don't know": {"404", "like"}, "somebody else's": {bobs, "like"}, "no message": {"", "like"},
		"no reaction": {mine, ""}, "a name too long": {mine, strings.Repeat("x", 65)},
	} {
		if err := w.signals.React(w.ctx, w.who("ana"), to.id, to.reaction, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.same(w.snapshot(), before)
	w.ok(w.signals.React(w.ctx, w.who("ana"), mine, strings.Repeat("x", 64), true))
	w.same(w.counts(c).Seen, int64(1))
}

func TestAnAnswerIsKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.done(survey())
		w.pass(time.Minute)
		got, err := w.answer(c, "ana", " Yes\n")
		w.ok(err)
		w.same(got.Answers, []domain.Answer{{QuestionID: "tea", Value: "Yes", At: w.clock()}})
		w.same([]any{got.Campaign, got.Delivery.ID, got.Delivery.Person}, []any{c, w.card(c, "ana").ID, w.who("ana")})
		row := w.card(c, "ana")
		w.same([]time.Time{row.AnsweredAt, row.SeenAt}, []time.Time{w.clock(), w.clock()})
		w.same(w.counts(c), domain.Counts{Listed: 1, Recipients: 1, Sent: 1, Seen: 1, Answered: 1})
	})
}

// answers is how often each option was chosen, and by how many.
func (w *world) answers(c domain.Campaign) map[string]int64 {
	w.Helper()
	_, r, err := w.campaigns.Survey(w.ctx, analyst, c.ID)
	w.ok(err)
	counts := map[string]int64{"responses": r.Responses}
	for _, o := range r.Questions[0].Options {
		counts[o.Text] = o.Count
	}
	return counts
}

func TestAnsweringTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.done(survey())
		atOnce(4, func(int) {
			_, err := w.answer(c, "ana", "Yes")
			if err != nil {
				w.Error(err)
			}
		})
		w.same(w.answers(c), map[string]int64{"responses": 1, "Yes": 1, "No": 0})
		_, err := w.answer(c, "ana", "No")
		w.ok(err)
		w.same(w.answers(c), map[string]int64{"responses": 1, "Yes": 0, "No": 1})
		w.same(w.counts(c).Answered, int64(1))
	})
}

func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana, bob := w.person("ana"), w.person("bob")
	c, told := w.done(survey(), to(address("ana"))), w.done(to(address("ana")))
	gone := w.done(survey(), to(address("ana")))
	refs, yes := w.signals.Refs, map[string]string{"tea": "Yes"}
	mine, gonesRef := refs.Sign(w.card(c, "ana").ID), refs.Sign(w.card(gone, "ana").ID)
	w.ok(w.campaigns.Delete(w.ctx, owner, gone.ID))
	before := w.snapshot()
	tests := map[string]struct {
		person domain.Person
		ref    string
		values map[string]string
		kind   domain.ErrorKind
		says   string
	}{
		"no reference":        {ana, "", yes, domain.Forbidden, "not one of ours"},
		"a foreign one":       {ana, app.Refs{Secret: []byte("x")}.Sign(w.card(c, "ana").ID), yes, domain.Forbidden, "not one of ours"},
		"half of one":         {ana, mine[:len(mine)/2], yes, domain.Forbidden, "not one of ours"},
		"somebody else's":     {bob, mine, yes, domain.Forbidden, "sent to somebody else"},
		"nobody":              {domain.Person{}, mine, yes, domain.Forbidden, "sent to somebody else"},
		"no survey":           {ana, refs.Sign(w.card(told, "ana").ID), yes, domain.Conflict, "no survey"},
		"one that is deleted": {ana, gonesRef, yes, domain.NotFound, "no such thing"},
		"a wrong option":      {ana, mine, map[string]string{"tea": "Perhaps"}, domain.Invalid, "not one of the answers"},
		"no answer":           {ana, mine, nil, domain.Invalid, "Choose one"},
		"a blank":             {ana, mine, map[string]string{"tea": " "}, domain.Invalid, "Choose one"},
		"another question":    {ana, mine, map[string]string{"coffee": "Yes"}, domain.Invalid, "Choose one"},
	}
	for name, test := range tests {
		got, err := w.signals.Answer(w.ctx, test.person, test.ref, test.values)
		if domain.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want an error of kind %d with %q", name, err, test.kind, test.says)
		}
		w.same(got, app.Answered{})
	}
	w.same(w.snapshot(), before)
	w.same(w.answers(c)["responses"], int64(0))
}

func TestASurveyCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(survey(func(s *domain.Survey) { s.ClosesAt = noon.Add(time.Hour) }))
	w.pass(time.Hour)
	_, err := w.answer(c, "ana", "Yes")
	w.ok(err)
	w.pass(time.Millisecond)
	_, err = w.answer(c, "ana", "No")
	w.is(err, domain.Conflict)
	w.same(w.answers(c), map[string]int64{"responses": 1, "Yes": 1, "No": 0})
}

func TestWhatIsOptionalMayBeLeftOut(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string]string{"missing": nil, "empty": {"tea": ""}, "blank": {"tea": " \n"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			c := w.done(survey(func(s *domain.Survey) { s.Questions[0].Optional = true }))
			got, err := w.signals.Answer(w.ctx, w.who("ana"), w.signals.Refs.Sign(w.card(c, "ana").ID), values)
			w.ok(err)
			w.same(len(got.Answers), 0)
			w.same(w.answers(c), map[string]int64{"responses": 1, "Yes": 0, "No": 0})
			_, err = w.answer(c, "ana", "Perhaps")
			w.is(err, domain.Invalid)
		})
	}
}

func TestAnsweringATestIsCountedNowhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		w.person("ana")
		c := w.draft(survey())
		w.ok(w.campaigns.Test(w.ctx, author, c.ID, []string{address("ana")}))
		trial := w.tried(c)[0]
		before := w.snapshot()
		_, err := w.signals.Answer(w.ctx, w.who("ana"), w.signals.Refs.Sign(trial.ID), map[string]string{"tea": "Yes"})
		w.ok(err)
		w.same(w.answers(c), map[string]int64{"responses": 0, "Yes": 0, "No": 0})
		w.same(w.snapshot(), before)
	})
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
	_, err = w.answer(c, "ana", "No")
	w.ok(err)
	w.same(w.answers(c)["No"], int64(1))
}
