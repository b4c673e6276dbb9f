package simulator

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// cardView is what a person sees of the cards in a message: what can be pressed and
// what can be filled in, wherever in the card it stands.
type cardView struct {
	links   []cardLink
	actions []cardAction
	inputs  []cardInput

	said  string // the text of the activity itself
	above string // the last text in the card that is not small print, while it is read
}

// cardLink is a button that opens an address, or a link in a text.
type cardLink struct{ title, address string }

type cardAction struct {
	say      string // imBack of a hero card: the text it sends; the rest is empty
	execute  bool   // Action.Execute; otherwise Action.Submit
	title    string
	above    string // the text over it
	verb     string
	data     map[string]any
	fallback *cardAction // what an old client offers instead
}

type cardInput struct {
	kind, id string
	label    string
	required bool
	multiple bool
	choices  []string // what they send
	titles   []string // what stands on them
	min, max float64
	longest  int // characters; 0: no limit
	on, off  string
	held     string // what it holds already, as it would send it
}

// look reads the cards of an activity, or of the view that replaced them.
func look(r Received) cardView {
	var view cardView
	if r.View != nil {
		view.read(r.View)
		return view
	}
	var act outgoing
	if json.Unmarshal(r.Raw, &act) != nil {
		return view
	}
	view.said = act.Text
	view.words(act.Text)
	for _, at := range act.Attachments {
		if strings.HasPrefix(at.ContentType, cardPrefix) {
			view.read(at.Content)
		}
	}
	return view
}

func (v *cardView) read(raw []byte) {
	var card any
	if json.Unmarshal(raw, &card) == nil {
		v.walk(card)
	}
}

// walk visits every part of a card. It does not look inside data, which is the
// bot's own, nor at what happens without a press (refresh, fallback).
func (v *cardView) walk(part any) {
	switch part := part.(type) {
	case []any:
		for _, p := range part {
			v.walk(p)
		}
	case map[string]any:
		kind, _ := part["type"].(string)
		switch {
		case kind == "Action.OpenUrl":
			v.link(part["title"], part["url"])
		case kind == "openUrl":
			v.link(part["title"], part["value"])
		case kind == "imBack":
			if said, ok := part["value"].(string); ok {
				v.actions = append(v.actions, cardAction{say: said})
			}
		case kind == "Action.Submit" || kind == "Action.Execute":
			if a := readAction(part); a != nil {
				a.above = v.above
				v.actions = append(v.actions, *a)
			}
		case strings.HasPrefix(kind, "Input."):
			v.inputs = append(v.inputs, readInput(part))
		}
		if words, ok := part["text"].(string); ok {
			v.words(words)
			if small, _ := part["isSubtle"].(bool); kind == "TextBlock" && !small {
				v.above = words
			}
		}
		for _, key := range []string{"body", "items", "columns", "rows", "cells", "actions", "card", "inlineAction", "selectAction", "buttons", "tap"} {
			v.walk(part[key])
		}
	}
}

func (v *cardView) link(title, target any) {
	if address, ok := target.(string); ok {
		name, _ := title.(string)
		v.links = append(v.links, cardLink{name, address})
	}
}

var (
	markdownLink = regexp.MustCompile(`\[([^\]]*)\]\((https?://[^)\s]+)\)`)
	bareAddress  = regexp.MustCompile(`https?://[^\s<>()\[\]"]+`)
)

// words finds the links in a text: Markdown's, and addresses as they stand, which clients make
// links of without the end of the sentence.
func (v *cardView) words(text string) {
	for _, found := range markdownLink.FindAllStringSubmatch(text, -1) {
		v.links = append(v.links, cardLink{found[1], found[2]})
	}
	for _, address := range bareAddress.FindAllString(markdownLink.ReplaceAllString(text, " "), -1) {
		v.links = append(v.links, cardLink{"", strings.TrimRight(address, ".,;:!?'")})
	}
}

// readAction reads a button; nil when pressing it does something else than answer
// (data.msteams, inbound 6.3).
func readAction(part map[string]any) *cardAction {
	a := &cardAction{execute: part["type"] == "Action.Execute"}
	a.title, _ = part["title"].(string)
	a.data, _ = part["data"].(map[string]any)
	if a.verb, _ = part["verb"].(string); !a.execute {
		a.verb, _ = a.data["verb"].(string)
	}
	if _, special := a.data["msteams"].(map[string]any); special && !a.execute {
		return nil
	}
	if old, ok := part["fallback"].(map[string]any); ok && a.execute && old["type"] == "Action.Submit" {
		a.fallback = readAction(old)
	}
	return a
}

func readInput(part map[string]any) cardInput {
	in := cardInput{on: "true", off: "false"}
	in.kind, _ = part["type"].(string)
	in.id, _ = part["id"].(string)
	in.label, _ = part["label"].(string)
	in.required, _ = part["isRequired"].(bool)
	in.held = typedIn(part["value"])
	in.multiple, _ = part["isMultiSelect"].(bool)
	in.min, _ = part["min"].(float64)
	in.max = in.min + 10
	if m, ok := part["max"].(float64); ok {
		in.max = m
	}
	if longest, ok := part["maxLength"].(float64); ok {
		in.longest = int(longest)
	}
	if on, ok := part["valueOn"].(string); ok {
		in.on = on
	}
	if off, ok := part["valueOff"].(string); ok {
		in.off = off
	}
	choices, _ := part["choices"].([]any)
	for _, c := range choices {
		choice, _ := c.(map[string]any)
		if value, ok := choice["value"].(string); ok {
			title, _ := choice["title"].(string)
			in.choices, in.titles = append(in.choices, value), append(in.titles, title)
		}
	}
	return in
}

// fill answers an input as chance has it.
func (in cardInput) fill(x uint64) any {
	switch in.kind {
	case "Input.Text":
		said := []string{"Très bien, merci 👍", "ok", "I would rather not.", "はい", "لا بأس", "Could be <b>better</b> & *shorter*"}
		return said[pick(x, len(said))]
	case "Input.Number":
		return in.min + float64(pick(x, int(max(1, in.max-in.min+1))))
	case "Input.Date":
		return "2026-02-" + []string{"03", "14", "27"}[pick(x, 3)]
	case "Input.Time":
		return []string{"08:30", "12:00", "17:45"}[pick(x, 3)]
	case "Input.Toggle":
		return []string{in.on, in.off}[pick(x, 2)]
	case "Input.ChoiceSet":
		return in.choose(x)
	}
	return nil
}

func (in cardInput) choose(x uint64) any {
	if len(in.choices) == 0 {
		return nil
	}
	first := pick(x, len(in.choices))
	if in.multiple && first+1 < len(in.choices) {
		return []string{in.choices[first], in.choices[first+1]}
	}
	return in.choices[first]
}

// ownLinks are the links that lead to the given site.
func (v cardView) ownLinks(site *url.URL) []cardLink {
	var out []cardLink
	for _, link := range v.links {
		if u, err := url.Parse(link.address); err == nil && u.Host == site.Host && u.Scheme == site.Scheme {
			out = append(out, link)
		}
	}
	return out
}
