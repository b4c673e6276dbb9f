package storetest

import (
	"strconv"
	"time"

	"crier/internal/domain"
)

func ballotTests() []test {
	return []test{
		{"each person once", ballotOnce},
		{"many at once", ballotAtOnce},
		{"what is shown changes for five at least", ballotShown},
		{"a test send counts nowhere", ballotTrial},
		{"seen is counted once", ballotSeen},
		{"erasing somebody keeps what was counted", ballotErased},
	}
}

// ballot is what the n-th person answers.
func ballot(n int) map[string]domain.Value {
	return map[string]domain.Value{
		"tea": text([]string{"Yes", "No"}[n%2]), "with": domain.ListValue([]string{"Milk"}), "mark": domain.NumberValue(float64(1 + n%5)), "why": text("text " + strconv.Itoa(n)),
	}
}

func (f *fixture) cast(c domain.Campaign, d domain.Delivery, answers map[string]domain.Value) {
	f.Helper()
	f.ok(f.Responses.Cast(f.ctx, c, []domain.Ballot{{Delivery: d, Answers: answers}}))
}

func (f *fixture) ballots(c domain.Campaign) (int64, domain.SurveyTally) {
	f.Helper()
	n, shown, err := f.Responses.Ballots(f.ctx, c)
	f.ok(err)
	return n, shown
}

func (f *fixture) hasCast(c domain.Campaign, d domain.Delivery) bool {
	f.Helper()
	cast, err := f.Responses.HasCast(f.ctx, c.ID, d.Person.ID)
	f.ok(err)
	return cast
}

func ballotOnce(f *fixture) {
	c, rows := f.surveyed(2, domain.Anonymous)
	n, shown := f.ballots(c)
	f.same([]int64{n, shown.Responses}, []int64{0, 0})
	f.cast(c, rows[1], ballot(1))
	f.cast(c, rows[1], ballot(2))
	f.same([]bool{f.hasCast(c, rows[0]), f.hasCast(c, rows[1])}, []bool{false, true})
	n, _ = f.ballots(c)
	f.same(n, int64(1))
	f.same(f.counts(c.ID).Answered, int64(1))
	d, err := f.Deliveries.Get(f.ctx, rows[1].ID)
	f.ok(err)
	f.same([]bool{d.AnsweredAt.IsZero(), d.SeenAt.IsZero()}, []bool{true, true})
}

func ballotAtOnce(f *fixture) {
	const people = 24
	c, rows := f.surveyed(people, domain.Anonymous)
	atOnce(8, func(i int) {
		for n := 0; n < people; n += 2 { // each by all, two together, in different orders
			at, also := (n*7+i*3)%people, (n*5+i)%people
			two := []domain.Ballot{{Delivery: rows[at], Answers: ballot(at)}, {Delivery: rows[also], Answers: ballot(also)}}
			if err := f.Responses.Cast(f.ctx, c, two); err != nil {
				f.Error(err)
			}
		}
	})
	n, shown := f.ballots(c)
	f.same([]int64{n, shown.Responses}, []int64{people, people})
	f.same(shown.Counts["tea"], map[string]int64{`"Yes"`: people / 2, `"No"`: people / 2})
	f.same(shown.Counts["with"], map[string]int64{"*": people, `"Milk"`: people})
	f.same(shown.Counts["why"], map[string]int64{"*": people})
	f.same(len(shown.Latest["why"]), 10)
	f.same(f.counts(c.ID).Answered, int64(people))
	f.same(f.counts(c.ID).Seen, int64(people))
}

func ballotShown(f *fixture) {
	c, rows := f.surveyed(12, domain.Anonymous)
	want := []int64{0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10}
	for i, d := range rows {
		f.cast(c, d, ballot(i))
		n, shown := f.ballots(c)
		f.same([]int64{n, shown.Responses}, []int64{int64(i + 1), want[i]})
		total := int64(0)
		for _, count := range shown.Counts["mark"] {
			total += count
		}
		f.same(total, want[i])
		_, again := f.ballots(c)
		f.same(again, shown)
	}
}

func ballotTrial(f *fixture) {
	p := f.install(1)
	c := f.create(asks(domain.Anonymous))
	f.ok(f.Deliveries.AddTrials(f.ctx, c.ID, []domain.Person{p}, noon(0)))
	rows, err := f.worker.ClaimTrials(f.ctx, noon(0), 1)
	f.ok(err)
	f.finish(rows, accepted(), 0)
	f.cast(c, rows[0], ballot(1))
	n, _ := f.ballots(c)
	f.same(n, int64(0))
	f.same(f.counts(c.ID), domain.Counts{})
}

func ballotSeen(f *fixture) {
	c, rows := f.surveyed(3, domain.Anonymous)
	f.ok(f.Deliveries.MarkSeen(f.ctx, rows[0], noon(time.Minute)))
	f.cast(c, rows[0], ballot(0))
	f.same(f.counts(c.ID).Seen, int64(1))
	f.cast(c, rows[1], ballot(1))
	f.same(f.counts(c.ID).Seen, int64(2))
	f.ok(f.Deliveries.MarkSeen(f.ctx, rows[1], noon(time.Hour))) // a receipt that comes late
	f.ok(f.Deliveries.MarkSeen(f.ctx, rows[2], noon(time.Hour)))
	f.same(f.counts(c.ID), domain.Counts{Listed: 3, Recipients: 3, Sent: 3, Seen: 3, Answered: 2})
}

func ballotErased(f *fixture) {
	c, rows := f.surveyed(5, domain.Anonymous)
	for i, d := range rows {
		f.cast(c, d, ballot(i))
	}
	f.ok(f.People.Erase(f.ctx, rows[0].Person.ID, noon(time.Hour)))
	n, shown := f.ballots(c)
	f.same([]int64{n, shown.Responses}, []int64{5, 5})
}
