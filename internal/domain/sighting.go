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
