// Package app holds every operation the product offers. The three faces (chat, API,
// console) call it and hold no rules of their own, so they cannot differ.
//
// The acting person is a parameter. Errors that people may see are *domain.Error;
// everything else is internal.
package app

import (
	"context"
	"time"

	"crier/internal/domain"
)

// CampaignStore keeps campaigns.
type CampaignStore interface {
	Create(ctx context.Context, c domain.Campaign) (domain.Campaign, error)
	Get(ctx context.Context, id int64) (domain.Campaign, error)
	List(ctx context.Context, f domain.CampaignFilter, before int64, limit int) ([]domain.Campaign, error)
	Save(ctx context.Context, c domain.Campaign, now time.Time) (domain.Campaign, error)
	Delete(ctx context.Context, id int64) error
}

// FlowStore changes a campaign's status.
type FlowStore interface {
	Schedule(ctx context.Context, id, revision int64, at, now time.Time) error
	Move(ctx context.Context, id int64, to domain.Status, notice string, now time.Time, from ...domain.Status) error
}

// CountStore tells how campaigns stand.
type CountStore interface {
	Glance(ctx context.Context, id int64) (domain.Glance, error)
	Counts(ctx context.Context, ids ...int64) (map[int64]domain.Counts, error)
	Reactions(ctx context.Context, id int64) (map[string]int64, error)
	Links(ctx context.Context, id int64) ([]domain.Link, error)
	AudienceSize(ctx context.Context, channel domain.Channel, a domain.Audience) (listed, reachable int64, err error)
}

// DeliveryStore keeps the rows of campaigns.
type DeliveryStore interface {
	List(ctx context.Context, campaignID int64, f domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error)
	Get(ctx context.Context, id int64) (domain.Delivery, error)
	AddTrials(ctx context.Context, campaignID int64, people []domain.Person, now time.Time) error
	Cancel(ctx context.Context, campaignID int64, now time.Time) error
	Retry(ctx context.Context, campaignID int64, now time.Time) error
	ChangesOf(ctx context.Context, change int64, rows []domain.Delivery) (map[int64]domain.RowChange, error)
}

// SignalStore keeps what people did with a message. Unseen and ByActivity also answer rows that
// are on the way, by their state: a signal may be for one of them, and is kept for later.
type SignalStore interface {
	Unseen(ctx context.Context, personID int64) ([]domain.Delivery, error)
	ByActivity(ctx context.Context, personID int64, activityID string) (domain.Delivery, error)
	MarkSeen(ctx context.Context, d domain.Delivery, now time.Time) error
	React(ctx context.Context, d domain.Delivery, reaction string, added bool, at time.Time) error
	SettleMarks(ctx context.Context) error
	KeepSignal(ctx context.Context, v domain.EarlySignal) error
	RipeSignals(ctx context.Context) ([]domain.EarlySignal, error)
	DropSignal(ctx context.Context, v domain.EarlySignal) error
	NoteReceipts(ctx context.Context, tenantID string) error
}

// LinkStore keeps the addresses in campaigns, and who followed them.
type LinkStore interface {
	URL(ctx context.Context, campaignID int64, n int) (string, error)
	Click(ctx context.Context, d domain.Delivery, n int, now time.Time) error
}

// StandingStore keeps how people stand in surveys that are not anonymous, and what is due to them.
type StandingStore interface {
	Standing(ctx context.Context, d domain.Delivery) (domain.Standing, error)
	Take(ctx context.Context, c domain.Campaign, all []*domain.Taking, now time.Time) error
	Pending(ctx context.Context, personID int64, since time.Time) ([]domain.PendingSurvey, error)
	Later(ctx context.Context, d domain.Delivery, at time.Time) (bool, error)
}

// BallotStore keeps the answers to anonymous surveys, and apart from them who answered.
type BallotStore interface {
	HasCast(ctx context.Context, campaignID, personID int64) (bool, error)
	Cast(ctx context.Context, c domain.Campaign, all []domain.Ballot) error
	Ballots(ctx context.Context, c domain.Campaign) (responses int64, shown domain.SurveyTally, err error)
}

// ResultStore reads what was answered to surveys that are not anonymous. List is a page of the
// responses to a question, of people whose name, address or user principal name contains a
// query; either may be empty.
type ResultStore interface {
	Tally(ctx context.Context, c domain.Campaign) (domain.SurveyTally, error)
	List(ctx context.Context, c domain.Campaign, question, query string, after int64, limit int) ([]domain.Response, error)
}

// SurveyFlow closes surveys, and sends what is sent about them.
type SurveyFlow interface {
	CloseSurvey(ctx context.Context, id int64, now time.Time) error
	Remind(ctx context.Context, id int64, by string, now time.Time) error
	Share(ctx context.Context, id, shown int64, by string, now time.Time) error
	Reports(ctx context.Context, id int64, what domain.Change) ([]domain.ChangeReport, error)
}

// ReferenceStore keeps how people are reached.
type ReferenceStore interface {
	Remember(ctx context.Context, v domain.Sighting, now time.Time) error
	Leave(ctx context.Context, channel domain.Channel, userID string, now time.Time) error
	SaveServiceURL(ctx context.Context, id int64, serviceURL string) error
}

// PersonStore keeps people.
type PersonStore interface {
	Get(ctx context.Context, id int64) (domain.Person, error)
	BySender(ctx context.Context, channel domain.Channel, userID string) (domain.Person, error)
	ByAddress(ctx context.Context, channel domain.Channel, address string) (domain.Person, error)
	List(ctx context.Context, f domain.PersonFilter, before int64, limit int) ([]domain.Person, error)
	Erase(ctx context.Context, id int64, now time.Time) error
}

// RosterStore keeps what is still to be learned about people, and their one welcome.
type RosterStore interface {
	ClaimNewcomers(ctx context.Context, now, lease time.Time, limit int) ([]domain.Person, error)
	SaveRoster(ctx context.Context, p domain.Person) error
	PostponeRoster(ctx context.Context, id int64, at time.Time) error
	MarkWelcomed(ctx context.Context, id int64, now time.Time) (bool, error)
	UnmarkWelcomed(ctx context.Context, id int64) error
	MarkAnswered(ctx context.Context, id int64, now, before time.Time) (bool, error)
}

// maxPage bounds a page, whatever a caller asks for.
const maxPage = 500

func page(limit int) int { return max(1, min(limit, maxPage)) }
