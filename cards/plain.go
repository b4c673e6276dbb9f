package cards

import (
	"strings"
)

// spoken is a document as plain text; links are their words and the address.
func (p *pen) spoken(d *document) string {
	var b strings.Builder
	for i, block := range d.blocks {
		if i > 0 {
			b.WriteString(lineBreak)
			if block.marker == "" || d.blocks[i-1].marker == "" {
				b.WriteString(lineBreak)
			}
		}
		indent := strings.Repeat("  ", block.depth)
		b.WriteString(indent + block.marker)
		for j, line := range lines(block.runs) {
			if j > 0 {
				b.WriteString(lineBreak + indent)
			}
			b.WriteString(p.said(d, line, true))
		}
	}
	return b.String()
}

// words is a document as one line, without the addresses of links.
func (p *pen) words(d *document) string {
	var b strings.Builder
	for _, block := range d.blocks {
		b.WriteString(" " + block.marker)
		for _, line := range lines(block.runs) {
			b.WriteString(p.said(d, line, false) + " ")
		}
	}
	return oneLine(b.String())
}

// said is a line of runs in plain words.
func (p *pen) said(d *document, line []run, addresses bool) string {
	var b strings.Builder
	for _, group := range byLink(line) {
		first, named := group[0], d.written(wordsOf(group))
		switch {
		case first.bare && !addresses:
			b.WriteString(bareWords(d, first.text))
		case first.link != "" && addresses && (first.bare || named == unscheme(first.link)):
			b.WriteString(p.target(first))
		default:
			b.WriteString(p.filled(d, wordsOf(group)))
			if first.link != "" && addresses {
				b.WriteString(" (" + p.target(first) + ")")
			}
		}
	}
	return strings.TrimSpace(b.String())
}

// filled is a text as it is read, with slots for its tags.
func (p *pen) filled(d *document, text string) string {
	return d.replace(text, func(t personal) string { return p.mark(t.Tag, plainText, t.Fallback) })
}

// target is where a run leads.
func (p *pen) target(r run) string {
	if r.picture {
		return p.url(r.link)
	}
	return unscheme(p.link(r.link))
}

// unscheme takes "mailto:" and "tel:" off what people read.
func unscheme(address string) string {
	for _, scheme := range []string{"mailto:", "tel:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	return address
}

// bareWords is an address that is read in a text: what is personal in it is left out.
func bareWords(d *document, address string) string {
	return d.replace(address, func(personal) string { return "…" })
}

// byLink groups the runs of a line that lead to the same place, or nowhere.
func byLink(line []run) [][]run {
	var groups [][]run
	for i, r := range line {
		if i > 0 && r.link == line[i-1].link && !r.bare && !line[i-1].bare {
			groups[len(groups)-1] = append(groups[len(groups)-1], r)
			continue
		}
		groups = append(groups, []run{r})
	}
	return groups
}
