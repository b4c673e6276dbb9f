package cards

import (
	"encoding/json"

	"crier/internal/domain"
)

// notice marks an activity as a reminder, as a test or as a correction, in its summary
// and at the top of what is read.
func (p *pen) notice(a *activity, c domain.Campaign, o Options) {
	switch c.Change {
	case domain.Remind:
		p.head(a, p.Text("Reminder: your answer is still missing."), p.Text("Reminder"))
	case domain.Later:
		p.head(a, p.Text("Reminder: you asked to be asked again."), p.Text("Reminder"))
	}
	if o.Trial {
		p.head(a, p.Text("Test: only the people you chose got this."), p.Text("Test"))
	}
	if o.Corrected {
		p.head(a, p.Text("Corrected: this takes the place of what was here before."), p.Text("Corrected"))
	}
}

// head puts a line above everything else, and a word before the summary.
func (p *pen) head(a *activity, line, word string) {
	if a.Summary != "" {
		a.Summary = "[" + word + "] " + a.Summary
	}
	if a.Text != "" {
		a.Text = line + nextLine + a.Text
	}
	for i := range a.Attachments {
		switch card := a.Attachments[i].Content.(type) {
		case adaptiveCard:
			a.Attachments[i].Content = card.headed(line)
		case heroCard:
			card.Text = paragraphs(line, card.Text)
			a.Attachments[i].Content = card
		case *node:
			card.prepend(topLine(line), line)
		}
	}
}

// headed is the card with a line above everything else.
func (card adaptiveCard) headed(line string) adaptiveCard {
	card.Body = append([]any{topLine(line)}, card.Body...)
	card.FallbackText = paragraphs(line, card.FallbackText)
	return card
}

func topLine(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Size: "Small", IsSubtle: true, Wrap: true}
}

// prepend puts an element above an own card's others, and a line before its fallback.
func (n *node) prepend(element any, line string) {
	first := &node{other: encode(element)}
	for _, m := range n.members {
		if m.name == "fallbackText" && m.value.str != nil {
			text := paragraphs(line, *m.value.str)
			m.value.str = &text
		}
	}
	for _, m := range n.members {
		if m.name == "body" && m.value.items != nil {
			m.value.items = append([]*node{first}, m.value.items...)
			return
		}
	}
	n.members = append(n.members, member{"body", &node{items: []*node{first}}})
}

// Expired is the activity that takes the place of a campaign's message when its time
// is over: what it was, and that it has expired.
func Expired(c domain.Campaign, to domain.Person) []byte {
	p := newPen(to.Language())
	over := p.Text("This message has expired.")
	subject := p.subject(c)
	if c.Channel == domain.Skype || c.Kind == domain.KindMessage {
		a := plainActivity(paragraphs(bannerOf(c.Kind, p.Translator).before(subject, p.Translator), over))
		return p.finish(a, to)
	}
	card := p.card(paragraphs(bannerOf(c.Kind, p.Translator).String(), subject, over))
	card.RTL = p.rightToLeft(c)
	if b := bannerOf(c.Kind, p.Translator); b.word != "" {
		card.Body = append(card.Body, band("emphasis", b.String()))
	}
	if c.Content.Title != "" {
		card.Body = append(card.Body, heading(p.title(c.Content.Title)))
	}
	card.Body = append(card.Body, subtle(over))
	summary := p.Text("%s: %s", p.Text("Expired"), bannerOf(c.Kind, p.Translator).before(subject, p.Translator))
	return p.finish(activity{
		Type: "message", Summary: summary, Attachments: []attachment{{ContentType: cardType, Content: card}},
	}, to)
}

// subject is what a campaign is about, in a line.
func (p *pen) subject(c domain.Campaign) string {
	switch {
	case c.Content.Title != "":
		return shorten(p.label(c.Content.Title), maxSummary)
	case len(c.Content.AdaptiveCard) > 0:
		if own, err := p.ownCard(c.Content.AdaptiveCard); err == nil {
			return own.summary
		}
	}
	return shorten(p.gist(c.Content.Text), maxSummary)
}

// Text is a campaign as plain text, for a channel that knows nothing else; the answers
// to a survey's questions are numbered.
func Text(c domain.Campaign, to domain.Person) string {
	p := newPen(to.Language())
	filled := p.template(p.campaignText(c)).fill(nil, Recipient{Person: to})
	var text string
	if err := json.Unmarshal(filled, &text); err != nil {
		panic("cards: a filled text that is no JSON: " + err.Error())
	}
	return text
}
