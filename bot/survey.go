package bot

import (
	"context"

	"crier/cards"
	"crier/internal/domain"
)

// Surveys are what people do with surveys; *app.Surveys has it.
type Surveys interface {
	// Submit takes a press of a survey's button.
	Submit(ctx context.Context, p domain.Person, s domain.SurveySubmission) (domain.SurveyStep, error)
	// Shown is what the card of a press is to show now; the press does nothing.
	Shown(ctx context.Context, p domain.Person, s domain.SurveySubmission) (domain.SurveyStep, error)
	// Typed takes a message as the answer to the question somebody has before them; false
	// where they have none, or it is none. A domain.Error is for the person.
	Typed(ctx context.Context, p domain.Person, text string) (domain.SurveyStep, bool, error)
}

// redraw turns a survey's message into what it shows now, after the answer to the activity.
// Where it can't be turned, the same is said in words, if nothing else has shown it.
func (b *Bot) redraw(p domain.Person, messageID string, step domain.SurveyStep, shown bool) {
	if messageID == "" || p.Channel != domain.Teams {
		b.tell(p, step)
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
	if !anonymous(step) {
		b.Log.Warn("a survey's card could not be redrawn", "person_id", p.ID, "error", err)
	}
	if !shown {
		b.sayStep(ctx, p, step)
	}
}

// anonymous says that nothing may tell who answered at that moment: no log line, no row with a time.
func anonymous(step domain.SurveyStep) bool {
	s := step.Campaign.Content.Survey
	return s != nil && s.Privacy == domain.Anonymous
}

// tell says in words where somebody stands in a survey, after the answer to their activity.
func (b *Bot) tell(p domain.Person, step domain.SurveyStep) {
	b.after(func(ctx context.Context) { b.sayStep(ctx, p, step) })
}

func (b *Bot) sayStep(ctx context.Context, p domain.Person, step domain.SurveyStep) {
	said := cards.Reply(p, cards.SurveyText(step, p))
	if anonymous(step) {
		b.sayQuietly(ctx, p, said)
	} else {
		b.say(ctx, p, said)
	}
}

// refuseInWords tells somebody why a survey did not take what they did. It may be an anonymous one.
func (b *Bot) refuseInWords(p domain.Person, e *domain.Error) {
	said := cards.Reply(p, cards.Notice(inWords(p.Language(), e)))
	b.after(func(ctx context.Context) { b.sayQuietly(ctx, p, said) })
}

// press takes what somebody sent with a button. A press that the channel delivers again would
// undo what they did since: it does nothing, first is false, and the step is how their card stands
// now. One that was refused is new the next time.
func (b *Bot) press(ctx context.Context, t turn) (p domain.Person, step domain.SurveyStep, first bool, err error) {
	if p, err = b.person(ctx, t); err != nil {
		return p, step, true, err
	}
	s, err := cards.ReadSubmission(t.activity.Value)
	if err != nil {
		return p, step, true, err
	}
	key := t.activity.Key()
	if first, err = b.fresh(ctx, key); err != nil {
		return p, step, true, err
	}
	if !first {
		step, err = b.Surveys.Shown(ctx, p, s)
		return p, step, false, err
	}
	if step, err = b.Surveys.Submit(ctx, p, s); err != nil {
		b.recent.release(key)
		return p, step, true, err
	}
	b.note(ctx, key, step)
	return p, step, true, nil
}

// fresh claims an activity, and says whether neither this process nor another took it before.
func (b *Bot) fresh(ctx context.Context, key string) (bool, error) {
	if !b.recent.claim(key) {
		return false, nil
	}
	if key == "" {
		return true, nil
	}
	known, err := b.Inbox.Known(ctx, key)
	if err != nil {
		b.recent.release(key)
	}
	return !known, err
}

// note tells other processes that an activity was taken. What was done with an anonymous survey is
// remembered in memory only: the inbox keeps times.
func (b *Bot) note(ctx context.Context, key string, step domain.SurveyStep) {
	if key == "" || step.Campaign.Content.Survey == nil || anonymous(step) {
		return
	}
	if _, err := b.Inbox.Begin(context.WithoutCancel(ctx), key, b.Now()); err != nil {
		b.Log.Warn("an answer can't be noted as taken", "error", err)
	}
}
