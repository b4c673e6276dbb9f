package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"crier/internal/domain"
)

// FactsStore tells of the people that an audience names.
type FactsStore interface {
	AudienceFacts(ctx context.Context, channel domain.Channel, a domain.Audience) (domain.AudienceFacts, error)
}

// Preflight looks over a campaign before it is sent. All of it is needed.
type Preflight struct {
	Campaigns *Campaigns
	Facts     FactsStore

	// Size is how big the largest of these people's messages is, in bytes; a *domain.Error
	// where it can't be drawn. Limit is how big one may be.
	Size  func(c domain.Campaign, people []domain.Person) (int, error)
	Limit int
	// Notes is what is simplified or shown differently somewhere.
	Notes func(c domain.Campaign) []domain.FieldError
	// Links are the addresses that the author wrote, each once.
	Links func(c domain.Campaign) []string
	// Check tries addresses until ctx ends, and answers how each does, in their order.
	Check func(ctx context.Context, addresses []string) []domain.LinkCheck
}

// linkPatience is how long a look at a campaign may wait for the sites it links to.
const linkPatience = 8 * time.Second

// Look tells who will get a campaign, who will not and why, and what is wrong, missing or
// doubtful in it. It works for every draft; a Conflict once the campaign has started.
func (a *Preflight) Look(ctx context.Context, by domain.Actor, id int64) (domain.Preflight, error) {
	c, err := a.Campaigns.Get(ctx, by, id)
	if err != nil {
		return domain.Preflight{}, err
	}
	if !c.Status.Editable() {
		return domain.Preflight{}, domain.Fail(domain.Conflict, "This campaign has started already. Its report tells how it goes.")
	}
	var links []domain.LinkCheck
	var group sync.WaitGroup
	defer group.Wait()
	sites, leave := context.WithTimeout(ctx, linkPatience)
	defer leave() // before the wait: nobody waits for sites when the rest failed
	group.Go(func() { links = a.Check(sites, a.Links(c)) })

	p, err := a.look(ctx, c)
	if err != nil {
		return p, err
	}
	group.Wait()
	p.Links = links
	return p, nil
}

// look is everything but the links.
func (a *Preflight) look(ctx context.Context, c domain.Campaign) (domain.Preflight, error) {
	facts, err := a.Facts.AudienceFacts(ctx, c.Channel, c.Audience)
	if err != nil {
		return domain.Preflight{}, err
	}
	p := domain.Preflight{
		Recipients: facts.Recipients(), Reachable: facts.Reachable, Unreachable: facts.Unreached(),
		Tags: c.Content.TagGaps(facts), Notes: append(a.Notes(c), tooFew(c, facts.Reachable)...),
	}
	starts, refusals := a.checkSend(ctx, c)
	if p.Reachable > 0 {
		p.ExpectedFinishAt = a.Campaigns.Forecast(c, p.Reachable, starts)
	}
	if p.Errors, err = faultsOf(refusals...); err != nil {
		return p, err
	}
	size, undrawn := a.measure(c, facts.Longest)
	p.Size = size
	faults, err := faultsOf(undrawn)
	if !slices.ContainsFunc(p.Errors, ofContent) { // else that it can't be drawn is explained already
		p.Errors = append(p.Errors, faults...)
	}
	return p, err
}

// tooFew tells what becomes of a survey's privacy where so few people get it.
func tooFew(c domain.Campaign, reachable int64) []domain.FieldError {
	s := c.Content.Survey
	if s == nil || reachable == 0 || reachable >= domain.MinResponses {
		return nil
	}
	say := func(format string, args ...any) []domain.FieldError {
		return []domain.FieldError{{Field: "content.privacy", Message: domain.Say(format, args...)}}
	}
	switch s.Privacy {
	case domain.Anonymous:
		return say("So few people get it that no results will show: an anonymous survey needs %d answers.", domain.MinResponses)
	case domain.Masked:
		return say("So few people get it that their answers tell who they are, though names are withheld.")
	}
	return nil
}

// checkSend is what Send would refuse, and when the campaign would start.
func (a *Preflight) checkSend(ctx context.Context, c domain.Campaign) (time.Time, []error) {
	now := a.Campaigns.Now()
	starts, late := a.Campaigns.startTime(c, time.Time{}, now)
	if late != nil {
		starts = now
	}
	refusals := []error{c.CheckComplete(), a.Campaigns.checkPresence(ctx, c), late, checkTimes(c, starts)}
	if !starts.After(now) && !c.Audience.Empty() {
		refusals = append(refusals, a.Campaigns.checkAnybody(ctx, c))
	}
	return starts, refusals
}

// checkTimes refuses a campaign that would be over before it begins, or remind people before.
func checkTimes(c domain.Campaign, starts time.Time) error {
	over := c.Content.Survey.OverBy(starts)
	if !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(starts) {
		over = append(over, domain.FieldError{Field: "expires_at", Message: domain.Say("It would expire before it starts.")})
	}
	if len(over) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("The start time does not work."), Fields: over}
}

// measure is the size of the largest message: where nobody gets one, of what is the same for all.
func (a *Preflight) measure(c domain.Campaign, people []domain.Person) (*domain.MessageSize, error) {
	if len(people) == 0 {
		people = []domain.Person{{Channel: c.Channel}}
	}
	bytes, err := a.Size(c, people)
	if err != nil {
		return nil, err
	}
	return &domain.MessageSize{Bytes: bytes, Limit: a.Limit}, nil
}

// faultsOf lists what refusals say. An error that is for nobody's eyes is answered as it is.
func faultsOf(refusals ...error) ([]domain.FieldError, error) {
	var list []domain.FieldError
	for _, err := range refusals {
		refusal, ok := errors.AsType[*domain.Error](err)
		switch {
		case err == nil:
		case !ok:
			return nil, err
		case len(refusal.Fields) > 0:
			list = append(list, refusal.Fields...)
		default:
			list = append(list, domain.FieldError{Field: "content", Message: refusal.Message})
		}
	}
	return list, nil
}

func ofContent(f domain.FieldError) bool { return strings.HasPrefix(f.Field, "content") }
