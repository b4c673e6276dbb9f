package cards

import (
	"encoding/json"
	"slices"
	"strings"

	"crier/internal/domain"
)

// answerPrefix stands before a question's id in the id of its input, so that no
// question is called like a key of data.
const answerPrefix = "answer_"

// data is what our buttons carry: the verb, the signed reference, the question asked and
// the sealed state; inputs are merged into it on the way back.
type data map[string]string

// Bounds of a submission, which comes from outside.
const (
	maxSubmission = 512 << 10 // bytes
	maxReference  = 1 << 10
	maxState      = 256 << 10
	maxVerb       = 64
	maxQuestion   = 1 << 10
	maxAnswer     = 32 << 10
)

// ReadSubmission reads the value of a message activity (Action.Submit: the data, with
// the inputs merged in) or of an invoke "adaptiveCard/action" (Action.Execute: the
// same below action.data, the verb beside it). See protocol/inbound.md 6.1. What is
// neither, or is too big, is an Invalid error, and so is a verb that we don't know, from
// an author's own card.
func ReadSubmission(value json.RawMessage) (domain.SurveySubmission, error) {
	if len(value) > maxSubmission {
		return domain.SurveySubmission{}, unreadable()
	}
	var invoke struct {
		Action *struct {
			Type string
			Verb string
			Data map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(value, &invoke); err == nil && invoke.Action != nil && invoke.Action.Type == "Action.Execute" {
		return submission(invoke.Action.Verb, invoke.Action.Data)
	}
	var merged map[string]json.RawMessage
	if err := json.Unmarshal(value, &merged); err != nil || merged == nil {
		return domain.SurveySubmission{}, unreadable()
	}
	return submission(scalar(merged["verb"]), merged)
}

func submission(verb string, fields map[string]json.RawMessage) (domain.SurveySubmission, error) {
	s := domain.SurveySubmission{
		Verb: domain.SurveyVerb(verb), Ref: scalar(fields["ref"]), State: scalar(fields["state"]),
		Question: scalar(fields["question"]), Inputs: map[string]string{},
	}
	if len(s.Verb) > maxVerb || len(s.Ref) > maxReference || len(s.State) > maxState || len(s.Question) > maxQuestion {
		return domain.SurveySubmission{}, unreadable()
	}
	for id, raw := range fields {
		question, ok := strings.CutPrefix(id, answerPrefix)
		if !ok {
			continue
		}
		value := scalar(raw)
		if len(value) > maxAnswer || len(s.Inputs) == domain.MaxQuestions {
			return domain.SurveySubmission{}, unreadable()
		}
		s.Inputs[question] = value
	}
	if !slices.Contains([]domain.SurveyVerb{domain.VerbAnswer, domain.VerbBack, domain.VerbRemind}, s.Verb) {
		return domain.SurveySubmission{}, domain.Fail(domain.Invalid, "This button does nothing here.")
	}
	return s, nil
}

// scalar is a JSON string's text, a number or boolean as it is written, or nothing:
// inputs are documented as strings, but not every client holds to it.
func scalar(raw json.RawMessage) string {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return ""
	}
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	return string(raw)
}

func unreadable() error {
	return domain.Fail(domain.Invalid, "This answer can't be read. Open the message again and answer once more.")
}
