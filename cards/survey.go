package cards

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"crier/internal/domain"
)

const maxExpanded = 6 // more options are a drop-down

// surveyCard asks all questions on one card.
func (p *pen) surveyCard(c domain.Campaign) (adaptiveCard, error) {
	if err := drawable(c.Content.Survey); err != nil {
		return adaptiveCard{}, err
	}
	body := p.opening(c)
	if c.Content.Text != "" {
		body = append(body, paragraph(p.markdown(c.Content.Text)))
	}
	for _, q := range c.Content.Survey.Questions {
		body = append(body, p.question(q))
	}
	if promise := p.promise(c.Content.Survey); promise != "" {
		note := subtle(promise)
		note.Spacing = bodySpacing
		body = append(body, note)
	}
	return p.card(p.surveyText(c), append(body, p.send())...), nil
}

// drawable refuses the surveys that this version can't put on a card.
func drawable(s *domain.Survey) error {
	if s == nil || len(s.Questions) == 0 {
		return domain.Fail(domain.Invalid, "Ask at least one question.")
	}
	for _, q := range s.Questions {
		if q.Type != domain.Choice {
			return domain.Fail(domain.Invalid, "This version sends surveys of one question of the type choice.")
		}
	}
	return nil
}

func (p *pen) question(q domain.Question) choiceSet {
	set := choiceSet{
		Type: "Input.ChoiceSet", ID: answerPrefix + q.ID, Label: p.label(q.Text), Style: "expanded",
		IsRequired: !q.Optional, Spacing: bodySpacing,
	}
	if set.IsRequired {
		set.ErrorMessage = p.Text("Choose one of the answers.")
	}
	if len(q.Options) > maxExpanded {
		set.Style, set.Placeholder = "compact", p.Text("Choose one")
	}
	for _, o := range q.Options {
		set.Choices = append(set.Choices, choice{Title: p.option(o, set.Style), Value: clean(o)})
	}
	return set
}

// option is an answer's words. A drop-down draws no Markdown.
func (p *pen) option(words, style string) string {
	if style == "compact" {
		return p.label(words)
	}
	return p.title(words)
}

// send is the button that submits the answers: Action.Execute, and for clients that
// don't know it Action.Submit with the same data (protocol/cards.md 2, inbound.md 6.1).
func (p *pen) send() actionSet {
	title, with := p.Text("Send"), data{Verb: VerbAnswer, Ref: p.mark(reference, plainText, "")}
	return actions(execute{
		Type: "Action.Execute", Title: title, Verb: VerbAnswer, Data: with,
		Fallback: submit{Type: "Action.Submit", Title: title, Data: with},
	})
}

// surveyText is the survey in plain words, its options numbered.
func (p *pen) surveyText(c domain.Campaign) string {
	lines := []string{bannerOf(c.Kind, p.Translator).String(), p.plainTitle(c.Content.Title), p.plain(c.Content.Text)}
	for _, q := range c.Content.Survey.Questions {
		question := []string{p.plainTitle(q.Text)}
		for i, o := range q.Options {
			question = append(question, strconv.Itoa(i+1)+". "+p.label(o))
		}
		lines = append(lines, strings.Join(question, "\n"))
	}
	return paragraphs(append(lines, p.promise(c.Content.Survey))...)
}

// promise is what becomes of the answers, so that people know before they answer.
func (p *pen) promise(s *domain.Survey) string {
	if s.Privacy != domain.Identified && s.Privacy != "" {
		return ""
	}
	return p.Text("Your answer goes to the communications team with your name.")
}

// Answered is the card that takes a survey's place for somebody who answered: the
// author's thanks and what was answered, nothing to fill in.
// It is the value of an invoke response (protocol/inbound.md 6.1), and what
// ActivityWithCard updates the message with.
func Answered(c domain.Campaign, who domain.Person, answers []domain.Answer) json.RawMessage {
	p := newPen(who.Language())
	body := p.opening(c)
	body = append(body, paragraph(p.markdown(p.thanks(c))))
	for _, a := range answers {
		body = append(body, p.answered(c.Content.Survey, a)...)
	}
	card := p.card(paragraphs(p.plainTitle(c.Content.Title), p.plain(p.thanks(c))), body...)
	card.RTL = p.rightToLeft(c)
	return p.template(card).fill(nil, Recipient{Person: who})
}

// answered is a question and the answer somebody gave to it.
func (p *pen) answered(s *domain.Survey, a domain.Answer) []any {
	if s == nil {
		return nil
	}
	q, ok := s.Question(a.QuestionID)
	if !ok {
		return nil
	}
	value := p.verbatim(a.Value, cardMarkdown)
	if slices.Contains(q.Options, a.Value) {
		value = p.title(a.Value) // the author's own words
	}
	question := subtle(p.title(q.Text))
	question.Spacing = bodySpacing
	return []any{question, textBlock{Type: "TextBlock", Text: "✔ " + value, Weight: "Bolder", Spacing: smallSpacing, Wrap: true}}
}

// thanks is what the author says to those who answered, or our own words; Markdown.
func (p *pen) thanks(c domain.Campaign) string {
	if c.Content.Survey != nil && strings.TrimSpace(c.Content.Survey.Thanks) != "" {
		return c.Content.Survey.Thanks
	}
	return p.Text("Thank you for your answer.")
}

// Thanks is the same in a reply, for a channel whose messages can't be replaced.
func Thanks(c domain.Campaign, who domain.Person) Content {
	p := newPen(who.Language())
	return Content{pen: p, text: p.plain(p.thanks(c))}
}
