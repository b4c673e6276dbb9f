package domain

import (
	"maps"
	"slices"
	"strings"
)

// newer looks at an element that Adaptive Cards 1.5 does not know. Teams draws many of
// those (protocol/cards.md 1), but not every client does: there has to be a fallback.
func (c *cardCheck) newer(path, name string, place cardPlace, m map[string]any) {
	fallback, there := m["fallback"]
	if !there {
		c.fault(path, `%s is not part of Adaptive Cards 1.5. Give it a "fallback" for those whose Teams does not know it, or leave it out.`, name)
		return
	}
	c.note(path, "%s is newer than Adaptive Cards 1.5. Those whose Teams does not know it see its fallback.", name)
	before := maps.Clone(c.ids)
	for _, member := range slices.Sorted(maps.Keys(m)) {
		if member != "fallback" {
			c.inside(path+"."+member, member, m[member])
		}
	}
	c.fallback(path+".fallback", cardPlaces[place.fallback], fallback, before)
}

// newerAddresses are the members of newer elements that hold an address, and its kind.
var newerAddresses = map[string]string{
	"url": "link", "dialogUrl": "link", "iconUrl": "picture", "poster": "picture", "backgroundImage": "picture",
}

// inside looks at a member of an element that is newer than the table: what the table
// knows further down is held to it, and addresses have to open as everywhere.
func (c *cardCheck) inside(path, member string, value any) {
	switch v := value.(type) {
	case string:
		if kind, ok := newerAddresses[member]; ok {
			c.address(path, kind, v)
		}
	case []any:
		for i, item := range v {
			c.inside(itemOf(path, i), member, item)
		}
	case map[string]any:
		name, _ := v["type"].(string)
		if _, known := cardShapes[name]; known || name == "Action.Http" {
			c.object(path, cardPlace{types: []string{name}, typed: true}, v)
			return
		}
		for _, below := range slices.Sorted(maps.Keys(v)) {
			c.inside(path+"."+below, below, v[below])
		}
	}
}

// noteRoot tells what the card as a whole lacks.
func (c *cardCheck) noteRoot(root map[string]any) {
	if text, _ := root["fallbackText"].(string); strings.TrimSpace(text) == "" {
		c.note(cardField+".fallbackText", "Say in fallbackText what the card is about. It is what a notification says, and all that an older client shows.")
	}
}

// noteElement tells what is allowed, but not what its author would want.
func (c *cardCheck) noteElement(path, name string, m map[string]any) {
	switch {
	case name == "Image" && m["altText"] == nil:
		c.note(path+".altText", "Describe the picture in altText, for those who can't see it.")
	case name == "Refresh" || name == "Authentication":
		c.note(path, "Nothing answers this here. Leave it out.")
	case name == "Action.Submit" && writesToBot(m["data"]):
	case name == "Action.Submit" || name == "Action.Execute":
		c.note(path, "Nobody reads what this button sends: who presses it is told that it does nothing here. To ask people something, send a survey.")
	case strings.HasPrefix(name, "Input.") && name != "Input.Choice":
		c.note(path, "Nobody reads what is filled in here. To ask people something, send a survey.")
	}
}

// writesToBot is true of the data of a button that writes a message to the bot in its
// reader's name, which the bot does answer.
func writesToBot(data any) bool {
	object, _ := data.(map[string]any)
	teams, _ := object["msteams"].(map[string]any)
	return teams["type"] == "imBack" || teams["type"] == "messageBack"
}
