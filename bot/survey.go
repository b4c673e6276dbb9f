package bot

import (
	"context"

	"crier/cards"
	"crier/internal/domain"
)

// Surveys are what people do with surveys; *app.Surveys has it.
type Surveys interface {
	// Submit takes a press of a survey's button. Doing it twice comes to the same.
	Submit(ctx context.Context, p domain.Person, s domain.SurveySubmission) (domain.SurveyStep, error)
	// Typed takes a message as the answer to the question somebody has before them; false
	// where they have none, or it is none.
	Typed(ctx context.Context, p domain.Person, text string) (domain.SurveyStep, bool, error)
}

// redraw turns a survey's message into what it shows now, after the answer to the activity.
// Where it can't be turned, the same is said in words, if nothing else has shown it.
func (b *Bot) redraw(p domain.Person, messageID string, step domain.SurveyStep, shown bool) {
	if messageID == "" || p.Channel != domain.Teams {
		b.reply(p, cards.SurveyText(step, p))
		return
	}
	key := p.Reference.ConversationID + " " + messageID
	if !b.redraws.put(key, step) {
		return // whoever redraws this message just now goes on with this
	}
	b.after(func(ctx context.Context) {
		for newest, ok := b.redraws.next(key); ok; newest, ok = b.redraws.next(key) {
			b.update(ctx, p, messageID, newest, shown)
		}
	})
}

func (b *Bot) update(ctx context.Context, p domain.Person, messageID string, step domain.SurveyStep, shown bool) {
	_, err := b.Connector.Update(ctx, refTo(p), messageID, cards.SurveyActivity(step, p))
	if err == nil {
		return
	}
	if s := step.Campaign.Content.Survey; s == nil || s.Privacy != domain.Anonymous {
		// Of an anonymous survey, the log would tell who answered at that moment.
		b.Log.Warn("a survey's card could not be redrawn", "person_id", p.ID, "error", err)
	}
	if !shown {
		b.say(ctx, p, cards.Reply(p, cards.SurveyText(step, p)))
	}
}

// submission takes what somebody sent with a button.
func (b *Bot) submission(ctx context.Context, t turn) (domain.Person, domain.SurveyStep, error) {
	p, err := b.person(ctx, t)
	if err != nil {
		return p, domain.SurveyStep{}, err
	}
	s, err := cards.ReadSubmission(t.activity.Value)
	if err != nil {
		return p, domain.SurveyStep{}, err
	}
	step, err := b.Surveys.Submit(ctx, p, s)
	return p, step, err
}
