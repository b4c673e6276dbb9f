package storetest

import (
	"strconv"
	"time"

	"crier/internal/domain"
)

func surveyTests() []test {
	return []test{
		{"values are counted as answers change", surveyCounts},
		{"who stands where", surveyStanding},
		{"eight at once go on from each other", surveyAtOnce},
		{"several are taken together", surveyTogether},
		{"test sends count nowhere", surveyTrial},
		{"how long people took", surveyTimes},
		{"the last texts", surveyTexts},
		{"one response a person, a page at a time", surveyPages},
		{"masked responses tell nobody's name, order or time", surveyMasked},
		{"which question a message answers", surveyPending},
	}
}

// questions are one of each type that counts in its own way.
func questions() *domain.Survey {
	return &domain.Survey{Style: domain.OneByOne, Privacy: domain.Identified, Questions: []domain.Question{
		{ID: "tea", Type: domain.Choice, Text: "Tea?", Options: []string{"Yes", "No"}},
		{ID: "with", Type: domain.Choices, Text: "With?", Options: []string{"Milk", "Sugar"}, Optional: true},
		{ID: "mark", Type: domain.Rating, Text: "How good?"},
		{ID: "why", Type: domain.FreeText, Text: "Why?"},
	}}
}

// asks is a campaign that asks questions, of everybody.
func asks(privacy domain.Privacy) domain.Campaign {
	c := draft(everyone())
	s := questions()
	s.Privacy = privacy
	c.Kind, c.Content = domain.KindSurvey, domain.Content{Title: "Tea", Survey: s}
	return c
}

// surveyed is a survey that so many people have, with their rows.
func (f *fixture) surveyed(people int, privacy domain.Privacy) (domain.Campaign, []domain.Delivery) {
	f.Helper()
	f.crowd(people)
	c := f.started(asks(privacy))
	return c, f.sent(c)
}

// says answers a question, some time after noon.
func (f *fixture) says(c domain.Campaign, d domain.Delivery, question string, v domain.Value, after time.Duration) domain.Standing {
	f.Helper()
	st, err := f.takes(c, d, noon(after), func(st domain.Standing) domain.Standing {
		return c.Content.Survey.Take(st, question, v)
	})
	f.ok(err)
	return st
}

func (f *fixture) tally(c domain.Campaign) domain.SurveyTally {
	f.Helper()
	tally, err := f.Responses.Tally(f.ctx, c)
	f.ok(err)
	return tally
}

func text(s string) domain.Value { return domain.TextValue(s) }

func surveyCounts(f *fixture) {
	c, rows := f.surveyed(3, domain.Identified)
	both := domain.ListValue([]string{"Milk", "Sugar"})
	for i, d := range rows {
		f.says(c, d, "tea", text("Yes"), time.Minute)
		f.says(c, d, "tea", text("Yes"), time.Minute) // twice
		if i > 0 {
			f.says(c, d, "with", both, 2*time.Minute)
		} else {
			f.says(c, d, "with", domain.Value{}, 2*time.Minute)
		}
		f.says(c, d, "mark", domain.NumberValue(float64(4+i%2)), 3*time.Minute)
	}
	f.says(c, rows[2], "tea", text("No"), 4*time.Minute) // an old card
	f.says(c, rows[1], "why", text("Because"), 4*time.Minute)
	tally := f.tally(c)
	f.same(tally.Counts, map[string]map[string]int64{
		"tea": {`"Yes"`: 2, `"No"`: 1}, "with": {"": 1, "*": 2, `"Milk"`: 2, `"Sugar"`: 2}, "mark": {"4": 2, "5": 1}, "why": {"*": 1},
	})
	f.same([]int64{tally.Responses, tally.Completed}, []int64{3, 1})
	f.same(tally.Left, map[string]int64{"why": 2})
	f.same(f.counted(c.ID).Answered, int64(3))
	f.same(f.counted(c.ID).Seen, int64(3))
}

func surveyStanding(f *fixture) {
	c, rows := f.surveyed(1, domain.Identified)
	st, err := f.Responses.Standing(f.ctx, rows[0])
	f.ok(err)
	f.same(st.Equal(domain.Standing{}), true)
	f.says(c, rows[0], "with", domain.Value{}, 0) // which is not asked yet: no trace
	f.same(f.tally(c).Responses, int64(0))
	f.says(c, rows[0], "tea", text("Yes"), 0)
	want := f.says(c, rows[0], "with", domain.Value{}, 0)
	st, err = f.Responses.Standing(f.ctx, rows[0])
	f.ok(err)
	f.same(st.Equal(want), true)
	f.same(st.At, "mark")
}

func surveyAtOnce(f *fixture) {
	c, rows := f.surveyed(1, domain.Identified)
	answers := map[string]domain.Value{"tea": text("Yes"), "with": {}, "mark": domain.NumberValue(3), "why": text("So")}
	atOnce(8, func(int) {
		for _, q := range c.Content.Survey.Questions {
			_, err := f.takes(c, rows[0], noon(time.Minute), func(st domain.Standing) domain.Standing {
				return c.Content.Survey.Take(st, q.ID, answers[q.ID])
			})
			if err != nil {
				f.Error(err)
			}
		}
	})
	tally := f.tally(c)
	f.same([]int64{tally.Responses, tally.Completed}, []int64{1, 1})
	f.same(tally.Counts, map[string]map[string]int64{"tea": {`"Yes"`: 1}, "with": {"": 1}, "mark": {"3": 1}, "why": {"*": 1}})
	f.same(f.counted(c.ID).Answered, int64(1))
}

func surveyTrial(f *fixture) {
	p := f.install(1)
	c := f.create(asks(domain.Identified))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, []domain.Person{p}, noon(0)))
	rows, err := f.worker.ClaimTrials(f.ctx, noon(0), 1)
	f.ok(err)
	f.finish(rows, accepted(), 0)
	for _, q := range c.Content.Survey.Questions {
		f.says(c, rows[0], q.ID, text("x"), 0)
	}
	st, err := f.Responses.Standing(f.ctx, rows[0])
	f.ok(err)
	f.same(st.Finished, true)
	tally := f.tally(c)
	f.same(tally.Responses, int64(0))
	f.same(len(tally.Counts)+len(tally.Latest["why"]), 0)
	f.same(f.counts(c.ID), domain.Counts{})
	list, err := f.Responses.List(f.ctx, c, "", "", 0, 10)
	f.ok(err)
	f.same(len(list), 0)
}

func surveyTimes(f *fixture) {
	c, rows := f.surveyed(4, domain.Identified)
	// Sent at noon and a second. The first answers come after so many seconds, the next so much later.
	for i, took := range []int{10, 20, 60} {
		began := time.Duration(10*(i+1)+1) * time.Second
		f.says(c, rows[i], "tea", text("Yes"), began)
		f.says(c, rows[i], "with", domain.Value{}, began+time.Hour) // no answer
		f.says(c, rows[i], "mark", domain.NumberValue(1), began+time.Duration(took)*time.Second)
	}
	f.says(c, rows[3], "tea", text("No"), 41*time.Second) // only one answer
	tally := f.tally(c)
	f.same(tally.Response, domain.Timing{People: 3, Average: 30 * time.Second, Median: 20 * time.Second})
	f.same(tally.Reaction, domain.Timing{People: 4, Average: 25 * time.Second, Median: 25 * time.Second})
}

func surveyTexts(f *fixture) {
	c, rows := f.surveyed(12, domain.Identified)
	for i, d := range rows {
		at := time.Duration(i) * time.Minute
		f.says(c, d, "tea", text("Yes"), at)
		f.says(c, d, "with", domain.Value{}, at)
		f.says(c, d, "mark", domain.NumberValue(1), at)
		f.says(c, d, "why", text("No. "+strconv.Itoa(i)+" <&> \"é\""), at)
	}
	latest := f.tally(c).Latest["why"]
	f.same(len(latest), 10)
	f.same(latest[0], "No. 11 <&> \"é\"")
	f.same(latest[9], "No. 2 <&> \"é\"")
}

func surveyPages(f *fixture) {
	c, rows := f.surveyed(3, domain.Identified)
	for i, d := range rows {
		f.says(c, d, "tea", text("Yes"), time.Duration(i)*time.Minute)
	}
	f.says(c, rows[1], "with", domain.ListValue([]string{"Milk"}), time.Hour)
	f.says(c, rows[2], "with", domain.Value{}, time.Hour)
	first, err := f.Responses.List(f.ctx, c, "", "", 0, 2)
	f.ok(err)
	rest, err := f.Responses.List(f.ctx, c, "", "", first[1].ID, 2)
	f.ok(err)
	f.same([]int{len(first), len(rest)}, []int{2, 1})
	f.same([]string{first[0].Person.Name, first[1].Person.Name, rest[0].Person.Name}, []string{"Person 1", "Person 2", "Person 3"})
	f.same(first[1].Answers["with"].List(), []string{"Milk"})
	f.same(first[0].StartedAt, noon(0).UTC())
	f.same(len(rest[0].Answers), 1)
	of, err := f.Responses.List(f.ctx, c, "with", "", 0, 10)
	f.ok(err)
	f.same(len(of), 1) // to skip is no answer
	f.same(of[0].DeliveryID, rows[1].ID)
	for query, want := range map[string]int{"pERSON 2": 1, "person": 3, "%": 0, "nobody": 0} {
		found, err := f.Responses.List(f.ctx, c, "", query, 0, 10)
		f.ok(err)
		f.same([]any{query, len(found)}, []any{query, want})
	}
	both, err := f.Responses.List(f.ctx, c, "with", "person 1", 0, 10)
	f.ok(err)
	f.same(len(both), 0)
}

func surveyMasked(f *fixture) {
	const people = 40
	c, rows := f.surveyed(people, domain.Masked)
	for i, d := range rows {
		f.says(c, d, "tea", text([]string{"Yes", "No"}[i%2]), time.Duration(i)*time.Minute)
		f.says(c, d, "with", domain.Value{}, time.Hour)
		f.says(c, d, "mark", domain.NumberValue(1), time.Hour)
		f.says(c, d, "why", text(strconv.Itoa(i)), time.Hour)
	}
	list, err := f.Responses.List(f.ctx, c, "", "", 0, 500)
	f.ok(err)
	f.same(len(list), people)
	inOrder := 0
	for i, r := range list {
		f.same([]any{r.Person.ID, r.Person.Name, r.DeliveryID, r.StartedAt.IsZero(), r.FinishedAt.IsZero()}, []any{int64(0), "", int64(0), true, true})
		if r.Answers["why"].Text() == strconv.Itoa(i) {
			inOrder++
		}
	}
	if inOrder > 10 { // of a random order one is in place on average
		f.Errorf("%d of %d responses are where their people came", inOrder, people)
	}
	again, err := f.Responses.List(f.ctx, c, "", "", list[10].ID, 500)
	f.ok(err)
	f.same(again[0].ID, list[11].ID)
	newest := map[string]bool{}
	for _, text := range f.tally(c).Latest["why"] {
		newest[text] = true
	}
	all := true
	for i := people - 10; i < people; i++ {
		all = all && newest[strconv.Itoa(i)]
	}
	f.same(all, false)
}

func surveyPending(f *fixture) {
	c, rows := f.surveyed(2, domain.Identified)
	pending := func(d domain.Delivery, since time.Duration) []int64 {
		list, err := f.Responses.Pending(f.ctx, d.Person.ID, noon(since))
		f.ok(err)
		ids := []int64{}
		for _, d := range list {
			ids = append(ids, d.Delivery.ID)
		}
		return ids
	}
	f.same(pending(rows[0], 0), []int64{rows[0].ID})
	f.same(pending(rows[0], time.Minute), []int64{})
	f.says(c, rows[0], "tea", text("Yes"), time.Hour) // touched
	f.same(pending(rows[0], time.Minute), []int64{rows[0].ID})
	f.says(c, rows[0], "with", domain.Value{}, time.Hour)
	f.says(c, rows[0], "mark", domain.NumberValue(1), time.Hour)
	f.says(c, rows[0], "why", text("So"), time.Hour)
	f.same(pending(rows[0], 0), []int64{})
	f.ok(f.Campaigns.Remind(f.ctx, c.ID, "", noon(day+time.Second)))
	reminder := f.reminder(c, domain.Remind)
	f.namedAt(reminder, day+time.Second)
	begun := f.claim(reminder, 2*day, 1)
	list, err := f.Responses.Pending(f.ctx, rows[1].Person.ID, noon(day)) // a reminder is on its way
	f.ok(err)
	f.same([]any{list[0].Delivery.ID, list[0].Last}, []any{rows[1].ID, domain.LastMessage{ActivityID: rows[1].ActivityID}})
	f.finish(begun, domain.Result{Verdict: domain.Accepted, ActivityID: "1700000000999"}, 2*day)
	list, err = f.Responses.Pending(f.ctx, rows[1].Person.ID, noon(day)) // reminded
	f.ok(err)
	f.same([]any{list[0].Delivery.ID, list[0].Last}, []any{rows[1].ID, domain.LastMessage{ActivityID: "1700000000999", SentAt: noon(2 * day).UTC(), Attempts: 1}})
	f.same(list[0].Delivery.SentAt.Equal(rows[1].SentAt), true) // which the reaction is measured from
	later := f.started(asks(domain.Identified))
	f.finish(f.claim(later, 0, 2), accepted(), time.Hour)
	f.same(len(pending(rows[1], 0)), 2)
	f.same(pending(rows[1], 0)[0], rows[1].ID) // what was asked last first: the reminder
	latest := f.started(asks(domain.Identified))
	f.finish(f.claim(latest, 3*day, 2), accepted(), 3*day)
	f.same(pending(rows[1], 0)[1], rows[1].ID) // the newest first
	f.change(f.campaign(c.ID), domain.Recall)
	f.same(len(pending(rows[1], 0)), 2)
	doubtful := f.started(asks(domain.Identified))
	begun = f.claim(doubtful, 4*day, 2)
	f.finish(begun[:1], lost(), 4*day)    // it may have arrived
	f.finish(begun[1:], refused(), 4*day) // it has not
	f.same(pending(begun[0], 4*day), []int64{begun[0].ID})
	f.same(pending(begun[1], 4*day), []int64{})
	f.same(pending(begun[0], 9*day), []int64{})
}

// answered notes that somebody answered a question of their own survey, with one word.
func (f *fixture) answered(d domain.Delivery, after time.Duration) {
	f.Helper()
	s := &domain.Survey{Questions: []domain.Question{{ID: "q1", Type: domain.Choice, Options: []string{"A"}}}}
	c := domain.Campaign{ID: d.CampaignID, Kind: domain.KindSurvey, Content: domain.Content{Survey: s}}
	st, err := f.takes(c, d, noon(after), func(st domain.Standing) domain.Standing { return s.Take(st, "q1", text("A")) })
	f.ok(err)
	f.same(st.Finished, true)
}

// takes does one thing in a survey.
func (f *fixture) takes(c domain.Campaign, d domain.Delivery, at time.Time, do func(domain.Standing) domain.Standing) (domain.Standing, error) {
	one := &domain.Taking{Delivery: d, Do: do}
	err := f.Responses.Take(f.ctx, c, []*domain.Taking{one}, at)
	return one.After, err
}

// surveyTogether has people do several things at once, some of them two: as if they had come one
// after the other.
func surveyTogether(f *fixture) {
	c, rows := f.surveyed(4, domain.Identified)
	s := c.Content.Survey
	do := func(d domain.Delivery, question string, v domain.Value) *domain.Taking {
		return &domain.Taking{Delivery: d, Do: func(st domain.Standing) domain.Standing { return s.Take(st, question, v) }}
	}
	first, _ := s.First()
	all := []*domain.Taking{
		do(rows[2], first.ID, domain.TextValue("Yes")), do(rows[0], first.ID, domain.TextValue("No")), do(rows[0], first.ID, domain.TextValue("Yes")),
		do(rows[1], "of no question", domain.TextValue("Yes")), do(rows[2], first.ID, domain.TextValue("Yes")),
	}
	f.ok(f.Responses.Take(f.ctx, c, all, noon(time.Minute)))
	f.same([]string{all[1].After.Answers[first.ID].Text(), all[2].After.Answers[first.ID].Text()}, []string{"No", "Yes"})
	tally := f.tally(c)
	f.same(tally.Responses, int64(2))
	f.same(tally.Counts[first.ID][`"Yes"`], int64(2))
	f.same(f.counts(c.ID).Answered, int64(2))
	for i, want := range []int{1, 0, 1, 0} {
		st, err := f.Responses.Standing(f.ctx, rows[i])
		f.ok(err)
		f.same(len(st.Answers), want)
	}
}
