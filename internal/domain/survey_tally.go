package domain

import (
	"encoding/json"
	"strconv"
)

// What CountKeys counts under beside the values themselves, which are JSON and never these.
const (
	skipped  = ""  // a question that was left out
	answered = "*" // an answer whose own value is not counted, or is one of several
)

// SurveyTally is what was counted of the answers to a survey.
type SurveyTally struct {
	Responses int64                       // people who answered anything, or finished
	Completed int64                       // people who finished
	Counts    map[string]map[string]int64 // by question: how often what CountKeys names was answered
	Left      map[string]int64            // by question: how many have it before them, and did not finish
	Latest    map[string][]string         // by question of text or date: what a few answered
	Response  Timing                      // from the first answer to the last
	Reaction  Timing                      // from the message to the first answer
}

// Show is the next view of an anonymous survey: what was shown before, with all that was answered
// by now of the questions that enough more have answered (ShownAt). A branch that few took is a
// small survey of its own.
func (s *Survey) Show(before, now SurveyTally) SurveyTally {
	next := SurveyTally{Responses: now.Responses, Completed: now.Completed, Counts: map[string]map[string]int64{}, Latest: map[string][]string{}}
	for _, q := range s.Questions {
		had, has := q.report(before.Counts[q.ID]).Answers, q.report(now.Counts[q.ID]).Answers
		from := now
		if ShownAt(Anonymous, had, has) == had {
			from = before
		}
		if counts := from.Counts[q.ID]; counts != nil {
			next.Counts[q.ID] = counts
		}
		if texts := from.Latest[q.ID]; texts != nil {
			next.Latest[q.ID] = texts
		}
	}
	return next
}

// CountKeys is what an answer counts as: its value in JSON; the values of several choices each,
// and all of them together once; texts and dates together. The zero Value is a question that
// was skipped.
func (q Question) CountKeys(v Value) []string {
	switch {
	case v.IsZero():
		return []string{skipped}
	case q.Type == Choices:
		keys := []string{answered}
		for _, option := range v.List() {
			keys = append(keys, TextValue(option).json)
		}
		return keys
	case q.Listed():
		return []string{answered}
	}
	return []string{v.json}
}

// maxNumbers bounds the different numbers that are counted as they are.
const maxNumbers = 1000

// CountedAs is the key that an answer to an anonymous survey counts under: its own, or for a
// number, where a great many different ones have come, one rounded to two digits.
func (q Question) CountedAs(key string, counts map[string]int64) string {
	if q.Type != Number || len(counts) < maxNumbers || counts[key] > 0 || key == skipped {
		return key
	}
	n, err := strconv.ParseFloat(key, 64)
	if err != nil {
		return key
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'e', 1, 64), 64) // just written
	return NumberValue(rounded).json
}

// Listed says whether the answers to a question are listed rather than counted by their values:
// texts and dates.
func (q Question) Listed() bool { return q.Type == FreeText || q.Type == Date }

// Report is the results of a survey, as its privacy allows to show them. Of an anonymous one
// tally may count fewer responses than there are (ShownAt).
func (s *Survey) Report(responded, completed int64, tally SurveyTally) SurveyReport {
	r := SurveyReport{
		Privacy: s.Privacy, Responses: responded, Completed: completed, Shown: tally.Responses,
		Withheld: Withheld(s.Privacy, tally.Responses), ResponseTime: tally.Response, ReactionTime: tally.Reaction,
	}
	if s.Privacy == Masked {
		// The deliveries say when each message was sent: whoever reads the average before and
		// after an answer could work out whose it was.
		r.ReactionTime = Timing{}
	}
	if r.Withheld {
		r.Shown, tally = 0, SurveyTally{}
	}
	passed := map[string]int64{}
	for _, q := range s.Questions {
		if q.Type == Statement {
			continue
		}
		one := q.report(tally.Counts[q.ID])
		passed[q.ID] = one.Answers + tally.Counts[q.ID][skipped]
		one.Withheld = Withheld(s.Privacy, one.Answers)
		if TextsWithheld(s.Privacy, one.Answers) {
			one.TextsWithheld = q.Listed()
		} else {
			one.Latest = tally.Latest[q.ID]
		}
		r.Questions = append(r.Questions, one)
	}
	if s.Privacy != Anonymous {
		r.Passages = s.Passages(passed, tally.Left)
	}
	return r
}

// report is what was answered to one question.
func (q Question) report(counts map[string]int64) QuestionReport {
	r := QuestionReport{Question: q}
	numbers := map[float64]int64{}
	for key, n := range counts {
		if key != skipped && (q.Type != Choices || key == answered) {
			r.Answers += n
		}
		if number, err := strconv.ParseFloat(key, 64); err == nil && n > 0 {
			numbers[number] += n
		}
	}
	for i, v := range q.values() {
		r.Options = append(r.Options, OptionCount{Text: q.answers()[i], Count: counts[v.json]})
	}
	if q.Type != Rating && q.Type != NPS && q.Type != Number {
		return r
	}
	r.Numbers = SumUp(numbers)
	if score, ok := PromoterScore(numbers); ok && q.Type == NPS {
		r.Score = &score
	}
	return r
}

// values are the answers that a question offers, in its order.
func (q Question) values() []Value {
	var list []Value
	for _, answer := range q.answers() {
		switch q.Type {
		case YesNo:
			list = append(list, YesValue(answer == "yes"))
		case Rating, NPS:
			n, _ := strconv.Atoi(answer) // made from a number
			list = append(list, NumberValue(float64(n)))
		default:
			list = append(list, TextValue(answer))
		}
	}
	return list
}

// ParseValue reads a value that was written as JSON.
func ParseValue(text string) (Value, error) {
	var v Value
	err := json.Unmarshal([]byte(text), &v)
	return v, err
}
