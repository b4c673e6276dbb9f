package cards

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensions "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	goldmarktext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What is read as Markdown is CommonMark with tables, strikethrough and bare
// addresses, less what authors do by accident: code by indentation, headings by
// underlining and references. HTML is no markup at all but words like others.
var (
	texts = sync.OnceValue(func() parser.Parser { return withExtensions(textBlocks()...) })
	// oneLiners reads a title, where no line begins a list.
	oneLiners = sync.OnceValue(func() parser.Parser {
		return withExtensions(util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000))
	})
)

// paragraphParser takes indented lines too, which are no code here.
type paragraphParser struct{ parser.BlockParser }

// CanAcceptIndentedLine says so to goldmark.
func (paragraphParser) CanAcceptIndentedLine() bool { return true }

func withExtensions(blocks ...util.PrioritizedValue) parser.Parser {
	p := parser.NewParser(parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inlines()...))
	never := regexp.MustCompile(`^[^\s\S]`)
	goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(
		extension.Table, extension.Strikethrough,
		extension.NewLinkify(
			extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
			extension.WithLinkifyURLRegexp(regexp.MustCompile(`^https?://[^\s<>"“”«»]+`)),
			extension.WithLinkifyWWWRegexp(never), extension.WithLinkifyEmailRegexp(never),
		),
	))
	return p
}

func textBlocks() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(parser.NewThematicBreakParser(), 200), util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400), util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700), util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000),
	}
}

func inlines() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500),
	}
}

// parseText reads a text of paragraphs, lists and so on.
func parseText(written string) *document { return parseWith(texts(), written) }

// parseLine reads a text of one line.
func parseLine(written string) *document {
	return parseWith(oneLiners(), oneLine(written))
}

// oneLine folds spaces and line breaks; French spaces before "!" stay what they are.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < 0x80 && unicode.IsSpace(r) }), " ")
}

func parseWith(p parser.Parser, written string) *document {
	marked, tags := markTags(written)
	r := reader{source: []byte(marked), document: document{tags: tags}}
	r.found.html = htmlPattern.MatchString(marked)
	r.blocks(p.Parse(goldmarktext.NewReader(r.source)), block{})
	return &r.document
}

// reader makes a document of goldmark's tree.
type reader struct {
	source []byte
	document
}

// blocks reads what is below a node; a block of it is like the given one.
func (r *reader) blocks(parent ast.Node, like block) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		before := len(r.document.blocks)
		r.block(n, like)
		if len(r.document.blocks) > before {
			like.marker = "" // what follows in an item begins none
		}
	}
}

func (r *reader) block(n ast.Node, like block) {
	switch n := n.(type) {
	case *ast.List:
		r.list(n, like)
	case *ast.Heading:
		r.found.heading = true
		r.prose(n, like, bold)
	case *ast.Blockquote:
		r.found.quote = true
		like.quote = true
		r.blocks(n, like)
	case *ast.FencedCodeBlock:
		r.found.code = true
		r.codeLines(n, like)
	case *ast.ThematicBreak:
		r.found.rule = true
	case *extensions.Table:
		r.found.table = true
		r.table(n, like)
	default:
		r.prose(n, like, 0)
	}
}

// list reads the items of a list; one within an item stands one deeper.
func (r *reader) list(n *ast.List, like block) {
	r.found.list = true
	if _, inside := n.Parent().(*ast.ListItem); inside {
		r.found.nested = true
		like.depth++
	}
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		like.marker = "- "
		if n.IsOrdered() {
			like.marker = strconv.Itoa(number) + ". "
			number++
		}
		r.blocks(item, like)
	}
}

func (r *reader) codeLines(n *ast.FencedCodeBlock, like block) {
	like.code = true
	var runs []run
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		line := strings.TrimRight(string(segment.Value(r.source)), "\r\n")
		runs = append(runs, run{text: line, style: code}, run{text: lineBreak})
	}
	r.add(like, runs)
}

// table makes a line of each row.
func (r *reader) table(n *extensions.Table, like block) {
	var runs []run
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var s style
		if _, ok := row.(*extensions.TableHeader); ok {
			s = bold
		}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if cell != row.FirstChild() {
				runs = append(runs, run{text: " | "})
			}
			runs = append(runs, r.inlines(cell, s)...)
		}
		runs = append(runs, run{text: lineBreak})
	}
	r.add(like, runs)
}

// prose reads a paragraph. A line that begins at the margin below an item is no part
// of it, as authors see it.
func (r *reader) prose(n ast.Node, like block, s style) {
	runs := r.inlines(n, s)
	if like.marker == "" {
		r.add(like, runs)
		return
	}
	for i, one := range runs {
		if one.text == lineBreak && one.margin {
			r.add(like, runs[:i])
			r.add(block{quote: like.quote}, runs[i+1:])
			return
		}
	}
	r.add(like, runs)
}

func (r *reader) add(like block, runs []run) {
	like.runs = runs
	if len(lines(runs)) > 0 {
		r.document.blocks = append(r.document.blocks, like)
	}
}
