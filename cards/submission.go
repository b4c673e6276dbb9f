package cards

import (
	"encoding/json"
	"strings"

	"crier/internal/domain"
)

// VerbAnswer is the verb of a survey's answer.
const VerbAnswer = "answer"

// answerPrefix stands before a question's id in the id of its input, so that no
// question is called like a key of data.
const answerPrefix = "answer_"

// data is what our buttons carry; inputs are merged into it on the way back.
type data struct {
	Verb string `json:"verb"`
	Ref  string `json:"ref"`
}

// Submission is what somebody sent with a card's button.
type Submission struct {
	Verb    string
	Ref     string            // the delivery's signed reference; to be verified
	Answers map[string]string // question id → value
}

// Bounds of a submission, which comes from outside.
const (
	maxSubmission = 64 << 10 // bytes
	maxReference  = 1 << 10
	maxVerb       = 64
	maxAnswer     = 8 << 10
)

// ReadSubmission reads the value of a message activity (Action.Submit: the data, with
// the inputs merged in) or of an invoke "adaptiveCard/action" (Action.Execute: the
// same below action.data, the verb beside it). See protocol/inbound.md 6.1. What is
// neither, or is too big, is an Invalid error. The verb may be one we don't know, from
// an author's own card.
func ReadSubmission(value json.RawMessage) (Submission, error) {
	if len(value) > maxSubmission {
		return Submission{}, unreadable()
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
		return Submission{}, unreadable()
	}
	return submission(scalar(merged["verb"]), merged)
}

func submission(verb string, fields map[string]json.RawMessage) (Submission, error) {
	s := Submission{Verb: verb, Ref: scalar(fields["ref"]), Answers: map[string]string{}}
	if len(s.Verb) > maxVerb || len(s.Ref) > maxReference {
		return Submission{}, unreadable()
	}
	for id, raw := range fields {
		question, ok := strings.CutPrefix(id, answerPrefix)
		if !ok {
			continue
		}
		value := scalar(raw)
		if len(value) > maxAnswer || len(s.Answers) == domain.MaxQuestions {
			return Submission{}, unreadable()
		}
		s.Answers[question] = value
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
