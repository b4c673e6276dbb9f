package cards

import (
	"encoding/json"
	"strings"
)

// Label is an author's line (a question, an answer to choose) as plain text for somebody who is
// nobody in particular: without Markdown and addresses, and with what stands in for a missing
// value in the place of its tags.
func Label(line string) string {
	if !strings.ContainsAny(line, "\\*_~`[]<>#&") {
		return line // as most are
	}
	type filled struct{ Text string } // within an object empty slots close up, as on a card
	p := newPen("")
	var label filled
	if err := json.Unmarshal(p.template(filled{p.label(line)}).fill(nil, Recipient{}), &label); err != nil {
		panic("cards: a filled line that is no JSON: " + err.Error())
	}
	return behindNobody.Replace(label.Text)
}

// behindNobody takes off the comma that stood before a name that is not there.
var behindNobody = strings.NewReplacer(",?", "?", ",!", "!", ",.", ".")
