package cards

import (
	"strings"
	"unicode/utf8"

	"crier/internal/domain"
)

// teams draws a campaign's activity for Teams. Every campaign alerts: it shows in the
// activity feed and as a toast, because a campaign nobody notices is lost; the
// person's own notification settings still win, and replies in the chat don't alert.
func (p *pen) teams(c domain.Campaign) (activity, error) {
	a := activity{Type: "message", ChannelData: &channelData{Notification: notification{Alert: true}}}
	switch {
	case c.Kind == domain.KindMessage:
		p.markup = textMarkdown
		a.Text, a.TextFormat, a.Summary = p.markdown(c.Content.Text), "markdown", p.summary(c)
		return a, nil
	case c.Kind == domain.KindCard && len(c.Content.AdaptiveCard) > 0:
		own, err := p.ownCard(c.Content.AdaptiveCard)
		if err != nil {
			return a, err
		}
		a.Summary = own.summary
		a.Attachments = []attachment{{ContentType: cardType, Content: own.root}}
		return a, nil
	}
	card, err := p.campaignCard(c)
	card.RTL = p.rightToLeft(c)
	a.Summary = p.summary(c)
	a.Attachments = []attachment{{ContentType: cardType, Content: card}}
	return a, err
}

func (p *pen) campaignCard(c domain.Campaign) (adaptiveCard, error) {
	switch c.Kind {
	case domain.KindIdea, domain.KindSuccess, domain.KindImportant, domain.KindCard:
		return p.announcement(c), nil
	case domain.KindSurvey:
		return p.surveyCard(c)
	}
	return adaptiveCard{}, domain.Fail(domain.Invalid, "The kind is idea, success, important, card, message or survey.")
}

// announcement is the card of an idea, a success, something important, or of a card
// with a title of its own.
func (p *pen) announcement(c domain.Campaign) adaptiveCard {
	content := c.Content
	body := p.opening(c)
	if content.Author != "" {
		body = append(body, subtle(p.title(content.Author)))
	}
	if content.Image != nil {
		body = append(body, image{
			Type: "Image", URL: p.url(content.Image.URL), AltText: p.label(content.Image.Alt),
			Spacing: bodySpacing, MSTeams: &msTeams{AllowExpand: true},
		})
	}
	if content.Text != "" {
		body = append(body, paragraph(p.markdown(content.Text)))
	}
	return p.card(p.announcementText(c), append(body, p.buttons(content.Buttons)...)...)
}

// opening is what a card of a campaign begins with: its banner and its title.
func (p *pen) opening(c domain.Campaign) []any {
	var body []any
	if b := bannerOf(c.Kind, p.Translator); b.word != "" {
		body = append(body, band(b.style, b.String()))
	}
	if c.Content.Title != "" {
		body = append(body, heading(p.title(c.Content.Title)))
	}
	return body
}

// Buttons that are many, or wordy, stand below each other: side by side they would be
// squeezed on a phone.
const (
	maxInRow        = 3
	maxLettersInRow = 34
)

func (p *pen) buttons(buttons []domain.Button) []any {
	var row, column []any
	letters := 0
	for _, b := range buttons {
		title := p.label(b.Title)
		letters += utf8.RuneCountInString(title)
		open := openURL{Type: "Action.OpenUrl", Title: title, URL: p.link(b.URL)}
		below := actions(open)
		if len(column) > 0 {
			below.Spacing = smallSpacing
		}
		row, column = append(row, open), append(column, below)
	}
	if len(row) > maxInRow || letters > maxLettersInRow {
		return column
	}
	if len(row) == 0 {
		return nil
	}
	return []any{actions(row...)}
}

// announcementText is the whole card in plain words.
func (p *pen) announcementText(c domain.Campaign) string {
	var links []string
	for _, b := range c.Content.Buttons {
		links = append(links, p.Text("%s: %s", p.label(b.Title), p.link(b.URL)))
	}
	return paragraphs(bannerOf(c.Kind, p.Translator).String(), p.plainTitle(c.Content.Title), p.plainTitle(c.Content.Author),
		p.plain(c.Content.Text), strings.Join(links, "\n"))
}

const maxSummary = 140 // characters; toasts show fewer

// summary is the line that toasts, the activity feed and screen readers begin with.
func (p *pen) summary(c domain.Campaign) string {
	return bannerOf(c.Kind, p.Translator).before(p.subject(c), p.Translator)
}
