package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"crier/internal/domain"
)

// form is what stands in the editor: values under the API's names of the fields, and what
// is wrong with them, in the reader's language.
type form struct {
	Values url.Values
	Faults map[string]string
	Next   string // the field to go on in; empty: none
}

// Value is what stands in a field.
func (f form) Value(field string) string { return f.Values.Get(field) }

// Is says whether a field holds that value.
func (f form) Is(field string, value any) bool { return f.Values.Get(field) == fmt.Sprint(value) }

// Has says whether that value is one of a field's.
func (f form) Has(field, value string) bool { return slices.Contains(f.Values[field], value) }

// Field hands one field to a template.
func (f form) Field(field string) input {
	return input{Name: field, Value: f.Values.Get(field), Fault: f.Faults[field], Next: field == f.Next}
}

// input is one field of a form.
type input struct {
	Name, Value, Fault string
	Next               bool // it takes the focus
}

// ID is the field's id in the page.
func (i input) ID() string {
	return "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(i.Name)
}

// Buttons are the rows of the buttons, with an empty one to grow by.
func (f form) Buttons() []pair {
	var rows []pair
	for i := 0; i < domain.MaxButtons; i++ {
		title, address := f.Field(buttonField(i, "title")), f.Field(buttonField(i, "url"))
		rows = append(rows, pair{title, address})
		if title.Value == "" && address.Value == "" {
			break
		}
	}
	return rows
}

func buttonField(i int, part string) string { return fmt.Sprintf("content.buttons[%d].%s", i, part) }

// fields are what a kind of campaign shows; what it does not show is not read either.
func fields(k domain.Kind) []string {
	switch k {
	case domain.KindMessage:
		return []string{"content.text"}
	case domain.KindSurvey:
		return []string{"content.title", "content.text", "content.questions", "content.reminders"}
	case domain.KindCard:
		return []string{"content.title", "content.text", "content.author", "content.image", "content.buttons", "content.adaptive_card"}
	}
	return []string{"content.title", "content.text", "content.image", "content.buttons"}
}

func shows(k domain.Kind, field string) bool { return slices.Contains(fields(k), field) }

// formOf writes a campaign as the editor's values.
func formOf(c domain.Campaign) url.Values {
	v := url.Values{}
	set := func(field, value string) {
		if value != "" {
			v.Set(field, value)
		}
	}
	set("name", c.Name)
	v.Set("kind", string(c.Kind))
	set("content.title", c.Content.Title)
	set("content.text", c.Content.Text)
	set("content.author", c.Content.Author)
	set("content.adaptive_card", string(c.Content.AdaptiveCard))
	if c.Content.Image != nil {
		set("content.image.url", c.Content.Image.URL)
		set("content.image.alt", c.Content.Image.Alt)
	}
	for i, b := range c.Content.Buttons {
		set(buttonField(i, "title"), b.Title)
		set(buttonField(i, "url"), b.URL)
	}
	setSurvey(v, c.Content.Survey)
	v.Set("audience", "people")
	if c.Audience.Everyone {
		v.Set("audience", "everyone")
	}
	set("audience.people", strings.Join(c.Audience.People, "\n"))
	setDelivery(v, c.Delivery)
	if !c.ExpiresAt.IsZero() {
		v.Set("expires_at", c.ExpiresAt.UTC().Format("2006-01-02T15:04"))
	}
	return v
}

// fromForm is the campaign that the editor's values make of an older state of it. What the
// editor does not show (lists) stays as it was.
func fromForm(v url.Values, base domain.Campaign) domain.Campaign {
	c := base
	c.Name = oneLine(v.Get("name"))
	c.Kind = domain.Kind(v.Get("kind"))
	c.Content = contentOf(v, c.Kind, base.Content)
	c.Audience.Everyone = v.Get("audience") == "everyone"
	c.Audience.People = nil
	if c.Audience.Everyone {
		c.Audience.Lists = nil
	} else {
		c.Audience.People = addresses(v.Get("audience.people"))
	}
	c.Delivery = deliveryOf(v, base.Delivery)
	c.ExpiresAt, _ = startOf(v.Get("expires_at"), v.Get("expires_at_utc")) // browsers send a time or nothing
	return c
}

func contentOf(v url.Values, k domain.Kind, base domain.Content) domain.Content {
	text := func(field string) string {
		if !shows(k, field) {
			return ""
		}
		return paragraphs(v.Get(field))
	}
	c := domain.Content{Title: oneLine(text("content.title")), Text: text("content.text"), Author: oneLine(text("content.author"))}
	if own := strings.TrimSpace(text("content.adaptive_card")); own != "" {
		c.AdaptiveCard = []byte(own)
	}
	if shows(k, "content.image") {
		c.Image = imageOf(v)
	}
	if shows(k, "content.buttons") {
		c.Buttons = buttonsOf(v)
	}
	if shows(k, "content.questions") {
		c.Survey = surveyOf(v, base.Survey)
	}
	return c
}

func imageOf(v url.Values) *domain.Image {
	i := domain.Image{URL: strings.TrimSpace(v.Get("content.image.url")), Alt: oneLine(v.Get("content.image.alt"))}
	if i == (domain.Image{}) {
		return nil
	}
	return &i
}

func buttonsOf(v url.Values) []domain.Button {
	var buttons []domain.Button
	for i := range domain.MaxButtons {
		b := domain.Button{Title: oneLine(v.Get(buttonField(i, "title"))), URL: strings.TrimSpace(v.Get(buttonField(i, "url")))}
		if b != (domain.Button{}) {
			buttons = append(buttons, b)
		}
	}
	return buttons
}

// refill is the form to show again: what was typed, with the rows as they were read, so
// that a fault's number is its row's.
func refill(typed url.Values, c domain.Campaign) url.Values {
	v := formOf(c)
	// The delivery has no rows, and boxes that are not ticked are not sent.
	if typed.Has("delivery.spread") {
		maps.DeleteFunc(v, func(field string, _ []string) bool { return strings.HasPrefix(field, "delivery.") })
	}
	for field, values := range typed {
		numbered := strings.Contains(field, "[")
		_, read := v[field]
		if !read && (!numbered || !shows(c.Kind, field[:strings.Index(field, "[")])) {
			v[field] = values
		}
	}
	if shows(c.Kind, "content.questions") {
		keepTyped(v, typed)
	}
	return v
}

// addresses are the addresses of a text: one a line, or with commas or semicolons between,
// as mail programs copy them.
func addresses(text string) []string {
	var list []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n,;", r) }) {
		part = strings.TrimSpace(part)
		if open, end := strings.LastIndex(part, "<"), strings.LastIndex(part, ">"); open >= 0 && end > open {
			part = strings.TrimSpace(part[open+1 : end])
		}
		if part != "" {
			list = append(list, part)
		}
	}
	return list
}

// paragraphs is a text of a form with the line ends that we keep.
func paragraphs(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func oneLine(s string) string { return strings.TrimSpace(paragraphs(s)) }
