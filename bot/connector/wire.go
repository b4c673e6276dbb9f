package connector

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Channels the product serves. Compare with Activity.ChannelID exactly.
const (
	ChannelTeams    = "msteams"
	ChannelSkype    = "skype"
	ChannelEmulator = "emulator"
)

// Activity is what a channel posts to the bot, cut down to the fields that are
// read here (protocol/inbound.md sections 4 and 5). Everything in it comes
// from outside: nothing is to be believed before [Verifier.Verify], and texts,
// names and values not even then. Attachments are ignored: the text of a
// message stands in Text as well.
type Activity struct {
	Type       schema.ActivityTypes `json:"type"`
	ID         string               `json:"id"`
	ChannelID  string               `json:"channelId"`
	ServiceURL string               `json:"serviceUrl"`

	From         schema.ChannelAccount      `json:"from"`
	Recipient    schema.ChannelAccount      `json:"recipient"`
	Conversation schema.ConversationAccount `json:"conversation"`

	Timestamp      Timestamp `json:"timestamp"`
	LocalTimestamp Timestamp `json:"localTimestamp"` // carries the person's offset from UTC
	LocalTimezone  string    `json:"localTimezone"`  // IANA name; see TimeZone
	Locale         string    `json:"locale"`         // BCP 47; see Language

	Name      string `json:"name"`   // of an event or an invoke
	Action    string `json:"action"` // of an installationUpdate or a contactRelationUpdate
	Text      string `json:"text"`
	ReplyToID string `json:"replyToId"` // the message that holds the card, or was reacted to

	MembersAdded     []schema.ChannelAccount  `json:"membersAdded"`
	MembersRemoved   []schema.ChannelAccount  `json:"membersRemoved"`
	ReactionsAdded   []schema.MessageReaction `json:"reactionsAdded"`
	ReactionsRemoved []schema.MessageReaction `json:"reactionsRemoved"`

	Entities Entities `json:"entities"`

	Value       json.RawMessage `json:"value"`       // any JSON; nil when absent
	ChannelData json.RawMessage `json:"channelData"` // any JSON; nil when absent
}

// Decode reads one activity. It fails for malformed JSON, for anything but one
// object (an array, several values) and for an object without a type; the
// answer is then 400 (protocol/inbound.md section 1). Its errors name fields,
// never contents. Unknown fields and types are no error.
//
// The size of body is the caller's to cap, before reading it
// (http.MaxBytesReader; 1 MiB is ample). Depth needs no cap of its own:
// encoding/json stops at 10,000 levels.
func Decode(body []byte) (Activity, error) {
	var a Activity
	if err := json.Unmarshal(body, &a); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			return Activity{}, fmt.Errorf("activity: field %q does not take this kind of JSON value", wrongType.Field)
		}
		return Activity{}, fmt.Errorf("activity: not one JSON object: %w", err)
	}
	if a.Type == "" {
		return Activity{}, errors.New("activity: no type")
	}
	return a, nil
}

// Timestamp is a time as channels write it. Absent and unreadable times are
// the zero time, never an error: no decision may hang on a timestamp
// (protocol/inbound.md section 1, redelivery).
type Timestamp struct{ time.Time }

// UnmarshalJSON reads ISO 8601, with or without an offset (then UTC).
func (t *Timestamp) UnmarshalJSON(data []byte) error {
	*t = Timestamp{}
	var text string
	if json.Unmarshal(data, &text) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00"} {
		if parsed, err := time.Parse(layout, text); err == nil {
			t.Time = parsed
			return nil
		}
	}
	return nil
}

// Entity is one thing said about an activity: "clientInfo" (Locale, Country,
// Platform, TimeZone) or "mention" (Mentioned, and the Text that stands for it
// in the message). Other types carry only their Type.
type Entity struct {
	Type      string                `json:"type"`
	Locale    string                `json:"locale"`
	Country   string                `json:"country"`
	Platform  string                `json:"platform"`
	TimeZone  string                `json:"timezone"`
	Mentioned schema.ChannelAccount `json:"mentioned"`
	Text      string                `json:"text"`
}

// Entities reads what it can: an entity of an unexpected shape is left out,
// since new kinds appear without notice.
type Entities []Entity

// UnmarshalJSON never fails.
func (e *Entities) UnmarshalJSON(data []byte) error {
	*e = nil
	var raw []json.RawMessage
	if json.Unmarshal(data, &raw) != nil {
		return nil
	}
	for _, item := range raw {
		var entity Entity
		if json.Unmarshal(item, &entity) == nil && entity.Type != "" {
			*e = append(*e, entity)
		}
	}
	return nil
}
