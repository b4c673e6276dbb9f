package cards

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// A slot is marked in a text by one rune of a private-use plane while a card is
// drawn. Encoded as JSON the rune stays as it is, so that the encoded card is cut at
// the marks into literal bytes and slots. See clean for why no text brings its own.
const (
	firstMark = 0xF0000
	lastMark  = 0xFFFFD
)

// Beside the personal tags, slots take what addresses the activity.
const (
	botID          domain.Tag = "bot"
	conversationID domain.Tag = "conversation"
	userID         domain.Tag = "user"
	locale         domain.Tag = "locale"
	reference      domain.Tag = "ref"
	nobody         domain.Tag = "" // a slot of fixed words, its fallback
)

// slot is a place in a text that is filled in person by person.
type slot struct {
	tag      domain.Tag
	dialect  dialect
	fallback []byte // stands for a missing value, escaped already
	wrap     string // style marks around the value, if there is one: "**"

	// Of a counted link: its number and the author's own address.
	number int
	own    *template
}

// pen draws one message in one language and keeps its slots.
type pen struct {
	i18n.Translator
	markup dialect        // of the Markdown it writes
	links  map[string]int // the addresses that are counted
	parsed map[source]*document
	slots  []slot

	standing *domain.SurveyStep // in the survey that is drawn; nil: it begins
}

func newPen(language string) *pen {
	return &pen{Translator: i18n.For(language), markup: cardMarkdown, parsed: map[source]*document{}}
}

// mark makes a slot and answers the rune that stands for it.
func (p *pen) mark(tag domain.Tag, d dialect, fallback string) string {
	return p.slot(slot{tag: tag, dialect: d, fallback: d.append(nil, fallback)})
}

func (p *pen) slot(s slot) string {
	if firstMark+len(p.slots) > lastMark {
		return "" // such a message is far too big to be sent
	}
	p.slots = append(p.slots, s)
	return string(rune(firstMark + len(p.slots) - 1))
}

// clean drops the runes that serve as marks, and a carriage return's return.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= firstMark {
			return -1
		}
		return r
	}, text)
	return strings.ReplaceAll(text, "\r\n", "\n")
}

// template is encoded JSON cut at its slots.
type template struct {
	parts []part
	tail  []byte
}

// part is literal bytes and the slot after them, with what to close up when the slot
// stays empty: "Hello [FIRSTNAME], x" becomes "Hello, x".
type part struct {
	literal    []byte
	slot       slot
	closeUp    bool // the space before it goes
	skipBehind int  // bytes of the next literal that go
}

// template encodes a value and cuts it at the pen's marks.
func (p *pen) template(v any) template {
	encoded := encode(v)
	var t template
	for {
		at, r := nextMark(encoded, len(p.slots))
		if at < 0 {
			t.tail = encoded
			return t
		}
		next := part{literal: encoded[:at], slot: p.slots[r-firstMark]}
		encoded = encoded[at+utf8.RuneLen(r):]
		next.plan(encoded)
		t.parts = append(t.parts, next)
	}
}

func nextMark(encoded []byte, slots int) (int, rune) {
	for at := 0; at < len(encoded); {
		lead := bytes.IndexByte(encoded[at:], 0xF3) // the first byte of every mark
		if lead < 0 {
			break
		}
		at += lead
		r, size := utf8.DecodeRune(encoded[at:])
		if r >= firstMark && r < firstMark+rune(slots) {
			return at, r
		}
		at += size
	}
	return -1, 0
}

// plan finds what to close up, from the JSON before and behind the slot.
func (p *part) plan(behind []byte) {
	if p.slot.dialect == inURL || len(p.literal) == 0 {
		return
	}
	before := p.literal
	switch {
	case bytes.HasSuffix(before, []byte(" ")):
		p.closeUp = startsWithAny(behind, " ", "\u00a0", "\u202f", ",", ".", "!", "?", ";", ":", ")", "*", "_", `"`, `\n`)
	case bytes.HasSuffix(before, []byte(`\n`)), bytes.HasSuffix(before, []byte(`:"`)):
		for _, s := range []string{", ", " "} {
			if bytes.HasPrefix(behind, []byte(s)) {
				p.skipBehind = len(s)
				return
			}
		}
	}
}

func startsWithAny(b []byte, starts ...string) bool {
	for _, s := range starts {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}

// fill appends the JSON for one recipient.
func (t template) fill(dst []byte, r Recipient) []byte {
	skip := 0
	for i := range t.parts {
		p := &t.parts[i]
		dst = append(dst, p.literal[skip:]...)
		skip = 0
		before := len(dst)
		if dst = p.slot.fill(dst, r); len(dst) > before {
			continue
		}
		skip = p.skipBehind
		if p.closeUp && dst[before-1] == ' ' {
			dst = dst[:before-1]
		}
	}
	return append(dst, t.tail[skip:]...)
}

// fill appends what stands in the slot for a recipient; nothing where nothing is known.
func (s *slot) fill(dst []byte, r Recipient) []byte {
	if s.own != nil {
		if r.Link != nil {
			return r.Link(dst, s.number)
		}
		return s.own.fill(dst, r)
	}
	before := len(dst)
	dst = append(dst, s.wrap...)
	start := len(dst)
	if dst = s.dialect.append(dst, r.value(s.tag)); len(dst) == start {
		dst = append(dst, s.fallback...)
	}
	if len(dst) == start {
		return dst[:before]
	}
	return append(dst, s.wrap...)
}

// value is what a slot says of the recipient; empty when that is not known.
func (r *Recipient) value(tag domain.Tag) string {
	switch tag {
	case nobody:
		return ""
	case botID:
		return r.Person.Reference.BotID
	case conversationID:
		return r.Person.Reference.ConversationID
	case userID:
		return r.Person.Reference.UserID
	case locale:
		return r.Person.Locale
	case reference:
		return r.Ref
	}
	return tag.Value(r.Person)
}

// encode is v as compact JSON with "<", ">" and "&" as they are. Only values that
// always encode are given to it.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("cards: a drawing that does not encode: " + err.Error())
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
