package domain

import (
	"maps"
	"slices"
	"strings"
)

// cardCheck looks at a parsed card and gathers what is wrong, and what its author should
// know. A place of the card is blamed once, however much is wrong with it.
type cardCheck struct {
	faults, notes faults
	ids           map[string]bool // of inputs
	elements      int
}

func (c *cardCheck) fault(path, english string, args ...any) {
	c.blame(FieldError{Field: path, Message: Text{Format: english, Args: args}})
}

func (c *cardCheck) blame(e FieldError) { remark(&c.faults, e) }

func (c *cardCheck) note(path, english string, args ...any) {
	remark(&c.notes, FieldError{Field: path, Message: Text{Format: english, Args: args}})
}

func remark(f *faults, e FieldError) {
	same := func(other FieldError) bool { return other.Field == e.Field }
	if len(f.list) < maxCardRemarks && !slices.ContainsFunc(f.list, same) {
		f.list = append(f.list, e)
	}
}

// value holds that v is of a kind, as cardMembers writes it.
func (c *cardCheck) value(path, kind string, v any) {
	kind, nullable := strings.CutSuffix(strings.TrimSuffix(kind, "!"), "?")
	if nullable && v == nil {
		return
	}
	if item, ok := strings.CutPrefix(kind, "list of "); ok {
		c.list(path, item, v)
	} else if place, ok := cardPlaces[kind]; ok {
		c.object(path, place, v)
	} else {
		c.scalar(path, kind, v)
	}
}

func (c *cardCheck) list(path, kind string, v any) {
	items, ok := v.([]any)
	if !ok {
		c.fault(path, "Write a list here: [ … ].")
		return
	}
	if kind == "action" && len(items) > MaxButtons {
		c.fault(path, "At most %d buttons.", MaxButtons)
	}
	for i, item := range items {
		c.value(itemOf(path, i), kind, item)
	}
}

// object holds that v may stand in a place, and looks at its members.
func (c *cardCheck) object(path string, place cardPlace, v any) {
	if text, ok := v.(string); ok && place.orText != "" {
		c.scalar(path, place.orText, text)
		return
	}
	m, ok := v.(map[string]any)
	if !ok {
		c.fault(path, "Write an object here: { … }.")
		return
	}
	if place.typed {
		c.elements++
	}
	if c.elements > MaxCardElements {
		c.fault(cardField, "At most %d elements. Say less, or send several cards.", MaxCardElements)
		return
	}
	if name, ok := c.typeOf(path, place, m); ok {
		c.members(path, name, m)
	}
}

// typeOf is what an object is; false where that is at fault, or newer than the table.
func (c *cardCheck) typeOf(path string, place cardPlace, m map[string]any) (string, bool) {
	given, there := m["type"]
	name, isText := given.(string)
	_, known := cardShapes[name]
	switch {
	case !place.typed && (!there || cardShapes[place.types[0]]["type"] != ""):
		return place.types[0], true
	case !isText:
		c.fault(path+".type", `Say what this is, for example "type":%q.`, place.types[0])
	case name == "Action.Http":
		c.fault(path+".type", "Teams does not know Action.Http. Open an address with Action.OpenUrl instead.")
	case slices.Contains(place.types, name):
		return name, true
	case known || place.fallback == "":
		c.fault(path+".type", "%s can't stand here.", name)
	default:
		c.newer(path, name, place, m)
	}
	return "", false
}

func (c *cardCheck) members(path, name string, m map[string]any) {
	shape, before := cardShapes[name], maps.Clone(c.ids)
	for _, member := range slices.Sorted(maps.Keys(m)) {
		kind, known := shape[member]
		switch {
		case !known && (member == "type" || member == "msteams"): // looked at; Teams' own
		case !known:
			c.note(path+"."+member, "%s has no member %q in Adaptive Cards 1.5. Some will see the card without it.", name, member)
		case member == "fallback": // below, once the inputs of what it stands for are known
		default:
			c.value(path+"."+member, kind, m[member])
		}
	}
	for _, member := range slices.Sorted(maps.Keys(shape)) {
		if _, there := m[member]; !there && strings.HasSuffix(shape[member], "!") {
			c.fault(path+"."+member, "%s needs %q.", name, member)
		}
	}
	if strings.HasPrefix(name, "Input.") && name != "Input.Choice" {
		c.inputID(path+".id", m["id"])
	}
	c.noteElement(path, name, m)
	place, ok := strings.CutPrefix(shape["fallback"], "fallback of ")
	if fallback, there := m["fallback"]; ok && there {
		c.fallback(path+".fallback", cardPlaces[place], fallback, before)
	}
}

// inputID holds that what is filled in gets a name of its own, none of those that the
// service's own cards use (see cards.ReadSubmission).
func (c *cardCheck) inputID(path string, v any) {
	id, ok := v.(string)
	switch {
	case !ok: // said already
	case strings.TrimSpace(id) == "":
		c.fault(path, "An input needs an id.")
	case c.ids[id]:
		c.fault(path, "Two inputs have the id %q.", id)
	case id == "msteams" || id == "verb" || id == "ref" || strings.HasPrefix(id, "answer_"):
		c.fault(path, "An input can't be called %q; choose another id.", id)
	}
	c.ids[id] = true
}

// fallback looks at what is shown instead of an element. Only one of the two is ever
// there, so that their inputs may have the same ids: before are those of neither.
func (c *cardCheck) fallback(path string, place cardPlace, v any, before map[string]bool) {
	if word, ok := v.(string); ok {
		if !sameWord(word, "drop") {
			c.fault(path, `Write "drop" here, or what is shown instead: { … }.`)
		}
		return
	}
	own := c.ids
	c.ids = before
	c.object(path, place, v)
	maps.Copy(c.ids, own)
}
