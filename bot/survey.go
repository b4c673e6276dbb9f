package bot

import (
	"context"
	"time"

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

// calm is how long a message waits to be redrawn whose person has the next card already, in the
// answer to their press: it is for their other devices, and most go on with the next question
// meanwhile. What a tenant may be sent in a second is for those who wait.
const calm = 3 * time.Second

// redraw turns a survey's message into what it shows now, after the answer to the activity.
// Where it can't be turned, the same is said in words, if nothing else has shown it.
func (b *Bot) redraw(p domain.Person, messageID string, step domain.SurveyStep, shown bool) {
	if messageID == "" || p.Channel != domain.Teams {
		b.tell(p, step)
		return
	}
	key := p.Reference.ConversationID + " " + messageID
	do := func(ctx context.Context) {
		for newest, ok := b.redraws.next(key); ok; newest, ok = b.redraws.next(key) {
			b.update(ctx, p, messageID, newest, shown)
		}
	}
	begin, wait := b.redraws.put(key, step, shown && b.calm > 0, do)
	switch {
	case !begin: // whoever redraws this message just now, or soon, goes on with this
	case wait:
		time.AfterFunc(b.calm, func() {
			if b.redraws.due(key) {
				b.after(do)
			}
		})
	default:
		b.after(do)
	}
}

// redrawRest redraws at once what was to wait, when the program stops.
func (b *Bot) redrawRest(ctx context.Context) {
	for _, do := range b.redraws.rest() {
		if ctx.Err() != nil {
			return
		}
		b.carryOut(ctx, do)
	}
}

func (b *Bot) update(ctx context.Context, p domain.Person, messageID string, step domain.SurveyStep, shown bool) {
	_, err := b.Connector.Update(ctx, refTo(p), messageID, cards.SurveyActivity(step, p))
	if err == nil {
		return
	}
	if !step.Campaign.Anonymous() {
		b.Log.Warn("a survey's card could not be redrawn", "person_id", p.ID, "error", err)
	}
	if !shown {
		b.sayStep(ctx, p, step)
	}
}

// tell says in words where somebody stands in a survey, after the answer to their activity.
func (b *Bot) tell(p domain.Person, step domain.SurveyStep) {
	b.after(func(ctx context.Context) { b.sayStep(ctx, p, step) })
}

func (b *Bot) sayStep(ctx context.Context, p domain.Person, step domain.SurveyStep) {
	said := cards.Reply(p, cards.SurveyText(step, p))
	if step.Campaign.Anonymous() {
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
	if key == "" || step.Campaign.Content.Survey == nil || step.Campaign.Anonymous() {
		return
	}
	select {
	case b.notes <- key:
	default:
		b.writeNotes(ctx, []string{key})
	}
}

// noteTogether writes down what was taken, many at a time: each by itself would cost as much as
// the answer did.
func (b *Bot) noteTogether(ctx, rest context.Context) {
	for ctx.Err() == nil {
		select {
		case key := <-b.notes:
			pause(ctx, notedTogether)
			b.writeNotes(rest, append(b.gathered(), key))
		case <-ctx.Done():
		}
	}
	b.writeNotes(rest, b.gathered())
}

// notedTogether is how long notes gather.
const notedTogether = 50 * time.Millisecond

// gathered are the notes that wait, a transaction's worth at most.
func (b *Bot) gathered() []string {
	var keys []string
	for len(keys) < cap(b.notes) {
		select {
		case key := <-b.notes:
			keys = append(keys, key)
		default:
			return keys
		}
	}
	return keys
}

func (b *Bot) writeNotes(ctx context.Context, keys []string) {
	if len(keys) == 0 {
		return
	}
	if err := b.Inbox.Note(ctx, keys, b.Now()); err != nil {
		b.Log.Warn("answers can't be noted as taken", "error", err)
	}
}
