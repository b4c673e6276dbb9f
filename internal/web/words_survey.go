package web

import (
	"crier/cards"
	"crier/internal/domain"
	"crier/internal/i18n"
)

// questionTypes are the types of question, in the order they are offered.
func questionTypes() []domain.QuestionType {
	return []domain.QuestionType{
		domain.Choice, domain.Choices, domain.YesNo, domain.Rating, domain.NPS, domain.FreeText, domain.Number, domain.Date, domain.Statement,
	}
}

func typeName(tr i18n.Translator, t domain.QuestionType) string {
	switch t {
	case domain.Choice:
		return tr.Text("One of several answers")
	case domain.Choices:
		return tr.Text("Several answers")
	case domain.YesNo:
		return tr.Text("Yes or no")
	case domain.Rating:
		return tr.Text("Rating from 1 to 5")
	case domain.NPS:
		return tr.Text("Recommendation from 0 to 10 (NPS)")
	case domain.FreeText:
		return tr.Text("Free text")
	case domain.Number:
		return tr.Text("Number")
	case domain.Date:
		return tr.Text("Date")
	case domain.Statement:
		return tr.Text("Statement, without an answer")
	}
	return string(t)
}

func privacies() []domain.Privacy {
	return []domain.Privacy{domain.Identified, domain.Masked, domain.Anonymous}
}

func privacyName(tr i18n.Translator, p domain.Privacy) string {
	switch p {
	case domain.Masked:
		return tr.Text("Names withheld")
	case domain.Anonymous:
		return tr.Text("Anonymous")
	}
	return tr.Text("With names")
}

// privacyHint is one sentence of what a privacy means.
func privacyHint(tr i18n.Translator, p domain.Privacy) string {
	switch p {
	case domain.Masked:
		return tr.Text("You see each person’s answers together, under a random number in place of the name.")
	case domain.Anonymous:
		return tr.Text("Answers are kept with nothing that leads back to a person; results show from %d responses on, texts from %d.", domain.MinResponses, domain.MinTexts)
	}
	return tr.Text("You see who answered what.")
}

func styles() []domain.Style { return []domain.Style{domain.OneByOne, domain.SingleCard} }

func styleName(tr i18n.Translator, s domain.Style) string {
	if s == domain.SingleCard {
		return tr.Text("All on one card")
	}
	return tr.Text("One by one")
}

func styleHint(tr i18n.Translator, s domain.Style) string {
	if s == domain.SingleCard {
		return tr.Text("Every question at once, sent with one button")
	}
	return tr.Text("The card turns into the next question; answers can lead elsewhere")
}

// answerName is an answer as it counts: yes and no are words of ours, others the author's, which
// may hold Markdown.
func answerName(tr i18n.Translator, t domain.QuestionType, answer string) string {
	switch {
	case t == domain.YesNo && answer == "yes":
		return tr.Text("Yes")
	case t == domain.YesNo && answer == "no":
		return tr.Text("No")
	}
	return cards.Label(answer)
}
