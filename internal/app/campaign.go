package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

// Campaigns are the operations on campaigns.
type Campaigns struct {
	Store      CampaignStore
	Flow       FlowStore
	Count      CountStore
	Deliveries DeliveryStore
	Changes    ChangeStore
	People     PersonStore
	Now        domain.Clock
	Wake       func()        // tells the engine that there is something to do; may be lost
	MaxAhead   time.Duration // how far ahead a send may be scheduled; 0: no limit
	SendRate   float64       // messages a second, for the expected end
	Zone       string        // of working hours that name none, IANA
	Own        string        // how the addresses of uploaded pictures begin, see Pictures

	// CanAsk says whether presence may be asked for: nil, or a *domain.Unavailable.
	CanAsk func(ctx context.Context) error
	// Progress is how the sending of a campaign gets on here.
	Progress func(c domain.Campaign) domain.Progress

	watches watches
}

// Create stores a new draft. It may be incomplete, but not wrong.
func (a *Campaigns) Create(ctx context.Context, by domain.Actor, c domain.Campaign) (domain.Campaign, error) {
	if err := by.May(domain.Author); err != nil {
		return domain.Campaign{}, err
	}
	if err := a.accept(ctx, &c); err != nil {
		return domain.Campaign{}, err
	}
	now := a.Now()
	c.ID, c.Status, c.CreatedAt, c.UpdatedAt, c.CreatedBy = 0, domain.Draft, now, now, by.Name
	return a.Store.Create(ctx, c)
}

// accept fills in what an author may leave out, and answers an Invalid error with everything
// that is wrong.
func (a *Campaigns) accept(ctx context.Context, c *domain.Campaign) error {
	c.Normalize()
	c.Delivery.FillZone(a.Zone)
	if err := c.Check(); err != nil {
		return err
	}
	if err := a.checkImage(*c); err != nil {
		return err
	}
	return a.checkPresence(ctx, *c)
}

// checkPresence refuses to wait for people's presence where Microsoft Graph will not tell
// it. A directory that is merely out of reach is no reason to refuse.
func (a *Campaigns) checkPresence(ctx context.Context, c domain.Campaign) error {
	if len(c.Delivery.Presence) == 0 {
		return nil
	}
	refused, ok := errors.AsType[*domain.Unavailable](a.CanAsk(ctx))
	if !ok || refused.Permission == "" {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: []domain.FieldError{{
		Field:   "delivery.presence",
		Message: domain.Say("The bot may not ask who is there: it needs the permission %s in Microsoft Graph. Leave presence out, or ask your administrator to consent.", refused.Permission),
	}}}
}

// Get is one campaign.
func (a *Campaigns) Get(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Campaign{}, err
	}
	return a.get(ctx, id)
}

// List is a page of campaigns, newest first, before an id (0: from the newest).
func (a *Campaigns) List(ctx context.Context, by domain.Actor, f domain.CampaignFilter, before int64, limit int) ([]domain.Campaign, error) {
	if err := by.May(domain.Analyst); err != nil {
		return nil, err
	}
	return a.Store.List(ctx, f, before, page(limit))
}

// Find is the campaign that an officer means: by its name, in any case, else by its id.
// Of several of the same name it is a Conflict that lists their ids.
func (a *Campaigns) Find(ctx context.Context, by domain.Actor, words string) (domain.Campaign, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Campaign{}, err
	}
	words = strings.TrimSpace(words)
	if words == "" { // which to the store is any name
		return domain.Campaign{}, domain.Fail(domain.NotFound, "There is no campaign called %q.", words)
	}
	found, err := a.Store.List(ctx, domain.CampaignFilter{Name: words}, 0, 5)
	if err != nil {
		return domain.Campaign{}, err
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		if id, err := strconv.ParseInt(words, 10, 64); err == nil && id > 0 {
			return a.get(ctx, id)
		}
		return domain.Campaign{}, domain.Fail(domain.NotFound, "There is no campaign called %q.", words)
	}
	var ids []string
	for _, c := range found {
		ids = append(ids, strconv.FormatInt(c.ID, 10))
	}
	return domain.Campaign{}, domain.Fail(domain.Conflict, "Several campaigns are called %q. Say which one by its number: %s.", words, strings.Join(ids, ", "))
}

// Save replaces a draft's name, content, audience and delivery; c.Revision is the one that
// was read. A scheduled campaign becomes a draft again. Stale when somebody was faster,
// Conflict once it has started.
func (a *Campaigns) Save(ctx context.Context, by domain.Actor, c domain.Campaign) (domain.Campaign, error) {
	if err := by.May(domain.Author); err != nil {
		return domain.Campaign{}, err
	}
	if err := a.accept(ctx, &c); err != nil {
		return domain.Campaign{}, err
	}
	if _, err := a.Store.Save(ctx, c, a.Now()); err != nil {
		return domain.Campaign{}, err
	}
	return a.get(ctx, c.ID)
}

// Delete removes a draft or a campaign that is over, with its report.
func (a *Campaigns) Delete(ctx context.Context, by domain.Actor, id int64) error {
	if err := by.May(domain.Author); err != nil {
		return err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return err
	}
	switch c.Status {
	case domain.Draft:
	case domain.Done, domain.Cancelled:
		if err := by.May(domain.Sender); err != nil {
			return err
		}
	default:
		return domain.Fail(domain.Conflict, "A campaign that is scheduled or being sent can't be deleted. Cancel it first.")
	}
	return a.Store.Delete(ctx, id)
}

// Clone makes a draft with the same content, audience and delivery. Without a name it is
// the old one with "(copy)".
func (a *Campaigns) Clone(ctx context.Context, by domain.Actor, id int64, name string) (domain.Campaign, error) {
	if err := by.May(domain.Author); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return domain.Campaign{}, err
	}
	if name == "" {
		const mark = " (copy)"
		base := []rune(strings.TrimSuffix(c.Name, mark))
		name = string(base[:min(len(base), domain.MaxName-len(mark))]) + mark
	}
	return a.Create(ctx, by, c.Clone(name, by, a.Now()))
}

// Sample is the person whose message a preview of the campaign draws: the one of that
// address, or with none a person made up.
func (a *Campaigns) Sample(ctx context.Context, by domain.Actor, c domain.Campaign, email string) (domain.Person, error) {
	if err := by.May(domain.Analyst); err != nil {
		return domain.Person{}, err
	}
	if err := c.CheckContent(); err != nil {
		return domain.Person{}, err
	}
	if email == "" {
		return domain.Person{
			Channel: c.Channel, Name: "Megan Bowen", FirstName: "Megan", LastName: "Bowen", Email: "megan.bowen@example.com", Locale: "en-US",
			Reference: domain.ConversationReference{ConversationID: "a:sample", UserID: "29:sample", BotID: "28:sample"},
		}, nil
	}
	p, err := a.People.ByAddress(ctx, c.Channel, email)
	if domain.KindOf(err) == domain.NotFound {
		return p, &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: []domain.FieldError{
			{Field: "email", Message: domain.Say("%s is not known here: nobody with this address has installed the app.", email)},
		}}
	}
	return p, err
}

// AudienceSize is how many people a campaign's audience names now.
type AudienceSize struct{ Recipients, Reachable, NotInstalled int64 }

// Audience counts a campaign's audience as it is now.
func (a *Campaigns) Audience(ctx context.Context, by domain.Actor, c domain.Campaign) (AudienceSize, error) {
	if err := by.May(domain.Analyst); err != nil {
		return AudienceSize{}, err
	}
	listed, reachable, err := a.Count.AudienceSize(ctx, c.Channel, c.Audience)
	return AudienceSize{Recipients: listed, Reachable: reachable, NotInstalled: listed - reachable}, err
}
