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
// no text. Either way it shows where they are reached now.
func (b *Bot) message(ctx context.Context, t turn) (answer, error) {
	if err := b.People.Remember(ctx, t.sighting); err != nil {
		return handled, err
	}
	text := plain(t.activity.Text)
	if text == "" && len(t.activity.Value) > 0 && string(t.activity.Value) != "null" {
		return b.submit(ctx, t)
	}
	if text == "" {
		return ignored, nil
	}
	p, err := b.person(ctx, t)
	if err != nil {
		return handled, err
	}
	b.after(func(ctx context.Context) { b.converse(ctx, p, text) })
	return handled, nil
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

// converse answers what somebody wrote: an officer's command, or a word to everybody else.
func (b *Bot) converse(ctx context.Context, p domain.Person, text string) {
	b.say(ctx, p, cards.Reply(p, b.understand(ctx, p, text)))
}

func (b *Bot) understand(ctx context.Context, p domain.Person, text string) cards.Content {
	c, words := findCommand(text)
	if c == nil {
		return cards.Fallback(p)
	}
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
