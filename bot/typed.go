package bot

import (
	"context"
	"html"
	"strings"

	"crier/cards"
	"crier/internal/domain"
)

// maxTyped bounds a typed answer, in bytes; the longest that counts is shorter.
const maxTyped = 32 << 10

// typed takes a message as an answer to a survey; false where it is none.
//
// Two deliveries of one message would answer two questions. What is remembered of an
// anonymous survey's is in memory only: the inbox keeps times.
func (b *Bot) typed(ctx context.Context, t turn, p domain.Person) (answer, bool, error) {
	key := t.activity.Key()
	if !b.recent.claim(key) {
		return repeated, true, nil
	}
	step, taken, err := b.take(ctx, t, p, key)
	if err != nil || !taken {
		b.recent.release(key)
		return handled, false, err
	}
	if step == nil {
		return repeated, true, nil
	}
	b.redrawTyped(p, *step)
	return handled, true, nil
}

// take hands the message on, unless another process did; a nil step says so.
func (b *Bot) take(ctx context.Context, t turn, p domain.Person, key string) (*domain.SurveyStep, bool, error) {
	if key != "" {
		if known, err := b.Inbox.Known(ctx, key); known || err != nil {
			return nil, known, err
		}
	}
	step, taken, err := b.Surveys.Typed(ctx, p, typedText(t.activity.Text))
	if err != nil || !taken {
		return nil, false, err
	}
	if s := step.Campaign.Content.Survey; key != "" && s != nil && s.Privacy != domain.Anonymous {
		if _, err := b.Inbox.Begin(context.WithoutCancel(ctx), key, b.Now()); err != nil {
			b.Log.Warn("a typed answer can't be noted as taken", "error", err)
		}
	}
	return &step, true, nil
}

// redrawTyped shows the next question: on the card where there is one, else in a reply. What
// was wrong with an answer is said in a reply too: the card may be out of sight.
func (b *Bot) redrawTyped(p domain.Person, step domain.SurveyStep) {
	onCard := step.Delivery.ActivityID != "" && p.Channel == domain.Teams
	if onCard && len(step.Faults) > 0 {
		b.reply(p, cards.SurveyText(step, p))
	}
	b.redraw(p, step.Delivery.ActivityID, step, len(step.Faults) > 0)
}

// typedText is what somebody typed, with its lines and without mentions and entities.
func typedText(text string) string {
	text = strings.TrimSpace(html.UnescapeString(mention.ReplaceAllString(text, " ")))
	if len(text) > maxTyped {
		text = strings.ToValidUTF8(text[:maxTyped], "")
	}
	return text
}
