package domain

import (
	"encoding/json"
	"strings"
	"time"
)

// Preflight is what can be told of a campaign before it is sent.
type Preflight struct {
	Recipients       int64        // people and addresses that the audience names
	Reachable        int64        // of them, who has the app
	Unreachable      []Unreached  // the others, by reason; none with a count of 0
	Size             *MessageSize // of the largest message; nil: it can't be drawn
	Links            []LinkCheck  // the author's addresses, in their order
	Tags             []TagGap     // the tags that are used, in the order of AllTags
	Notes            []FieldError // what is simplified or shown differently somewhere
	ExpectedFinishAt time.Time    // if it starts as planned, else now; zero: nobody gets it
	Errors           []FieldError // why it can't be sent as it is
}

// Ready says whether the campaign can be sent and will arrive.
func (p Preflight) Ready() bool { return len(p.Errors) == 0 && p.Size != nil && p.Size.Fits() }

// Unreached is how many people of an audience will not get a message, for one reason.
type Unreached struct {
	Code  Code
	Count int64
}

// Explain says why they will not, and what helps.
func (u Unreached) Explain() Text {
	if u.Code == NotInstalled {
		return Say("They removed the app. Ask your Teams administrator to install it for them.")
	}
	return Say("Nobody with these addresses has the app. Check the addresses, or have the app installed for them.")
}

// MessageSize is how big a message is and may be, in bytes as the platform counts them.
type MessageSize struct{ Bytes, Limit int }

// Fits says whether it can be sent.
func (s MessageSize) Fits() bool { return s.Bytes <= s.Limit }

// LinkStatus is what became of trying an address; part of the API.
type LinkStatus string

// The outcomes of trying an address.
const (
	LinkOK          LinkStatus = "ok"
	LinkUnreachable LinkStatus = "unreachable" // nothing answers there
	LinkRefused     LinkStatus = "refused"     // a site answers with an error
	LinkNotChecked  LinkStatus = "not_checked"
)

// LinkCheck is how an address of the author answers.
type LinkCheck struct {
	URL     string
	Status  LinkStatus
	Code    int  // the HTTP status; 0: there was none
	Message Text // what is the matter; empty for LinkOK
}

// AudienceFacts is what a store tells of the people that an audience names.
type AudienceFacts struct {
	Reachable    int64
	NotInstalled int64         // known, without the app
	Unknown      int64         // addresses of nobody
	Lacking      map[Tag]int64 // of the reachable, who has no value for a tag; of all tags
	Longest      []Person      // of the reachable, those with the longest names and addresses
}

// Recipients is how many the audience names.
func (f AudienceFacts) Recipients() int64 { return f.Reachable + f.NotInstalled + f.Unknown }

// Unreached are those without the app, by reason.
func (f AudienceFacts) Unreached() []Unreached {
	var list []Unreached
	for _, u := range []Unreached{{NotInstalled, f.NotInstalled}, {UnknownPerson, f.Unknown}} {
		if u.Count > 0 {
			list = append(list, u)
		}
	}
	return list
}

// AllTags lists the personal tags, in the order they are offered.
func AllTags() []Tag { return []Tag{FirstName, LastName, FullName, EmailTag} }

// Lacks says whether a person has no value for the tag: nothing, or nothing but spaces.
func (t Tag) Lacks(p Person) bool { return strings.TrimSpace(t.Value(p)) == "" }

// TagGap is a tag that a content uses, and how many of its readers have no value for it.
type TagGap struct {
	Tag      Tag
	Fallback bool // there are words in its place wherever it stands
	Missing  int64
}

// TagGaps are the tags that a content uses, with what the audience lacks.
func (c Content) TagGaps(f AudienceFacts) []TagGap {
	used := map[Tag]*TagGap{}
	for _, text := range c.everyText() {
		segments, _ := Segments(text)
		for _, s := range segments {
			if s.Tag == "" {
				continue
			}
			if used[s.Tag] == nil {
				used[s.Tag] = &TagGap{Tag: s.Tag, Fallback: true, Missing: f.Lacking[s.Tag]}
			}
			if strings.TrimSpace(s.Fallback) == "" {
				used[s.Tag].Fallback = false
			}
		}
	}
	var gaps []TagGap
	for _, tag := range AllTags() {
		if used[tag] != nil {
			gaps = append(gaps, *used[tag])
		}
	}
	return gaps
}

// everyText is every string of a content, whichever its kind: found by its JSON, so that no
// place is ever forgotten here.
func (c Content) everyText() []string {
	own := c.AdaptiveCard
	c.AdaptiveCard = nil
	rest, err := json.Marshal(c)
	if err != nil {
		panic("domain: a content did not encode: " + err.Error()) // plain data always does
	}
	return append(cardTexts(own), cardTexts(rest)...)
}
