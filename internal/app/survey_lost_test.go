package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
)

// restart is another process on the same database, which has been alone since now.
func (w *world) restart() {
	before, since := w.surveys, w.clock()
	w.surveys = &app.Surveys{
		Standings: before.Standings, Ballots: before.Ballots, Answers: before.Answers, Flow: before.Flow, Deliveries: before.Deliveries,
		Campaigns: before.Campaigns, Refs: before.Refs, Now: before.Now, Wake: before.Wake, Zone: before.Zone,
		Alone: func(context.Context) (time.Time, bool) { return since, true },
	}
}

// crowd lets another process come, to whom answers may go from now on.
func (w *world) crowd() {
	w.surveys.Alone = func(context.Context) (time.Time, bool) { return time.Time{}, false }
}

// toldOnce holds that a message is not taken, and that its person is told to use the card, once.
func (w *world) toldOnce(name, text string) {
	w.Helper()
	step, ok, err := w.surveys.Typed(w.ctx, w.who(name), text)
	if ok || domain.KindOf(err) != domain.Conflict || !strings.Contains(err.Error(), "on the survey’s card") || step.Ref != "" {
		w.Errorf("taken %v, with %v", ok, err)
	}
	_, ok = w.types(name, text)
	w.same(ok, false)
}

// What somebody has answered to an anonymous survey stands on their card alone: a message of
// somebody whom this process does not know is taken for the answer to no question.
func TestAMessageOfSomebodyWhoIsNotRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Anonymous)))
	h := w.hand(c, "ana")
	h.answer("come=yes")
	w.pass(time.Minute)
	w.restart()
	w.toldOnce("ana", "yes")
	h.answer("with=1") // nothing on the card is lost
	h.shows(domain.StageAsking, "many")
	w.same(len(h.step.Answers), 2)
	step, ok := w.types("ana", "3") // who has used the card is known
	w.same([]any{ok, step.Question, len(step.Answers)}, []any{true, "why", 3})
	w.crowd()
	_, ok = w.types("ana", "so")
	w.same(ok, false) // another process may know better
	h.step = step
	h.answer("why=so")
	h.shows(domain.StageThanks, "")
	w.same(w.results(c).Completed, int64(1))
}

// A press that is refused shows all the same what the card carries.
func TestAMessageAfterAPressThatWasRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	h := w.hand(w.done(party(private(domain.Anonymous))), "ana")
	h.answer("come=yes")
	h.answer("with=1")
	w.pass(time.Minute)
	w.restart()
	h.answer("many=99")
	h.shows(domain.StageAsking, "many")
	w.same(len(h.step.Faults), 1)
	step, ok := w.types("ana", "3")
	w.same([]any{ok, step.Question, len(step.Answers)}, []any{true, "why", 3})
}

func TestAMessageOfSomebodyWhoCannotHaveBegun(t *testing.T) {
	t.Parallel()
	anonymous := party(private(domain.Anonymous))
	retried := func(w *world, c domain.Campaign) {
		w.deliver(c, func(domain.Delivery) domain.Result { return domain.Result{Verdict: domain.Passing} })
		w.pass(time.Minute)
		w.deliver(c, accepted)
	}
	tests := map[string]struct {
		kind  func(*domain.Campaign)
		send  func(w *world, c domain.Campaign)
		crowd bool
		taken bool
	}{
		"sent by this process":              {anonymous, func(w *world, c domain.Campaign) { w.deliver(c, accepted) }, false, true},
		"sent before":                       {anonymous, func(w *world, c domain.Campaign) { w.deliver(c, accepted); w.pass(time.Minute); w.restart() }, false, false},
		"sent before, and reminded since":   {anonymous, remindedSince, false, false}, // they may have gone on with the first card
		"sent twice":                        {anonymous, retried, false, false},
		"on its way":                        {anonymous, onTheWay, false, true},
		"on its way, and others are there":  {anonymous, onTheWay, true, false},
		"others are there":                  {anonymous, func(w *world, c domain.Campaign) { w.deliver(c, accepted) }, true, false},
		"others, and one question":          {survey(private(domain.Anonymous)), func(w *world, c domain.Campaign) { w.deliver(c, accepted) }, true, true},
		"others, and answers that are kept": {party(private(domain.Masked)), func(w *world, c domain.Campaign) { w.deliver(c, accepted) }, true, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.restart()
			test.send(w, w.sending(test.kind))
			if test.crowd {
				w.crowd()
			}
			if !test.taken {
				w.toldOnce("ana", "yes")
				return
			}
			step, ok := w.types("ana", "yes")
			w.same([]any{ok, len(step.Faults)}, []any{true, 0})
		})
	}
}

// onTheWay is a message that the channel may have taken, of which nothing is noted yet.
func onTheWay(w *world, c domain.Campaign) {
	_, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: c.ID, TenantID: "tenant"}, w.clock(), 1)
	w.ok(err)
}

// remindedSince is a survey that another process sent, and of which this one has reminded people:
// the reminder asks the first question.
func remindedSince(w *world, c domain.Campaign) { w.finish(c, remindedNow(w, c), accepted) }

// remindedNow is the same, with the reminder on its way.
func remindedNow(w *world, c domain.Campaign) []domain.Delivery {
	w.deliver(c, accepted)
	w.pass(day)
	w.restart()
	_, err := w.surveys.Remind(w.ctx, sender, c.ID)
	w.ok(err)
	w.nameAll()
	w.pass(time.Minute)
	rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: w.results(c).Reminders[0].Campaign, TenantID: "tenant"}, w.clock(), 10)
	w.ok(err)
	return rows
}

// onSkype is somebody who has the app there.
func (w *world) onSkype(name string) domain.Person {
	w.Helper()
	seen := sighting(name)
	seen.Channel = domain.Skype
	w.ok(w.people.Remember(w.ctx, seen))
	p, err := w.people.BySender(w.ctx, domain.Skype, "29:"+name)
	w.ok(err)
	return p
}

// Skype has no cards: the survey begins again, and from then on its person is known.
func TestASurveyOnSkypeBeginsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.onSkype("ana")
	c := w.done(party(private(domain.Anonymous)), func(c *domain.Campaign) { c.Channel = domain.Skype })
	types := func(text string) domain.SurveyStep {
		step, ok, err := w.surveys.Typed(w.ctx, ana, text)
		w.ok(err)
		w.same(ok, true)
		return step
	}
	w.same(types("yes").Question, "with")
	w.pass(time.Minute)
	w.restart()
	step := types("cake")
	w.same([]any{step.Question, len(step.Answers)}, []any{"come", 0})
	w.same(strings.Contains(step.Faults["come"].String(), "begins again"), true)
	w.crowd()
	w.same(types("no").Question, "why")
	w.same(types("so").Stage, domain.StageThanks)
	w.same(w.results(c).Completed, int64(1))
}

// withoutID is how a reminder of an anonymous survey is noted on Skype.
func withoutID(domain.Delivery) domain.Result { return domain.Result{Verdict: domain.Accepted} }

// A reminder on Skype asks the first question, and a message answers it, be it before the reminder
// is noted as sent.
func TestAReminderOnSkypeIsAnswered(t *testing.T) {
	t.Parallel()
	for name, remind := range map[string]func(*world, domain.Campaign){
		"noted":            remindedSince,
		"noted without id": func(w *world, c domain.Campaign) { w.finish(c, remindedNow(w, c), withoutID) },
		"on its way":       func(w *world, c domain.Campaign) { remindedNow(w, c) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ana := w.onSkype("ana")
			c := w.sending(party(private(domain.Anonymous)), func(c *domain.Campaign) { c.Channel = domain.Skype })
			remind(w, c)
			step, ok, err := w.surveys.Typed(w.ctx, ana, "yes")
			w.ok(err)
			w.same([]any{ok, step.Question, len(step.Faults)}, []any{true, "with", 0})
		})
	}
}

// How long somebody took to react is measured from the survey, not from a reminder.
func TestAReactionAfterAReminder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending(party())
	remindedSince(w, c)
	_, ok := w.types("ana", "yes")
	w.same(ok, true)
	w.same(w.results(c).ReactionTime.Average, day+time.Minute)
}

// slow are ballots whose counting waits until it is told what comes of it.
type slow struct {
	app.BallotStore
	begun   chan struct{} // a value for each that begins
	outcome chan error    // what comes of it; closed: it is counted as ever
}

func (s *slow) Cast(ctx context.Context, c domain.Campaign, all []domain.Ballot) error {
	s.begun <- struct{}{}
	if err := <-s.outcome; err != nil {
		return err
	}
	return s.BallotStore.Cast(ctx, c, all)
}

func (w *world) slowly() *slow {
	s := &slow{w.surveys.Ballots, make(chan struct{}, 10), make(chan error, 10)}
	w.surveys.Ballots = s
	return s
}

var errAway = errors.New("the database is away")

// Nobody is thanked for answers that are not counted, and they are not lost.
func TestAClickWhileTheLastAnswerIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Anonymous)))
	h := w.hand(c, "ana")
	h.answer("come=no")
	ballots, ana := w.slowly(), w.who("ana")
	last := domain.SurveySubmission{Verb: domain.VerbAnswer, Ref: h.step.Ref, State: h.step.State, Question: "why", Inputs: map[string]string{"why": "So"}}
	failed := make(chan error, 2)
	click := func() {
		_, err := w.surveys.Submit(w.ctx, ana, last)
		failed <- err
	}
	go click()
	<-ballots.begun
	go click()
	ballots.outcome <- errAway
	ballots.outcome <- errAway // should the second have come too late to wait for the first
	for range 2 {
		if err := <-failed; !errors.Is(err, errAway) {
			t.Errorf("got %v", err)
		}
	}
	close(ballots.outcome)
	for len(ballots.outcome) > 0 {
		<-ballots.outcome
	}
	step, ok := w.types("ana", "So") // the message finds the same question
	w.same([]any{ok, step.Stage}, []any{true, domain.StageThanks})
	r := w.results(c)
	w.same([]int64{r.Responses, r.Completed, w.counts(c).Answered}, []int64{1, 1, 1})
	h.answer("why=late")
	h.shows(domain.StageThanks, "")
	step, err := w.surveys.Shown(w.ctx, ana, last)
	w.ok(err)
	w.same(step.Stage, domain.StageThanks)
}

// What is typed stands nowhere but here: it is not thrown away when the end can't be counted.
func TestTypedAnswersOutliveAFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(private(domain.Anonymous)))
	w.types("ana", "no")
	ballots := w.slowly()
	ballots.outcome <- errAway
	_, ok, err := w.surveys.Typed(w.ctx, w.who("ana"), "So")
	w.same([]any{ok, errors.Is(err, errAway)}, []any{false, true})
	close(ballots.outcome)
	step, ok := w.types("ana", "So")
	w.same([]any{ok, step.Stage}, []any{true, domain.StageThanks})
	w.same(w.results(c).Completed, int64(1))
}

// A press that is delivered again shows the card as it is, and changes nothing.
func TestWhatACardShowsNow(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		h := w.hand(w.done(party(private(privacy))), "ana")
		first := domain.SurveySubmission{Verb: domain.VerbAnswer, Ref: h.step.Ref, Question: "come", Inputs: map[string]string{"come": "yes"}}
		h.answer("come=no")
		for range 2 {
			step, err := w.surveys.Shown(w.ctx, w.who("ana"), first)
			w.ok(err)
			came, _ := step.Answers["come"].Yes()
			w.same([]any{step.Question, came, step.State == ""}, []any{"why", false, privacy == domain.Identified})
		}
		w.person("bob")
		_, err := w.surveys.Shown(w.ctx, w.who("bob"), first)
		w.is(err, domain.Forbidden)
	}
}
