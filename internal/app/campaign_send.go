package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crier/internal/domain"
)

// Test sends the campaign as it is now to up to ten people who have the app, counted
// nowhere. One address that is unknown or without the app and nothing is sent.
func (a *Campaigns) Test(ctx context.Context, by domain.Actor, id int64, emails []string) error {
	if err := by.May(domain.Author); err != nil {
		return err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return err
	}
	if err := c.CheckContent(); err != nil {
		return err
	}
	people, err := a.testPeople(ctx, c.Channel, emails)
	if err != nil {
		return err
	}
	if err := a.Deliveries.AddTrials(ctx, id, people, a.Now()); err != nil {
		return err
	}
	a.Wake()
	return nil
}

func (a *Campaigns) testPeople(ctx context.Context, channel domain.Channel, emails []string) ([]domain.Person, error) {
	bad := &domain.Error{Kind: domain.Invalid, Message: domain.Say("Nothing was sent.")}
	wrong := func(field string, what domain.Text) {
		bad.Fields = append(bad.Fields, domain.FieldError{Field: field, Message: what})
	}
	if len(emails) == 0 {
		wrong("email", domain.Say("Give the address of somebody who has the app."))
	}
	if len(emails) > domain.MaxTestPeople {
		wrong("emails", domain.Say("A test goes to at most %d people.", domain.MaxTestPeople))
		return nil, bad
	}
	var people []domain.Person
	seen := map[int64]bool{}
	for i, email := range emails {
		field := "email"
		if len(emails) > 1 {
			field = fmt.Sprintf("emails[%d]", i)
		}
		p, err := a.People.ByAddress(ctx, channel, email)
		switch {
		case strings.TrimSpace(email) == "":
			wrong(field, domain.Say("Give the address of somebody who has the app."))
		case domain.KindOf(err) == domain.NotFound:
			wrong(field, domain.Say("%s is not known here: nobody with this address has installed the app.", email))
		case err != nil:
			return nil, err
		case !p.Installed:
			wrong(field, domain.Say("%s has removed the app.", email))
		case !seen[p.ID]:
			seen[p.ID] = true
			people = append(people, p)
		}
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	return people, nil
}

// Send schedules a draft: at a time, or with the zero time at its own start_at, else now.
func (a *Campaigns) Send(ctx context.Context, by domain.Actor, id int64, at time.Time) (domain.Campaign, error) {
	if err := by.May(domain.Sender); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return domain.Campaign{}, err
	}
	if c.Status != domain.Draft {
		return c, domain.Fail(domain.Conflict, "Only a draft can be sent; this campaign is %s.", c.Status)
	}
	if err := c.CheckComplete(); err != nil {
		return c, err
	}
	if err := a.checkPresence(ctx, c); err != nil {
		return c, err
	}
	now := a.Now()
	at, err = a.startTime(c, at, now)
	if err != nil {
		return c, err
	}
	if err := checkTimes(c, at); err != nil {
		return c, err
	}
	if !at.After(now) {
		if err := a.checkAnybody(ctx, c); err != nil {
			return c, err
		}
	}
	if err := a.Flow.Schedule(ctx, id, c.Revision, at, now); err != nil {
		return c, err
	}
	a.Wake()
	return a.get(ctx, id)
}

// grace is how far in the past a start may lie and still mean now: clocks differ, and
// people take a moment to click.
const grace = time.Minute

func (a *Campaigns) startTime(c domain.Campaign, at, now time.Time) (time.Time, error) {
	field := "at"
	if at.IsZero() {
		field, at = "delivery.start_at", c.Delivery.StartAt
	}
	at = at.UTC().Truncate(time.Millisecond)
	fault := func(format string, args ...any) error {
		return &domain.Error{Kind: domain.Invalid, Message: domain.Say("The start time does not work."),
			Fields: []domain.FieldError{{Field: field, Message: domain.Say(format, args...)}}}
	}
	switch {
	case at.IsZero():
		return now, nil
	case at.Before(now.Add(-grace)):
		return at, fault("This time is past.")
	case a.MaxAhead > 0 && at.After(now.Add(a.MaxAhead)):
		return at, fault("A campaign can be scheduled until %s (UTC) at the latest.", now.Add(a.MaxAhead).Format("2006-01-02 15:04"))
	case at.Before(now):
		return now, nil
	}
	return at, nil
}

func (a *Campaigns) checkAnybody(ctx context.Context, c domain.Campaign) error {
	listed, _, err := a.Count.AudienceSize(ctx, c.Channel, c.Audience)
	if err == nil && listed == 0 {
		return &domain.Error{Kind: domain.Invalid, Message: domain.Say("There is nobody to send it to."), Fields: []domain.FieldError{
			{Field: "audience", Message: domain.Say("Nobody has installed the app yet.")}}}
	}
	return err
}

// Pause holds a campaign that is being sent; what is in flight still arrives.
func (a *Campaigns) Pause(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	return a.move(ctx, by, id, domain.Paused, domain.Sending)
}

// Resume goes on with a paused campaign.
func (a *Campaigns) Resume(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	c, err := a.move(ctx, by, id, domain.Sending, domain.Paused)
	if err == nil {
		a.Wake()
	}
	return c, err
}

func (a *Campaigns) move(ctx context.Context, by domain.Actor, id int64, to, from domain.Status) (domain.Campaign, error) {
	if err := by.May(domain.Sender); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return c, err
	}
	if c.Status != from {
		return c, domain.Fail(domain.Conflict, "The campaign is %s; this needs one that is %s.", c.Status, from)
	}
	if err := a.Flow.Move(ctx, id, to, "", a.Now(), from); err != nil {
		return c, err
	}
	return a.get(ctx, id)
}

// Cancel stops a campaign for good: what was not sent stays unsent.
func (a *Campaigns) Cancel(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	if err := by.May(domain.Sender); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return c, err
	}
	if !c.Status.CanBecome(domain.Cancelled) {
		return c, domain.Fail(domain.Conflict, "Only a campaign that is scheduled, being sent or paused can be cancelled; this one is %s.", c.Status)
	}
	if err := a.Deliveries.Cancel(ctx, id, a.Now()); err != nil {
		return c, err
	}
	return a.get(ctx, id)
}

// Retry tries the failed again, and the uncertain that are held, and nobody else.
func (a *Campaigns) Retry(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error) {
	if err := by.May(domain.Sender); err != nil {
		return domain.Campaign{}, err
	}
	c, err := a.get(ctx, id)
	if err != nil {
		return domain.Campaign{}, err
	}
	if s := c.Content.Survey; s != nil && s.Closed(a.Now()) {
		return domain.Campaign{}, domain.Fail(domain.Conflict, "This survey is closed.")
	}
	last, err := a.Changes.LastChange(ctx, id)
	if err != nil {
		return domain.Campaign{}, err
	}
	if what := changeOf(last); what == domain.Recall || what == domain.Expire {
		return domain.Campaign{}, domain.Fail(domain.Conflict, "There is nothing to try again: the messages of this campaign have been recalled, or have expired.")
	}
	if err := a.Deliveries.Retry(ctx, id, a.Now()); err != nil {
		return domain.Campaign{}, err
	}
	a.Wake()
	return a.get(ctx, id)
}
