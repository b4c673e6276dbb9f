package bot

import (
	"cmp"
	"context"
	"net/http"

	"crier/cards"
	"crier/internal/domain"
)

// invoke answers in the same HTTP exchange (protocol/inbound.md 6). A card's button is the
// one kind that is served; a button without a name is taken note of.
func (b *Bot) invoke(ctx context.Context, t turn) (answer, error) {
	switch t.activity.Name {
	case "adaptiveCard/action":
		return b.execute(ctx, t)
	case "":
		return ignored, nil
	}
	return answer{status: http.StatusNotImplemented, result: "ignored"}, nil
}

// The types of a Universal Action's answer (protocol/inbound.md 6.1).
const (
	typeCard    = "application/vnd.microsoft.card.adaptive"
	typeMessage = "application/vnd.microsoft.activity.message"
	typeError   = "application/vnd.microsoft.error"
)

func actionAnswer(status int, kind string, value any) answer {
	return answer{result: "handled", body: map[string]any{"statusCode": status, "type": kind, "value": value}}
}

// execute takes a card's Action.Execute and answers the card it turns into.
func (b *Bot) execute(ctx context.Context, t turn) (answer, error) {
	p, step, first, err := b.press(ctx, t)
	if e := refusal(err); e != nil {
		words := inWords(p.Language(), e)
		if e.Kind == domain.Invalid {
			return actionAnswer(http.StatusBadRequest, typeError, map[string]string{"code": "BadRequest", "message": words}), nil
		}
		return actionAnswer(http.StatusOK, typeMessage, words), nil
	}
	if err != nil {
		return handled, err
	}
	if first && t.activity.ReplyToID != "" {
		// The answer below changes only the client that asked; the person has others.
		b.redraw(p, t.activity.ReplyToID, step, true)
	}
	return actionAnswer(http.StatusOK, typeCard, cards.Survey(step, p)), nil
}

// submit takes a card's Action.Submit, which arrives as a message. Of one that is refused nothing
// is kept but in memory: it may be about an anonymous survey.
func (b *Bot) submit(ctx context.Context, t turn) (answer, error) {
	p, step, first, err := b.press(ctx, t)
	if !first {
		return repeated, nil
	}
	if e := refusal(err); e != nil {
		if p.ID != 0 && b.recent.claim(t.activity.Key()) {
			b.refuseInWords(p, e)
		}
		return handled, nil
	}
	if err != nil {
		return handled, err
	}
	b.redraw(p, cmp.Or(t.activity.ReplyToID, step.Delivery.ActivityID), step, false)
	return handled, nil
}
