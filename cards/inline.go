package cards

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extensions "github.com/yuin/goldmark/extension/ast"
)

// inlines are the runs of a paragraph.
func (r *reader) inlines(n ast.Node, s style) []run {
	var runs []run
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		runs = append(runs, r.inline(c, s)...)
	}
	return runs
}

func (r *reader) inline(n ast.Node, s style) []run {
	switch n := n.(type) {
	case *ast.Text:
		return r.text(n, s)
	case *ast.String:
		return []run{{text: unescape(string(n.Value)), style: s}}
	case *ast.CodeSpan:
		r.found.code = true
		return []run{{text: r.raw(n), style: s | code}}
	case *extensions.Strikethrough:
		r.found.struck = true
		return r.inlines(n, s)
	case *ast.Emphasis:
		return r.emphasis(n, s)
	case *ast.AutoLink:
		return r.autoLink(n, s)
	case *ast.Link:
		return r.linked(r.inlines(n, s), string(n.Destination))
	case *ast.Image:
		r.found.picture = true
		return r.pictured(r.inlines(n, s), string(n.Destination), s)
	}
	return r.inlines(n, s)
}

func (r *reader) text(n *ast.Text, s style) []run {
	value := string(n.Segment.Value(r.source))
	if !n.IsRaw() {
		value = unescape(value)
	}
	runs := []run{{text: value, style: s}}
	if n.SoftLineBreak() || n.HardLineBreak() {
		runs = append(runs, run{text: lineBreak, margin: r.nextAtMargin(n.Segment.Stop)})
	}
	return runs
}

// nextAtMargin says whether the line after the one of that offset is not indented.
func (r *reader) nextAtMargin(at int) bool {
	newline := bytes.IndexByte(r.source[at:], '\n')
	next := at + newline + 1
	return newline >= 0 && next < len(r.source) && r.source[next] != ' ' && r.source[next] != '\t'
}

// raw is what stands in a code span.
func (r *reader) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " "))
		}
	}
	return b.String()
}

func (r *reader) emphasis(n *ast.Emphasis, s style) []run {
	if n.Level == 2 {
		return r.inlines(n, s|bold)
	}
	if r.multiplies(n) {
		star := []run{{text: "*", style: s}}
		return slices.Concat(star, r.inlines(n, s), star)
	}
	return r.inlines(n, s|italic)
}

// multiplies is true of the stars of "2*3*4".
func (r *reader) multiplies(n *ast.Emphasis) bool {
	first, ok := n.FirstChild().(*ast.Text)
	last, also := n.LastChild().(*ast.Text)
	if !ok || !also {
		return false
	}
	digit := func(at int) bool { return at >= 0 && at < len(r.source) && r.source[at] >= '0' && r.source[at] <= '9' }
	before, after := first.Segment.Start-1, last.Segment.Stop
	return r.source[before] == '*' && digit(before-1) && digit(after+1)
}

func (r *reader) autoLink(n *ast.AutoLink, s style) []run {
	label := strings.TrimSpace(string(n.Label(r.source)))
	if n.AutoLinkType == ast.AutoLinkEmail {
		return r.linked([]run{{text: label, style: s}}, "mailto:"+label)
	}
	runs := r.linked([]run{{text: label, style: s}}, label)
	runs[0].bare = runs[0].link != ""
	return runs
}

// linked makes runs lead somewhere, if people can go there.
func (r *reader) linked(runs []run, destination string) []run {
	address := r.written(encodeOdd(unescape(destination)))
	if !leads(address) {
		r.found.badLink = true
		return runs
	}
	for i := range runs {
		if runs[i].text == lineBreak {
			runs[i].text = " "
		}
		runs[i].link = address
	}
	return runs
}

// pictured is a picture within a text: its words, which lead to it.
func (r *reader) pictured(words []run, destination string, s style) []run {
	if strings.TrimSpace(wordsOf(words)) == "" {
		words = []run{{text: unescape(destination), style: s, bare: true}}
	}
	words = r.linked(words, destination)
	for i := range words {
		words[i].picture = true
		words[i].bare = words[i].bare && words[i].link != ""
	}
	return words
}

func wordsOf(runs []run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.text)
	}
	return b.String()
}

var escapes = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]*);")

// unescape reads backslashes and entities as Markdown does.
func unescape(text string) string {
	return escapes.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '\\' {
			return s[1:]
		}
		return strings.Map(func(r rune) rune {
			switch {
			case isMark(r):
				return -1
			case unicode.IsControl(r):
				return ' '
			}
			return r
		}, html.UnescapeString(s))
	})
}
