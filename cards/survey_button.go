package cards

import (
	"maps"

	"crier/internal/domain"
)

// buttons are what a card of questions is sent with, and left by.
func (s sheet) buttons() []any {
	q, _ := s.current()
	question := clean(q.ID)
	if s.survey.Style == domain.SingleCard {
		question = ""
	}
	var row, below []any
	if question != "" && s.byButtons(q) {
		row = append(row, s.answer(s.Text("Yes"), q, "yes"), s.answer(s.Text("No"), q, "no"))
		if q.Optional {
			below = append(below, s.answer(s.Text("Skip"), q, ""))
		}
	} else {
		row = append(row, s.button(s.goOn(q), domain.VerbAnswer, question, nil))
	}
	if _, before := s.survey.Back(q.ID, s.Answers); before && question != "" {
		below = append(below, s.button(s.Text("Back"), domain.VerbBack, question, nil))
	}
	if s.begins() && s.Stage != domain.StageLater && s.Campaign.Change != domain.Later {
		below = append(below, s.button(s.Text("Remind me tomorrow"), domain.VerbRemind, question, nil))
	}
	if len(row)+len(below) <= 2 {
		return []any{actions(append(row, below...)...)}
	}
	second := actions(below...)
	second.Spacing = smallSpacing
	return []any{actions(row...), second}
}

// goOn is what the button of an answer says: whether more comes.
func (s sheet) goOn(q domain.Question) string {
	more := !s.survey.Ends(q.ID, s.Answers)
	if s.survey.Style == domain.SingleCard || !more && len(q.Goto) == 0 {
		return s.Text("Send")
	}
	return s.Text("Next")
}

// answer is a button that is an answer itself.
func (s sheet) answer(title string, q domain.Question, value string) execute {
	return s.button(title, domain.VerbAnswer, clean(q.ID), data{answerPrefix + clean(q.ID): value})
}

// button is Action.Execute, and for clients that don't know it Action.Submit with the same
// data (protocol/cards.md 2, inbound.md 6.1). Only what sends the inputs has them checked.
func (s sheet) button(title string, verb domain.SurveyVerb, question string, more data) execute {
	with := data{"verb": string(verb), "ref": s.ref}
	if question != "" {
		with["question"] = question
	}
	if s.State != "" {
		with["state"] = clean(s.State)
	}
	maps.Copy(with, more)
	inputs := ""
	if verb != domain.VerbAnswer || more != nil {
		inputs = "none"
	}
	e := execute{Type: "Action.Execute", Title: title, Verb: string(verb), AssociatedInputs: inputs, Data: with}
	if !s.brief {
		e.Fallback = &submit{Type: "Action.Submit", Title: title, AssociatedInputs: inputs, Data: with}
	}
	return e
}
