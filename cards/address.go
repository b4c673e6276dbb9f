package cards

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"crier/internal/domain"
)

// Links are the addresses that people can open from a campaign (http and https), as
// the author wrote them, with their tags, in reading order and each once: those of
// texts, of buttons and of an own card's Action.OpenUrl. Pictures are none.
func Links(c domain.Campaign) []string {
	var found []string
	note := func(address string) {
		if isWeb(address) && !slices.Contains(found, address) {
			found = append(found, address)
		}
	}
	for _, t := range textsIn(c) {
		for _, b := range t.parse().blocks {
			for _, r := range b.runs {
				if !r.picture {
					note(r.link)
				}
			}
		}
	}
	for _, b := range c.Content.Buttons {
		note(b.URL)
	}
	if root, err := parse(c.Content.AdaptiveCard); err == nil {
		openedBy(root, note)
	}
	return found
}

// openedBy tells the addresses of all actions below a node.
func openedBy(n *node, note func(string)) {
	if n.text("type") == "Action.OpenUrl" {
		note(clean(n.text("url")))
	}
	for _, m := range n.members {
		openedBy(m.value, note)
	}
	for _, item := range n.items {
		openedBy(item, note)
	}
}

func isWeb(address string) bool {
	lower := strings.ToLower(address)
	return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://")
}

// Address is an author's address with its tags filled in for a person, percent-encoded.
func Address(address string, p domain.Person) string {
	return fillAddress(clean(address), func(s domain.Segment) string {
		if value := inURL.append(nil, s.Tag.Value(p)); len(value) > 0 {
			return string(value)
		}
		return string(inURL.append(nil, s.Fallback))
	})
}

// fillAddress puts something in the places of an address' tags.
func fillAddress(address string, tag func(domain.Segment) string) string {
	segments, _ := domain.Segments(address)
	var b strings.Builder
	for _, s := range segments {
		if s.Tag == "" {
			b.WriteString(s.Text)
		} else {
			b.WriteString(tag(s))
		}
	}
	return b.String()
}

// link is the address that a person opens: counted if it has a number, else the
// author's with slots for its tags.
func (p *pen) link(address string) string {
	n, ok := p.links[address]
	if !ok {
		return p.url(address)
	}
	own := newPen(p.Language())
	quoted := own.template(own.url(address)) // a JSON string
	if len(quoted.parts) > 0 {
		quoted.parts[0].literal = quoted.parts[0].literal[1:]
	} else {
		quoted.tail = quoted.tail[1:]
	}
	quoted.tail = quoted.tail[:len(quoted.tail)-1]
	return p.slot(slot{dialect: inURL, number: n, own: &quoted})
}

// encodeOdd percent-encodes what would end an address in Markdown, or in a text.
func encodeOdd(address string) string {
	balanced := inPairs(address)
	var b []byte
	for _, r := range address {
		odd := strings.ContainsRune("\"<>\\^`{|}[]", r)
		if odd || unicode.IsSpace(r) || unicode.IsControl(r) || (r == '(' || r == ')') && !balanced {
			b = appendPercent(b, r)
			continue
		}
		b = append(b, string(r)...)
	}
	return string(b)
}

// inPairs says whether each parenthesis that opens closes later, as Markdown asks of
// an address.
func inPairs(address string) bool {
	open := 0
	for _, r := range address {
		switch r {
		case '(':
			open++
		case ')':
			open--
		}
		if open < 0 {
			return false
		}
	}
	return open == 0
}

// leads says whether an address is one that people may open from a text, and that
// its author chose: with a host that no tag stands in.
func leads(address string) bool {
	sample := fillAddress(address, func(domain.Segment) string { return "tag" })
	u, err := url.Parse(sample)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		start := u.Scheme + "://" + u.Host
		return u.Hostname() != "" && u.User == nil && len(address) >= len(start) && strings.EqualFold(address[:len(start)], start)
	case "mailto", "tel":
		return u.Opaque != "" && strings.HasPrefix(strings.ToLower(address), strings.ToLower(u.Scheme)+":")
	}
	return false
}
