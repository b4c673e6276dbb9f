package app

import (
	"context"
	"strconv"
	"strings"

	"crier/internal/domain"
)

// Signals are what people do with a message: read it, react to it, answer it.
type Signals struct {
	Store      SignalStore
	Deliveries DeliveryStore
	Campaigns  CampaignStore
	Answers    ResponseStore
	Refs       Refs
	Now        domain.Clock
}

// Read notes that a person read everything up to a message of the channel. Message ids are
// numbers that grow; where one is none, only that very message was read. Source: read
// receipts of Teams.
func (a *Signals) Read(ctx context.Context, p domain.Person, lastReadID string) error {
	rows, err := a.Store.Unseen(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.ActivityID == "" || !upTo(d.ActivityID, lastReadID) {
			continue
		}
		if err := a.Store.MarkSeen(ctx, d, a.Now()); err != nil {
			return err
		}
	}
	return nil
}

func upTo(id, last string) bool {
	if id == last {
		return true
	}
	a, errA := strconv.ParseUint(id, 10, 64)
	b, errB := strconv.ParseUint(last, 10, 64)
	return errA == nil && errB == nil && a <= b
}

// maxReaction bounds the name of a reaction, which is the channel's.
const maxReaction = 64

// React notes a reaction added to or removed from one of our messages; a message that is
// not ours is ignored.
func (a *Signals) React(ctx context.Context, p domain.Person, activityID, reaction string, added bool) error {
	if reaction == "" || len(reaction) > maxReaction || activityID == "" {
		return nil
	}
	d, err := a.Store.ByActivity(ctx, p.ID, activityID)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Store.React(ctx, d, reaction, added, a.Now())
}

// Answered is an answer that was kept, and what the card turns into.
type Answered struct {
	Campaign domain.Campaign
	Delivery domain.Delivery
	Answers  []domain.Answer
}

// Answer keeps the answers of a person to the survey that ref names. Only the person it
// was sent to can answer it, only its questions, only with its options; twice counts once.
func (a *Signals) Answer(ctx context.Context, p domain.Person, ref string, values map[string]string) (Answered, error) {
	id, ok := a.Refs.Delivery(ref)
	if !ok {
		return Answered{}, domain.Fail(domain.Forbidden, "This card is not one of ours.")
	}
	d, err := a.Deliveries.Get(ctx, id)
	if err != nil {
		return Answered{}, err
	}
	if d.Person.ID != p.ID {
		return Answered{}, domain.Fail(domain.Forbidden, "This card was sent to somebody else.")
	}
	c, err := a.Campaigns.Get(ctx, d.CampaignID)
	if err != nil {
		return Answered{}, err
	}
	survey := c.Content.Survey
	if c.Kind != domain.KindSurvey || survey == nil {
		return Answered{}, domain.Fail(domain.Conflict, "This campaign is no survey.")
	}
	now := a.Now()
	if !survey.ClosesAt.IsZero() && now.After(survey.ClosesAt) {
		return Answered{}, domain.Fail(domain.Conflict, "This survey is closed. Thank you all the same.")
	}
	result := Answered{Campaign: c, Delivery: d}
	for _, q := range survey.Questions {
		value := values[q.ID]
		if q.Optional && strings.TrimSpace(value) == "" { // as clients send what was left empty
			continue
		}
		kept, err := q.CheckAnswer(value)
		if err != nil {
			return Answered{}, err
		}
		result.Answers = append(result.Answers, domain.Answer{QuestionID: q.ID, Value: kept, At: now})
	}
	return result, a.Answers.Answer(ctx, d, result.Answers, true, now)
}
