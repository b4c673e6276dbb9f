package cards

import (
	"strings"

	"crier/internal/domain"
)

// source is a text as its author wrote it: of one line, like a title, or of many.
type source struct {
	written string
	line    bool
}

func (s source) parse() *document {
	if s.line {
		return parseLine(s.written)
	}
	return parseText(s.written)
}

// read parses a text, once for all the places and languages it is shown in.
func (p *pen) read(s source) *document {
	d, ok := p.parsed[s]
	if !ok {
		d = s.parse()
		p.parsed[s] = d
	}
	return d
}

// markdown is an author's text for a place that draws some Markdown, with slots for
// its tags.
func (p *pen) markdown(text string) string { return p.drawn(p.read(source{text, false}), p.markup) }

// title is an author's text of one line for such a place.
func (p *pen) title(text string) string { return p.drawn(p.read(source{text, true}), p.markup) }

// plain is an author's text as plain text, with slots for its tags.
func (p *pen) plain(text string) string { return p.spoken(p.read(source{text, false})) }

// plainTitle is an author's text of one line as plain text.
func (p *pen) plainTitle(text string) string { return p.spoken(p.read(source{text, true})) }

// label is an author's text of one line as plain text, without addresses.
func (p *pen) label(text string) string { return p.words(p.read(source{text, true})) }

// gist is a longer text as such a line.
func (p *pen) gist(text string) string { return p.words(p.read(source{text, false})) }

// url is an author's address with slots for its tags.
func (p *pen) url(address string) string {
	return fillAddress(clean(address), func(s domain.Segment) string { return p.mark(s.Tag, inURL, s.Fallback) })
}

// verbatim is a text of somebody else's (an answer, a campaign's name) that is to be
// shown as it is: neither Markdown nor tags. One line.
func (p *pen) verbatim(text string, d dialect) string { return p.mark(nobody, d, text) }

// tagged is a text of an own card, which is kept as it is but for its tags.
func (p *pen) tagged(text string, d dialect) string {
	segments, _ := domain.Segments(clean(text))
	var b strings.Builder
	for _, s := range segments {
		switch {
		case s.Tag == "":
			b.WriteString(s.Text)
		case insideAddress(b.String()):
			b.WriteString(p.mark(s.Tag, inURL, s.Fallback))
		default:
			b.WriteString(p.mark(s.Tag, d, s.Fallback))
		}
	}
	return b.String()
}

// insideAddress says whether a text ends within an address: bare, or a Markdown link's.
func insideAddress(text string) bool {
	word := text[strings.LastIndexAny(text, " \t\n<")+1:]
	if link := strings.LastIndex(word, "]("); link >= 0 {
		word = word[link+2:]
		return strings.Count(word, ")") <= strings.Count(word, "(")
	}
	return strings.Contains(word, "https://") || strings.Contains(word, "http://")
}

// shorten cuts a line at a word so that it has about that many characters.
func shorten(line string, limit int) string {
	runes := []rune(line)
	if len(runes) <= limit {
		return line
	}
	short := string(runes[:limit])
	if space := strings.LastIndexByte(short, ' '); space > 0 {
		short = short[:space]
	}
	return strings.TrimRight(short, " ,.;:") + "…"
}

// paragraphs joins what is not empty with blank lines.
func paragraphs(texts ...string) string {
	var kept []string
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, "\n\n")
}
