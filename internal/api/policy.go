package api

import "crier/internal/domain"

// policy is how a campaign is delivered.
type policy struct {
	StartAt      *string       `json:"start_at"` // null: when it is sent
	Spread       *string       `json:"spread"`   // a Go duration
	WorkingHours *workingHours `json:"working_hours"`
	Presence     []string      `json:"presence"`
	MaxPerHour   int           `json:"max_per_hour"`
	OnUncertain  string        `json:"on_uncertain"`
}

type workingHours struct {
	Days     []string `json:"days"` // null: Monday to Friday; none at all is refused
	From     string   `json:"from"`
	To       string   `json:"to"`
	TimeZone string   `json:"time_zone"` // empty: the service's
}

func encodePolicy(p domain.Policy) policy {
	spread := formatDuration(p.Spread)
	out := policy{StartAt: formatTime(p.StartAt), Spread: &spread, Presence: []string{}, MaxPerHour: p.MaxPerHour, OnUncertain: string(p.OnUncertain)}
	if h := p.Hours; h != nil {
		out.WorkingHours = &workingHours{Days: list(h.Days), From: h.From, To: h.To, TimeZone: h.TimeZone}
	}
	for _, presence := range p.Presence {
		out.Presence = append(out.Presence, string(presence))
	}
	return out
}

func (in policy) decode(f *faults) domain.Policy {
	out := domain.Policy{
		StartAt: f.time("delivery.start_at", in.StartAt), Spread: f.duration("delivery.spread", in.Spread),
		MaxPerHour: in.MaxPerHour, OnUncertain: domain.OnUncertain(in.OnUncertain),
	}
	if h := in.WorkingHours; h != nil {
		out.Hours = &domain.WorkingHours{Days: h.Days, From: h.From, To: h.To, TimeZone: h.TimeZone}
	}
	for _, presence := range in.Presence {
		out.Presence = append(out.Presence, domain.Presence(presence))
	}
	return out
}
