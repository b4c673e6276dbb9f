package cards

import (
	"crier/internal/domain"
)

// Options are what a message needs beside the campaign.
type Options struct {
	BotName string // shown as the sender where the channel shows one; may be empty
}

// Recipient is whom a message is filled in for.
type Recipient struct {
	Person domain.Person
	Ref    string // signed reference of the delivery, for the card's data; opaque here
}

// Message is a campaign's activity, drawn in each of our languages, with slots for
// what differs from person to person. It may be used by many goroutines at once.
type Message struct{ english, french template }

// Compile draws a campaign's message once. The content should have passed
// Campaign.CheckContent; what can't be drawn all the same, or is bigger than the
// channel takes, is an Invalid error.
func Compile(c domain.Campaign, o Options) (*Message, error) {
	english, err := compile(c, o, "en")
	if err != nil {
		return nil, err
	}
	french, err := compile(c, o, "fr")
	if err != nil {
		return nil, err
	}
	return &Message{english: english, french: french}, nil
}

func compile(c domain.Campaign, o Options, language string) (template, error) {
	p := newPen(language)
	draw := p.teams
	if c.Channel == domain.Skype {
		draw = p.skype
	}
	a, err := draw(c)
	if err != nil {
		return template{}, err
	}
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
