package domain

// CampaignFilter selects campaigns; zero values select all.
type CampaignFilter struct {
	Statuses []Status
	Kind     Kind
	Channel  Channel
	Name     string // the whole name, in any case
	Query    string // part of the name
}

// DeliveryFilter selects a campaign's rows; zero values select all.
type DeliveryFilter struct {
	State State
	Query string // part of a name or address
}
