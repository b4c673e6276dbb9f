package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"crier/internal/domain"
)

// longestLook bounds asking who is there.
const longestLook = 30 * time.Second

// presenceLasts is how long somebody who was there counts as there.
const presenceLasts = time.Minute

// lookFor asks who of the recipients is there: they are ready, the others are tried later.
func (e *Engine) lookFor(ctx context.Context, s *shelf, items []*item) {
	j := items[0].job
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestLook) // the caller does not wait
	defer cancel()
	there, err := e.present(ctx, s.TenantID, items)
	var ready []*item
	var over []domain.Finished
	for _, it := range items {
		switch {
		case err != nil:
			over = append(over, e.notTried(it, notAnswered(err)))
		case slices.Contains(j.Delivery.Presence, there[it.Person.AADObjectID]):
			it.there = time.Now()
			ready = append(ready, it)
		default:
			over = append(over, e.notTried(it, domain.Result{Verdict: domain.Absent}))
		}
	}
	e.mu.Lock()
	if delete(e.blind, j.ID); err != nil {
		e.blind[j.ID] = e.Now().Add(notAnswered(err).RetryAfter)
	}
	s.asking -= len(items) // together with what follows: a shelf that holds and asks nothing is taken away
	e.ready(s, ready)
	ours := items[0].instance == e.instance
	e.mu.Unlock()
	if ours {
		e.finished(over...)
	}
	if refused, ok := errors.AsType[*domain.Unavailable](err); ok && refused.Permission != "" {
		e.pause(ctx, j.ID, domain.NotPresent)
	} else if err != nil {
		e.problem(ctx, "ask who is there", err, "campaign_id", j.ID)
	}
}

func (e *Engine) present(ctx context.Context, tenant string, items []*item) (map[string]domain.Presence, error) {
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
