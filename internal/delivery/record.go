package delivery

import (
	"context"
	"time"

	"crier/internal/domain"
)

// maxBatch bounds how many outcomes are recorded in one transaction.
const maxBatch = 300

// record writes outcomes until the channel is closed. It takes whatever has gathered while
// the last batch was being written: one at a time when it is quiet, hundreds when it is not.
func (e *Engine) record(ctx context.Context) {
	for first := range e.results {
		batch := append(make([]domain.Finished, 0, maxBatch), first)
		for more := true; more && len(batch) < maxBatch; {
			select {
			case f, ok := <-e.results:
				if more = ok; ok {
					batch = append(batch, f)
				}
			default:
				more = false
			}
		}
		e.write(ctx, batch)
		for _, f := range batch {
			e.release(f.Delivery)
			e.consider(ctx, f)
		}
	}
}

// patience is how long the recorder tries when the database is gone: after the lease others
// may have taken the rows, and what it knows would be refused anyway.
const patience = lease

// write stores a batch, again and again while the database is gone.
func (e *Engine) write(ctx context.Context, batch []domain.Finished) {
	for begun, wait := time.Now(), 50*time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := e.finish(ctx, batch)
		if err == nil {
			return
		}
		if time.Since(begun) > patience {
			e.Log.Error("can't record sends; they will be treated as sends of unknown outcome", "count", len(batch), "error", err)
			return
		}
		e.Log.Warn("can't record sends yet", "count", len(batch), "error", err)
		time.Sleep(wait)
	}
}

// oneTry bounds one try to store something: a database that hangs must not hold the program.
const oneTry = 10 * time.Second

func (e *Engine) finish(ctx context.Context, batch []domain.Finished) error {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	return e.Store.Finish(ctx, batch, e.Now())
}

// pileUp is how many messages in a row the channel may refuse before a campaign pauses itself.
const pileUp = 20

// hopeless are failures that are rarely one person's own: when they come in a row they will
// go on.
var hopeless = map[domain.Code]bool{
	domain.CardRejected: true, domain.TooBig: true, domain.Unauthorized: true, domain.UntrustedServiceURL: true,
}

// consider pauses a campaign that cannot go on, and says why.
func (e *Engine) consider(ctx context.Context, f domain.Finished) {
	id, o := f.Delivery.CampaignID, f.Outcome
	if f.Delivery.Trial {
		return
	}
	e.mu.Lock()
	switch {
	case o.State == domain.Failed && hopeless[o.Code]:
		e.refusals[id]++
	case o.State == domain.Sent:
		delete(e.refusals, id)
	}
	stop := o.Pause || e.refusals[id] >= pileUp
	if stop {
		delete(e.refusals, id)
	}
	e.mu.Unlock()
	if !stop {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	err := e.Campaigns.Move(ctx, id, domain.Paused, domain.PauseNotice(o.Code), e.Now(), domain.Sending)
	switch {
	case err == nil:
		e.Log.Error("campaign paused itself", "campaign_id", id, "code", o.Code) // the channel's words may quote the message
	case domain.KindOf(err) != domain.Conflict: // somebody else paused or finished it
		e.problem(ctx, "pause a campaign", err, "campaign_id", id)
	}
}
