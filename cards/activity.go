package cards

import (
	"encoding/json"

	"crier/internal/domain"
)

// The platform takes activities of at most 100 KB, counted as UTF-16; a tenth is kept
// back for what it adds itself (protocol/outbound.md 3). Bytes.
const (
	PlatformLimit = 100 << 10
	MaxSize       = PlatformLimit / 10 * 9
)

// Size is how big the platform counts an activity: twice its UTF-16 units. Bytes.
func Size(activity []byte) int {
	units := 0
	for _, b := range activity {
		if b&0xC0 != 0x80 { // begins a character
			units++
		}
		if b >= 0xF0 { // a character of two units
			units++
		}
	}
	return 2 * units
}

// activity is the envelope of protocol/outbound.md 2.2. It has a text or attachments,
// never both: Teams would split it and forget its id.
type activity struct {
	Type         string       `json:"type"`
	From         account      `json:"from"`
	Conversation account      `json:"conversation"`
	Recipient    account      `json:"recipient"`
	Locale       string       `json:"locale"`
	Summary      string       `json:"summary,omitempty"`
	Text         string       `json:"text,omitempty"`
	TextFormat   string       `json:"textFormat,omitempty"`
	Attachments  []attachment `json:"attachments,omitempty"`
	ChannelData  *channelData `json:"channelData,omitempty"`
}

type account struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type attachment struct {
	ContentType string `json:"contentType"`
	Content     any    `json:"content"`
}

type channelData struct {
	Notification notification `json:"notification"`
}

type notification struct {
	Alert bool `json:"alert"`
}

// address gives the activity the slots of its sender and receiver.
func (p *pen) address(a *activity) {
	a.From.ID = p.mark(botID, plainText, "")
	a.Conversation.ID = p.mark(conversationID, plainText, "")
	a.Recipient.ID = p.mark(userID, plainText, "")
	a.Locale = p.mark(locale, plainText, p.Language())
}

// ActivityWithCard is a whole activity around a finished Adaptive Card, such as the
// one of Answered, to update an earlier message with. The card is one that this
// package drew: it must be valid JSON. The summary is plain text.
func ActivityWithCard(to domain.Person, card json.RawMessage, summary string) []byte {
	p := newPen(to.Language())
	a := activity{
		Type: "message", Summary: p.verbatim(summary, plainText),
		Attachments: []attachment{{ContentType: cardType, Content: json.RawMessage(clean(string(card)))}},
	}
	return p.finish(a, to)
}

// finish addresses an activity to somebody and fills it in.
func (p *pen) finish(a activity, to domain.Person) []byte {
	p.address(&a)
	return p.template(a).fill(nil, Recipient{Person: to})
}
