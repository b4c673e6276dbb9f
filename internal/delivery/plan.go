package delivery

import (
	"context"

	"crier/internal/domain"
)

func (e *Engine) planWhenTold(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.plan:
			e.Plan(ctx)
		}
	}
}

// Plan starts the campaigns whose time has come and writes down their audiences, a part of
// each at a time. It is called by a tick and by Run; while one call is at it another has
// nothing to do.
func (e *Engine) Plan(ctx context.Context) {
	if !e.planning.TryLock() {
		return
	}
	defer e.planning.Unlock()
	for more := true; more && ctx.Err() == nil; {
		e.startDue(ctx)
		more = e.nameNext(ctx)
	}
}

func (e *Engine) startDue(ctx context.Context) {
	now := e.Now()
	due, err := e.Campaigns.Due(ctx, now)
	if err != nil {
		e.problem(ctx, "look for due campaigns", err)
	}
	for _, id := range due {
		err := e.Campaigns.Start(ctx, id, now)
		switch {
		case err == nil:
			e.Log.Info("campaign started", "campaign_id", id)
			e.Wake()
		case domain.KindOf(err) == domain.Conflict: // another instance was faster, or it was edited
		default:
			e.problem(ctx, "start a campaign", err, "campaign_id", id)
		}
	}
}

// nameNext writes down the next part of each audience, and answers whether there is more.
func (e *Engine) nameNext(ctx context.Context) bool {
	naming, err := e.Campaigns.Naming(ctx)
	if err != nil {
		e.problem(ctx, "look for audiences to write down", err)
	}
	again := false
	for _, id := range naming {
		more, err := e.Campaigns.Name(ctx, id, e.Now())
		switch {
		case err == nil:
			again = again || more
			e.Wake()
		case domain.KindOf(err) == domain.Conflict: // another instance is at it, or it was cancelled: the tick looks again
		default:
			e.problem(ctx, "write down an audience", err, "campaign_id", id)
		}
	}
	return again
}
