package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
)

const day = 24 * time.Hour

// nameAll writes down whom the changes of campaigns are for, as the engine does.
func (w *world) nameAll() {
	w.Helper()
	campaigns := store.Campaigns{DB: w.db}
	ids, err := campaigns.Naming(w.ctx)
	w.ok(err)
	for _, id := range ids {
		_, err := campaigns.Name(w.ctx, id, w.clock())
		w.ok(err)
	}
}

func TestARemindedPersonAnswersTheSameSurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.person("bob")
	c := w.done(party())
	ana := w.hand(c, "ana")
	ana.answer("come=no")
	ana.answer("why=x")
	_, err := w.surveys.Remind(w.ctx, author, c.ID)
	w.is(err, domain.Forbidden)
	_, err = w.surveys.Remind(w.ctx, sender, c.ID)
	w.is(err, domain.Conflict) // it is too early
	w.pass(day)
	w.same(w.wakesAfter(func() {
		_, err = w.surveys.Remind(w.ctx, sender, c.ID)
		w.ok(err)
	}), int64(1))
	w.nameAll()
	r := w.results(c)
	w.same(len(r.Reminders), 1)
	w.same(r.Reminders[0].Counts.Pending, int64(1))
	rows, err := w.worker.Claim(w.ctx, domain.Lane{CampaignID: r.Reminders[0].Campaign, TenantID: "tenant"}, w.clock(), 10)
	w.ok(err)
	w.same([]any{len(rows), rows[0].Origin, rows[0].ActivityID}, []any{1, w.card(c, "bob").ID, ""})
	w.finish(c, rows, accepted)
	bob := w.hand(c, "bob") // the reminder's card names the first message
	bob.answer("come=no")
	w.same(w.results(c).Responses, int64(2))
	_, err = w.campaigns.Recall(w.ctx, sender, c.ID) // a reminder is no change that stands in its way
	w.ok(err)
	_, err = w.surveys.Remind(w.ctx, sender, c.ID)
	w.is(err, domain.Conflict)
}

func TestRemindMeTomorrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.done(party(), func(c *domain.Campaign) { // noon is on a Tuesday
		c.Delivery.Hours = &domain.WorkingHours{Days: []string{"tue", "thu"}, From: "09:00", To: "18:00", TimeZone: "UTC"}
	})
	h := w.hand(c, "ana")
	for range 2 {
		h.press(domain.VerbRemind)
		h.shows(domain.StageLater, "come")
	}
	campaigns := store.Campaigns{DB: w.db}
	due := func() int {
		ids, err := campaigns.RemindersDue(w.ctx, w.clock())
		w.ok(err)
		return len(ids)
	}
	w.pass(day + 20*time.Hour)
	w.same(due(), 0) // tomorrow is no working day
	w.pass(time.Hour)
	w.same(due(), 1)
	w.ok(campaigns.RemindDue(w.ctx, c.ID, w.clock()))
	w.same(due(), 0)
	_, err := w.surveys.Submit(w.ctx, w.who("ana"), domain.SurveySubmission{Verb: domain.VerbRemind, Ref: h.step.Ref})
	w.is(err, domain.Conflict) // once is enough
	h.answer("come=no")
	h.answer("why=")
	h.press(domain.VerbRemind)
	h.shows(domain.StageThanks, "")
	closing := w.done(party(func(s *domain.Survey) { s.ClosesAt = w.clock().Add(day) }))
	_, err = w.surveys.Submit(w.ctx, w.who("ana"), domain.SurveySubmission{Verb: domain.VerbRemind, Ref: w.hand(closing, "ana").step.Ref})
	w.is(err, domain.Conflict)
}

func TestResultsAreSharedWithThoseWhoAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := []string{"ana", "bob", "cy", "dan", "eve", "fay"}
	for _, name := range names {
		w.person(name)
	}
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		c := w.done(survey(private(privacy)))
		for i, name := range names[:5] {
			_, err := w.surveys.Share(w.ctx, sender, c.ID)
			w.is(err, domain.Conflict)
			w.hand(c, name).answer([]string{"tea=1", "tea=2"}[i%2])
		}
		_, err := w.surveys.Share(w.ctx, author, c.ID)
		w.is(err, domain.Forbidden)
		_, err = w.surveys.Share(w.ctx, sender, c.ID)
		w.ok(err)
		w.nameAll()
		want := map[domain.Privacy]int64{domain.Identified: 5, domain.Anonymous: 6} // where the rows don't tell who has answered
		w.same(w.results(c).Shared.Counts.Listed, want[privacy])
		_, err = w.surveys.Share(w.ctx, sender, c.ID)
		w.is(err, domain.Conflict)
	}
}

// A reminder asks what a message would answer: where somebody stopped.
func TestAReminderAsksWhereSomebodyStopped(t *testing.T) {
	t.Parallel()
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Anonymous} {
		w := newWorld(t)
		w.person("ana")
		c := w.done(party(private(privacy)))
		row := w.card(c, "ana").ID
		asked := func() *domain.SurveyStep {
			step, err := w.surveys.Reminded(w.ctx, row)
			w.ok(err)
			return step
		}
		w.same(asked() == nil, true) // she has not begun: the message that everybody got
		w.types("ana", "yes")
		w.same([]any{asked().Question, len(asked().Answers), asked().Ref}, []any{"with", 1, w.signals.Refs.Sign(row)})
		h := w.hand(c, "ana")
		h.step = *asked()
		h.answer("with=1") // its card goes on from there
		h.shows(domain.StageAsking, "many")
		h.answer("many=2")
		h.answer("why=x")
		w.same(asked() == nil, true)
		w.same(w.results(c).Completed, int64(1))
	}
}

// A card asks everything and holds the answers so far; a text asks what a message answers.
func TestAReminderOfASingleCard(t *testing.T) {
	t.Parallel()
	for channel, question := range map[domain.Channel]string{domain.Teams: "", domain.Skype: "with"} {
		w := newWorld(t)
		seen := sighting("ana")
		seen.Channel = channel
		w.ok(w.people.Remember(w.ctx, seen))
		ana, err := w.people.BySender(w.ctx, channel, "29:ana")
		w.ok(err)
		c := w.done(party(single), func(c *domain.Campaign) { c.Channel = channel })
		_, _, err = w.surveys.Typed(w.ctx, ana, "yes")
		w.ok(err)
		step, err := w.surveys.Reminded(w.ctx, w.rows(c)[0].ID)
		w.ok(err)
		w.same([]any{step.Question, len(step.Answers)}, []any{question, 1})
	}
}

// What would be over when a survey starts is refused when it is sent; a draft may hold it.
func TestASurveyThatWouldBeOverIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	closed := "content.closes_at: The survey would be closed before it starts."
	late := "content.reminders[0]: This reminder would come before the survey starts."
	c := w.draft(survey(func(s *domain.Survey) {
		s.Reminders, s.ClosesAt = []time.Time{noon.Add(time.Hour)}, noon.Add(3*time.Hour)
	}))
	for after, want := range map[time.Duration][]string{2 * time.Hour: {late}, 3 * time.Hour: {closed, late}} {
		_, err := w.campaigns.Send(w.ctx, sender, c.ID, noon.Add(after))
		w.same(faults(t, err), want)
	}
	w.pass(4 * time.Hour)
	_, err := w.campaigns.Send(w.ctx, sender, c.ID, time.Time{})
	w.same(faults(t, err), []string{closed, late})
	w.same(w.campaign(c.ID), c)
}

func TestAClosedSurveyIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	c := w.sending(survey())
	w.deliver(c, refused)
	_, err := w.surveys.Close(w.ctx, sender, c.ID)
	w.ok(err)
	_, err = w.campaigns.Retry(w.ctx, sender, c.ID)
	w.is(err, domain.Conflict)
	w.same(w.counts(c).Failed, int64(1))
}
