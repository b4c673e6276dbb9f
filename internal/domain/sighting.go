package domain

import "time"

// Sighting is what one inbound activity shows of a person.
type Sighting struct {
	Channel     Channel
	Reference   ConversationReference
	AADObjectID string
	Name        string
	Locale      string
	TimeZone    string
	At          time.Time // when the channel says it happened; zero: not said
	Install     bool      // the app was added; otherwise the person merely said or did something
}

// PersonFilter selects people; zero values select all.
type PersonFilter struct {
	Query     string // part of a name or address
	Installed *bool
	Channel   Channel
}

// Changes says whether a sighting shows anything new of a person who is known. What it
// leaves out (an empty locale, say) is not news. An activity without a time counts as one
// of now: it brings back who had left.
func (v Sighting) Changes(p Person) bool {
	was, is := p.Reference, v.Reference
	differs := func(is, was string) bool { return is != "" && is != was }
	return was.ConversationID != is.ConversationID || was.ServiceURL != is.ServiceURL || was.BotID != is.BotID ||
		differs(is.TenantID, was.TenantID) || differs(v.AADObjectID, p.AADObjectID) || v.Name != "" && p.Name == "" ||
		differs(v.Locale, p.Locale) || differs(v.TimeZone, p.TimeZone) || !p.Installed && (v.Install || v.At.IsZero() || p.GoneAt.Before(v.At))
}
