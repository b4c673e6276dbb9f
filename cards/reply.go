package cards

import (
	"strings"

	"crier/internal/domain"
)

// Content is what the bot itself says: a card where the channel has them, and the
// same in plain words.
type Content struct {
	pen  *pen
	body []any  // of the card; nil: the text alone
	text string // plain; the card's fallback text and summary too
}

// Reply is a whole activity with that content, for one person. Replies don't alert:
// who reads them is in the chat.
func Reply(to domain.Person, c Content) []byte {
	if c.pen == nil {
		c.pen = newPen(to.Language())
	}
	if c.body == nil || to.Channel == domain.Skype {
		return c.pen.finish(plainActivity(c.text), to)
	}
	return c.pen.finish(activity{
		Type: "message", Summary: c.text,
		Attachments: []attachment{{ContentType: cardType, Content: c.pen.card(c.text, c.body...)}},
	}, to)
}

// Notice is a simple reply: a text that stands as it is, Markdown or not.
func Notice(text string) Content {
	return Content{text: clean(text)}
}

// Welcome says who speaks here and what to expect, to somebody who has just got the app.
func Welcome(who domain.Person) Content {
	p := newPen(who.Language())
	return p.letter(
		p.Text("Hello [FIRSTNAME]!"),
		p.Text("Your communications team speaks to you here: ideas, good news, important announcements and, now and then, a short survey."),
		p.Text("When you answer a survey, your answer goes to the communications team. Nobody reads anything else that you write here."),
	)
}

// Fallback answers what nobody here understands.
func Fallback(who domain.Person) Content {
	p := newPen(who.Language())
	return p.letter(
		p.Text("Thank you for your message"),
		p.Text("I only bring news and surveys from your communications team, and nobody reads what is written to me. Please contact the team directly; the answers you give in a survey do reach it."),
	)
}

// letter is a heading and paragraphs of our own Markdown.
func (p *pen) letter(title string, texts ...string) Content {
	body, plain := []any{heading(p.title(title))}, []string{p.plainTitle(title)}
	for _, t := range texts {
		body, plain = append(body, paragraph(p.markdown(t))), append(plain, p.plain(t))
	}
	return Content{pen: p, body: body, text: paragraphs(plain...)}
}

// Command is a line of the help: how it is written ("report <campaign>") and what it does.
type Command struct{ Usage, Summary string }

// Help lists the commands, one a line, the command first.
func Help(language string, commands []Command) Content {
	p := newPen(language)
	var lines []string
	body := []any{heading(p.Text("What you can ask me"))}
	for i, c := range commands {
		line := paragraph(p.Text("**%s**: %s", p.verbatim(c.Usage, cardMarkdown), p.verbatim(c.Summary, cardMarkdown)))
		if i > 0 {
			line.Spacing = smallSpacing
		}
		body = append(body, line)
		lines = append(lines, p.Text("%s: %s", clean(c.Usage), clean(c.Summary)))
	}
	return Content{pen: p, body: body, text: strings.Join(lines, "\n")}
}
