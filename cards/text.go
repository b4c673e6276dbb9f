package cards

import (
	"regexp"
	"strings"

	"crier/internal/domain"
)

// markdown is an author's Markdown with slots for its tags.
func (p *pen) markdown(text string) string { return p.tagged(text, p.markup) }

// plain is an author's Markdown as plain text, with slots for its tags.
func (p *pen) plain(text string) string { return strip(p.tagged(text, plainText), "$1 ($2)") }

// label is an author's Markdown as one line of plain text, without addresses.
func (p *pen) label(text string) string {
	return strings.Join(strings.Fields(strip(p.tagged(text, plainText), "$1")), " ")
}

// url is an author's address with slots for its tags.
func (p *pen) url(address string) string { return p.tagged(address, inURL) }

// verbatim is a text of somebody else's (an answer, a campaign's name) that is to be
// shown as it is: neither Markdown nor tags. One line.
func (p *pen) verbatim(text string, d dialect) string { return p.mark(nobody, d, text) }

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

var (
	escaped   = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]")
	link      = regexp.MustCompile(`!?\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
	strong    = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	underline = regexp.MustCompile(`__([^_]+)__`)
	emphasis  = regexp.MustCompile(`\*([^*\s](?:[^*]*[^*\s])?)\*`)
	italic    = regexp.MustCompile(`(^|[^\pL\pN_])_([^_\s](?:[^_]*[^_\s])?)_($|[^\pL\pN_])`)
	struck    = regexp.MustCompile(`~~([^~]+)~~`)
	code      = regexp.MustCompile("`+([^`]+)`+")
	blockHead = regexp.MustCompile(`(?m)^(?:#{1,6}|>) +`)
)

// escapedAt is where escaped characters wait, in a plane of their own, while the
// Markdown around them is taken away.
const escapedAt = 0x100000

// strip takes the Markdown off a text; links become what the pattern says of their
// words ($1) and address ($2).
func strip(text, links string) string {
	text = escaped.ReplaceAllStringFunc(text, func(s string) string { return string(rune(escapedAt + int(s[1]))) })
	text = link.ReplaceAllString(text, links)
	for _, marks := range []*regexp.Regexp{strong, underline, emphasis, struck, code} {
		text = marks.ReplaceAllString(text, "$1")
	}
	text = italic.ReplaceAllString(text, "$1$2$3")
	text = blockHead.ReplaceAllString(text, "")
	return strings.Map(func(r rune) rune {
		if r >= escapedAt {
			return r - escapedAt
		}
		return r
	}, text)
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
