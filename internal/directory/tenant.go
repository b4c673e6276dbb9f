package directory

import (
	"context"
	"time"

	"crier/internal/domain"
)

const (
	firstPause = 5 * time.Second // when Graph does not say how long
	mostPause  = time.Minute
	yesHolds   = time.Minute
)

// tenant is how things stand with one tenant's Graph. Only who has the turn reads or
// changes the fields below it.
type tenant struct {
	id   string
	turn chan struct{} // holds one value while somebody has the turn

	allowedUntil time.Time // no need to check the permission before
	closedUntil  time.Time // no use asking before, and why
	reason       domain.Unavailable
	failures     int // in a row
}

func newTenant(id string) *tenant { return &tenant{id: id, turn: make(chan struct{}, 1)} }

// enter waits for the turn: one request at a time for each tenant, far below what
// Graph allows, and nobody asks what another caller is about to learn.
func (t *tenant) enter(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *tenant) leave() { <-t.turn }

// closed tells why there is no use asking now; nil: there is.
func (t *tenant) closed(now time.Time) *domain.Unavailable {
	left := t.closedUntil.Sub(now)
	if left <= 0 {
		return nil
	}
	why := t.reason
	why.RetryAfter = left
	return &why
}

func (t *tenant) open(now time.Time) {
	t.failures, t.allowedUntil = 0, now.Add(yesHolds)
}

// close stops questions for as long as Graph asked, else for a pause that doubles
// from failure to failure. A missing permission takes a person to mend: it is asked
// for again once a minute.
func (t *tenant) close(now time.Time, why domain.Unavailable) *domain.Unavailable {
	t.failures++
	if why.Permission != "" {
		t.allowedUntil = time.Time{}
	}
	switch {
	case why.RetryAfter > 0:
	case why.Permission != "":
		why.RetryAfter = mostPause
	default:
		why.RetryAfter = min(firstPause<<min(t.failures-1, 10), mostPause)
	}
	t.reason, t.closedUntil = why, now.Add(why.RetryAfter)
	return &why
}
