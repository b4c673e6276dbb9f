package domain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Channel is where a person is reached, by the Bot Framework's name without "ms".
type Channel string

// The channels.
const (
	Teams Channel = "teams"
	Skype Channel = "skype"
)

// ConversationReference is what a proactive message to one person needs.
type ConversationReference struct {
	ConversationID string
	ServiceURL     string
	TenantID       string // empty on Skype
	UserID         string // the channel's id of the person ("29:…"), unique to this bot
	BotID          string // the bot's own id on the channel ("28:…")
}

// Person is somebody who has, or had, the app.
type Person struct {
	ID          int64
	Channel     Channel
	Reference   ConversationReference
	AADObjectID string
	Name        string
	FirstName   string
	LastName    string
	Email       string
	UPN         string // user principal name; may differ from the address
	Locale      string // BCP 47, as the client said
	TimeZone    string // IANA
	Installed   bool
	InstalledAt time.Time
	GoneAt      time.Time
	WelcomedAt  time.Time
	AnsweredAt  time.Time // when they last got the standing answer to talk
	RosterDueAt time.Time // when names are to be asked for (again); zero: they are known
	RosterTries int
}

// nameParts are the names in a display name, for a person of whom the roster told no more:
// "Megan Bowen", or as many directories write it, "Bowen, Megan".
func nameParts(display string) (given, family string) {
	family, rest, _ := strings.Cut(display, ",")
	if words := strings.Fields(rest); len(words) > 0 {
		return words[0], strings.Join(strings.Fields(family), " ")
	}
	words := strings.Fields(family)
	if len(words) == 0 {
		return "", ""
	}
	return words[0], strings.Join(words[1:], " ")
}

// GivenName is the first name, else the one in the display name: its first word.
func (p Person) GivenName() string {
	if p.FirstName != "" {
		return p.FirstName
	}
	given, _ := nameParts(p.Name)
	return given
}

// FamilyName is the last name, else the one in the display name: what follows its first word.
func (p Person) FamilyName() string {
	if p.LastName != "" || p.FirstName != "" {
		return p.LastName
	}
	_, family := nameParts(p.Name)
	return family
}

// DisplayName is the display name, else the names joined, else the address.
func (p Person) DisplayName() string {
	if name := strings.TrimSpace(p.Name); name != "" {
		return name
	}
	if full := strings.TrimSpace(p.FirstName + " " + p.LastName); full != "" {
		return full
	}
	return p.Email
}

// French says whether the person reads French; everybody else gets English.
func (p Person) French() bool {
	language, _, _ := strings.Cut(p.Locale, "-")
	return strings.EqualFold(language, "fr")
}

// Language is "fr" or "en".
func (p Person) Language() string {
	if p.French() {
		return "fr"
	}
	return "en"
}

// AddressKey is an e-mail address or user principal name as it is compared.
func AddressKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// ValidAddress says whether s could be an e-mail address or user principal name.
func ValidAddress(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	odd := func(r rune) bool {
		return !unicode.IsPrint(r) || unicode.IsSpace(r) || strings.ContainsRune(`<>,;"@`, r)
	}
	return ok && local != "" && host != "" && len(s) <= 320 && utf8.ValidString(s) && !strings.ContainsFunc(local+host, odd)
}
