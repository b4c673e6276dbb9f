package domain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// cardParser reads JSON that an author wrote: objects as map[string]any, lists as []any,
// numbers as json.Number. It is stricter than encoding/json: a member that is there twice
// is a fault, because nobody knows which of the two a client would draw.
type cardParser struct {
	decoder *json.Decoder
	fault   *FieldError
}

// parseCard is the card's value, or what is wrong with its JSON.
func parseCard(card json.RawMessage) (any, *FieldError) {
	p := cardParser{decoder: json.NewDecoder(bytes.NewReader(card))}
	p.decoder.UseNumber()
	value := p.value(cardField, 0)
	if p.fault == nil {
		if _, err := p.decoder.Token(); !errors.Is(err, io.EOF) {
			p.broken()
		}
	}
	if p.fault != nil && p.fault.Message.Format == "" {
		p.fault.Message = notJSON(card, p.decoder.InputOffset())
	}
	return value, p.fault
}

// notJSON says where the JSON is wrong. The decoder stands before that; what goes through the
// whole card at once knows the very character.
func notJSON(card json.RawMessage, stands int64) Text {
	var all json.RawMessage
	wrong, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(card, &all))
	if !ok {
		line := 1 + bytes.Count(card[:min(stands, int64(len(card)))], []byte("\n"))
		return Say("This is not valid JSON; look at line %d.", line)
	}
	before := card[:min(max(wrong.Offset-1, 0), int64(len(card)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Say("This is not valid JSON; look at line %d, column %d.", 1+bytes.Count(before, []byte("\n")), 1+utf8.RuneCount(before[start:]))
}

// broken notes that the JSON ends or is wrong where the decoder stands.
func (p *cardParser) broken() {
	if p.fault == nil {
		p.fault = &FieldError{Field: cardField}
	}
}

func (p *cardParser) value(path string, depth int) any {
	token, err := p.decoder.Token()
	if err != nil {
		p.broken()
		return nil
	}
	delim, opens := token.(json.Delim)
	switch {
	case !opens:
		return token
	case depth >= MaxCardDepth:
		p.fault = &FieldError{Field: cardField, Message: Say("The card is nested more than %d levels deep.", MaxCardDepth)}
		return nil
	case delim == '{':
		return p.object(path, depth+1)
	}
	return p.list(path, depth+1)
}

func (p *cardParser) object(path string, depth int) map[string]any {
	m := map[string]any{}
	for p.fault == nil && p.decoder.More() {
		token, err := p.decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			p.broken()
			return m
		}
		if _, twice := m[name]; twice {
			p.fault = &FieldError{Field: path + "." + name, Message: Say("This is written twice. Keep one of them.")}
			return m
		}
		m[name] = p.value(path+"."+name, depth)
	}
	p.closing()
	return m
}

func (p *cardParser) list(path string, depth int) []any {
	items := []any{}
	for p.fault == nil && p.decoder.More() {
		items = append(items, p.value(itemOf(path, len(items)), depth))
	}
	p.closing()
	return items
}

// closing reads the bracket that ends an object or a list.
func (p *cardParser) closing() {
	if p.fault != nil {
		return
	}
	if _, err := p.decoder.Token(); err != nil {
		p.broken()
	}
}

// itemOf is the place of a list's item.
func itemOf(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
