package app

import (
	"context"
	"strconv"
	"sync"
	"time"

	"crier/internal/domain"
)

// Signals are what people do with a message: read it, react to it, answer it.
type Signals struct {
	Store      SignalStore
	Deliveries DeliveryStore
	Campaigns  CampaignStore
	Refs       Refs
	Now        domain.Clock

	receipts sync.Map // tenants whose receipts were noted, by id
}

// maxActivity bounds an activity's id, which is the channel's.
const maxActivity = 256

// Read notes that a person read everything up to a message of the channel. Message ids are
// numbers that grow; where one is none, only that very message was read. Source: read
// receipts of Teams.
func (a *Signals) Read(ctx context.Context, p domain.Person, lastReadID string) error {
	if lastReadID == "" || len(lastReadID) > maxActivity {
		return nil
	}
	if err := a.noteReceipts(ctx, p.Reference.TenantID); err != nil {
		return err
	}
	onTheWay, err := a.read(ctx, p.ID, lastReadID, a.Now())
	if err != nil || !onTheWay {
		return err
	}
	return a.Store.KeepSignal(ctx, domain.EarlySignal{PersonID: p.ID, Kind: domain.SignalRead, ActivityID: lastReadID, At: a.Now()})
}

// noteReceipts takes note of who sends receipts at all, once.
func (a *Signals) noteReceipts(ctx context.Context, tenantID string) error {
	if _, known := a.receipts.Load(tenantID); known {
		return nil
	}
	if err := a.Store.NoteReceipts(ctx, tenantID); err != nil {
		return err
	}
	a.receipts.Store(tenantID, true)
	return nil
}

// read marks what was sent and read, and says whether anything is on the way that the receipt
// may be for too.
func (a *Signals) read(ctx context.Context, personID int64, lastReadID string, at time.Time) (onTheWay bool, err error) {
	rows, err := a.Store.Unseen(ctx, personID)
	if err != nil {
		return false, err
	}
	for _, d := range rows {
		if d.State.Open() {
			onTheWay = true
			continue
		}
		if d.ActivityID == "" || !upTo(d.ActivityID, lastReadID) {
			continue
		}
		if err := a.Store.MarkSeen(ctx, d, at); err != nil {
			return false, err
		}
	}
	return onTheWay, nil
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

// maxAhead is how far the channel's clock may be ahead of ours to be believed.
const maxAhead = 5 * time.Minute

// React notes a reaction added to or removed from one of our messages, at the time that the
// channel tells (zero: now), whatever the order in which they come. A message that is not ours
// is ignored.
func (a *Signals) React(ctx context.Context, p domain.Person, activityID, reaction string, added bool, at time.Time) error {
	if reaction == "" || len(reaction) > maxReaction || activityID == "" || len(activityID) > maxActivity {
		return nil
	}
	if now := a.Now(); at.IsZero() || at.After(now.Add(maxAhead)) {
		at = now
	}
	v := domain.EarlySignal{PersonID: p.ID, Kind: domain.SignalReacted, ActivityID: activityID, Reaction: reaction, At: at}
	if !added {
		v.Kind = domain.SignalUnreacted
	}
	onTheWay, err := a.react(ctx, v)
	if err != nil || !onTheWay {
		return err
	}
	return a.Store.KeepSignal(ctx, v)
}

// react notes a reaction, or says that it may be to a message that is on the way.
func (a *Signals) react(ctx context.Context, v domain.EarlySignal) (onTheWay bool, err error) {
	d, err := a.Store.ByActivity(ctx, v.PersonID, v.ActivityID)
	if domain.KindOf(err) == domain.NotFound {
		return false, nil
	}
	if err != nil || d.State.Open() {
		return true, err
	}
	return false, a.Store.React(ctx, d, v.Reaction, v.Kind == domain.SignalReacted, v.At)
}
