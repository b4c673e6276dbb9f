package domain

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// scalar holds that v is a value of a kind: text, number, flag, one of cardWords and so on.
func (c *cardCheck) scalar(path, kind string, v any) {
	text, isText := v.(string)
	_, isNumber := v.(json.Number)
	_, isFlag := v.(bool)
	object, isObject := v.(map[string]any)
	switch words := cardWords[kind]; {
	case kind == "number" && !isNumber:
		c.fault(path, "Write a number here.")
	case kind == "flag" && !isFlag:
		c.fault(path, "Write true or false here.")
	case kind == "text or number" && !isText && !isNumber:
		c.fault(path, "Write a text or a number here.")
	case kind == "data" && !isText && !isObject:
		c.fault(path, "Write an object here: { … }.")
	case kind == "versions":
		c.versions(path, object, isObject)
	case kind == "number" || kind == "flag" || kind == "text or number" || kind == "data":
	case !isText:
		c.fault(path, "Write a text here.")
	case kind == "link" || kind == "picture" || kind == "media":
		c.address(path, kind, text)
	case words != nil && !slices.ContainsFunc(words, func(w string) bool { return sameWord(w, text) }):
		c.fault(path, "Write one of these here: %s.", strings.Join(words, ", "))
	}
}

// versions are features and the least version that an element needs of each.
func (c *cardCheck) versions(path string, m map[string]any, isObject bool) {
	if !isObject {
		c.fault(path, "Write an object here: { … }.")
	}
	for _, feature := range slices.Sorted(maps.Keys(m)) {
		c.scalar(path+"."+feature, "text", m[feature])
	}
}

// sameWord compares in any case, of the letters A to Z only.
func sameWord(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }
