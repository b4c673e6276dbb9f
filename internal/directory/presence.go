package directory

import (
	"context"
	"errors"
	"slices"

	"crier/internal/domain"
)

const (
	maxIDs     = 650 // in one request (protocol/graph.md section 3)
	permission = "Presence.Read.All"
)

// Presence says who is there, by Entra object id, spelt as it was given. Who is not
// in the answer is in none of the three presences, as far as is known; that holds
// for ids that are no GUID as well. An answer may be up to a minute old.
//
// The error is a [*domain.Unavailable] whose RetryAfter is when to ask again, or
// the context's. Until then every question about the tenant fails at once, unless
// it can be answered from memory.
func (d *Directory) Presence(ctx context.Context, tenantID string, ids []string) (map[string]domain.Presence, error) {
	t, found := d.tenant(tenantID), presences{}
	unknown := d.memory.recall(d.now(), t.id, distinct(ids), found)
	for batch := range slices.Chunk(unknown, maxIDs) {
		if err := d.learn(ctx, t, batch, found); err != nil {
			return nil, err
		}
	}
	there := map[string]domain.Presence{}
	for _, id := range ids {
		if g, ok := parseGUID(id); ok && found[g] != absent {
			there[id] = found[g]
		}
	}
	return there, nil
}

// Check asks whether presence may be asked for in a tenant. A yes holds for a
// minute; the error is that of Presence.
func (d *Directory) Check(ctx context.Context, tenantID string) error {
	t := d.tenant(tenantID)
	if err := t.enter(ctx); err != nil {
		return err
	}
	defer t.leave()
	if d.now().Before(t.allowedUntil) {
		return nil
	}
	_, err := d.ask(ctx, t, []guid{nobody()})
	return err
}

// learn adds a batch to what was found. Of several callers that want the same
// people the first asks Graph, and the others read its answer from memory.
func (d *Directory) learn(ctx context.Context, t *tenant, batch []guid, found presences) error {
	if err := t.enter(ctx); err != nil {
		return err
	}
	defer t.leave()
	batch = d.memory.recall(d.now(), t.id, batch, found)
	if len(batch) == 0 {
		return nil
	}
	answer, err := d.ask(ctx, t, batch)
	if err != nil {
		return err
	}
	for _, id := range batch {
		found[id] = answer[id]
	}
	d.memory.keep(d.now(), t.id, batch, answer)
	return nil
}

// ask is to be called in the tenant's turn. It does not ask while the tenant is
// closed, and closes it when Graph does not answer.
func (d *Directory) ask(ctx context.Context, t *tenant, batch []guid) (presences, error) {
	if refusal := t.closed(d.now()); refusal != nil {
		return nil, refusal
	}
	answer, err := d.request(ctx, t.id, batch)
	if err == nil {
		t.open(d.now())
		return answer, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err() // the caller went away, which says nothing of Graph
	}
	refusal := t.close(d.now(), asUnavailable(err))
	d.log.Warn("presence can't be asked for", "tenant", t.id, "again_in", refusal.RetryAfter, "error", refusal)
	return nil, refusal
}

func asUnavailable(err error) domain.Unavailable {
	if u, ok := errors.AsType[*domain.Unavailable](err); ok {
		return *u
	}
	return domain.Unavailable{Err: err}
}

// absent is the presence of somebody who is in none of the three.
const absent domain.Presence = ""

type presences map[guid]domain.Presence

// presenceOf reads the two words of Graph (protocol/graph.md section 3): the
// activity refines what the availability says of somebody who is there. Do not
// disturb, offline, and words that are new, are absent.
func presenceOf(availability, activity string) domain.Presence {
	var base domain.Presence
	switch availability {
	case "Available", "AvailableIdle":
		base = domain.Available
	case "Busy", "BusyIdle":
		base = domain.Busy
	case "Away", "BeRightBack":
		base = domain.Away
	default:
		return absent
	}
	switch activity {
	case "InACall", "InAConferenceCall", "InAMeeting", "Presenting", "UrgentInterruptionsOnly":
		return domain.Busy
	case "OutOfOffice", "OffWork":
		return domain.Away
	}
	return base
}
