package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"crier/internal/domain"
)

// lookFor asks who of the recipients is there: they are ready, the others are tried later.
func (e *Engine) lookFor(ctx context.Context, s *shelf, j *job, items []item) {
	there, err := e.present(ctx, s.TenantID, items)
	e.mu.Lock()
	s.asking -= len(items)
	if delete(e.blind, j.ID); err != nil {
		e.blind[j.ID] = e.Now().Add(notAnswered(err).RetryAfter)
	}
	e.mu.Unlock()
	var ready []item
	var over []domain.Finished
	for _, it := range items {
		switch {
		case ctx.Err() != nil:
			over = append(over, it.Unchanged())
		case err != nil:
			over = append(over, e.notTried(it, notAnswered(err)))
		case slices.Contains(j.Delivery.Presence, there[it.Person.AADObjectID]):
			ready = append(ready, it)
		default:
			over = append(over, e.notTried(it, domain.Result{Verdict: domain.Absent}))
		}
	}
	e.finished(over...)
	e.ready(s, ready)
	if refused, ok := errors.AsType[*domain.Unavailable](err); ok && refused.Permission != "" {
		e.pause(ctx, j.ID, domain.NotPresent)
	} else if err != nil {
		e.problem(ctx, "ask who is there", err, "campaign_id", j.ID)
	}
}

func (e *Engine) present(ctx context.Context, tenant string, items []item) (map[string]domain.Presence, error) {
	ids := make([]string, 0, len(items))
	for _, it := range items {
		if it.Person.AADObjectID != "" {
			ids = append(ids, it.Person.AADObjectID)
		}
	}
	if e.Directory == nil {
		return nil, &domain.Unavailable{Permission: "Presence.Read.All", Err: errors.New("no directory is configured")}
	}
	return e.Directory.Presence(ctx, tenant, ids)
}

// notAnswered puts a row off until the directory may be asked again. It costs nothing.
func notAnswered(err error) domain.Result {
	r := domain.Result{Verdict: domain.Slowed, RetryAfter: 5 * time.Second}
	if u, ok := errors.AsType[*domain.Unavailable](err); ok && u.RetryAfter > 0 {
		r.RetryAfter = u.RetryAfter
	}
	return r
}
