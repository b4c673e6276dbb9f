package cards

import (
	"slices"
	"strings"
)

// drawn is a document in the Markdown of a place. Cards draw bold, italic, lists and
// links (protocol/cards.md 4). Messages draw bold, italic, code, quotes and links on
// desktops and phones alike, and lists on desktops only (protocol/outbound.md 6), so
// that an item is a paragraph there. What else there is becomes words.
func (p *pen) drawn(d *document, place dialect) string {
	w := writer{p, d, place}
	var b strings.Builder
	for i, block := range d.blocks {
		if i > 0 {
			b.WriteString(w.between(d.blocks[i-1], block))
		}
		b.WriteString(w.block(block))
	}
	return b.String()
}

// writer writes a document for a place.
type writer struct {
	*pen
	document *document
	place    dialect
}

// nextLine begins a line in both kinds of Markdown: a single newline does not.
const nextLine = "\n\n"

func (w writer) between(before, after block) string {
	switch {
	case w.place == cardMarkdown && before.marker != "" && after.marker != "":
		return "\n"
	case w.place == textMarkdown && before.quote && after.quote:
		return "\n>\n"
	}
	return nextLine
}

func (w writer) block(b block) string {
	if w.place == textMarkdown && b.code && !strings.ContainsFunc(wordsOf(b.runs), isMark) {
		return w.fenced(b)
	}
	var written []string
	for _, line := range lines(b.runs) {
		if s := w.line(line); s != "" {
			written = append(written, s)
		}
	}
	switch {
	case b.marker != "":
		return w.marker(b) + strings.Join(written, " ")
	case w.place == textMarkdown && b.quote:
		return "> " + strings.Join(written, "\n>\n> ")
	}
	return strings.Join(written, nextLine)
}

// marker begins an item. Lists within lists are drawn nowhere reliably: their items
// stand below each other, the inner ones with a dash.
func (w writer) marker(b block) string {
	switch {
	case b.marker != "- ":
		return b.marker
	case w.place == textMarkdown:
		return strings.Repeat("– ", min(b.depth, 1)) + strings.Repeat("• ", 1-min(b.depth, 1))
	}
	return "- " + strings.Repeat("– ", min(b.depth, 1))
}

// fenced is a block of code.
func (w writer) fenced(b block) string {
	var text strings.Builder
	for _, r := range b.runs {
		text.WriteString(r.text)
	}
	fence := strings.Repeat("`", max(3, longestTicks(text.String())+1))
	quoted := fence + "\n" + text.String() + fence
	if b.quote {
		return "> " + strings.ReplaceAll(quoted, "\n", "\n> ")
	}
	return quoted
}

func longestTicks(text string) int {
	longest, ticks := 0, 0
	for _, r := range text {
		if r != '`' {
			ticks = 0
			continue
		}
		ticks++
		longest = max(longest, ticks)
	}
	return longest
}

// line writes a line of runs: with its styles if it reads the same then, else without.
func (w writer) line(runs []run) string {
	if s := w.styled(w.pieces(runs)); w.reads(s, runs) {
		return s
	}
	bare := slices.Clone(runs)
	for i := range bare {
		bare[i].style &= code
	}
	return w.styled(w.pieces(bare))
}

// pieces are the runs of a line in Markdown, but for their styles.
func (w writer) pieces(line []run) []piece {
	var all []piece
	before := ""
	for _, group := range byLink(line) {
		if group[0].link == "" {
			for _, r := range group {
				all = append(all, piece{text: w.words(r, before), style: r.style &^ code})
				before += r.text
			}
			continue
		}
		if n := len(all); n > 0 && strings.HasSuffix(all[n-1].text, "!") {
			all[n-1].text = strings.TrimSuffix(all[n-1].text, "!") + `\!` // or else it is a picture
		}
		all = append(all, w.link(group))
		before += "link"
	}
	return all
}

// words are a run's words in Markdown, with slots for its tags.
func (w writer) words(r run, before string) string {
	if w.isCode(r) {
		ticks, text := strings.Repeat("`", longestTicks(r.text)+1), r.text
		if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
			text = " " + text + " "
		}
		return ticks + text + ticks
	}
	return w.document.replace(w.place.escape(r.text, before), func(t personal) string {
		return w.mark(t.Tag, w.place, t.Fallback)
	})
}

// isCode says whether a run is shown as code. Values can't be escaped there.
func (w writer) isCode(r run) bool {
	return w.place == textMarkdown && r.style&code != 0 && !strings.ContainsFunc(r.text, isMark) && strings.TrimSpace(r.text) != ""
}

// link is a link in Markdown; what is one style throughout is the piece's own.
func (w writer) link(group []run) piece {
	whole := piece{style: group[0].style &^ code}
	if slices.ContainsFunc(group, func(r run) bool { return r.style&^code != whole.style }) {
		whole.style = 0
	}
	var label []piece
	for _, r := range group {
		if r.bare {
			r.text = bareWords(w.document, r.text)
		}
		label = append(label, piece{text: w.words(r, "label"), style: r.style &^ code &^ whole.style})
	}
	address := w.url(group[0].link)
	if !group[0].picture {
		address = w.pen.link(group[0].link)
	}
	whole.text = "[" + w.styled(label) + "](" + address + ")"
	return whole
}
