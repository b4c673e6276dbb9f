package cards

import (
	"crier/internal/domain"
)

// Options are what a message needs beside the campaign.
type Options struct {
	BotName   string         // shown as the sender where the channel shows one; may be empty
	Links     map[string]int // the author's addresses to be counted, as Links tells them, with their numbers; nil: they stay as they are
	Trial     bool           // a test send: marked as one, in summary and at the top of what is read
	Corrected bool           // takes the place of an earlier version: marked as corrected

	// Standing is where somebody stands in a survey who is reminded of it; nil: they have not begun.
	Standing *domain.SurveyStep
}

// Recipient is whom a message is filled in for.
type Recipient struct {
	Person domain.Person
	Ref    string // signed reference of the delivery, for the card's data; opaque here

	// Link appends the address that counts link n and leads on to it; nil: the author's
	// own. The address is plain ASCII and needs no escaping in JSON or Markdown.
	Link func(dst []byte, n int) []byte
}

// Message is a campaign's activity, drawn in each of our languages, with slots for
// what differs from person to person. It may be used by many goroutines at once.
type Message struct{ english, french template }

// Compile draws a campaign's message once. The content should have passed
// Campaign.CheckContent; what can't be drawn all the same, or is bigger than the
// channel takes, is an Invalid error.
func Compile(c domain.Campaign, o Options) (*Message, error) {
	parsed := map[source]*document{}
	english, err := compile(c, o, "en", parsed)
	if err != nil {
		return nil, err
	}
	french, err := compile(c, o, "fr", parsed)
	if err != nil {
		return nil, err
	}
	return &Message{english: english, french: french}, nil
}

func compile(c domain.Campaign, o Options, language string, parsed map[source]*document) (template, error) {
	p := newPen(language)
	p.parsed, p.links, p.standing = parsed, o.Links, o.Standing
	draw := p.teams
	if c.Channel == domain.Skype {
		draw = p.skype
	}
	a, err := draw(c)
	if err != nil {
		return template{}, err
	}
	p.notice(&a, c, o)
	p.address(&a)
	a.From.Name = clean(o.BotName)
	t := p.template(a)
	if size := Size(t.fill(nil, Recipient{})); size > MaxSize {
		return template{}, domain.Fail(domain.Invalid, "The message is too big: %d KB, and %d KB can be sent. Shorten the text.", size>>10+1, MaxSize>>10)
	}
	return t, nil
}

// Fill appends the finished activity, as JSON, for one person. It allocates nothing
// but the room that dst lacks. The result may be bigger than MaxSize where personal
// words are very long: see Size.
func (m *Message) Fill(dst []byte, r Recipient) []byte {
	if r.Person.French() {
		return m.french.fill(dst, r)
	}
	return m.english.fill(dst, r)
}
