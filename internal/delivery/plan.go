package delivery

import (
	"context"
	"time"

	"crier/internal/domain"
)

// onePart bounds one round of planning: a database that hangs must not hold it.
const onePart = time.Minute

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

// Plan starts the campaigns whose time has come, lets those expire that hold no longer, reminds of
// surveys, writes down their audiences and withdraws what was cancelled, a part of each at a
// time. It is called by a tick and by Run; while one call is at it another has
// nothing to do.
func (e *Engine) Plan(ctx context.Context) {
	if !e.planning.TryLock() {
		return
	}
	defer e.planning.Unlock()
	for more := true; more && ctx.Err() == nil; {
		e.eachDue(ctx, "start a campaign", "campaign started", e.Campaigns.Due, e.Campaigns.Start)
		e.eachDue(ctx, "let a campaign expire", "campaign expired", e.Campaigns.Expiring, e.Campaigns.Expire)
		if e.Reminders != nil {
			e.eachDue(ctx, "remind people of a survey", "reminders of a survey are due", e.Reminders.RemindersDue, e.Reminders.RemindDue)
		}
		naming := e.nextParts(ctx, "write down an audience", e.Audiences.Naming, func(ctx context.Context, id int64) (bool, error) {
			return e.Audiences.Name(ctx, id, e.Now())
		})
		withdrawing := e.nextParts(ctx, "withdraw what was cancelled", e.Audiences.Withdrawing, e.Audiences.Withdraw)
		more = naming || withdrawing
	}
}

// eachDue does something to each campaign whose time for it has come.
func (e *Engine) eachDue(ctx context.Context, what, done string, list func(context.Context, time.Time) ([]int64, error),
	do func(context.Context, int64, time.Time) error) {
	ctx, cancel := context.WithTimeout(ctx, onePart)
	defer cancel()
	now := e.Now()
	due, err := list(ctx, now)
	if err != nil {
		e.problem(ctx, what, err)
	}
	for _, id := range due {
		err := do(ctx, id, now)
		switch {
		case err == nil:
			e.Log.Info(done, "campaign_id", id)
			e.Wake()
		case domain.KindOf(err) == domain.Conflict: // another instance was faster, or it was edited
		default:
			e.problem(ctx, what, err, "campaign_id", id)
		}
	}
}

// nextParts does the next part of some work for each campaign that has it to do, and answers
// whether there is more.
func (e *Engine) nextParts(ctx context.Context, what string, list func(context.Context) ([]int64, error),
	next func(context.Context, int64) (bool, error)) bool {
	ctx, cancel := context.WithTimeout(ctx, onePart)
	defer cancel()
	ids, err := list(ctx)
	if err != nil {
		e.problem(ctx, what, err)
	}
	again := false
	for _, id := range ids {
		more, err := next(ctx, id)
		switch {
		case err == nil:
			again = again || more
			e.Wake()
		case domain.KindOf(err) == domain.Conflict: // another instance is at it, or it was cancelled: the tick looks again
		default:
			e.problem(ctx, what, err, "campaign_id", id)
		}
	}
	return again
}
