package domain

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Limits of an author's own card, beside MaxCardJSON.
const (
	MaxCardDepth    = 30       // objects and lists within each other
	MaxCardElements = 500      // elements and actions
	MaxCardPicture  = 20 << 10 // bytes of a picture written into the card (a data: address)
	maxCardRemarks  = 20       // faults, and notes, that are told at once
	cardField       = "content.adaptive_card"
)

// checkCard finds what is wrong with an author's own Adaptive Card. Faults are named by
// their place in the card: content.adaptive_card.body[2].items[0].url.
func checkCard(f *faults, card json.RawMessage) {
	f.list = append(f.list, readCard(card).faults.list...)
}

// CardNotes are what an author should know about a card that may be sent as it is, such as
// pictures without a description; named as the faults of Campaign.Check are. There are none
// of what is no card at all.
func CardNotes(card json.RawMessage) []FieldError { return readCard(card).notes.list }

// readCard parses a card once and looks at all of it.
func readCard(card json.RawMessage) *cardCheck {
	c := &cardCheck{ids: map[string]bool{}}
	if len(card) > MaxCardJSON {
		c.fault(cardField, "The card has %d bytes; at most %d are allowed.", len(card), MaxCardJSON)
		return c
	}
	parsed, err := parseCard(card)
	if err != nil {
		c.faults.list = append(c.faults.list, *err)
		return c
	}
	root, _ := parsed.(map[string]any)
	if root["type"] != "AdaptiveCard" {
		c.fault(cardField, `This is not an Adaptive Card. It should begin with {"type":"AdaptiveCard","version":"1.5"`)
		return c
	}
	switch version, _ := root["version"].(string); version {
	case "1.0", "1.1", "1.2", "1.3", "1.4", "1.5":
	default:
		c.fault(cardField+".version", "Teams shows cards up to version 1.5; this one says %q.", version)
	}
	c.value(cardField, "card", root)
	c.texts(cardField, root)
	c.noteRoot(root)
	return c
}

// texts looks at every string of a card, wherever it stands: an unknown tag would be sent
// as it is, to everybody.
func (c *cardCheck) texts(path string, value any) {
	switch v := value.(type) {
	case string:
		if !showable(v) {
			c.fault(path, "The text holds characters that can't be shown.")
		} else if tag := unknownCapitals(v); tag != "" {
			c.fault(path, "%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL].", tag)
		}
	case []any:
		for i, item := range v {
			c.texts(itemOf(path, i), item)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			c.texts(path+"."+name, v[name])
		}
	}
}

// unknownCapitals is the first unknown tag in capitals. A card's strings hold more than
// texts (patterns, data), so that other words in brackets are left alone.
func unknownCapitals(text string) string {
	_, unknown := Segments(text)
	for _, tag := range unknown {
		if strings.ToUpper(tag) == tag {
			return tag
		}
	}
	return ""
}

// cardTexts are all strings of a card, as they read once decoded; none of what is no JSON.
func cardTexts(card json.RawMessage) []string {
	var root any
	if json.Unmarshal(card, &root) != nil {
		return nil
	}
	return textsIn(root)
}

func textsIn(value any) []string {
	var texts []string
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, item := range v {
			texts = append(texts, textsIn(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			texts = append(texts, textsIn(v[name])...)
		}
	}
	return texts
}
