package domain

// Link is an address of a campaign, as its author wrote it (tags and all), and how often it
// was followed. Test sends are left out.
type Link struct {
	N      int // from 1, in the order in which the campaign's addresses were first sent
	URL    string
	Clicks int64
	People int64 // who followed it at least once
}
