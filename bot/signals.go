package bot

import (
	"context"
	"encoding/json"

	"crier/internal/domain"
)

const readReceipt = "application/vnd.microsoft.readReceipt"

// event is a read receipt; every other event is ignored (protocol/inbound.md 5.6).
func (b *Bot) event(ctx context.Context, t turn) (answer, error) {
	if t.activity.Name != readReceipt {
		return ignored, nil
	}
	var value struct{ LastReadMessageID json.RawMessage }
	if json.Unmarshal(t.activity.Value, &value) != nil {
		return ignored, nil
	}
	var last string
	if json.Unmarshal(value.LastReadMessageID, &last) != nil {
		last = string(value.LastReadMessageID) // a bare number
	}
	p, err := b.person(ctx, t)
	if domain.KindOf(err) == domain.NotFound || last == "" {
		return ignored, nil
	}
	if err != nil {
		return handled, err
	}
	return handled, b.Signals.Read(ctx, p, last)
}

// reaction is one or more reactions added to or removed from a message of ours (5.4).
func (b *Bot) reaction(ctx context.Context, t turn) (answer, error) {
	p, err := b.person(ctx, t)
	if domain.KindOf(err) == domain.NotFound {
		return ignored, nil
	}
	if err != nil {
		return handled, err
	}
	return b.settle(ctx, t, func() error {
		a := t.activity
		for _, r := range a.ReactionsAdded {
			if err := b.Signals.React(ctx, p, a.ReplyToID, string(r.Type), true, t.sighting.At); err != nil {
				return err
			}
		}
		for _, r := range a.ReactionsRemoved {
			if err := b.Signals.React(ctx, p, a.ReplyToID, string(r.Type), false, t.sighting.At); err != nil {
				return err
			}
		}
		return nil
	})
}
