package cards

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	goldmarktext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"crier/internal/domain"
)

// campaignsOf are campaigns of every kind and channel with a text in every place.
func campaignsOf(words string) []domain.Campaign {
	content := domain.Content{Title: words, Text: words, Image: &domain.Image{URL: "https://e.example/i.png?u=[NAME]", Alt: words},
		Buttons: []domain.Button{{Title: words, URL: "https://e.example/b?u=[NAME]"}, {Title: "go", URL: "https://e.example/"}}}
	card := content
	card.Author = words
	survey := domain.Content{Title: words, Text: words, Survey: &domain.Survey{Privacy: domain.Identified, Thanks: words,
		Questions: []domain.Question{{ID: "q1", Type: domain.Choice, Text: words, Options: []string{"a " + words, "b " + words}}}}}
	own, _ := json.Marshal(map[string]any{"type": "AdaptiveCard", "version": "1.5", "fallbackText": words, "body": []any{
		map[string]any{"type": "TextBlock", "text": words}, map[string]any{"type": "FactSet", "facts": []any{map[string]string{"title": words, "value": "[NAME]"}}}, words},
		"actions": []any{map[string]string{"type": "Action.OpenUrl", "title": words, "url": "https://e.example/o?u=[EMAIL]"}}})
	var all []domain.Campaign
	for _, channel := range []domain.Channel{domain.Teams, domain.Skype} {
		all = append(all, domain.Campaign{Channel: channel, Kind: domain.KindIdea, Content: content},
			domain.Campaign{Channel: channel, Kind: domain.KindSuccess, Content: content}, domain.Campaign{Channel: channel, Kind: domain.KindImportant, Content: content},
			domain.Campaign{Channel: channel, Kind: domain.KindCard, Content: card}, domain.Campaign{Channel: channel, Kind: domain.KindMessage, Content: domain.Content{Text: words}},
			domain.Campaign{Channel: channel, Kind: domain.KindSurvey, Content: survey}, domain.Campaign{Channel: channel, Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: own}})
	}
	return all
}

// called is somebody of whom everything is the same words.
func called(name string) Recipient {
	return Recipient{Ref: name, Person: domain.Person{Name: name, FirstName: name, LastName: name, Email: name, Locale: "en",
		Reference: domain.ConversationReference{ConversationID: name, UserID: name, BotID: name}}}
}

// checkRendering holds that a name is only ever a name, in every kind of campaign.
func checkRendering(t *testing.T, words string, names ...string) {
	t.Helper()
	for _, c := range campaignsOf(words) {
		m, err := Compile(c, Options{Trial: len(words)%2 == 0, Links: numbered(c)})
		if err != nil {
			if domain.KindOf(err) != domain.Invalid {
				t.Errorf("%q: %v", words, err)
			}
			continue
		}
		for _, name := range names {
			checkFilled(t, c, m, words, name)
		}
		name := names[0]
		if plain := Text(c, called(name).Person); !utf8.ValidString(plain) || strings.ContainsFunc(plain, isMark) {
			t.Errorf("%q for %q as text: %q", words, name, plain)
		}
		if raw := Expired(c, called(name).Person); !json.Valid(raw) || strings.ContainsFunc(string(raw), isMark) {
			t.Errorf("%q for %q, expired: %s", words, name, raw)
		}
	}
}

func checkFilled(t *testing.T, c domain.Campaign, m *Message, words, name string) {
	t.Helper()
	raw, harmless := m.Fill(nil, called(name)), m.Fill(nil, called("Ana"))
	if !json.Valid(raw) || !utf8.Valid(raw) || strings.ContainsFunc(string(raw), isMark) {
		t.Fatalf("%s %s: %q for %q: not JSON, not UTF-8 or with marks: %s", c.Channel, c.Kind, words, name, raw)
	}
	var got, want any
	if json.Unmarshal(raw, &got) != nil || json.Unmarshal(harmless, &want) != nil {
		t.Fatal("does not decode")
	}
	gotPlaces, wantPlaces := places("", got), places("", want)
	if len(gotPlaces) != len(wantPlaces) {
		t.Fatalf("%s %s: %q for %q: %d places, want %d", c.Channel, c.Kind, words, name, len(gotPlaces), len(wantPlaces))
	}
	for i, p := range gotPlaces {
		if p.path != wantPlaces[i].path {
			t.Fatalf("%s %s: %q for %q: %s in the place of %s", c.Channel, c.Kind, words, name, p.path, wantPlaces[i].path)
		}
		if place, ok := p.markdown(); ok && ours(c) && p.text != wantPlaces[i].text {
			got, want := features(p.text, place), features(wantPlaces[i].text, place)
			if !within(got, want) {
				t.Errorf("%s: %q for %q gives %q: %v, want %v", p.path, words, name, p.text, got, want)
			}
		}
	}
}

// ours says whether the Markdown of a campaign is written by us, in a way of its own:
// an idea and a success are drawn as what is important, and own cards by their authors.
func ours(c domain.Campaign) bool {
	drawn := []domain.Kind{domain.KindImportant, domain.KindCard, domain.KindMessage, domain.KindSurvey}
	return c.Channel == domain.Teams && len(c.Content.AdaptiveCard) == 0 && slices.Contains(drawn, c.Kind)
}

// stand is a string of an activity and where it stands.
type stand struct{ path, text string }

// places are the strings of a decoded JSON value, in order.
func places(path string, v any) []stand {
	var all []stand
	switch v := v.(type) {
	case string:
		return []stand{{path, v}}
	case []any:
		for i, item := range v {
			all = append(all, places(fmt.Sprintf("%s[%d]", path, i), item)...)
		}
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			all = append(all, places(path+"."+name, v[name])...)
		}
	}
	return all
}

// markdown says which Markdown a place draws, if any.
func (s stand) markdown() (dialect, bool) {
	switch {
	case s.path == ".text":
		return textMarkdown, true
	case strings.HasSuffix(s.path, ".text") && strings.Contains(s.path, ".body"), strings.Contains(s.path, ".choices") && strings.HasSuffix(s.path, ".title"):
		return cardMarkdown, true
	}
	return 0, false
}

// The Markdown of clients: CommonMark, in messages with HTML.
var (
	cardClient    = sync.OnceValue(func() parser.Parser { return client() })
	messageClient = sync.OnceValue(func() parser.Parser {
		return client(parser.WithInlineParsers(util.Prioritized(parser.NewRawHTMLParser(), 400)))
	})
)

func client(more ...parser.Option) parser.Parser {
	p := parser.NewParser(append(more, parser.WithBlockParsers(parser.DefaultBlockParsers()...), parser.WithInlineParsers(inlines()...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))...)
	goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	return p
}

// features are what a client draws of a Markdown beside words: lists, styles, links
// and in messages HTML.
func features(markdown string, place dialect) []string {
	client := cardClient
	if place == textMarkdown {
		client = messageClient
	}
	var found []string
	root := client().Parse(goldmarktext.NewReader([]byte(markdown)))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		plain := n.Kind() == ast.KindText || n.Kind() == ast.KindTextBlock || n.Kind() == ast.KindParagraph || n.Kind() == ast.KindHTMLBlock && place == cardMarkdown
		if entering && !plain {
			found = append(found, n.Kind().String())
		}
		return ast.WalkContinue, nil
	})
	return found
}

// within says whether all of got is in want, in that order: a missing value may take
// its style along.
func within(got, want []string) bool {
	for _, w := range want {
		if len(got) > 0 && got[0] == w {
			got = got[1:]
		}
	}
	return len(got) == 0
}

var hostileNames = []string{
	"Ana", "*Ana*", "**", "_x_", "[x](http://evil)", "](http://evil)", "<http://e>", "&amp;", "1.", ". x", "- x", "\u202ex", "\xff\xfe", "\U000F0000", "\"\\", "<b>x</b>", "<", "!",
	"{\"a\":1}", "\x00\x1b[31m", "שלום", "مرحبا", "👩‍🚀", "x\n\n# y", "```", "~~", "http://evil.example", "(", ")", "", " ", "| a | b |", "\u2028", "{{DATE(2026-01-01T00:00:00Z)}}",
}

var hostileTexts = []string{
	longText, richText, "**[NAME]**", "a**[NAME]**b", "_[NAME]_x", "[[NAME]](https://e.example/?u=[NAME])", "<[EMAIL]>", "![NAME](https://e.example)", "[NAME]. x", "1[NAME]",
	"https://e.example/?u=[NAME]", "`[NAME]`", "```\n[NAME]\n```", "> [NAME]\n- [NAME]\n  - [NAME]", "| [NAME] | b |\n|---|---|\n| 1 | [NAME] |", "*a***b**_c_", "x***a* b**",
	"\xff[EMAIL]", "\U000F0000[NAME]", "[x](https://[NAME]/)", "&#983040;[NAME]&#10;- x", "<b>[NAME]</b>", "&[NAME];", "[NAME]![x](https://e.example)", "[NAME][x](https://e.example)", "``` [NAME]", "[NAME]: https://e.example\n\n[NAME]",
}

func FuzzRendering(f *testing.F) {
	for i, words := range hostileTexts {
		f.Add(words, hostileNames[i%len(hostileNames)])
	}
	f.Add("[NAME] "+strings.Repeat("x*", 100), strings.Repeat("*a_👩‍🚀](", 1200))
	f.Fuzz(func(t *testing.T, words, name string) {
		checkRendering(t, words, name)
		checkSameLook(t, words)
	})
}

func TestEveryTextForEveryName(t *testing.T) {
	t.Parallel()
	for _, words := range hostileTexts {
		checkRendering(t, words, hostileNames...)
		checkSameLook(t, words)
	}
}

// TestRandomTextsAndNames draws some thousand messages, the same ones each time.
func TestRandomTextsAndNames(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 2))
	pieces := append([]string{"**", "*", "_", "__", "`", "~~", "[", "](https://e.example/)", "](", ")", "[NAME]", "[FIRSTNAME|*you*]", "[EMAIL]", "\n", "\n\n", "- ", "  - ", "1. ", "# ", "> ",
		" | ", "<b>", "&amp;", "\\", "!", "(", " ", " ", "word", "a", "7", "https://e.example/a_b", "https://e.example/?u=[NAME]", "<https://e.example>", "```\n", "---\n", "\t", "."}, hostileNames...)
	some := func(n int) string {
		var b strings.Builder
		for range random.IntN(n) + 1 {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 60 {
		words := some(14)
		var names []string
		for range 6 {
			names = append(names, hostileNames[random.IntN(len(hostileNames))]+some(3))
		}
		checkRendering(t, words, names...)
		checkSameLook(t, words)
		if t.Failed() {
			return
		}
	}
}

// checkSameLook holds that what is written for a place is read there as the author's
// text is: the same words, in the same styles, with the same links.
func checkSameLook(t *testing.T, words string) {
	t.Helper()
	for _, place := range []dialect{cardMarkdown, textMarkdown} {
		p := newPen("en")
		p.markup = place
		original := parseText(words)
		w := writer{p, original, place}
		drawn := p.drawn(original, place)
		again := readAgain(w.sampled(drawn, "x"))
		var before, after strings.Builder
		for _, b := range original.blocks {
			before.WriteString(w.look(b.runs, "x"))
		}
		for _, b := range again.blocks {
			after.WriteString(writer{p, again, place}.look(b.runs, "x"))
		}
		if got, want := charactersOf(after.String()), charactersOf(before.String()); got != want {
			t.Errorf("%q is written %q:\n read %s\n want %s", words, drawn, got, want)
		}
	}
}

// readAgain reads Markdown of ours, where every link is a link: bare addresses are words.
func readAgain(markdown string) *document {
	p := parser.NewParser(parser.WithBlockParsers(textBlocks()...), parser.WithInlineParsers(inlines()...))
	goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	return parseWith(p, markdown)
}

// charactersOf leaves out the dashes and dots that we begin items with, and styles.
func charactersOf(look string) string {
	var b strings.Builder
	runes := []rune(look)
	for i := 0; i+1 < len(runes); i += 2 {
		if runes[i] != '•' && runes[i] != '–' {
			b.WriteRune(runes[i])
			if (runes[i+1]-'0')&8 != 0 {
				b.WriteByte('\'') // a link's
			}
		}
	}
	return b.String()
}
