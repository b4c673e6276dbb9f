package api

import (
	"encoding/json"

	"crier/internal/domain"
)

// content is what a campaign says. Which fields there are goes by the campaign's kind; the
// domain refuses those that the kind does not have.
type content struct {
	Title        *string         `json:"title,omitempty"`
	Text         *string         `json:"text,omitempty"`
	Author       string          `json:"author,omitempty"`
	Image        *image          `json:"image,omitempty"`
	Buttons      []button        `json:"buttons,omitempty"`
	AdaptiveCard json.RawMessage `json:"adaptive_card,omitempty"`
	*Survey
}

type image struct {
	URL string `json:"url"`
	Alt string `json:"alt"`
}

type button struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

func encodeContent(c domain.Campaign) content {
	in := c.Content
	out := content{Author: in.Author, AdaptiveCard: in.AdaptiveCard}
	if len(in.AdaptiveCard) == 0 {
		out.Text = &in.Text
	}
	if in.Title != "" {
		out.Title = &in.Title
	}
	if in.Image != nil {
		out.Image = &image{URL: in.Image.URL, Alt: in.Image.Alt}
	}
	for _, b := range in.Buttons {
		out.Buttons = append(out.Buttons, button{Title: b.Title, URL: b.URL})
	}
	if c.Kind == domain.KindSurvey && in.Survey != nil {
		out.Title, out.Survey = &in.Title, encodeSurvey(in.Survey)
	}
	return out
}

func (in content) decode(kind domain.Kind, f *faults) domain.Content {
	out := domain.Content{Title: value(in.Title), Text: value(in.Text), Author: in.Author}
	if in.Image != nil {
		out.Image = &domain.Image{URL: in.Image.URL, Alt: in.Image.Alt}
	}
	for _, b := range in.Buttons {
		out.Buttons = append(out.Buttons, domain.Button{Title: b.Title, URL: b.URL})
	}
	if string(in.AdaptiveCard) != "null" {
		out.AdaptiveCard = in.AdaptiveCard
	}
	if kind == domain.KindSurvey || in.Survey.given() {
		out.Survey = in.Survey.decode(f)
	}
	return out
}
