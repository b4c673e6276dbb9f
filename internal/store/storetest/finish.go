package storetest

import (
	"strings"
	"time"
	"unicode/utf8"

	"crier/internal/domain"
)

func finishTests() []test {
	return []test{
		{"every outcome moves the counts", finishOutcomes},
		{"what is recorded", finishWhole},
		{"the last row makes it done", finishLast},
		{"the last row of a paused one makes it done", finishLastPaused},
		{"a second time changes nothing", finishTwice},
		{"what came of an earlier hold changes nothing", finishEarlier},
		{"rows of several campaigns in a batch", finishSeveral},
		{"many at once, each the other way round", finishAtOnce},
		{"a long reason is cut between characters", finishLongReason},
		{"an empty batch", func(f *fixture) { f.ok(f.worker.Finish(f.ctx, nil, noon(0))) }},
	}
}

// steps are results and the state each leads to from a first try.
func steps() []struct {
	result domain.Result
	policy domain.Policy
	want   domain.State
} {
	return []struct {
		result domain.Result
		policy domain.Policy
		want   domain.State
	}{
		{accepted(), domain.Policy{}, domain.Sent},
		{refused(), domain.Policy{}, domain.Failed},
		{lost(), domain.Policy{OnUncertain: domain.Hold}, domain.Uncertain},
		{lost(), domain.Policy{OnUncertain: domain.Resend}, domain.Postponed},
		{domain.Result{Verdict: domain.Passing, Code: domain.ServiceError}, domain.Policy{}, domain.Postponed},
		{domain.Result{Verdict: domain.Slowed, RetryAfter: time.Hour}, domain.Policy{}, domain.Pending},
		{domain.Result{Verdict: domain.Stopped}, domain.Policy{}, domain.Pending},
		{domain.Result{Verdict: domain.Misset, Code: domain.Unauthorized}, domain.Policy{}, domain.Pending},
	}
}

func finishOutcomes(f *fixture) {
	f.crowd(len(steps()))
	c := f.started(draft(everyone()))
	claimed := f.claim(c, 0, 50)
	want := domain.Counts{Listed: int64(len(claimed)), Recipients: int64(len(claimed)), Pending: int64(len(claimed))}
	for i, step := range steps() {
		f.finishWith(claimed[i:i+1], step.result, step.policy, time.Second)
		got, err := f.Deliveries.Get(f.ctx, claimed[i].ID)
		f.ok(err)
		f.same(got.State, step.want)
		want.Pending--
		switch step.want {
		case domain.Sent:
			want.Sent++
		case domain.Failed:
			want.Failed++
		case domain.Uncertain:
			want.Uncertain++
		case domain.Postponed:
			want.Postponed++
		default:
			want.Pending++
		}
		f.same(f.counted(c.ID), want)
	}
	// What was given back or put off is claimed again, and only that.
	again := f.claim(c, 2*time.Hour, 50)
	f.same(len(again), 5)
	for _, d := range again {
		f.same(d.Attempts, map[domain.State]int{domain.Pending: 1, domain.Postponed: 2}[d.State])
	}
	f.ok(f.worker.Finish(f.ctx, []domain.Finished{{Delivery: again[0], Outcome: domain.Outcome{State: domain.Unscheduled, Code: domain.NotPresent}}}, noon(0)))
	f.same(f.counted(c.ID).Unscheduled, int64(1))
}

func finishWhole(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	f.finish(rows[:1], accepted(), time.Minute)
	f.finish(rows[1:], refused(), time.Minute)
	sent, failed := rows[0], rows[1]
	sent.State, sent.ActivityID, sent.SentAt = domain.Sent, accepted().ActivityID, noon(time.Minute)
	failed.State, failed.Code, failed.Reason = domain.Failed, domain.BlockedByUser, "MessageWritesBlocked"
	for _, want := range []domain.Delivery{sent, failed} {
		got, err := f.Deliveries.Get(f.ctx, want.ID)
		f.ok(err)
		f.same(got, want) // the planned time is kept
	}
}

func finishLast(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	f.finish(rows[:1], accepted(), time.Second)
	f.same(f.campaign(c.ID).Status, domain.Sending)
	f.finish(rows[1:], refused(), time.Minute)
	got := f.campaign(c.ID)
	f.same(got.Status, domain.Done)
	f.same(got.FinishedAt, noon(time.Minute))
}

func finishLastPaused(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "Paused by Ada", noon(0), domain.Sending))
	f.finish(rows[:1], accepted(), time.Second)
	f.same(f.campaign(c.ID).Status, domain.Paused)
	f.finish(rows[1:], accepted(), time.Second)
	f.same(f.campaign(c.ID).Status, domain.Done)
}

func finishTwice(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 1)
	f.finish(rows, accepted(), 0)
	f.finish(rows, refused(), time.Hour) // after the end
	f.same(f.counted(c.ID), domain.Counts{Listed: 1, Recipients: 1, Sent: 1})
}

// finishEarlier is a process that records again, for the answer was lost, after it has held
// the row once more.
func finishEarlier(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	earlier := f.claim(c, 0, 1)
	f.finish(earlier, domain.Result{Verdict: domain.Stopped}, 0)
	again := f.claim(c, 0, 1)
	f.finish(earlier, domain.Result{Verdict: domain.Stopped}, 0)
	f.finish(earlier, accepted(), 0)
	f.same(len(f.claim(c, 0, 1)), 0) // it is held
	f.same(f.counted(c.ID).Pending, int64(1))
	f.finish(again, accepted(), 0)
	f.same(f.counted(c.ID).Sent, int64(1))
}

func finishSeveral(f *fixture) {
	f.crowd(3)
	one, two := f.started(draft(everyone())), f.started(draft(everyone()))
	f.ok(f.Deliveries.AddTrials(f.ctx, one.ID, []domain.Person{f.sender(1)}, noon(0)))
	trials, err := f.worker.ClaimTrials(f.ctx, noon(0), 5)
	f.ok(err)
	rows := append(f.claim(one, 0, 2), f.claim(two, 0, 3)...)
	f.finish(append(rows, trials...), accepted(), 0)
	f.same(f.counted(one.ID), domain.Counts{Listed: 3, Recipients: 3, Pending: 1, Sent: 2})
	f.same(f.counted(two.ID), domain.Counts{Listed: 3, Recipients: 3, Sent: 3})
	f.same([]domain.Status{f.campaign(one.ID).Status, f.campaign(two.ID).Status}, []domain.Status{domain.Sending, domain.Done})
}

// finishAtOnce has workers write the same rows in opposite orders, as late ones do.
func finishAtOnce(f *fixture) {
	f.passersby(1, 60)
	one, two := f.started(draft(everyone())), f.started(draft(everyone()))
	rows := append(f.claim(one, 0, 60), f.claim(two, 0, 60)...)
	atOnce(8, func(i int) {
		for n := range 12 {
			part := append([]domain.Delivery(nil), rows[n*10:n*10+10]...)
			if i%2 == 1 {
				part = append([]domain.Delivery(nil), rows[110-n*10:120-n*10]...)
				part[0], part[9] = part[9], part[0]
			}
			if err := f.worker.Finish(f.ctx, outcomes(part, accepted(), domain.Policy{}, noon(0)), noon(0)); err != nil {
				f.Error(err)
			}
		}
	})
	for _, c := range []domain.Campaign{one, two} {
		f.same(f.counted(c.ID), domain.Counts{Listed: 60, Recipients: 60, Sent: 60})
		f.same(f.campaign(c.ID).Status, domain.Done)
	}
}

func finishLongReason(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 3)
	for i, reason := range []string{strings.Repeat("é", 400), strings.Repeat("\x80", 600), "x" + strings.Repeat("日", 300)} {
		r := refused()
		r.Reason = reason
		f.finish(rows[i:i+1], r, 0)
		got, err := f.Deliveries.Get(f.ctx, rows[i].ID)
		f.ok(err)
		if len(got.Reason) > 500 || !utf8.ValidString(got.Reason) || !strings.HasPrefix(reason, got.Reason) {
			f.Fatalf("%q was kept as %q", reason, got.Reason)
		}
	}
}
