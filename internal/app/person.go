package app

import (
	"context"
	"time"

	"crier/internal/domain"
)

// People are the operations on who has the app.
type People struct {
	Store      PersonStore
	References ReferenceStore
	Roster     RosterStore
	Now        domain.Clock
	Wake       func() // tells whoever welcomes newcomers that there is one; may be lost
}

// Remember keeps what an inbound activity shows of a person.
func (a *People) Remember(ctx context.Context, v domain.Sighting) error {
	if err := a.References.Remember(ctx, v, a.Now()); err != nil {
		return err
	}
	if v.Install {
		a.Wake()
	}
	return nil
}

// Leave notes that a person removed the app.
func (a *People) Leave(ctx context.Context, channel domain.Channel, userID string) error {
	return a.References.Leave(ctx, channel, userID, a.Now())
}

// Moved keeps a newer service URL that the channel named in an answer.
func (a *People) Moved(ctx context.Context, p domain.Person, serviceURL string) error {
	return a.References.SaveServiceURL(ctx, p.ID, serviceURL)
}

// BySender is the person the channel knows by this id.
func (a *People) BySender(ctx context.Context, channel domain.Channel, userID string) (domain.Person, error) {
	return a.Store.BySender(ctx, channel, userID)
}

// List is a page of people, newest first.
func (a *People) List(ctx context.Context, by domain.Actor, f domain.PersonFilter, before int64, limit int) ([]domain.Person, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	return a.Store.List(ctx, f, before, page(limit))
}

// Lookup is the person of an address, on whatever channel.
func (a *People) Lookup(ctx context.Context, by domain.Actor, address string) (domain.Person, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Person{}, err
	}
	p, err := a.Store.ByAddress(ctx, "", address)
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Fail(domain.NotFound, "%s is not known here: nobody with this address has installed the app.", address)
	}
	return p, err
}

// Erase removes a person's personal data; what was counted stays counted.
func (a *People) Erase(ctx context.Context, by domain.Actor, id int64) error {
	if err := by.May(domain.Owner); err != nil {
		return err
	}
	return a.Store.Erase(ctx, id, a.Now())
}

// answerEvery is how often somebody who just talks gets the standing answer.
const answerEvery = 24 * time.Hour

// DueAnswer is true when a person who just talks is to get the standing answer: for one
// caller, once a day.
func (a *People) DueAnswer(ctx context.Context, p domain.Person) (bool, error) {
	now := a.Now()
	if p.AnsweredAt.After(now.Add(-answerEvery)) {
		return false, nil
	}
	return a.Roster.MarkAnswered(ctx, p.ID, now, now.Add(-answerEvery))
}

// rosterLease is how long a newcomer is left to one worker.
const rosterLease = time.Minute

// Newcomers claims people whose names are still to be asked for.
func (a *People) Newcomers(ctx context.Context, limit int) ([]domain.Person, error) {
	now := a.Now()
	return a.Roster.ClaimNewcomers(ctx, now, now.Add(rosterLease), limit)
}

// maxRosterTries bounds how often names are asked for: with the back-off, about a day.
const maxRosterTries = 30

// Learn keeps what the roster said of a person.
func (a *People) Learn(ctx context.Context, p domain.Person) error {
	return a.Roster.SaveRoster(ctx, p)
}

// AskAgain puts the next try for a newcomer's names off, at least by wait; after too many
// tries, for good.
func (a *People) AskAgain(ctx context.Context, p domain.Person, wait time.Duration, jitter float64) error {
	if p.RosterTries >= maxRosterTries {
		return a.GiveUp(ctx, p)
	}
	at := a.Now().Add(max(wait, 12*domain.Backoff(p.RosterTries, jitter)))
	if p.RosterTries <= 3 {
		at = a.Now().Add(max(wait, domain.Backoff(p.RosterTries, jitter)))
	}
	return a.Roster.PostponeRoster(ctx, p.ID, at.Truncate(time.Millisecond))
}

// GiveUp asks for a newcomer's names no more.
func (a *People) GiveUp(ctx context.Context, p domain.Person) error {
	return a.Roster.PostponeRoster(ctx, p.ID, time.Time{})
}

// Welcome runs send for the person's one welcome, ever: for exactly one caller. When send
// answers that nothing can have arrived (undelivered), another may try later.
func (a *People) Welcome(ctx context.Context, p domain.Person, send func() (undelivered bool, err error)) error {
	mine, err := a.Roster.MarkWelcomed(ctx, p.ID, a.Now())
	if err != nil || !mine {
		return err
	}
	undelivered, err := send()
	if undelivered {
		if e := a.Roster.UnmarkWelcomed(context.WithoutCancel(ctx), p.ID); e != nil {
			return e
		}
	}
	return err
}
