package cards

import (
	"strings"

	"crier/internal/domain"
)

// Skype shows hero cards of at most three buttons and plain text; it has no Adaptive
// Cards and no inputs (protocol/skype.md 3).
const (
	heroType       = "application/vnd.microsoft.card.hero"
	maxHeroButtons = 3
)

type heroCard struct {
	Title    string       `json:"title,omitempty"`
	Subtitle string       `json:"subtitle,omitempty"`
	Text     string       `json:"text,omitempty"`
	Images   []heroImage  `json:"images,omitempty"`
	Buttons  []heroButton `json:"buttons,omitempty"`
}

type heroImage struct {
	URL string `json:"url"`
	Alt string `json:"alt"`
}

type heroButton struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	Value string `json:"value"`
}

// skype draws a campaign's activity for Skype.
func (p *pen) skype(c domain.Campaign) (activity, error) {
	switch c.Kind {
	case domain.KindIdea, domain.KindSuccess, domain.KindImportant, domain.KindCard:
		if len(c.Content.AdaptiveCard) > 0 {
			own, err := p.ownCard(c.Content.AdaptiveCard)
			text := paragraphs(own.texts...)
			if text == "" {
				text = own.summary
			}
			return plainActivity(text), err
		}
		if c.Content.Title == "" && c.Content.Image == nil && len(c.Content.Buttons) == 0 {
			return plainActivity(p.announcementText(c)), nil
		}
		return activity{
			Type: "message", Summary: p.summary(c),
			Attachments: []attachment{{ContentType: heroType, Content: p.hero(c)}},
		}, nil
	case domain.KindMessage:
		return plainActivity(p.plain(c.Content.Text)), nil
	case domain.KindSurvey:
		if err := drawable(c.Content.Survey); err != nil {
			return activity{}, err
		}
		return plainActivity(paragraphs(p.surveyText(c), p.Text("Reply with the number of your answer."))), nil
	}
	return activity{}, domain.Fail(domain.Invalid, "The kind is idea, success, important, card, message or survey.")
}

func plainActivity(text string) activity {
	return activity{Type: "message", Text: text, TextFormat: "plain"}
}

// hero is a card with the first buttons; the addresses of the others stand in its text.
func (p *pen) hero(c domain.Campaign) heroCard {
	content := c.Content
	h := heroCard{Title: p.label(content.Title), Subtitle: bannerOf(c.Kind, p.Translator).String()}
	if content.Author != "" {
		h.Subtitle = p.label(content.Author)
	}
	if content.Image != nil {
		h.Images = []heroImage{{URL: p.url(content.Image.URL), Alt: p.label(content.Image.Alt)}}
	}
	var links []string
	for i, b := range content.Buttons {
		title, address := p.label(b.Title), p.url(b.URL)
		if i < maxHeroButtons {
			h.Buttons = append(h.Buttons, heroButton{Type: "openUrl", Title: title, Value: address})
		} else {
			links = append(links, p.Text("%s: %s", title, address))
		}
	}
	h.Text = paragraphs(p.plain(content.Text), strings.Join(links, "\n"))
	return h
}
