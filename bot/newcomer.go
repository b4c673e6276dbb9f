package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"crier/bot/connector"
	"crier/cards"
	"crier/internal/domain"
)

// WakeNewcomers hints that somebody has just installed the app. It never blocks.
func (b *Bot) WakeNewcomers() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// newcomers learns the names of people who installed the app, and welcomes them.
func (b *Bot) newcomers(ctx context.Context) {
	const every = 2 * time.Second
	for ctx.Err() == nil {
		people, err := b.People.Newcomers(ctx, workers)
		if err != nil && ctx.Err() == nil {
			b.Log.Error("can't look for newcomers", "error", err)
		}
		if len(people) == 0 {
			timer := time.NewTimer(every)
			select {
			case <-ctx.Done():
			case <-b.wake:
			case <-timer.C:
			}
			timer.Stop()
			continue
		}
		var group sync.WaitGroup
		for _, p := range people {
			group.Go(func() { b.newcomer(ctx, p) })
		}
		group.Wait()
	}
}

// newcomer asks the roster for one person's names and sends their welcome; what fails for
// now is tried again later.
func (b *Bot) newcomer(ctx context.Context, p domain.Person) {
	p, err := b.learn(ctx, p)
	if err == nil || permanent(err) {
		err = b.People.Welcome(ctx, p, func() (bool, error) { return b.welcome(ctx, p) })
	}
	switch {
	case err == nil:
		return
	case ctx.Err() != nil:
		err = b.People.AskAgain(context.WithoutCancel(ctx), p, 0, 0)
	case permanent(err):
		b.Log.Info("a newcomer can't be reached", "person_id", p.ID, "error", err)
		err = b.People.GiveUp(ctx, p)
	default:
		b.Log.Warn("a newcomer will be asked for again", "person_id", p.ID, "tries", p.RosterTries, "error", err)
		err = b.People.AskAgain(ctx, p, retryAfter(err), rand.Float64())
	}
	if err != nil {
		b.Log.Error("can't put a newcomer off", "person_id", p.ID, "error", err)
	}
}

// learn asks the roster for a person's names and addresses and keeps them.
func (b *Bot) learn(ctx context.Context, p domain.Person) (domain.Person, error) {
	m, err := b.Connector.Member(ctx, refTo(p), p.Reference.UserID)
	if err != nil {
		return p, err
	}
	p.FirstName, p.LastName, p.Email, p.UPN = m.GivenName, m.Surname, m.Email, m.UserPrincipalName
	if m.Name != "" {
		p.Name = m.Name
	}
	if m.AadObjectID != "" {
		p.AADObjectID = m.AadObjectID
	}
	if p.Email == "" && domain.ValidAddress(p.UPN) {
		p.Email = p.UPN
	}
	return p, b.People.Learn(ctx, p)
}

// welcome greets a person once; true when the greeting certainly did not arrive.
func (b *Bot) welcome(ctx context.Context, p domain.Person) (undelivered bool, err error) {
	_, err = b.Connector.Send(ctx, refTo(p), cards.Reply(p, cards.Welcome(p)))
	return passing(err) || ctx.Err() != nil && !wrote(err), err
}

// permanent says whether trying again is useless for this person.
func permanent(err error) bool {
	e, ok := errors.AsType[*connector.Error](err)
	return ok && (e.Class == connector.Recipient || e.Class == connector.Message)
}

func wrote(err error) bool {
	e, ok := errors.AsType[*connector.Error](err)
	return ok && e.Wrote
}
