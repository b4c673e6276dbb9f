package bot

import (
	"context"
	"html"
	"regexp"
	"strings"

	"crier/cards"
	"crier/internal/domain"
)

// message is somebody writing to the bot, or a card's Action.Submit, which has a value and
// no text. Either way it shows where they are reached now. What is typed may answer a survey,
// unless it is an officer's command.
func (b *Bot) message(ctx context.Context, t turn) (answer, error) {
	p, err := b.seen(ctx, t)
	if err != nil {
		return handled, err
	}
	text := plain(t.activity.Text)
	c, words := findCommand(text)
	switch {
	case text == "" && len(t.activity.Value) > 0 && string(t.activity.Value) != "null":
		return b.submit(ctx, t)
	case text == "":
		return ignored, nil
	case c == nil || b.Officers.Person(p).Role == domain.NoRole:
		if a, taken, err := b.typed(ctx, t, p); taken || err != nil {
			return a, err
		}
	}
	if c == nil {
		return b.chat(ctx, t, p)
	}
	return b.once(ctx, t, func() error {
		b.after(func(ctx context.Context) { b.say(ctx, p, cards.Reply(p, b.obey(ctx, p, c, words))) })
		return nil
	})
}

// seen keeps what a message shows of whoever wrote it, and answers them.
func (b *Bot) seen(ctx context.Context, t turn) (domain.Person, error) {
	p, err := b.person(ctx, t)
	if err == nil && !t.sighting.Changes(p) {
		return p, nil
	}
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return p, err
	}
	if err := b.People.Remember(ctx, t.sighting); err != nil {
		return p, err
	}
	return b.person(ctx, t)
}

// chat answers what nobody here understands, but not more than once a day: the bot is no
// partner for talk.
func (b *Bot) chat(ctx context.Context, t turn, p domain.Person) (answer, error) {
	if len(b.later) > cap(b.later)/2 {
		return ignored, nil // those who asked for something come first
	}
	due, err := b.People.DueAnswer(ctx, p)
	if err != nil || !due {
		return handled, err
	}
	return b.once(ctx, t, func() error {
		b.reply(p, cards.Fallback(p))
		return nil
	})
}

var (
	mention = regexp.MustCompile(`(?s)<at[^>]*>.*?</at>`)
	spaces  = regexp.MustCompile(`[\s\p{Z}]+`)
)

// maxWords bounds a command; what is longer is talk.
const maxWords = 1000

// plain is what somebody typed, without mentions, markup's entities and odd spaces.
func plain(text string) string {
	text = html.UnescapeString(mention.ReplaceAllString(text, " "))
	text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "")
	}
	return text
}

// obey carries out a command for an officer, and tells everybody else that it can't.
func (b *Bot) obey(ctx context.Context, p domain.Person, c *command, words string) cards.Content {
	by := b.Officers.Person(p)
	if by.Role == domain.NoRole && p.UPN == "" {
		// An officer may be known by their principal name, which the roster tells.
		if known, err := b.learn(ctx, p); err == nil {
			p, by = known, b.Officers.Person(known)
		}
	}
	if c.open && by.Role == domain.NoRole {
		return cards.Fallback(p)
	}
	content, err := c.run(ctx, b, conversation{person: p, by: by, words: words})
	if e := refusal(err); e != nil {
		return cards.Notice(inWords(p.Language(), e))
	}
	if err != nil {
		b.Log.Error("a command failed", "command", c.words[0], "person_id", p.ID, "error", err)
		return cards.Notice(sentence(p, "Something went wrong here. Please try again later."))
	}
	return content
}
