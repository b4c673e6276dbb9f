package domain

import "slices"

// cardPlace is a place of a card that takes an object.
type cardPlace struct {
	types    []string // what may stand there
	typed    bool     // and has to say its type
	orText   string   // a string may stand for the object; this says which (see cardCheck.scalar)
	fallback string   // the place whose rules a fallback follows; empty: nothing newer can stand here
}

var (
	cardElements = []string{
		"TextBlock", "Image", "Container", "ColumnSet", "FactSet", "ImageSet", "ActionSet", "RichTextBlock", "Table", "Media",
		"Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet",
	}
	cardSelects = []string{"Action.OpenUrl", "Action.Execute", "Action.Submit", "Action.ToggleVisibility"}
	cardActions = append(slices.Clone(cardSelects), "Action.ShowCard")
)

// cardPlaces are the places by their names in cardShapes.
var cardPlaces = map[string]cardPlace{
	"card":           {types: []string{"AdaptiveCard"}},
	"element":        {types: cardElements, typed: true, fallback: "element"},
	"action":         {types: cardActions, typed: true, fallback: "action"},
	"select":         {types: cardSelects, typed: true, fallback: "select"},
	"execute":        {types: []string{"Action.Execute"}},
	"run":            {types: []string{"TextRun"}, typed: true, orText: "text"},
	"image":          {types: []string{"Image"}},
	"column":         {types: []string{"Column"}},
	"row":            {types: []string{"TableRow"}},
	"cell":           {types: []string{"TableCell"}},
	"table column":   {types: []string{"TableColumnDefinition"}},
	"fact":           {types: []string{"Fact"}},
	"choice":         {types: []string{"Input.Choice"}},
	"source":         {types: []string{"MediaSource"}},
	"target":         {types: []string{"TargetElement"}, orText: "text"},
	"background":     {types: []string{"BackgroundImage"}, orText: "picture"},
	"refresh":        {types: []string{"Refresh"}},
	"authentication": {types: []string{"Authentication"}},
	"sign-in button": {types: []string{"AuthCardButton"}},
	"token exchange": {types: []string{"TokenExchangeResource"}},
}

// cardWords are the words that a member may say, in any case.
var cardWords = map[string][]string{
	"action mode":     {"primary", "secondary"},
	"action style":    {"default", "positive", "destructive"},
	"inputs sent":     {"auto", "none"},
	"block height":    {"auto", "stretch"},
	"choice style":    {"compact", "expanded", "filtered"},
	"color":           {"default", "dark", "light", "accent", "good", "warning", "attention"},
	"container style": {"default", "emphasis", "good", "attention", "warning", "accent"},
	"font size":       {"default", "small", "medium", "large", "extraLarge"},
	"font":            {"default", "monospace"},
	"font weight":     {"default", "lighter", "bolder"},
	"horizontal":      {"left", "center", "right"},
	"vertical":        {"top", "center", "bottom"},
	"fill":            {"cover", "repeatHorizontally", "repeatVertically", "repeat"},
	"image size":      {"auto", "stretch", "small", "medium", "large"},
	"image style":     {"default", "person"},
	"spacing":         {"default", "none", "small", "medium", "large", "extraLarge", "padding"},
	"text style":      {"default", "heading"},
	"input style":     {"text", "tel", "url", "email", "password"},
}
