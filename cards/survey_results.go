package cards

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crier/internal/domain"
)

const (
	maxTop   = 5  // answers shown of a question
	barWidth = 10 // characters of a bar
)

// Results is a whole activity that tells those who answered a survey what came of it. The
// report is one that its privacy allows to show. Nobody's own words are in it, and no question
// that a few answered: their colleagues could tell who.
func Results(c domain.Campaign, r domain.SurveyReport, who domain.Person) []byte {
	few := func(q domain.QuestionReport) bool { return q.Answers < domain.MinResponses || r.Withheld }
	asked := slices.DeleteFunc(slices.Clone(r.Questions), few)
	for shown := len(asked); ; shown /= 2 {
		a := results(c, r, asked[:shown], len(asked)-shown, who)
		if Size(a) <= MaxSize || shown == 0 {
			return a
		}
	}
}

func results(c domain.Campaign, r domain.SurveyReport, asked []domain.QuestionReport, more int, who domain.Person) []byte {
	p := newPen(who.Language())
	said := p.Text("You said: this is what %d people answered. Thank you!", r.Shown)
	if r.Shown == 1 {
		said = p.Text("You said: this is what 1 person answered. Thank you!")
	}
	body := append(p.opening(c), paragraph(said))
	texts := []string{bannerOf(c.Kind, p.Translator).String(), p.plainTitle(c.Content.Title), said}
	for _, q := range asked {
		lines := p.results(q)
		question := paragraph(p.title(q.Question.Text))
		question.Weight = "Bolder"
		body = append(body, question)
		texts = append(texts, p.plainTitle(q.Question.Text)+"\n"+strings.Join(plainLines(lines), "\n"))
		for _, l := range lines {
			body = append(body, textBlock{Type: "TextBlock", Text: strings.TrimSpace(l.bar + " " + l.card), Spacing: smallSpacing, Wrap: true})
		}
	}
	if more > 0 {
		text := p.Text("and %d more", more)
		body, texts = append(body, subtle(text)), append(texts, text)
	}
	if who.Channel == domain.Skype {
		return p.finish(plainActivity(paragraphs(texts...)), who)
	}
	card := p.card(paragraphs(texts...), body...)
	card.RTL = p.rightToLeft(c)
	return p.finish(activity{
		Type: "message", Summary: p.Text("%s: %s", p.Text("You said"), p.subject(c)),
		Attachments: []attachment{{ContentType: cardType, Content: card}},
		ChannelData: &channelData{Notification: notification{Alert: true}},
	}, who)
}

// resultLine is an answer and how many gave it: on a card with a bar, and in plain words.
type resultLine struct{ bar, card, plain string }

func plainLines(lines []resultLine) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.plain)
	}
	return all
}

// results are the answers most given to a question, or its figure.
func (p *pen) results(q domain.QuestionReport) []resultLine {
	var lines []resultLine
	one := func(text string) { lines = append(lines, resultLine{card: text, plain: text}) }
	switch {
	case q.Score != nil:
		one(p.Text("Score: %s, from -100 to 100", p.number(rounded(*q.Score))))
	case q.Question.Type == domain.Rating, q.Question.Type == domain.Number:
		one(p.Text("On average: %s", p.number(rounded(q.Numbers.Average))))
	case len(q.Options) == 0:
		one(p.answered(q.Answers))
	}
	if q.Question.Type == domain.NPS {
		return lines
	}
	top := make([]int, len(q.Options))
	for i := range top {
		top[i] = i
	}
	if q.Question.Type != domain.Rating {
		slices.SortStableFunc(top, func(a, b int) int { return cmp.Compare(q.Options[b].Count, q.Options[a].Count) })
	}
	percents := q.Percents()
	for _, i := range top[:min(len(top), maxTop)] {
		full := min(int(q.Share(q.Options[i])*barWidth+0.5), barWidth)
		percent := p.Text("%d%%", percents[i])
		card, plain := p.optionSaid(q.Question, q.Options[i].Text)
		lines = append(lines, resultLine{strings.Repeat("█", full) + strings.Repeat("░", barWidth-full), percent + " " + card, percent + " " + plain})
	}
	return lines
}

// optionSaid is an answer that a question offers, on a card and in plain words.
func (p *pen) optionSaid(q domain.Question, option string) (card, plain string) {
	switch {
	case q.Type == domain.YesNo && option == "yes":
		card = p.Text("Yes")
	case q.Type == domain.YesNo:
		card = p.Text("No")
	case q.Type == domain.Rating && len(option) == 1 && option >= "1" && option <= "5":
		card = p.stars(int(option[0] - '0'))
	default:
		return p.title(option), p.label(option)
	}
	return card, card
}

// answered says how many people answered a question.
func (p *pen) answered(n int64) string {
	if n == 1 {
		return p.Text("1 person answered")
	}
	return p.Text("%d people answered", n)
}

// rounded is a figure to one decimal. One too great to have decimals stays as it is.
func rounded(n float64) float64 {
	if math.Abs(n) >= 1e15 {
		return n
	}
	return math.Round(n*10)/10 + 0 // never -0, which would be written so
}
