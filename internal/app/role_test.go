package app_test

import (
	"context"
	"testing"
	"time"

	"crier/internal/domain"
)

// operation is one that asks for a role, on a campaign made ready for it.
type operation struct {
	name  string
	needs domain.Role
	on    domain.Status
	do    func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error
}

func operations() []operation {
	zero := time.Time{}
	return []operation{
		{"create", domain.Author, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			_, err := w.campaigns.Create(ctx, by, message())
			return err
		}},
		{"get", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Get(ctx, by, c.ID)
			return err
		}},
		{"list", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			_, err := w.campaigns.List(ctx, by, domain.CampaignFilter{}, 0, 10)
			return err
		}},
		{"find", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			_, err := w.campaigns.Find(ctx, by, "Unique")
			return err
		}},
		{"save", domain.Author, domain.Scheduled, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			c.Name = "Other"
			_, err := w.campaigns.Save(ctx, by, c)
			return err
		}},
		{"delete a draft", domain.Author, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			return w.campaigns.Delete(ctx, by, c.ID)
		}},
		{"delete what was sent", domain.Sender, domain.Done, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			return w.campaigns.Delete(ctx, by, c.ID)
		}},
		{"delete what was cancelled", domain.Sender, domain.Cancelled, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			return w.campaigns.Delete(ctx, by, c.ID)
		}},
		{"clone", domain.Author, domain.Done, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Clone(ctx, by, c.ID, "")
			return err
		}},
		{"preview", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Sample(ctx, by, c, address("ana"))
			return err
		}},
		{"audience", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Audience(ctx, by, c)
			return err
		}},
		{"test", domain.Author, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			return w.campaigns.Test(ctx, by, c.ID, []string{address("ana")})
		}},
		{"send", domain.Sender, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Send(ctx, by, c.ID, zero)
			return err
		}},
		{"pause", domain.Sender, domain.Sending, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Pause(ctx, by, c.ID)
			return err
		}},
		{"resume", domain.Sender, domain.Paused, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Resume(ctx, by, c.ID)
			return err
		}},
		{"cancel", domain.Sender, domain.Sending, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Cancel(ctx, by, c.ID)
			return err
		}},
		{"report", domain.Analyst, domain.Sending, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Report(ctx, by, c.ID)
			return err
		}},
		{"counts", domain.Analyst, domain.Sending, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Counts(ctx, by, c.ID)
			return err
		}},
		{"rows", domain.Analyst, domain.Sending, func(ctx context.Context, w *world, by domain.Actor, c domain.Campaign) error {
			_, err := w.campaigns.Rows(ctx, by, c.ID, domain.DeliveryFilter{}, 0, 10)
			return err
		}},
		{"people", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			_, err := w.people.List(ctx, by, domain.PersonFilter{}, 0, 10)
			return err
		}},
		{"look up", domain.Analyst, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			_, err := w.people.Lookup(ctx, by, address("ana"))
			return err
		}},
		{"erase", domain.Owner, domain.Draft, func(ctx context.Context, w *world, by domain.Actor, _ domain.Campaign) error {
			return w.people.Erase(ctx, by, 2) // bob
		}},
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.person("ana")
			w.person("bob")
			w.draft(called("Unique"))
			for _, by := range []domain.Actor{stranger, analyst, author, sender, owner} {
				c := w.in(op.on)
				before := w.snapshot()
				wakes := w.wakes.Load()
				err := op.do(t.Context(), w, by, c)
				if by.Role >= op.needs {
					if err != nil {
						t.Errorf("%s may not: %v", by.Name, err)
					}
					continue
				}
				w.is(err, domain.Forbidden)
				w.same(w.snapshot(), before)
				w.same(w.wakes.Load(), wakes)
			}
		})
	}
}

// These two need a campaign with more to it than a status.
func TestWhoMayRetryAndReadASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	asked := w.done(survey())
	for _, by := range []domain.Actor{stranger, analyst, author, sender, owner} {
		_, _, err := w.surveys.Results(w.ctx, by, asked.ID)
		if (err == nil) != (by.Role >= domain.Analyst) {
			t.Errorf("%s reads the survey: %v", by.Name, err)
		}
		failed := w.sending()
		w.deliver(failed, refused)
		before := w.snapshot()
		_, err = w.campaigns.Retry(w.ctx, by, failed.ID)
		if by.Role >= domain.Sender {
			w.ok(err)
			continue
		}
		w.is(err, domain.Forbidden)
		w.same(w.snapshot(), before)
	}
}

// A database that is gone is our trouble: people are not told of it in words that are meant
// for them, and nobody is woken for nothing.
func TestTheDatabasesTroublesStayInternal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	campaigns := map[domain.Status]domain.Campaign{}
	for _, s := range domain.Statuses() {
		campaigns[s] = w.in(s)
	}
	asked := w.sending(survey())
	card := w.deliver(asked, accepted)[0]
	ana := w.who("ana")
	w.ok(w.db.Close())
	check := func(name string, err error) {
		if err == nil || domain.KindOf(err) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	wakes := w.wakesAfter(func() {
		for _, op := range operations() {
			check(op.name, op.do(t.Context(), w, owner, campaigns[op.on]))
		}
		_, err := w.campaigns.Retry(w.ctx, owner, asked.ID)
		check("retry", err)
		_, _, err = w.surveys.Results(w.ctx, owner, asked.ID)
		check("survey", err)
		_, err = w.surveys.Submit(w.ctx, ana, domain.SurveySubmission{Ref: w.signals.Refs.Sign(card.ID)})
		check("answer", err)
		check("read", w.signals.Read(w.ctx, ana, "1"))
		check("react", w.signals.React(w.ctx, ana, "1", "like", true, time.Time{}))
		check("remember", w.people.Remember(w.ctx, sighting("eve")))
		check("leave", w.people.Leave(w.ctx, domain.Teams, "29:ana"))
		check("welcome", w.people.Welcome(w.ctx, ana, func() (bool, error) {
			t.Error("welcomed without a note of it")
			return false, nil
		}))
	})
	w.same(wakes, int64(0))
}
