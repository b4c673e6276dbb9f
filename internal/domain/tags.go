package domain

import (
	"regexp"
	"strings"
)

// Tag is a personal tag of a text.
type Tag string

// The personal tags, written [FIRSTNAME] or, with what stands in for a missing
// value, [FIRSTNAME|there]; in any case.
const (
	FirstName Tag = "FIRSTNAME"
	LastName  Tag = "LASTNAME"
	FullName  Tag = "NAME"
	EmailTag  Tag = "EMAIL"
)

// Value is what the tag says of a person; empty when that is not known.
func (t Tag) Value(p Person) string {
	switch t {
	case FirstName:
		return p.GivenName()
	case LastName:
		return p.FamilyName()
	case FullName:
		return p.DisplayName()
	case EmailTag:
		return p.Email
	}
	return ""
}

// Segment is a piece of a text: plain words, or a tag with its fallback.
type Segment struct {
	Text     string // the words, when Tag is empty
	Tag      Tag
	Fallback string
}

// A word in brackets, of whatever script, is a tag, unless a backslash stands before it (Markdown's own
// escape) or a parenthesis follows (a Markdown link).
var tagPattern = regexp.MustCompile(`\\.|\[(\pL[\pL\pM\pN_]*)(?:\|([^\[\]\r\n]*))?\]`)

// Segments cuts a text at its tags. Unknown tags stay in the text and are named.
func Segments(text string) (segments []Segment, unknown []string) {
	start := 0
	for _, m := range tagPattern.FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 || (m[1] < len(text) && text[m[1]] == '(') {
			continue
		}
		tag := Tag(strings.ToUpper(text[m[2]:m[3]]))
		switch tag {
		case FirstName, LastName, FullName, EmailTag:
		default:
			unknown = append(unknown, text[m[0]:m[1]])
			continue
		}
		if m[0] > start {
			segments = append(segments, Segment{Text: text[start:m[0]]})
		}
		s := Segment{Tag: tag}
		if m[4] >= 0 {
			s.Fallback = text[m[4]:m[5]]
		}
		segments = append(segments, s)
		start = m[1]
	}
	if start < len(text) {
		segments = append(segments, Segment{Text: text[start:]})
	}
	return segments, unknown
}
