package cards

// The elements of Adaptive Cards 1.5 that we draw with (protocol/cards.md 2 and 3).
// Every text wraps; every element that carries text says so by its constructor.

const (
	cardType     = "application/vnd.microsoft.card.adaptive"
	cardSchema   = "http://adaptivecards.io/schemas/adaptive-card.json"
	cardVersion  = "1.5"
	bodySpacing  = "Medium"
	smallSpacing = "Small"
)

type adaptiveCard struct {
	Schema       string   `json:"$schema"`
	Type         string   `json:"type"`
	Version      string   `json:"version"`
	Lang         string   `json:"lang"`
	RTL          bool     `json:"rtl,omitempty"` // the text runs from right to left
	FallbackText string   `json:"fallbackText"`
	MSTeams      *msTeams `json:"msteams,omitempty"`
	Body         []any    `json:"body"`
}

// msTeams is what only Teams knows; other renderers pass over it.
type msTeams struct {
	Width       string `json:"width,omitempty"`
	AllowExpand bool   `json:"allowExpand,omitempty"`
}

type textBlock struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Style    string `json:"style,omitempty"`
	Size     string `json:"size,omitempty"`
	Weight   string `json:"weight,omitempty"`
	Color    string `json:"color,omitempty"`
	IsSubtle bool   `json:"isSubtle,omitempty"`
	Spacing  string `json:"spacing,omitempty"`
	Wrap     bool   `json:"wrap"`
}

type container struct {
	Type    string `json:"type"`
	Style   string `json:"style,omitempty"`
	Bleed   bool   `json:"bleed,omitempty"`
	Spacing string `json:"spacing,omitempty"`
	Items   []any  `json:"items"`
}

type image struct {
	Type    string   `json:"type"`
	URL     string   `json:"url"`
	AltText string   `json:"altText"`
	Spacing string   `json:"spacing,omitempty"`
	MSTeams *msTeams `json:"msteams,omitempty"`
}

type factSet struct {
	Type    string `json:"type"`
	Spacing string `json:"spacing,omitempty"`
	Facts   []fact `json:"facts"`
}

type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type actionSet struct {
	Type    string `json:"type"`
	Spacing string `json:"spacing,omitempty"`
	Actions []any  `json:"actions"`
}

type openURL struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

type execute struct {
	Type             string  `json:"type"`
	Title            string  `json:"title"`
	Verb             string  `json:"verb"`
	AssociatedInputs string  `json:"associatedInputs,omitempty"`
	Data             data    `json:"data"`
	Fallback         *submit `json:"fallback,omitempty"`
}

type submit struct {
	Type             string `json:"type"`
	Title            string `json:"title"`
	AssociatedInputs string `json:"associatedInputs,omitempty"`
	Data             data   `json:"data"`
}

// input is any of the inputs; what a type does not know stays empty.
type input struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	Label        string `json:"label"`
	IsRequired   bool   `json:"isRequired,omitempty"`
	ErrorMessage string `json:"errorMessage,omitempty"`
	Placeholder  string `json:"placeholder,omitempty"`
	Spacing      string `json:"spacing,omitempty"`
	Value        any    `json:"value,omitempty"` // a string; of Input.Number a number

	// Input.Text
	IsMultiline bool `json:"isMultiline,omitempty"`
	MaxLength   int  `json:"maxLength,omitempty"`

	// Input.Number
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`

	// Input.ChoiceSet
	Style         string   `json:"style,omitempty"`
	IsMultiSelect bool     `json:"isMultiSelect,omitempty"`
	Wrap          bool     `json:"wrap,omitempty"`
	Choices       []choice `json:"choices,omitempty"`
}

type choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// card is a card that takes the width there is, with what clients show instead of it
// when they can't draw it.
func (p *pen) card(fallback string, body ...any) adaptiveCard {
	return adaptiveCard{
		Schema: cardSchema, Type: "AdaptiveCard", Version: cardVersion, Lang: p.Language(),
		FallbackText: fallback, MSTeams: &msTeams{Width: "Full"}, Body: body,
	}
}

func paragraph(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Spacing: bodySpacing, Wrap: true}
}

func heading(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Style: "heading", Size: "Large", Weight: "Bolder", Spacing: bodySpacing, Wrap: true}
}

func subtle(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, IsSubtle: true, Spacing: smallSpacing, Wrap: true}
}

// band is the coloured strip at the top that names the kind, by an icon and a word
// for those who don't see the colour.
func band(style, text string) container {
	word := textBlock{Type: "TextBlock", Text: text, Weight: "Bolder", Wrap: true}
	return container{Type: "Container", Style: style, Bleed: true, Items: []any{word}}
}

func actions(all ...any) actionSet {
	return actionSet{Type: "ActionSet", Spacing: bodySpacing, Actions: all}
}
