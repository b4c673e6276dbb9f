package cards

import (
	"slices"
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
	if err := p.drawable(c); err != nil {
		return activity{}, err
	}
	if isHero(c) {
		return activity{
			Type: "message", Summary: p.summary(c),
			Attachments: []attachment{{ContentType: heroType, Content: p.hero(c)}},
		}, nil
	}
	return plainActivity(p.campaignText(c)), nil
}

// isHero says whether there is more to a campaign than a text.
func isHero(c domain.Campaign) bool {
	content := c.Content
	if c.Kind == domain.KindMessage || c.Kind == domain.KindSurvey || len(content.AdaptiveCard) > 0 {
		return false
	}
	return content.Title != "" || content.Image != nil || len(content.Buttons) > 0
}

// drawable refuses a campaign that there is no drawing for.
func (p *pen) drawable(c domain.Campaign) error {
	switch {
	case !slices.Contains(domain.Kinds(), c.Kind):
		return domain.Fail(domain.Invalid, "The kind is idea, success, important, card, message or survey.")
	case c.Kind == domain.KindSurvey:
		return drawable(c.Content.Survey)
	case len(c.Content.AdaptiveCard) > 0:
		_, err := p.ownCard(c.Content.AdaptiveCard)
		return err
	}
	return nil
}

// campaignText is a campaign in plain words.
func (p *pen) campaignText(c domain.Campaign) string {
	switch {
	case c.Kind == domain.KindSurvey && drawable(c.Content.Survey) == nil:
		return p.surveyText(c)
	case len(c.Content.AdaptiveCard) > 0:
		return p.ownWords(c.Content.AdaptiveCard)
	}
	return p.announcementText(c)
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
		title, address := p.label(b.Title), p.link(b.URL)
		if i < maxHeroButtons {
			h.Buttons = append(h.Buttons, heroButton{Type: "openUrl", Title: title, Value: address})
		} else {
			links = append(links, p.Text("%s: %s", title, address))
		}
	}
	h.Text = paragraphs(p.plain(content.Text), strings.Join(links, "\n"))
	return h
}
