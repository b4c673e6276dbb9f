package domain

import "testing"

func TestASurveyIsRehearsed(t *testing.T) {
	t.Parallel()
	survey := func(change func(*Survey)) Campaign {
		s := &Survey{Questions: []Question{
			{ID: "come", Type: YesNo, Text: "Do you come?", Goto: map[string]string{"no": "why"}},
			{ID: "many", Type: Number, Text: "How many?"}, {ID: "say", Type: Statement, Text: "Nearly done."}, {ID: "why", Type: FreeText, Text: "Why?"},
		}}
		change(s)
		return Campaign{Kind: KindSurvey, Content: Content{Survey: s}}
	}
	press := func(question, value string) SurveySubmission {
		return SurveySubmission{Verb: VerbAnswer, Question: question, Inputs: map[string]string{question: value}}
	}
	one := survey(func(*Survey) {})
	for name, c := range map[string]struct {
		of       Campaign
		pressed  []SurveySubmission
		stage    SurveyStage
		question string
		answers  int
		faults   int
	}{
		"nothing":      {of: one, question: "come"},
		"on":           {of: one, pressed: []SurveySubmission{press("come", "yes")}, question: "many", answers: 1},
		"a branch":     {of: one, pressed: []SurveySubmission{press("come", "no")}, question: "why", answers: 1},
		"a fault":      {of: one, pressed: []SurveySubmission{press("come", "yes"), press("many", "lots")}, question: "many", answers: 1, faults: 1},
		"no more":      {of: one, pressed: []SurveySubmission{press("come", "yes"), press("many", "lots"), press("many", "2")}, question: "say", answers: 2},
		"a statement":  {of: one, pressed: []SurveySubmission{press("come", "yes"), press("many", "2"), press("say", "")}, question: "why", answers: 2},
		"back":         {of: one, pressed: []SurveySubmission{press("come", "yes"), {Verb: VerbBack, Question: "many"}}, question: "come", answers: 1},
		"later":        {of: one, pressed: []SurveySubmission{{Verb: VerbRemind}}, stage: StageLater, question: "come"},
		"rewritten":    {of: one, pressed: []SurveySubmission{press("gone", "x")}, question: "come"},
		"thanks":       {of: one, pressed: []SurveySubmission{press("come", "no"), press("why", "x")}, stage: StageThanks, answers: 2},
		"anonymous":    {of: survey(func(s *Survey) { s.Privacy = Anonymous }), pressed: []SurveySubmission{press("come", "no"), press("why", "x")}, stage: StageThanks},
		"single wrong": {of: survey(func(s *Survey) { s.Style = SingleCard }), pressed: []SurveySubmission{press("", "")}, faults: 3},
		"single": {of: survey(func(s *Survey) { s.Style = SingleCard }), stage: StageThanks, answers: 3,
			pressed: []SurveySubmission{{Verb: VerbAnswer, Inputs: map[string]string{"come": "yes", "many": "1", "why": "x"}}}},
	} {
		step := c.of.Rehearse(c.pressed)
		if step.Stage != c.stage || step.Question != c.question || len(step.Answers) != c.answers || len(step.Faults) != c.faults || (len(step.Inputs) > 0) != (c.faults > 0) {
			t.Errorf("%s: got %+v", name, step)
		}
	}
	if step := (Campaign{}).Rehearse([]SurveySubmission{press("x", "y")}); step.Question != "" {
		t.Errorf("no survey: %+v", step)
	}
}
