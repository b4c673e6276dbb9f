package storetest

import (
	"cmp"
	"slices"
	"time"

	"crier/internal/domain"
)

func responseTests() []test {
	return []test{
		{"answers are counted by value", answerCounts},
		{"answering again replaces the answer", answerAgain},
		{"eight clicks at once are one answer", answerAtOnce},
		{"begun and completed", answerInSteps},
	}
}

func (f *fixture) answer(d domain.Delivery, question, value string, finished bool) {
	f.Helper()
	f.ok(f.Responses.Answer(f.ctx, d, []domain.Answer{{QuestionID: question, Value: value}}, finished, noon(time.Minute)))
}

// answered is what was answered to a campaign: responses, completed, and the values.
func (f *fixture) answered(id int64, responses, completed int64, want ...domain.AnswerCount) {
	f.Helper()
	r, done, got, err := f.Responses.Counts(f.ctx, id)
	f.ok(err)
	f.same([]int64{r, done}, []int64{responses, completed})
	slices.SortFunc(got, func(a, b domain.AnswerCount) int {
		return cmp.Or(cmp.Compare(a.QuestionID, b.QuestionID), cmp.Compare(a.Value, b.Value))
	})
	f.same(got, want)
}

func answerCounts(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	rows := f.sent(c)
	f.answer(rows[0], "q1", "Yes", true)
	f.answer(rows[1], "q1", "No", true)
	f.answer(rows[2], "q1", "Yes", true)
	f.answered(c.ID, 3, 3, domain.AnswerCount{QuestionID: "q1", Value: "No", Count: 1}, domain.AnswerCount{QuestionID: "q1", Value: "Yes", Count: 2})
	f.same(f.counted(c.ID).Answered, int64(3))
}

func answerAgain(f *fixture) {
	c, d := f.message()
	f.answer(d, "q1", "Yes", true)
	f.answer(d, "q1", "No", true)
	f.answered(c.ID, 1, 1, domain.AnswerCount{QuestionID: "q1", Value: "No", Count: 1})
	f.same(f.counted(c.ID).Answered, int64(1))
}

func answerAtOnce(f *fixture) {
	c, d := f.message()
	atOnce(8, func(int) {
		err := f.Responses.Answer(f.ctx, d, []domain.Answer{{QuestionID: "q1", Value: "Yes"}, {QuestionID: "q2", Value: "3"}}, true, noon(0))
		if err != nil {
			f.Error(err)
		}
	})
	f.answered(c.ID, 1, 1, domain.AnswerCount{QuestionID: "q1", Value: "Yes", Count: 1}, domain.AnswerCount{QuestionID: "q2", Value: "3", Count: 1})
	f.same(f.counted(c.ID).Answered, int64(1))
}

func answerInSteps(f *fixture) {
	c, d := f.message()
	f.answered(c.ID, 0, 0)
	f.answer(d, "q1", "Yes", false)
	f.answered(c.ID, 1, 0, domain.AnswerCount{QuestionID: "q1", Value: "Yes", Count: 1})
	f.answer(d, "q2", "", true)
	f.answer(d, "q1", "Yes", false) // a late first answer does not open it again
	f.answered(c.ID, 1, 1, domain.AnswerCount{QuestionID: "q1", Value: "Yes", Count: 1}, domain.AnswerCount{QuestionID: "q2", Count: 1})
}
