package storetest

import (
	"time"

	"crier/internal/domain"
)

func earlyTests() []test {
	return []test{
		{"what is on the way is told", earlyOnTheWay},
		{"marks wait until it is sent", earlyMarks},
		{"a mark and the record at once", earlyRace},
		{"marks of what was never sent stay uncounted", earlyNeverSent},
		{"signals ripen when nothing is on the way", earlySignals},
		{"what a dead process held is not on the way", earlyDead},
	}
}

func earlyOnTheWay(f *fixture) {
	p := f.install(1)
	c := f.started(draft(everyone()))
	list, err := f.Deliveries.Unseen(f.ctx, p.ID) // it waits: nobody holds it
	f.ok(err)
	f.same(len(list), 0)
	rows := f.claim(c, 0, 1)
	list, err = f.Deliveries.Unseen(f.ctx, p.ID)
	f.ok(err)
	f.same([]any{len(list), list[0].ID, list[0].State}, []any{1, rows[0].ID, domain.Pending})
	got, err := f.Deliveries.ByActivity(f.ctx, p.ID, "any")
	f.ok(err)
	f.same([]any{got.ID, got.State}, []any{rows[0].ID, domain.Pending})
	f.finish(rows, accepted(), 0)
	_, err = f.Deliveries.ByActivity(f.ctx, p.ID, "any")
	f.is(err, domain.NotFound)
	second := f.started(draft(everyone()))
	f.claim(second, 0, 1)
	got, err = f.Deliveries.ByActivity(f.ctx, p.ID, accepted().ActivityID) // the one that was sent, though another is on the way
	f.ok(err)
	f.same([]any{got.ID, got.State}, []any{rows[0].ID, domain.Sent})
}

func earlyMarks(f *fixture) {
	f.install(1)
	c := f.started(draft(everyone()))
	d := f.claim(c, 0, 1)[0]
	f.number(c, "https://a.io")
	for range 2 {
		f.ok(f.links().Click(f.ctx, d, 1, noon(time.Second)))
		f.answered(d, 2*time.Second)
		f.ok(f.Deliveries.SettleMarks(f.ctx))
		f.same(f.counted(c.ID), domain.Counts{Listed: 1, Recipients: 1, Pending: 1})
	}
	f.finish([]domain.Delivery{d}, accepted(), 1500*time.Millisecond)
	for range 2 {
		f.ok(f.Deliveries.SettleMarks(f.ctx))
		f.same(f.counted(c.ID), domain.Counts{Listed: 1, Recipients: 1, Sent: 1, Seen: 1, Clicked: 1, Answered: 1})
	}
	got, err := f.Deliveries.Get(f.ctx, d.ID)
	f.ok(err)
	// Nobody clicks before it is sent, whatever was noted first.
	f.same([]time.Time{got.ClickedAt, got.AnsweredAt}, []time.Time{noon(1500 * time.Millisecond), noon(2 * time.Second)})
	list, err := f.Campaigns.Links(f.ctx, c.ID)
	f.ok(err)
	f.same(list, []domain.Link{{N: 1, URL: "https://a.io", Clicks: 2, People: 1}})
}

// earlyRace has people click while their messages are being recorded: none is lost.
func earlyRace(f *fixture) {
	f.crowd(16)
	c := f.started(draft(everyone()))
	f.number(c, "https://a.io")
	rows := f.claim(c, 0, 16)
	atOnce(17, func(i int) {
		var err error
		if i == 16 {
			err = f.worker.Finish(f.ctx, outcomes(rows, accepted(), domain.Policy{}, noon(0)), noon(0))
		} else {
			err = f.links().Click(f.ctx, rows[i], 1, noon(time.Second))
		}
		if err != nil {
			f.Error(err)
		}
	})
	f.ok(f.Deliveries.SettleMarks(f.ctx))
	f.same(f.counted(c.ID), domain.Counts{Listed: 16, Recipients: 16, Sent: 16, Seen: 16, Clicked: 16})
}

func earlyNeverSent(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	for _, d := range rows {
		f.ok(f.Deliveries.MarkSeen(f.ctx, d, noon(0)))
	}
	f.finish(rows[:1], refused(), 0)
	f.finishWith(rows[1:], lost(), domain.Policy{OnUncertain: domain.Hold}, 0)
	f.ok(f.Deliveries.SettleMarks(f.ctx))
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Failed: 1, Uncertain: 1})
	f.ok(f.Deliveries.Retry(f.ctx, c.ID, noon(time.Hour)))
	f.finish(f.claim(c, time.Hour, 2), accepted(), time.Hour)
	f.ok(f.Deliveries.SettleMarks(f.ctx))
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Sent: 2, Seen: 2})
}

func (f *fixture) ripe() []domain.EarlySignal {
	f.Helper()
	list, err := f.Deliveries.RipeSignals(f.ctx)
	f.ok(err)
	for i := range list {
		list[i].ID = 0
	}
	return list
}

func earlySignals(f *fixture) {
	people := f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 1) // of the first
	read := domain.EarlySignal{PersonID: people[0].ID, Kind: domain.SignalRead, ActivityID: "7", At: noon(time.Minute)}
	like := domain.EarlySignal{PersonID: people[0].ID, Kind: domain.SignalReacted, ActivityID: "7", Reaction: "like", At: noon(time.Hour)}
	other := domain.EarlySignal{PersonID: people[1].ID, Kind: domain.SignalUnreacted, ActivityID: "8", Reaction: "sad", At: noon(0)}
	earlier := like
	earlier.At = noon(0)
	for _, v := range []domain.EarlySignal{read, read, like, earlier, other} {
		f.ok(f.Deliveries.KeepSignal(f.ctx, v))
	}
	f.same(f.ripe(), []domain.EarlySignal{other})
	f.finish(rows, accepted(), 0)
	f.same(f.ripe(), []domain.EarlySignal{read, like, other})
	list, err := f.Deliveries.RipeSignals(f.ctx)
	f.ok(err)
	like.At = noon(2 * time.Hour)
	f.ok(f.Deliveries.KeepSignal(f.ctx, like)) // meanwhile
	for _, v := range list {
		f.ok(f.Deliveries.DropSignal(f.ctx, v))
	}
	f.same(f.ripe(), []domain.EarlySignal{like})
}

func earlyDead(f *fixture) {
	p := f.install(1)
	c := f.started(draft(everyone()))
	f.claim(c, 0, 1)
	f.ok(f.Deliveries.KeepSignal(f.ctx, domain.EarlySignal{PersonID: p.ID, Kind: domain.SignalRead, ActivityID: "7", At: noon(0)}))
	f.same(len(f.ripe()), 0)
	beats, err := f.Instances.List(f.ctx)
	f.ok(err)
	f.ok(f.Instances.Bury(f.ctx, beats[0], nil, noon(time.Minute)))
	f.same(len(f.ripe()), 1)
	list, err := f.Deliveries.Unseen(f.ctx, p.ID)
	f.ok(err)
	f.same(len(list), 0)
}
