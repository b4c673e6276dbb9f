package domain

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// checkCard finds what is wrong with an author's own Adaptive Card.
func checkCard(f *faults, card json.RawMessage) {
	const field = "content.adaptive_card"
	if len(card) > MaxCardJSON {
		f.add(field, "The card has %d bytes; at most %d are allowed.", len(card), MaxCardJSON)
		return
	}
	var root map[string]any
	err := json.Unmarshal(card, &root)
	_, isList := root["body"].([]any)
	if err != nil || root["type"] != "AdaptiveCard" || root["body"] != nil && !isList {
		f.add(field, `This is not an Adaptive Card. It should begin with {"type":"AdaptiveCard","version":"1.5"`)
		return
	}
	switch version, _ := root["version"].(string); version {
	case "1.0", "1.1", "1.2", "1.3", "1.4", "1.5":
	default:
		f.add(field, "Teams shows cards up to version 1.5; this one says %q.", version)
	}
	for _, text := range textsIn(root) {
		if tag := unknownCapitals(text); tag != "" {
			f.add(field, "%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL].", tag)
			return
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
