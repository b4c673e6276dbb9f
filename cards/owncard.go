package cards

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"crier/internal/domain"
)

// own is an author's own Adaptive Card, kept as it was written, order and all, with
// the tags in its strings made slots.
type own struct {
	root    *node
	summary string
	texts   []string // its TextBlocks in plain words
}

func (p *pen) ownCard(raw json.RawMessage) (own, error) {
	root, err := parse(raw)
	if err != nil || root.members == nil {
		return own{}, domain.Fail(domain.Invalid, `This is not an Adaptive Card. It should begin with {"type":"AdaptiveCard","version":"1.5"`)
	}
	card := own{root: root, texts: p.textsOf(root)}
	line := p.gist(root.text("fallbackText"))
	if line == "" && len(card.texts) > 0 {
		line = strings.Join(strings.Fields(card.texts[0]), " ")
	}
	if line == "" {
		line = p.Text("There is a new message for you.")
	}
	card.summary = shorten(line, maxSummary)
	p.personalize(root, "")
	return card, nil
}

// ownWords is an own card in plain words: its texts, or else its fallback.
func (p *pen) ownWords(raw json.RawMessage) string {
	own, err := p.ownCard(raw)
	if err != nil {
		return ""
	}
	if text := paragraphs(own.texts...); text != "" {
		return text
	}
	return own.summary
}

// textsOf are the texts of a card's TextBlocks, in order, as plain text.
func (p *pen) textsOf(n *node) []string {
	var texts []string
	if n.text("type") == "TextBlock" {
		texts = append(texts, p.plain(n.text("text")))
	}
	for _, m := range n.members {
		texts = append(texts, p.textsOf(m.value)...)
	}
	for _, item := range n.items {
		texts = append(texts, p.textsOf(item)...)
	}
	return texts
}

// personalize makes slots of the tags below n, which stands in the array or member of
// that name. Names of members are left alone.
func (p *pen) personalize(n *node, name string) {
	kind := n.text("type")
	for _, m := range n.members {
		if m.value.str != nil {
			s := p.ownText(*m.value.str, kind, name, m.name)
			m.value.str = &s
		}
		p.personalize(m.value, m.name)
	}
	for _, item := range n.items {
		if item.str != nil {
			s := p.tagged(*item.str, plainText)
			item.str = &s
		}
		p.personalize(item, name)
	}
}

// ownText is a member's string with slots for its tags, or for a link that is counted.
func (p *pen) ownText(text, kind, list, member string) string {
	if kind == "Action.OpenUrl" && member == "url" {
		return p.link(clean(text))
	}
	return p.tagged(text, dialectOf(kind, list, member))
}

// dialectOf is what a member's string is read as: TextBlocks, facts and the titles of
// choices are Markdown (protocol/cards.md 4), addresses are addresses.
func dialectOf(kind, list, member string) dialect {
	switch {
	case kind == "TextBlock" && member == "text",
		list == "facts" && (member == "title" || member == "value"),
		list == "choices" && member == "title":
		return cardMarkdown
	case slices.Contains([]string{"url", "iconUrl", "backgroundImage", "poster"}, member):
		return inURL
	}
	return plainText
}

// node is a JSON value that keeps the order of its members.
type node struct {
	members []member // of an object; never nil there
	items   []*node  // of an array; never nil there
	str     *string
	other   json.RawMessage // a number, true, false or null
}

type member struct {
	name  string
	value *node
}

// text is a member's string; empty when it has none.
func (n *node) text(name string) string {
	for _, m := range n.members {
		if m.name == name && m.value.str != nil {
			return *m.value.str
		}
	}
	return ""
}

func parse(raw json.RawMessage) (*node, error) {
	if len(raw) > domain.MaxCardJSON || !json.Valid(raw) {
		return nil, errors.New("not JSON, or too much of it")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return parseNext(d)
}

func parseNext(d *json.Decoder) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case string:
		return &node{str: &token}, nil
	case json.Delim:
		if token == '{' {
			return parseObject(d)
		}
		return parseArray(d)
	default:
		return &node{other: encode(token)}, nil
	}
}

func parseObject(d *json.Decoder) (*node, error) {
	n := &node{members: []member{}}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseNext(d)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member{name: clean(name.(string)), value: value})
	}
	_, err := d.Token()
	return n, err
}

func parseArray(d *json.Decoder) (*node, error) {
	n := &node{items: []*node{}}
	for d.More() {
		item, err := parseNext(d)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

// MarshalJSON writes the value as it was read.
func (n *node) MarshalJSON() ([]byte, error) {
	return n.append(nil), nil
}

func (n *node) append(dst []byte) []byte {
	switch {
	case n.str != nil:
		return append(dst, encode(*n.str)...)
	case n.members != nil:
		dst = append(dst, '{')
		for i, m := range n.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(append(dst, encode(m.name)...), ':')
			dst = m.value.append(dst)
		}
		return append(dst, '}')
	case n.items != nil:
		dst = append(dst, '[')
		for i, item := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.append(dst)
		}
		return append(dst, ']')
	}
	return append(dst, n.other...)
}
