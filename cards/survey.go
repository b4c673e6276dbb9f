package cards

import (
	"encoding/json"

	"crier/internal/domain"
)

// Survey is the Adaptive Card for where somebody stands in a survey: the value of an
// invoke's response (protocol/inbound.md 6.1).
func Survey(step domain.SurveyStep, who domain.Person) json.RawMessage {
	card := drawStep(step, who, false)
	if Size(card) > maxCard {
		card = drawStep(step, who, true)
	}
	return card
}

// maxCard leaves room for the activity around a card. Bytes, as Size counts.
const maxCard = MaxSize - 8<<10

func drawStep(step domain.SurveyStep, who domain.Person, brief bool) json.RawMessage {
	p := newPen(who.Language())
	card := p.sheet(step, brief).whole()
	if step.Delivery.Trial {
		card = card.headed(p.Text("Test: only the people you chose got this."))
	}
	return p.template(card).fill(nil, Recipient{Person: who, Ref: step.Ref})
}

// SurveyActivity is the same as an activity, to update the survey's message with.
func SurveyActivity(step domain.SurveyStep, who domain.Person) []byte {
	p := newPen(who.Language())
	a := activity{
		Type: "message", Summary: p.summary(step.Campaign),
		Attachments: []attachment{{ContentType: cardType, Content: Survey(step, who)}},
	}
	if step.Stage == domain.StageThanks {
		a.Summary = p.Text("Thank you for your answer")
	}
	return p.finish(a, who)
}

// surveyCard is the card that everybody gets first.
func (p *pen) surveyCard(c domain.Campaign) (adaptiveCard, error) {
	if err := drawable(c.Content.Survey); err != nil {
		return adaptiveCard{}, err
	}
	return p.sheet(p.stepOf(c), false).whole(), nil
}

// stepOf is where a survey's message begins.
func (p *pen) stepOf(c domain.Campaign) domain.SurveyStep {
	step := domain.SurveyStep{}
	if p.standing != nil {
		step = *p.standing
	}
	step.Campaign = c
	return step
}

// drawable refuses a survey that asks nothing.
func drawable(s *domain.Survey) error {
	if s == nil || len(s.Questions) == 0 {
		return domain.Fail(domain.Invalid, "Ask at least one question.")
	}
	return nil
}

// sheet is a survey's card while it is drawn.
type sheet struct {
	*pen
	domain.SurveyStep
	survey *domain.Survey
	ref    string // a slot
	brief  bool   // it would be too big with all that is nice to have
}

func (p *pen) sheet(step domain.SurveyStep, brief bool) sheet {
	survey := step.Campaign.Content.Survey
	if survey == nil {
		survey = &domain.Survey{}
	}
	return sheet{pen: p, SurveyStep: step, survey: survey, ref: p.mark(reference, plainText, ""), brief: brief}
}

func (s sheet) whole() adaptiveCard {
	var card adaptiveCard
	switch s.Stage {
	case domain.StageThanks:
		card = s.thanked()
	case domain.StageClosed:
		card = s.closed()
	default:
		card = s.asking()
	}
	card.RTL = s.rightToLeft(s.Campaign)
	return card
}

// asking is the card of the questions to answer now.
func (s sheet) asking() adaptiveCard {
	body := s.opening(s.Campaign)
	if s.Stage == domain.StageLater {
		body = append(body, paragraph(s.Text("You will be asked again tomorrow. You can answer now all the same.")))
	}
	if s.begins() && s.Campaign.Content.Text != "" {
		body = append(body, paragraph(s.markdown(s.Campaign.Content.Text)))
	}
	questions := s.asked()
	if len(questions) > 1 && len(s.Faults) > 0 {
		body = append(body, faultLine(s.Text("Some answers need another look.")))
	}
	for _, q := range questions {
		body = append(body, s.question(q)...)
	}
	body = append(body, s.buttons()...)
	note := subtle(s.promise(s.survey))
	note.Size, note.Spacing = "Small", bodySpacing
	return s.pen.card(s.askingText(), append(body, note)...)
}

// asked are the questions on the card: one, or on a single card all.
func (s sheet) asked() []domain.Question {
	if s.survey.Style == domain.SingleCard {
		return s.survey.Questions
	}
	if q, ok := s.current(); ok {
		return []domain.Question{q}
	}
	return nil
}

// current is the question that is asked now.
func (s sheet) current() (domain.Question, bool) {
	if q, ok := s.survey.Question(s.Question); ok {
		return q, true
	}
	return s.survey.First()
}

// begins says whether this is the card that the survey begins with.
func (s sheet) begins() bool {
	first, _ := s.survey.First()
	now, _ := s.current()
	return s.survey.Style == domain.SingleCard || now.ID == first.ID
}

// thanked is the card for somebody who has answered: the author's thanks and, where the
// privacy allows it, what was answered.
func (s sheet) thanked() adaptiveCard {
	body := s.opening(s.Campaign)
	said := []string{s.plainTitle(s.Campaign.Content.Title)}
	for _, q := range s.Closing {
		body, said = append(body, s.question(q)...), append(said, s.plain(q.Text))
	}
	body = append(body, paragraph(s.markdown(s.thanks(s.Campaign))))
	if s.survey.Privacy != domain.Anonymous && !s.brief {
		for _, q := range s.survey.Questions {
			body = append(body, s.answered(q)...)
		}
	}
	return s.pen.card(paragraphs(append(said, s.plain(s.thanks(s.Campaign)))...), body...)
}

const maxRepeated = 300 // characters of an answer that thanks repeat

// answered is a question and what was answered to it.
func (s sheet) answered(q domain.Question) []any {
	value := s.Answers[q.ID]
	if value.IsZero() {
		return nil
	}
	question := subtle(s.title(q.Text))
	question.Spacing = bodySpacing
	return []any{question, textBlock{Type: "TextBlock", Text: "✔ " + s.worded(q, value), Weight: "Bolder", Spacing: smallSpacing, Wrap: true}}
}

func (s sheet) closed() adaptiveCard {
	words := s.Text("This survey is closed: it takes no more answers. Thank you all the same.")
	body := append(s.opening(s.Campaign), paragraph(words))
	return s.pen.card(paragraphs(s.plainTitle(s.Campaign.Content.Title), words), body...)
}
