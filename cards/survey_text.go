package cards

import (
	"strconv"
	"strings"

	"crier/internal/domain"
)

// SurveyText is where somebody stands in a survey, in plain words: the reply on channels
// without cards. One question at a time; its answer is a message.
func SurveyText(step domain.SurveyStep, who domain.Person) Content {
	p := newPen(who.Language())
	s := p.sheet(step, false)
	switch step.Stage {
	case domain.StageThanks:
		said := []string{}
		for _, q := range step.Closing {
			said = append(said, s.numbered(q))
		}
		return Content{pen: p, text: paragraphs(append(said, p.plain(p.thanks(step.Campaign)))...)}
	case domain.StageClosed:
		return Content{pen: p, text: p.Text("This survey is closed: it takes no more answers. Thank you all the same.")}
	case domain.StageLater:
		return Content{pen: p, text: p.Text("You will be asked again tomorrow. You can answer now all the same.")}
	}
	q, _ := s.current()
	fault := ""
	if f, ok := step.Faults[q.ID]; ok {
		fault = p.Text(f.Format, f.Args...)
	}
	return Content{pen: p, text: paragraphs(fault, s.questionText())}
}

// surveyText is the survey as its first message, in plain words.
func (p *pen) surveyText(c domain.Campaign) string {
	s := p.sheet(p.stepOf(c), false)
	return paragraphs(s.openingText(), p.plain(c.Content.Text), p.promise(s.survey), s.questionText())
}

// askingText is a card of questions in plain words.
func (s sheet) askingText() string {
	intro := ""
	if s.begins() {
		intro = s.plain(s.Campaign.Content.Text)
	}
	texts := []string{s.openingText(), intro}
	if s.survey.Style == domain.SingleCard {
		for _, q := range s.survey.Questions {
			texts = append(texts, s.numbered(q))
		}
	} else {
		texts = append(texts, s.questionText())
	}
	return paragraphs(append(texts, s.promise(s.survey))...)
}

func (s sheet) openingText() string {
	return paragraphs(bannerOf(s.Campaign.Kind, s.Translator).String(), s.plainTitle(s.Campaign.Content.Title))
}

// questionText is the question that is asked now, and how to answer it.
func (s sheet) questionText() string {
	q, ok := s.current()
	if !ok {
		return ""
	}
	far := ""
	if n, of := s.survey.Progress(q.ID); of > 1 && q.Type != domain.Statement {
		far = s.Text("Question %d of %d", n, of)
	}
	return paragraphs(far, s.numbered(q), s.howTo(q))
}

// numbered is a question in plain words, its options numbered.
func (s sheet) numbered(q domain.Question) string {
	text := s.plainTitle(q.Text)
	if q.Type == domain.Statement {
		text = s.plain(q.Text)
	}
	lines := []string{text}
	if q.Image != nil && q.Image.URL != "" {
		lines = append(lines, strings.TrimSpace(s.label(q.Image.Alt)+" "+s.url(q.Image.URL)))
	}
	for i, o := range q.Options {
		lines = append(lines, strconv.Itoa(i+1)+". "+s.label(o))
	}
	return strings.Join(lines, "\n")
}

// howTo says how a question is answered by a message.
func (s sheet) howTo(q domain.Question) string {
	switch q.Type {
	case domain.Choice:
		return s.Text("Reply with the number of your answer.")
	case domain.Choices:
		return s.Text("Reply with the numbers of your answers, for example 1, 2.")
	case domain.YesNo:
		return s.Text("Reply with yes or no.")
	case domain.Rating:
		return s.Text("Reply with a number from 1 (%s) to 5 (%s).", s.Text("very poor"), s.Text("very good"))
	case domain.NPS:
		return s.Text("Reply with a number from 0 (%s) to 10 (%s).", s.Text("not at all likely"), s.Text("very likely"))
	case domain.Date:
		return s.Text("Reply with a date, for example 2026-12-31.")
	case domain.Number:
		return s.expected(q)
	case domain.Statement:
		return s.Text("Reply with anything to go on.")
	}
	return s.Text("Reply in your own words.")
}
