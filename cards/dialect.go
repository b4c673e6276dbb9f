package cards

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dialect is the place a person's words stand in, always inside a JSON string.
type dialect int

const (
	plainText    dialect = iota // shown as it is
	cardMarkdown                // Markdown of an Adaptive Card: no HTML
	textMarkdown                // Markdown of a message, where clients take some HTML
	inURL                       // part of an address' path, query or fragment
)

// append appends a value so that it is shown, character by character, as it is: one
// line, without control characters and without what is hidden. It allocates only
// room in dst.
func (d dialect) append(dst []byte, value string) []byte {
	value = strings.TrimFunc(value, blank)
	for i, r := range value {
		switch {
		case hidden(r):
			continue
		case r == '\u2028', r == '\u2029', unicode.IsControl(r):
			r = ' '
		}
		switch {
		case d == inURL:
			dst = appendPercent(dst, r)
			continue
		case d != plainText && d.marksUp(value, i, r):
			dst = append(dst, '\\', '\\')
		}
		if r == '"' || r == '\\' {
			dst = append(dst, '\\')
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || hidden(r) }

// hidden is true of what turns the direction of a text (the explicit embeddings,
// overrides and isolates) and of the runes that serve as marks.
func hidden(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r >= firstMark
}

// appendPercent keeps the unreserved characters of RFC 3986 and encodes the others.
func appendPercent(dst []byte, r rune) []byte {
	const hex = "0123456789ABCDEF"
	if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._~", r)) {
		return append(dst, byte(r))
	}
	var encoded [utf8.UTFMax]byte
	for _, b := range encoded[:utf8.EncodeRune(encoded[:], r)] {
		dst = append(dst, '%', hex[b>>4], hex[b&15])
	}
	return dst
}

// marksUp says whether the rune at i of a value could be Markdown and needs a
// backslash. Characters that can't be, like the hyphen in a name, stay bare: the
// clients' Markdown differs, and not all of them drop every backslash.
func (d dialect) marksUp(value string, i int, r rune) bool {
	switch r {
	case '\\', '`', '*', '_', '[', ']', '(', ')', '#', '~':
		return true
	case '-', '+', '>', '=': // lists, quotes and underlines begin a line
		return i == 0
	case '.': // "1." begins a list, and the author may have written the "1"
		return strings.Trim(value[:i], "0123456789") == ""
	case '!': // a link may follow, and both were a picture
		return i == len(value)-1
	case '&':
		return startsEntity(value[i+1:])
	case '<':
		return startsAutolink(value[i+1:]) || d == textMarkdown && startsTag(value[i+1:])
	}
	return false
}

// startsEntity is true of "amp;…" and "#39;…".
func startsEntity(s string) bool {
	end := strings.IndexByte(s, ';')
	return end > 0 && strings.IndexFunc(s[:end], func(r rune) bool {
		return r != '#' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) < 0
}

// startsAutolink is true of "https://…>" and "ana@example.com>", and of what slots or
// the words behind a value could make one.
func startsAutolink(s string) bool {
	end := strings.IndexByte(s, '>')
	if end < 0 {
		return !strings.ContainsAny(s, " \t\n<")
	}
	return end > 0 && !strings.ContainsAny(s[:end], " \t\n<") && (strings.ContainsAny(s[:end], ":@") || strings.ContainsFunc(s[:end], isMark))
}

// startsTag is true of "b>", "/b>" and "!--", and of what could become one.
func startsTag(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s == "" || unicode.IsLetter(r) || r == '/' || r == '!' || r == '?' || isMark(r)
}

// escape is an author's text, as it is read, in Markdown. Runes of tags stay; before
// is what stands before it in its line.
func (d dialect) escape(text, before string) string {
	var b strings.Builder
	line := before + text
	for i, r := range text {
		at := len(before) + i
		if d.marksUpWord(line[:at], r, line[at+utf8.RuneLen(r):]) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// marksUpWord says whether a rune of an author's line could be Markdown where it
// stands. Fewer are than of a value, whose surroundings aren't known.
func (d dialect) marksUpWord(before string, r rune, behind string) bool {
	switch r {
	case '\\', '`', '*', '_', '[', ']':
		return true
	case '~':
		return strings.HasSuffix(before, "~") || strings.HasPrefix(behind, "~")
	case '#', '-', '+', '>', '=':
		return strings.TrimFunc(before, func(r rune) bool { return unicode.IsSpace(r) || isMark(r) }) == ""
	case '.', ')':
		digits := strings.TrimSpace(before)
		return digits != "" && strings.IndexFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) && !isMark(r) }) < 0
	case '&':
		return startsEntity(behind)
	case '<':
		return behind != "" && (closes(behind) && startsAutolink(behind) || d == textMarkdown && startsTag(behind))
	}
	return false
}

// closes says whether an author's "<" can find its ">", maybe in a value.
func closes(behind string) bool {
	word, _, _ := strings.Cut(behind, " ")
	return strings.Contains(word, ">") || strings.ContainsFunc(word, isMark)
}
