package app

import (
	"context"

	"crier/internal/domain"
)

// Settle looks again at the signals that came before their message was recorded as sent, as
// soon as it is. It is to be called every second or so, by one process or several.
func (a *Signals) Settle(ctx context.Context) error {
	if err := a.Store.SettleMarks(ctx); err != nil {
		return err
	}
	for {
		ripe, err := a.Store.RipeSignals(ctx)
		if err != nil || len(ripe) == 0 {
			return err
		}
		for _, v := range ripe {
			if err := a.settle(ctx, v); err != nil {
				return err
			}
		}
	}
}

// settle takes a signal for what it says now that nothing is on the way. What still is was sent
// after it.
func (a *Signals) settle(ctx context.Context, v domain.EarlySignal) error {
	var err error
	if v.Kind == domain.SignalRead {
		_, err = a.read(ctx, v.PersonID, v.ActivityID, v.At)
	} else {
		_, err = a.react(ctx, v)
	}
	if err != nil && domain.KindOf(err) != domain.NotFound { // the campaign may be deleted
		return err
	}
	return a.Store.DropSignal(ctx, v)
}
