package domain

// Rehearse is where somebody would stand in a survey after pressing these buttons of its cards,
// for its author to try it before anybody else does. Nothing is kept, and there is no row.
func (c Campaign) Rehearse(pressed []SurveySubmission) SurveyStep {
	s, step, st := c.Content.Survey, SurveyStep{Campaign: c}, Standing{}
	if s == nil {
		return step
	}
	for _, p := range pressed {
		step = SurveyStep{Campaign: c}
		switch p.Verb {
		case VerbBack:
			st = s.GoBack(st, p.Question)
		case VerbRemind:
			step.Stage = StageLater
		default:
			st, step.Faults = s.rehearse(st, p)
		}
		if len(step.Faults) > 0 {
			step.Inputs = p.Inputs
		}
	}
	if s.Privacy != Anonymous || !st.Finished {
		step.Answers = st.Given()
	}
	if q, asks := s.Asked(st); !asks {
		step.Stage, step.Closing = StageThanks, s.Closing(st.Answers)
	} else if s.Style != SingleCard {
		step.Question = q.ID
	}
	return step
}

// rehearse takes the answers of one card, or says what is wrong with them.
func (s *Survey) rehearse(st Standing, p SurveySubmission) (Standing, map[string]Text) {
	if s.Style == SingleCard {
		values, wrong := s.ReadAll(p.Inputs)
		if len(wrong) == 0 {
			return s.TakeAll(st, values), nil
		}
		faults := map[string]Text{}
		for _, f := range wrong {
			faults[f.Field] = f.Message
		}
		return st, faults
	}
	q, known := s.Question(p.Question)
	if !known {
		return st, nil // it was rewritten meanwhile
	}
	if q.Type == Statement {
		return s.Take(st, q.ID, Value{}), nil
	}
	value, err := q.Read(p.Inputs[q.ID])
	if err != nil {
		return st, map[string]Text{q.ID: MessageOf(err)}
	}
	return s.Take(st, q.ID, value), nil
}
