package bot

import (
	"context"
	"encoding/json"
	"net/http"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/i18n"
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

// execute keeps the answers of a card's Action.Execute and answers the card it turns into.
func (b *Bot) execute(ctx context.Context, t turn) (answer, error) {
	p, result, err := b.submitted(ctx, t)
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
	if t.activity.ReplyToID != "" {
		// The answer below changes only the client that asked; the person has others.
		b.after(func(ctx context.Context) { b.redraw(ctx, t, p, result) })
	}
	return actionAnswer(http.StatusOK, typeCard, answeredCard(result, p)), nil
}

// submit keeps the answers of a card's Action.Submit, which arrives as a message.
func (b *Bot) submit(ctx context.Context, t turn) (answer, error) {
	return b.once(ctx, t, func() error {
		p, result, err := b.submitted(ctx, t)
		if e := refusal(err); e != nil {
			if p.ID != 0 {
				b.reply(p, cards.Notice(inWords(p.Language(), e)))
			}
			return nil
		}
		if err != nil {
			return err
		}
		b.after(func(ctx context.Context) { b.redraw(ctx, t, p, result) })
		return nil
	})
}

// submitted reads and keeps a submission.
func (b *Bot) submitted(ctx context.Context, t turn) (domain.Person, app.Answered, error) {
	p, err := b.person(ctx, t)
	if err != nil {
		return p, app.Answered{}, err
	}
	s, err := cards.ReadSubmission(t.activity.Value)
	if err != nil {
		return p, app.Answered{}, err
	}
	if s.Verb != cards.VerbAnswer {
		return p, app.Answered{}, domain.Fail(domain.Invalid, "This button does nothing here.")
	}
	result, err := b.Signals.Answer(ctx, p, s.Ref, s.Answers)
	return p, result, err
}

// redraw turns the message into its answered form, or says thanks where it can't be turned.
func (b *Bot) redraw(ctx context.Context, t turn, p domain.Person, result app.Answered) {
	id := t.activity.ReplyToID
	if id == "" {
		id = result.Delivery.ActivityID
	}
	if id != "" && p.Channel == domain.Teams {
		summary := i18n.Text(p.Language(), "Thank you for your answer")
		_, err := b.Connector.Update(ctx, refTo(p), id, cards.ActivityWithCard(p, answeredCard(result, p), summary))
		if err == nil {
			return
		}
		b.Log.Warn("an answered card could not be redrawn", "person_id", p.ID, "error", err)
	}
	b.say(ctx, p, cards.Reply(p, cards.Thanks(result.Campaign, p)))
}

func answeredCard(result app.Answered, p domain.Person) json.RawMessage {
	return cards.Answered(result.Campaign, p, result.Answers)
}
