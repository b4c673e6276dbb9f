package delivery

import (
	"context"
	"time"

	"crier/internal/domain"
)

// item is a row that is held, with its campaign.
type item struct {
	domain.Delivery
	job      *job
	instance int64     // which of our numbers has begun it
	until    time.Time // when its turn under the campaign's cap is over; zero: there is no cap
	there    time.Time // when its person was there; zero: nobody asked
}

func (it *item) tenant() string { return it.Person.Reference.TenantID }

// open says whether the recipient's working hours allow it now. A test send goes at once.
func (it *item) open(now time.Time) bool {
	return it.Trial || it.job.table.Open(now, it.Person.TimeZone)
}

// late says whether what allowed it to go is over.
func (it *item) late(now time.Time) bool {
	return !it.until.IsZero() && now.After(it.until) || !it.there.IsZero() && time.Since(it.there) > presenceLasts
}

// begin has an item sent by a goroutine that waits for one, or by a new one: the stack of a send
// grows several times, which a goroutine that has sent before is spared. It never blocks.
func (e *Engine) begin(ctx context.Context, it *item) {
	select {
	case e.work <- it:
	default:
		go e.sends(ctx, it)
	}
}

// sends sends one item after the other until ctx ends.
func (e *Engine) sends(ctx context.Context, it *item) {
	for {
		e.send(ctx, it)
		select {
		case it = <-e.work:
		case <-ctx.Done():
			return
		}
	}
}

// send tries one delivery and hands what became of it to the pump.
func (e *Engine) send(ctx context.Context, it *item) {
	begun := time.Now()
	r := e.needless(ctx, it)
	if r.Verdict == 0 {
		r = e.turn(ctx, it)
	}
	e.turned(it.tenant())
	if r.Verdict == 0 {
		r = e.Sender.Send(ctx, it.job.Campaign, it.Delivery)
	}
	if r.Verdict == domain.Accepted && it.disguised() {
		r.ActivityID = it.alike(r.ActivityID)
	}
	e.Observe(r, time.Since(begun))
	o := domain.Next(it.Delivery, r, it.job.table, e.Now(), e.jitter())
	it.Attempts-- // as the row is
	e.mu.Lock()
	e.busy--
	if it.instance == e.instance {
		e.over = append(e.over, domain.Finished{Delivery: it.Delivery, Outcome: o})
	}
	e.mu.Unlock()
	hint(e.step)
}

// turn waits until the message may go; the zero Result says that it may.
func (e *Engine) turn(ctx context.Context, it *item) domain.Result {
	r := e.Sender.Turn(ctx, it.tenant())
	switch {
	case r.Verdict == 0 && (ctx.Err() != nil || it.late(e.Now()) || e.doubtful(it.instance)):
		return domain.Result{Verdict: domain.Stopped}
	case r.Verdict == 0 && !it.open(e.Now()):
		return domain.Result{Verdict: domain.Closed}
	}
	return r
}

// turned notes that a send waits for its turn no more: where few may, the next may queue.
func (e *Engine) turned(tenant string) {
	e.mu.Lock()
	e.leaveQueue(tenant)
	e.mu.Unlock()
	if most := e.queue(tenant); most < e.Slots {
		hint(e.step)
	}
}

// leaveQueue notes that a send waits for its turn no more. The caller holds e.mu.
func (e *Engine) leaveQueue(tenant string) {
	if e.queueing[tenant]--; e.queueing[tenant] <= 0 {
		delete(e.queueing, tenant)
	}
}

// settle looks at what has been recorded: how fast it goes, and whether it can go on.
func (e *Engine) settle(ctx context.Context, batch []domain.Finished) {
	for _, f := range batch {
		if f.Delivery.Trial {
			continue
		}
		if f.Outcome.State == domain.Sent {
			e.sped(f.Delivery.CampaignID)
		}
		if e.givesUp(f) {
			e.pause(ctx, f.Delivery.CampaignID, f.Outcome.Code)
		}
	}
}

// pileUp is how many messages in a row the channel may refuse before a campaign pauses itself.
const pileUp = 20

// nobodysOwn are failures that are rarely one person's: when they come in a row they will go
// on.
var nobodysOwn = map[domain.Code]bool{
	domain.CardRejected: true, domain.TooBig: true, domain.Unauthorized: true, domain.UntrustedServiceURL: true,
}

// givesUp says whether, after this outcome, the campaign cannot go on.
func (e *Engine) givesUp(f domain.Finished) bool {
	id, o := f.Delivery.CampaignID, f.Outcome
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case o.State == domain.Failed && nobodysOwn[o.Code]:
		e.refusals[id]++
	case o.State == domain.Sent:
		delete(e.refusals, id)
	}
	if !o.Pause && e.refusals[id] < pileUp {
		return false
	}
	delete(e.refusals, id)
	return true
}

// pause stops a campaign that cannot go on, and says why.
func (e *Engine) pause(ctx context.Context, id int64, code domain.Code) {
	ctx, cancel := trying(ctx)
	defer cancel()
	err := e.Campaigns.Move(ctx, id, domain.Paused, domain.PauseNotice(code), e.Now(), domain.Sending)
	switch {
	case err == nil:
		e.Log.Error("campaign paused itself", "campaign_id", id, "code", code) // the channel's words may quote the message
	case domain.KindOf(err) != domain.Conflict: // somebody else paused or finished it
		e.problem(ctx, "pause a campaign", err, "campaign_id", id)
	}
}
