package bot

import (
	"context"
	"html"
	"strings"

	"crier/internal/domain"
)

// maxTyped bounds a typed answer, in bytes; the longest that counts is shorter.
const maxTyped = 32 << 10

// typed takes a message as an answer to a survey; false where it is none.
//
// Two deliveries of one message would answer two questions.
func (b *Bot) typed(ctx context.Context, t turn, p domain.Person) (answer, bool, error) {
	key := t.activity.Key()
	first, err := b.fresh(ctx, key)
	if err != nil || !first {
		return repeated, err == nil, err
	}
	step, taken, err := b.Surveys.Typed(ctx, p, typedText(t.activity.Text))
	if e := refusal(err); e != nil {
		b.refuseInWords(p, e)
		return handled, true, nil
	}
	if err != nil || !taken {
		b.recent.release(key)
		return handled, false, err
	}
	b.note(ctx, key, step)
	b.redrawTyped(p, step)
	return handled, true, nil
}

// redrawTyped shows the next question: on the card where there is one, else in a reply. What
// was wrong with an answer is said in a reply too, and that it came too late: the card may be
// out of sight.
func (b *Bot) redrawTyped(p domain.Person, step domain.SurveyStep) {
	onCard := step.Delivery.ActivityID != "" && p.Channel == domain.Teams
	said := onCard && (len(step.Faults) > 0 || step.Stage == domain.StageClosed)
	if said {
		b.tell(p, step)
	}
	b.redraw(p, step.Delivery.ActivityID, step, said)
}

// typedText is what somebody typed, with its lines and without mentions and entities.
func typedText(text string) string {
	text = strings.TrimSpace(html.UnescapeString(mention.ReplaceAllString(text, " ")))
	if len(text) > maxTyped {
		text = strings.ToValidUTF8(text[:maxTyped], "")
	}
	return text
}
