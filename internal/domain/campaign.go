package domain

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Status is where a campaign stands.
type Status string

// The states of a campaign.
const (
	Draft     Status = "draft"
	Scheduled Status = "scheduled"
	Sending   Status = "sending"
	Paused    Status = "paused"
	Done      Status = "done"
	Cancelled Status = "cancelled"
)

// moves are the changes of status there are. Editing a scheduled campaign makes it a
// draft again; a retry takes a done one back to sending.
var moves = map[Status][]Status{
	Draft:     {Scheduled},
	Scheduled: {Draft, Sending, Cancelled},
	Sending:   {Paused, Done, Cancelled},
	Paused:    {Sending, Done, Cancelled},
	Done:      {Sending},
	Cancelled: {},
}

// CanBecome says whether a campaign may go from this status to that.
func (s Status) CanBecome(to Status) bool { return slices.Contains(moves[s], to) }

// Editable says whether content and audience may still be changed.
func (s Status) Editable() bool { return s == Draft || s == Scheduled }

// Over says whether nothing of the campaign will be sent any more, unless it is retried.
func (s Status) Over() bool { return s == Done || s == Cancelled }

// Statuses lists all states, in the order of a campaign's life.
func Statuses() []Status { return []Status{Draft, Scheduled, Sending, Paused, Done, Cancelled} }

// Campaign is a message or survey to an audience, with how it is delivered.
type Campaign struct {
	ID         int64
	Revision   int64 // grows with each change of the draft; the API's ETag
	Name       string
	Channel    Channel
	Kind       Kind
	Status     Status
	Content    Content
	Audience   Audience
	Delivery   Policy
	ExpiresAt  time.Time // when its messages stop holding; zero: never
	Parent     int64     // of a change: the campaign whose messages it changes; 0: a campaign
	Change     Change    // of a change: what it does
	Notice     string    // why it paused itself: a PauseNotice, which faces translate; empty otherwise
	CreatedAt  time.Time
	CreatedBy  string
	UpdatedAt  time.Time
	StartedAt  time.Time
	FinishedAt time.Time
}

// Audience is whom a campaign is for: everyone who has the app on its channel, or the
// members of lists and single people, less the members of other lists.
type Audience struct {
	Everyone     bool
	Lists        []int64
	People       []string // e-mail addresses or user principal names
	ExcludeLists []int64
}

// Empty says whether the audience names nobody.
func (a Audience) Empty() bool { return !a.Everyone && len(a.Lists) == 0 && len(a.People) == 0 }

// Anonymous says whether a campaign asks without keeping who answered what: nothing may tell who
// answered at some moment, no log line and no row with a time.
func (c Campaign) Anonymous() bool {
	return c.Content.Survey != nil && c.Content.Survey.Privacy == Anonymous
}

// MaxPeople is how many single addresses an audience may name; more belong in a list.
const MaxPeople = 10_000

// Normalize fills in what an author may leave out.
func (c *Campaign) Normalize() {
	c.Name = strings.TrimSpace(c.Name)
	if c.Channel == "" {
		c.Channel = Teams
	}
	c.Content.normalize()
	c.Delivery.normalize()
	for i, p := range c.Audience.People {
		c.Audience.People[i] = strings.TrimSpace(p)
	}
}

// Check answers an Invalid error with everything that is wrong with a draft. A draft
// may be incomplete: see CheckComplete.
func (c Campaign) Check() error {
	var f faults
	c.check(&f)
	return f.err()
}

// CheckContent is everything wrong or missing in what the campaign says, for a preview
// or a test send.
func (c Campaign) CheckContent() error {
	var f faults
	c.check(&f)
	c.Content.missing(c.Kind, &f)
	return f.err()
}

// CheckComplete is everything wrong or missing before the campaign can be sent.
func (c Campaign) CheckComplete() error {
	var f faults
	c.check(&f)
	c.Content.missing(c.Kind, &f)
	if c.Audience.Empty() {
		f.add("audience", "Choose who gets it: everyone, or some people.")
	}
	return f.err()
}

func (c Campaign) check(f *faults) {
	if c.Name == "" {
		f.add("name", "Give the campaign a name.")
	}
	checkName(f, c.Name)
	if c.Channel != Teams && c.Channel != Skype {
		f.add("channel", "The channel is teams or skype.")
	}
	if !slices.Contains(Kinds(), c.Kind) {
		f.add("kind", "The kind is idea, success, important, card, message or survey.")
	} else {
		c.Content.check(c.Kind, f)
	}
	if c.Channel == Skype && len(c.Content.AdaptiveCard) > 0 {
		f.add("content.adaptive_card", "Skype shows no Adaptive Cards. Write a title and a text instead.")
	}
	if c.Channel != Teams && len(c.Delivery.Presence) > 0 {
		f.add("delivery.presence", "Only Teams tells who is there. Leave the presence out, or choose the channel teams.")
	}
	c.Audience.check(f)
	c.Delivery.check(f)
	c.checkExpiry(f)
	c.checkFirstReminder(f)
}

func checkName(f *faults, name string) {
	checkLength(f, "name", name, MaxName)
	hidden := func(r rune) bool { return unicode.IsControl(r) && r != '\t' }
	switch {
	case strings.ContainsAny(name, "\r\n\v\f\u0085\u2028\u2029"):
		f.add("name", "A name is one line.")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, hidden):
		f.add("name", "The text holds characters that can't be shown.")
	}
}

func (a Audience) check(f *faults) {
	if a.Everyone && (len(a.Lists) > 0 || len(a.People) > 0) {
		f.add("audience.everyone", "Everyone already includes the lists and people; choose one or the other.")
	}
	// Refused rather than ignored: somebody who was to be left out would get it.
	if len(a.Lists) > 0 {
		f.add("audience.lists", "There is no such list.")
	}
	if len(a.ExcludeLists) > 0 {
		f.add("audience.exclude_lists", "There is no such list.")
	}
	if len(a.People) > MaxPeople {
		f.add("audience.people", "At most %d single addresses; make a list of more.", MaxPeople)
	}
	for _, p := range a.People {
		if !ValidAddress(p) {
			f.add("audience.people", "%q is not an e-mail address.", p)
			return
		}
	}
}

// Clone is a new draft with the same content, audience and delivery; not its schedule, nor the
// times of a survey.
func (c Campaign) Clone(name string, by Actor, now time.Time) Campaign {
	copied := Campaign{
		Name: name, Channel: c.Channel, Kind: c.Kind, Status: Draft,
		Content: c.Content, Audience: c.Audience, Delivery: c.Delivery,
		CreatedAt: now, CreatedBy: by.Name, UpdatedAt: now,
	}
	copied.Delivery.StartAt = time.Time{}
	if c.Content.Survey != nil {
		survey := *c.Content.Survey
		survey.ClosesAt, survey.Reminders = time.Time{}, nil
		copied.Content.Survey = &survey
	}
	return copied
}
