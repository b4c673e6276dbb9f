package cards

import (
	"strconv"
	"strings"
	"time"

	"crier/internal/domain"
)

// promise is what becomes of the answers, so that people know before they answer.
func (p *pen) promise(s *domain.Survey) string {
	switch s.Privacy {
	case domain.Masked:
		return p.Text("The communications team sees your answers without your name. Only the system knows whose they are.")
	case domain.Anonymous:
		return p.Text("This survey is anonymous. It is noted that you took part, but your answers are kept apart from your name: nobody can tell which are yours.")
	}
	return p.Text("Your answers go to the communications team with your name.")
}

// thanks is what the author says to those who answered, or our own words; Markdown.
func (p *pen) thanks(c domain.Campaign) string {
	if c.Content.Survey != nil && strings.TrimSpace(c.Content.Survey.Thanks) != "" {
		return c.Content.Survey.Thanks
	}
	return p.Text("Thank you for your answer.")
}

// worded is an answer as people read it, in the Markdown of a card.
func (p *pen) worded(q domain.Question, v domain.Value) string {
	if yes, ok := v.Yes(); ok {
		return p.Text(map[bool]string{true: "Yes", false: "No"}[yes])
	}
	if n, ok := v.Number(); ok {
		return p.numberSaid(q, n)
	}
	switch q.Type {
	case domain.Choice:
		return p.title(v.Text()) // the author's own words
	case domain.Choices:
		var titles []string
		for _, o := range v.List() {
			titles = append(titles, p.title(o))
		}
		return strings.Join(titles, ", ")
	case domain.Date:
		return p.day(v.Text())
	}
	return p.verbatim(shorten(clean(v.Text()), maxRepeated), cardMarkdown)
}

func (p *pen) numberSaid(q domain.Question, n float64) string {
	switch {
	case q.Type == domain.Rating && n >= 1 && n <= 5:
		return p.stars(int(n))
	case q.Type == domain.NPS:
		return p.likely(int(n))
	}
	return p.number(n)
}

// number is a number in the reader's language.
func (p *pen) number(n float64) string {
	digits := strconv.FormatFloat(n, 'f', -1, 64)
	if p.Language() == "fr" {
		return strings.Replace(digits, ".", ",", 1)
	}
	return digits
}

// day is a date as it is kept, in the reader's language.
func (p *pen) day(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	switch {
	case err != nil:
		return p.verbatim(date, cardMarkdown)
	case p.Language() == "fr":
		return t.Format("02/01/2006")
	}
	return t.Format("2 Jan 2006")
}

// stars is a rating from 1 to 5, in stars, digits and words.
func (p *pen) stars(n int) string {
	words := [...]string{p.Text("very poor"), p.Text("poor"), p.Text("fair"), p.Text("good"), p.Text("very good")}
	return p.Text("%s %d – %s", strings.Repeat("★", n)+strings.Repeat("☆", 5-n), n, words[n-1])
}

// likely is an answer from 0 to 10; the ends say what they mean.
func (p *pen) likely(n int) string {
	switch n {
	case 0:
		return p.Text("%d – %s", n, p.Text("not at all likely"))
	case 10:
		return p.Text("%d – %s", n, p.Text("very likely"))
	}
	return strconv.Itoa(n)
}
