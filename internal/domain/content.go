package domain

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a campaign is.
type Kind string

// The kinds of campaign.
const (
	KindIdea      Kind = "idea"
	KindSuccess   Kind = "success"
	KindImportant Kind = "important"
	KindCard      Kind = "card"
	KindMessage   Kind = "message"
	KindSurvey    Kind = "survey"
)

// Kinds lists all kinds, in the order they are offered.
func Kinds() []Kind {
	return []Kind{KindIdea, KindSuccess, KindImportant, KindCard, KindMessage, KindSurvey}
}

// Limits of what an author writes; characters, not bytes.
const (
	MaxName       = 120
	MaxTitle      = 120
	MaxText       = 4000
	MaxAuthor     = 120
	MaxAlt        = 400
	MaxButtons    = 6
	MaxButton     = 40
	MaxURL        = 2000
	MaxCardJSON   = 40 << 10 // bytes
	MaxTestPeople = 10
)

// Content is what a campaign says. Texts are Markdown and may hold personal tags.
// Which fields a kind uses: see Content.Check.
type Content struct {
	Title        string
	Text         string
	Author       string
	Image        *Image
	Buttons      []Button
	AdaptiveCard json.RawMessage // an author's own card, in place of everything above
	Survey       *Survey
}

// Image is a picture by address.
type Image struct{ URL, Alt string }

// Button opens a link.
type Button struct{ Title, URL string }

// Texts are the places of a content that hold text, by the API's field names.
func (c Content) texts() map[string]string {
	t := map[string]string{"content.title": c.Title, "content.text": c.Text, "content.author": c.Author}
	if c.Image != nil {
		t["content.image.alt"] = c.Image.Alt
	}
	for i, b := range c.Buttons {
		t[fmt.Sprintf("content.buttons[%d].title", i)] = b.Title
	}
	return t
}

// HasTags says whether any text of the content names the reader.
func (c Content) HasTags() bool {
	all := slices.Concat(cardTexts(c.AdaptiveCard), slices.Collect(maps.Values(c.texts())))
	if c.Image != nil {
		all = append(all, c.Image.URL)
	}
	for _, b := range c.Buttons {
		all = append(all, b.URL)
	}
	if c.Survey != nil {
		all = append(all, c.Survey.Thanks)
		for _, q := range c.Survey.Questions {
			all = append(append(all, q.Text), q.Options...)
			if q.Image != nil {
				all = append(all, q.Image.URL, q.Image.Alt)
			}
		}
	}
	for _, t := range all {
		if segments, _ := Segments(t); len(segments) > 1 || len(segments) == 1 && segments[0].Tag != "" {
			return true
		}
	}
	return false
}

// normalize takes off what comes along when an address is copied.
func (c *Content) normalize() {
	if c.Image != nil {
		c.Image.URL = strings.TrimSpace(c.Image.URL)
	}
	for i, b := range c.Buttons {
		c.Buttons[i].URL = strings.TrimSpace(b.URL)
	}
	if c.Survey != nil {
		c.Survey.Normalize()
	}
}

// check finds what is wrong with a content, be it finished or not.
func (c Content) check(kind Kind, f *faults) {
	checkText(f, "content.title", c.Title, MaxTitle)
	checkText(f, "content.text", c.Text, MaxText)
	checkText(f, "content.author", c.Author, MaxAuthor)
	if c.Image != nil {
		checkText(f, "content.image.alt", c.Image.Alt, MaxAlt)
		if c.Image.URL != "" {
			checkURL(f, "content.image.url", c.Image.URL, imageSchemes(c.Image.URL)...)
		}
	}
	if len(c.Buttons) > MaxButtons {
		f.add("content.buttons", "At most %d buttons.", MaxButtons)
	}
	for i, b := range c.Buttons {
		checkText(f, fmt.Sprintf("content.buttons[%d].title", i), b.Title, MaxButton)
		if b.URL != "" {
			checkURL(f, fmt.Sprintf("content.buttons[%d].url", i), b.URL, "https", "http")
		}
	}
	c.checkUnused(kind, f)
	if len(c.AdaptiveCard) > 0 {
		checkCard(f, c.AdaptiveCard)
	}
	if c.Survey != nil {
		c.Survey.check(f)
	}
}

// checkUnused refuses what the kind does not show, so that nothing an author wrote is dropped silently.
func (c Content) checkUnused(kind Kind, f *faults) {
	if kind == KindMessage && (c.Title != "" || c.Image != nil || len(c.Buttons) > 0) {
		f.add("content", "A message has a text only. Choose the kind card for a title, an image or buttons.")
	}
	if kind != KindCard && c.Author != "" {
		f.add("content.author", "Only a card names its author.")
	}
	if kind != KindCard && len(c.AdaptiveCard) > 0 {
		f.add("content.adaptive_card", "Only the kind card takes a card of your own.")
	}
	if len(c.AdaptiveCard) > 0 && (c.Title != "" || c.Text != "" || c.Author != "" || c.Image != nil || len(c.Buttons) > 0) {
		f.add("content.adaptive_card", "Write either a card of your own or a title and a text, not both.")
	}
	if kind == KindSurvey && (c.Image != nil || len(c.Buttons) > 0) {
		f.add("content", "A survey has a title, a text and questions; it has no image and no buttons.")
	}
	if kind != KindSurvey && c.Survey != nil {
		f.add("content.questions", "Only a survey has questions.")
	}
}

// missing finds what a content still needs before it can be shown to anybody.
func (c Content) missing(kind Kind, f *faults) {
	if len(c.AdaptiveCard) > 0 {
		return
	}
	if strings.TrimSpace(c.Text) == "" && kind != KindSurvey {
		f.add("content.text", "Write the text.")
	}
	if strings.TrimSpace(c.Title) == "" && (kind == KindCard || kind == KindSurvey) {
		f.add("content.title", "Write the title.")
	}
	if c.Image != nil && c.Image.URL == "" {
		f.add("content.image.url", "Give the image's address, or remove the image.")
	}
	for i, b := range c.Buttons {
		if strings.TrimSpace(b.Title) == "" {
			f.add(fmt.Sprintf("content.buttons[%d].title", i), "Write what the button says.")
		}
		if b.URL == "" {
			f.add(fmt.Sprintf("content.buttons[%d].url", i), "Give the address that the button opens.")
		}
	}
	if kind == KindSurvey {
		c.Survey.missing(f)
	}
}

func checkText(f *faults, field, text string, limit int) {
	if !showable(text) {
		f.add(field, "The text holds characters that can't be shown.")
		return
	}
	checkLength(f, field, text, limit)
	if _, unknown := Segments(text); len(unknown) > 0 {
		f.add(field, "%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL]; write \\%s for the words in brackets.", unknown[0], unknown[0])
	}
}

func checkLength(f *faults, field, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		f.add(field, "At most %d characters; it has %d.", limit, n)
	}
}

func showable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
