package cards

import (
	"strings"

	"crier/internal/domain"
)

// A document is an author's Markdown, parsed: what the places it is shown at write
// anew, each in its own way. Tags stand in its texts as runes of the marks' plane,
// the first as firstMark, and so on.
type document struct {
	blocks []block
	tags   []personal
	found  findings
}

// personal is a tag and how the author wrote it.
type personal struct {
	domain.Segment
	written string
}

// block is a paragraph, an item of a list, or lines of code.
type block struct {
	marker string // of an item: "- " or "3. "; else empty
	depth  int    // of an item within other items
	quote  bool
	code   bool
	runs   []run
}

// run is a piece of text in one style. A run of "\n" is a line break.
type run struct {
	text    string // characters as they are read
	style   style
	link    string // where it leads, as the author wrote it, tags and all; empty: nowhere
	bare    bool   // the text is the address itself
	picture bool   // the link is a picture's
	margin  bool   // a line break, and the next line is not indented
}

type style uint8

const (
	bold style = 1 << iota
	italic
	code
)

const lineBreak = "\n"

// lines cuts runs at their line breaks; empty lines are left out.
func lines(runs []run) [][]run {
	var all [][]run
	var line []run
	for _, r := range append(runs, run{text: lineBreak}) {
		if r.text != lineBreak {
			line = append(line, r)
			continue
		}
		if len(line) > 0 {
			all = append(all, line)
		}
		line = nil
	}
	return all
}

// markTags puts runes in the places of a text's tags.
func markTags(text string) (string, []personal) {
	text = clean(text)
	segments, _ := domain.Segments(text)
	var tags []personal
	var b strings.Builder
	at := 0
	for _, s := range segments {
		if s.Tag == "" || firstMark+len(tags) > lastMark {
			b.WriteString(s.Text)
			at += len(s.Text)
			continue
		}
		end := at + strings.IndexByte(text[at:], ']') + 1
		b.WriteRune(rune(firstMark + len(tags)))
		tags = append(tags, personal{s, text[at:end]})
		at = end
	}
	return b.String(), tags
}

// written is a text with its tags as the author wrote them.
func (d *document) written(text string) string {
	return d.replace(text, func(t personal) string { return t.written })
}

// replace puts something in the places of a text's tags.
func (d *document) replace(text string, tag func(personal) string) string {
	if !strings.ContainsFunc(text, isMark) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isMark(r) {
			b.WriteString(tag(d.tags[r-firstMark]))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isMark(r rune) bool { return r >= firstMark }
