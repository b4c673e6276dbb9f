package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	adaptiveCard = "application/vnd.microsoft.card.adaptive"
	cardPrefix   = "application/vnd.microsoft.card."
	maxMessage   = 100 << 10 // bytes of UTF-16 (outbound 3)
)

// outgoing is the part of a bot's activity that the Connector looks at.
type outgoing struct {
	Type        string       `json:"type"`
	Text        string       `json:"text"`
	Summary     string       `json:"summary"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string          `json:"contentType"`
	Content     json.RawMessage `json:"content"`
}

// send is both "send" and "reply": in a 1:1 conversation they come to the same.
func (s *Simulator) send(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	return s.write(c, i, func() *answer { return s.deliver(c.channel, i, c.body) })
}

// deliver checks an activity as the channel would and puts it before the person.
func (s *Simulator) deliver(ch channel, i int, raw []byte) *answer {
	act, a := check(ch, raw)
	if a != nil {
		return a
	}
	if act.Type == "typing" {
		return ok(http.StatusAccepted, nil) // emulator page: 202, empty
	}
	if act.Type != "message" {
		return ok(http.StatusAccepted, map[string]string{"id": ""})
	}
	if act.Text != "" && len(act.Attachments) > 0 {
		return s.split(i, act, raw)
	}
	id := s.mail.put(i, act.shown(), raw)
	s.arrived(i, id)
	return ok(http.StatusCreated, map[string]string{"id": formatID(id)})
}

// split is what text beside an attachment earns: two messages, and no id.
func (s *Simulator) split(i int, act *outgoing, raw []byte) *answer {
	s.tally.add(func(st *Stats) { st.Split++ })
	text := act.Text
	s.arrived(i, s.mail.put(i, text, raw))
	act.Text = ""
	s.arrived(i, s.mail.put(i, act.shown(), raw))
	return ok(http.StatusCreated, map[string]string{})
}

func (s *Simulator) update(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	if c.channel == channelSkype {
		return failure(http.StatusForbidden, "NotEnoughPermissions", "Messages cannot be updated on this channel.")
	}
	act, a := check(c.channel, c.body)
	if a != nil {
		return a
	}
	aid := c.r.PathValue("aid")
	return s.write(c, i, func() *answer {
		if !s.mail.replace(i, aid, act.shown(), c.body) {
			return activityNotFound()
		}
		s.tally.add(func(st *Stats) { st.Updated++ })
		return ok(http.StatusOK, map[string]string{"id": aid})
	})
}

func (s *Simulator) delete(c *call) *answer {
	i, a := s.conversation(c)
	if a != nil {
		return a
	}
	return s.write(c, i, func() *answer {
		if !s.mail.remove(i, c.r.PathValue("aid")) {
			return activityNotFound()
		}
		s.tally.add(func(st *Stats) { st.Deleted++ })
		return ok(http.StatusOK, nil)
	})
}

// check is the channel's opinion of a bot's activity.
func check(ch channel, raw []byte) (*outgoing, *answer) {
	if utf16Bytes(withoutPictures(raw)) > maxMessage {
		return nil, tooBig()
	}
	var act outgoing
	if err := json.Unmarshal(raw, &act); err != nil {
		return nil, badArgument("The activity is not valid JSON of the expected shape")
	}
	if act.Type == "" {
		return nil, badArgument("The activity has no type")
	}
	for _, at := range act.Attachments {
		if fault := at.fault(ch); fault != "" {
			return nil, badArgument(fault)
		}
	}
	return &act, nil
}

// fault says what the channel has against an attachment, or nothing.
func (at attachment) fault(ch channel) string {
	if !strings.HasPrefix(at.ContentType, cardPrefix) {
		return ""
	}
	content := object(at.Content)
	if content == nil {
		return "The card's content is not an object"
	}
	if at.ContentType != adaptiveCard {
		return ""
	}
	if ch == channelSkype {
		return "Adaptive cards are not supported on this channel"
	}
	if text(content["type"]) != "AdaptiveCard" {
		return "The card is not of type AdaptiveCard"
	}
	if version := text(content["version"]); !supported(version) {
		return fmt.Sprintf("The card's version %q is not 1.0 to 1.5", version)
	}
	return ""
}

// supported tells whether Teams draws cards of this version (cards 1).
func supported(version string) bool {
	major, minor, dotted := strings.Cut(version, ".")
	n, err := strconv.Atoi(minor)
	return dotted && major == "1" && err == nil && n >= 0 && n <= 5
}

func tooBig() *answer {
	return failure(http.StatusRequestEntityTooLarge, "MessageSizeTooBig", "Message size too large.")
}

var picture = regexp.MustCompile(`"data:[^",]*;base64,[^"]*"`)

// withoutPictures takes out what the size limit does not count.
func withoutPictures(raw []byte) []byte {
	if len(raw)*2 <= maxMessage {
		return raw
	}
	return picture.ReplaceAll(raw, []byte(`""`))
}

func utf16Bytes(raw []byte) int {
	units := 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if units++; r > 0xffff {
			units++
		}
		raw = raw[size:]
	}
	return 2 * units
}

// text is a JSON string's value, or nothing.
func text(raw json.RawMessage) string {
	var out string
	_ = json.Unmarshal(raw, &out)
	return out
}

// shown is what a report calls the message: its text, else the card's
// fallbackText, else the summary, else what a hero card says.
func (o *outgoing) shown() string {
	if o.Text != "" {
		return o.Text
	}
	var hero string
	for _, at := range o.Attachments {
		content := object(at.Content)
		if fallback := text(content["fallbackText"]); fallback != "" {
			return fallback
		}
		if hero == "" {
			hero = strings.TrimSpace(text(content["title"]) + " " + text(content["text"]))
		}
	}
	if o.Summary != "" {
		return o.Summary
	}
	return hero
}
