package delivery

import (
	"context"
	"sync"
	"time"

	"crier/internal/domain"
)

// dispatch claims as many rows as there are free slots and sends each, until ctx ends.
func (e *Engine) dispatch(ctx context.Context, sends *sync.WaitGroup) {
	campaigns := newCache(e.Campaigns)
	var o outlook
	for ctx.Err() == nil {
		claimed := e.claim(ctx, &o)
		for _, d := range claimed {
			c, err := campaigns.get(ctx, d)
			if err != nil {
				e.problem(ctx, "read a campaign", err, "campaign_id", d.CampaignID)
				later := domain.Result{Verdict: domain.Slowed, RetryAfter: time.Second}
				e.results <- domain.Finished{Delivery: d, Outcome: domain.Next(d, later, domain.Policy{}, e.Now(), 0)}
				continue
			}
			sends.Go(func() { e.send(ctx, c, d) })
		}
		if len(claimed) == 0 {
			e.sleep(ctx)
		}
	}
}

// sleep waits for a hint, or a while.
func (e *Engine) sleep(ctx context.Context) {
	timer := time.NewTimer(poll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-e.wake:
	case <-timer.C:
	}
}

// fresh is how long the list of lanes is good for while claims come back full: a look at
// the database for each claim would cost as much as the claim.
const fresh = 100 * time.Millisecond

// outlook is which lanes have rows due, and since when that is known.
type outlook struct {
	lanes []domain.Lane
	at    time.Time
}

// claim takes rows for the free slots: test sends first, then a fair share of each lane.
// Every row it answers holds a slot and stands in waiting. While much is in flight it waits
// until a good part of the slots is free: many small claims cost more than a few large ones.
func (e *Engine) claim(ctx context.Context, o *outlook) []domain.Delivery {
	now := e.Now()
	free := cap(e.slots) - len(e.slots)
	if free < cap(e.slots)/4 || free == 0 {
		return nil
	}
	var rows []domain.Delivery
	if now.Sub(o.at) > fresh || len(o.lanes) == 0 {
		var err error
		if rows, err = e.Store.ClaimTrials(ctx, now, now.Add(lease), free); err != nil {
			e.problem(ctx, "claim test sends", err)
			return nil
		}
		e.hold(rows)
		if o.lanes, err = e.Store.Lanes(ctx, now); err != nil {
			e.problem(ctx, "look for due rows", err)
			return rows
		}
		o.at = now
	}
	short := false
	for i, lane := range o.lanes {
		free := cap(e.slots) - len(e.slots)
		share := (free + len(o.lanes) - i - 1) / (len(o.lanes) - i)
		share = min(share, e.room(lane.TenantID, now))
		if share <= 0 {
			continue
		}
		claimed, err := e.Store.Claim(ctx, lane, now, now.Add(lease), share)
		if err != nil {
			e.problem(ctx, "claim rows", err, "campaign_id", lane.CampaignID)
			continue
		}
		e.hold(claimed)
		rows = append(rows, claimed...)
		short = short || len(claimed) < share
	}
	if short {
		o.lanes = nil // a lane ran dry: look again
	}
	return rows
}

// room is how many more rows of a tenant may be in flight now.
func (e *Engine) room(tenant string, now time.Time) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if until, ok := e.closed[tenant]; ok {
		if now.Before(until) {
			return 0
		}
		delete(e.closed, tenant)
	}
	return e.Sender.Room(tenant) - e.waiting[tenant]
}

func (e *Engine) hold(rows []domain.Delivery) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, d := range rows {
		e.slots <- struct{}{}
		e.flight[d.ID] = true
		e.waiting[d.Person.Reference.TenantID]++
	}
}

func (e *Engine) release(d domain.Delivery) {
	e.mu.Lock()
	delete(e.flight, d.ID)
	tenant := d.Person.Reference.TenantID
	if e.waiting[tenant]--; e.waiting[tenant] <= 0 {
		delete(e.waiting, tenant)
	}
	e.mu.Unlock()
	<-e.slots
	e.Wake()
}

// send tries one delivery and hands what became of it to the recorder.
func (e *Engine) send(ctx context.Context, c domain.Campaign, d domain.Delivery) {
	begun := time.Now()
	// The sender does not cut short what has begun: this ends the wait for a turn only.
	limited, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	r := e.Sender.Send(limited, c, d)
	if r.Verdict == domain.Stopped && ctx.Err() == nil {
		r = domain.Result{Verdict: domain.Slowed, RetryAfter: time.Second}
	}
	e.Observe(r, time.Since(begun))
	now := e.Now()
	if r.Verdict == domain.Slowed && r.RetryAfter > 0 {
		e.mu.Lock()
		e.closed[d.Person.Reference.TenantID] = now.Add(r.RetryAfter)
		e.mu.Unlock()
	}
	e.results <- domain.Finished{Delivery: d, Outcome: domain.Next(d, r, c.Delivery, now, e.jitter())}
}

// cache keeps the campaigns being sent for a moment: their content can't change, so only
// test sends of drafts need a fresh look.
type cache struct {
	store Campaigns
	byID  map[int64]domain.Campaign
}

func newCache(s Campaigns) *cache { return &cache{store: s, byID: map[int64]domain.Campaign{}} }

// maxCached bounds the cache; a campaign read again costs one query.
const maxCached = 64

func (k *cache) get(ctx context.Context, d domain.Delivery) (domain.Campaign, error) {
	if c, ok := k.byID[d.CampaignID]; ok && !d.Trial {
		return c, nil
	}
	c, err := k.store.Get(ctx, d.CampaignID)
	if err != nil || d.Trial {
		return c, err
	}
	if len(k.byID) >= maxCached {
		clear(k.byID)
	}
	k.byID[d.CampaignID] = c
	return c, nil
}
