package cards

import (
	"maps"

	"crier/internal/domain"
)

// poll is a survey with every type of question.
func poll() domain.Campaign {
	photo := &domain.Image{URL: "https://example.com/p/lake.png", Alt: "The lake in the evening"}
	return domain.Campaign{
		ID: 9, Name: "Poll", Kind: domain.KindSurvey, Channel: domain.Teams, Status: domain.Sending,
		Content: domain.Content{Title: "The summer party", Text: "Tell us, [FIRSTNAME|dear colleague], what you **think**.", Survey: &domain.Survey{
			Style: domain.OneByOne, Privacy: domain.Identified, Thanks: "Thank you, [FIRSTNAME]. See you **in July**.",
			Questions: []domain.Question{
				{ID: "place", Type: domain.Choice, Text: "Where would you like it to be?", Image: photo, Options: []string{"By the lake", "On the roof", "In the *old* factory"}},
				{ID: "month", Type: domain.Choice, Text: "When?", Options: []string{"May", "June", "July, first half", "July, second half", "August", "September", "*October*"}},
				{ID: "food", Type: domain.Choices, Text: "What will you eat?", Options: []string{"Soup, bread", "Salad", "Cake"}},
				{ID: "note", Type: domain.FreeText, Text: "Anything else?", Optional: true, MaxLength: 500},
				{ID: "last", Type: domain.Rating, Text: "How was the last party?"},
				{ID: "friend", Type: domain.NPS, Text: "Would you tell a friend to work here?"},
				{ID: "bus", Type: domain.YesNo, Text: "Do you need the **bus**?", Optional: true},
				{ID: "guests", Type: domain.Number, Text: "How many guests do you bring?", Min: new(0.0), Max: new(4.5)},
				{ID: "day", Type: domain.Date, Text: "Which day suits you best?"},
				{ID: "bye", Type: domain.Statement, Text: "That was the last question.\n\nSee the [plan](https://example.com/plan)."},
			}}},
	}
}

func with(change func(*domain.Survey)) domain.Campaign {
	c := poll()
	change(c.Content.Survey)
	return c
}

// answers are answers to all questions of the poll.
func answers() map[string]domain.Value {
	return map[string]domain.Value{
		"place": domain.TextValue("In the *old* factory"), "month": domain.TextValue("July, first half"),
		"food": domain.ListValue([]string{"Soup, bread", "Cake"}), "note": domain.TextValue("[NAME] *x*\n- y"),
		"last": domain.NumberValue(4), "friend": domain.NumberValue(10), "bus": domain.YesValue(false),
		"guests": domain.NumberValue(1.5), "day": domain.TextValue("2026-07-04"),
	}
}

// steps are where somebody may stand in a survey, by the name of their golden files.
func steps() map[string]domain.SurveyStep {
	all := map[string]domain.SurveyStep{}
	for _, q := range poll().Content.Survey.Questions {
		all["asks_"+string(q.Type)] = domain.SurveyStep{Question: q.ID}
		all["back_"+string(q.Type)] = domain.SurveyStep{Question: q.ID, Answers: answers()}
	}
	all["asks_choice"], all["asks_month"] = domain.SurveyStep{Question: "place"}, domain.SurveyStep{Question: "month"}
	all["fault"] = domain.SurveyStep{
		Question: "guests", Inputs: map[string]string{"guests": "7"},
		Faults: map[string]domain.Text{"guests": domain.Say("Answer with a number from %s to %s.", "0", "4.5")},
	}
	all["trial"] = domain.SurveyStep{Question: "place", Delivery: domain.Delivery{Trial: true}}
	all["thanks"] = domain.SurveyStep{Stage: domain.StageThanks, Answers: answers()}
	all["closed"] = domain.SurveyStep{Stage: domain.StageClosed}
	all["later"] = domain.SurveyStep{Stage: domain.StageLater, Question: "place"}
	maps.Copy(all, otherSurveys())
	for name, step := range all {
		if step.Campaign.ID == 0 {
			step.Campaign = poll()
		}
		step.Ref = "d41.s1gned"
		all[name] = step
	}
	return all
}

// otherSurveys are steps of surveys with other settings.
func otherSurveys() map[string]domain.SurveyStep {
	single := with(func(s *domain.Survey) { s.Style = domain.SingleCard })
	masked := with(func(s *domain.Survey) { s.Privacy = domain.Masked })
	anonymous := with(func(s *domain.Survey) { s.Privacy, s.Thanks = domain.Anonymous, "" })
	arabic := with(func(s *domain.Survey) {
		s.Questions = []domain.Question{{ID: "q", Type: domain.Choice, Text: "أين تريدها؟", Options: []string{"على البحيرة", "على السطح"}}}
	})
	arabic.Content.Title, arabic.Content.Text = "حفلة الصيف", "مرحبا [FIRSTNAME]"
	return map[string]domain.SurveyStep{
		"single": {Campaign: single, Answers: answers()},
		"single_faults": {Campaign: single, Inputs: map[string]string{"place": "2", "food": "1,9", "note": "line\nline", "guests": "many", "day": "soon"},
			Faults: map[string]domain.Text{"month": domain.Say("This question needs an answer."), "guests": domain.Say("Answer with a number, for example 12.5.")}},
		"masked":           {Campaign: masked, Question: "place"},
		"anonymous":        {Campaign: anonymous, Question: "food", State: "c2VhbGVk", Answers: map[string]domain.Value{"place": domain.TextValue("By the lake")}},
		"anonymous_thanks": {Campaign: anonymous, Stage: domain.StageThanks, Answers: answers()},
		"rtl":              {Campaign: arabic, Question: "q"},
	}
}

// pollResults is what came of the poll.
func pollResults() domain.SurveyReport {
	score := 12.55
	count := func(texts []string, counts ...int64) []domain.OptionCount {
		var all []domain.OptionCount
		for i, text := range texts {
			all = append(all, domain.OptionCount{Text: text, Count: counts[i]})
		}
		return all
	}
	r := domain.SurveyReport{Responses: 40, Completed: 36, Shown: 40}
	for _, q := range poll().Content.Survey.Questions {
		one := domain.QuestionReport{Question: q, Answers: 40}
		switch q.ID {
		case "place":
			one.Options = count(q.Options, 9, 30, 1)
		case "month":
			one.Options = count(q.Options, 1, 2, 3, 4, 5, 6, 19)
		case "food":
			one.Options = count(q.Options, 40, 20, 0)
		case "last":
			one.Options, one.Numbers.Average = count([]string{"1", "2", "3", "4", "5"}, 0, 1, 9, 20, 10), 3.975
		case "friend":
			one.Score = &score
		case "bus":
			one.Options = count([]string{"yes", "no"}, 10, 30)
		case "note":
			one.Latest = []string{"what nobody else is to read"}
		case "bye":
			one.Answers = 0
		}
		r.Questions = append(r.Questions, one)
	}
	return r
}
