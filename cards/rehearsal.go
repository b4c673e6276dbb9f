package cards

import (
	"encoding/json"

	"crier/internal/domain"
)

// Rehearse is the activity that shows a survey to somebody who pressed these buttons: each is what
// one sends. Nothing is kept, and the buttons of the card that comes send nothing that counts.
func Rehearse(c domain.Campaign, p domain.Person, pressed []json.RawMessage) (json.RawMessage, error) {
	var all []domain.SurveySubmission
	for _, value := range pressed {
		s, err := ReadSubmission(value)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	step := c.Rehearse(all)
	step.Ref = "preview"
	return SurveyActivity(step, p), nil
}
