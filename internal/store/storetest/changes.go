package storetest

import (
	"slices"
	"time"

	"crier/internal/domain"
)

func changeTests() []test {
	return []test{
		{"who has the message is written down, once", changeNames},
		{"nothing begins while a message is on its way", changeWaits},
		{"a correction changes what is still to go", changeCorrects},
		{"one takes the place of another", changeReplaces},
		{"a survey is corrected for those who did not answer", changeSurvey},
		{"many, in several parts, from where it stopped", changeMany},
		{"a campaign expires once", changeExpires},
		{"one that expired before it could start is not sent", changeExpiredBefore},
		{"what was read before a recall neither corrects nor retries", changeStale},
		{"who has the better message is left alone", changeOnlyTheOld},
		{"tenants that are named later", changeLanes},
		{"a change is no campaign of its own", changeHidden},
	}
}

// change begins a change of a campaign's messages and answers the child that does it.
func (f *fixture) change(c domain.Campaign, to domain.Change) domain.Campaign {
	f.Helper()
	f.ok(f.Campaigns.Change(f.ctx, c, to, "Ada", noon(time.Hour)))
	return f.campaign(f.lastChange(c.ID).Campaign)
}

func (f *fixture) lastChange(id int64) domain.ChangeReport {
	f.Helper()
	r, err := f.Campaigns.LastChange(f.ctx, id)
	f.ok(err)
	if r == nil {
		f.Fatal("there is no change")
	}
	return *r
}

// named writes all rows of a change down.
func (f *fixture) named(child domain.Campaign) {
	f.Helper()
	for more := true; more; {
		var err error
		more, err = f.Campaigns.Name(f.ctx, child.ID, noon(time.Hour))
		f.ok(err)
	}
}

func changeNames(f *fixture) {
	f.crowd(4)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 4)
	f.finish(rows[:2], accepted(), 0)
	f.finish(rows[2:3], refused(), 0)
	f.finish(rows[3:], domain.Result{Verdict: domain.Accepted}, 0) // Teams told no id: nothing to change it by
	c = f.campaign(c.ID)
	f.same(c.Status, domain.Done)
	child := f.change(c, domain.Recall)
	f.same(child.Parent, c.ID)
	f.same(child.Change, domain.Recall)
	f.named(child)
	f.same(f.counted(child.ID), domain.Counts{Listed: 3, Unreachable: 1, Recipients: 2, Pending: 2})
	again := f.claim(child, 2*time.Hour, 10)
	f.same(len(again), 2)
	f.same(again[0].Origin, rows[0].ID)
	f.same(again[0].ActivityID, accepted().ActivityID)
	f.same(again[0].Person.ID, rows[0].Person.ID)
	f.finish(again[:1], domain.Result{Verdict: domain.Accepted, ActivityID: again[0].ActivityID}, 2*time.Hour)
	f.finish(again[1:], refused(), 2*time.Hour)
	r := f.lastChange(c.ID)
	other := f.create(draft(everyone()))
	several, err := f.Campaigns.LastChanges(f.ctx, c.ID, other.ID, child.ID)
	f.ok(err)
	f.same(several, map[int64]*domain.ChangeReport{c.ID: &r})
	f.same(r.Status, domain.Done)
	f.same(r.Counts.Sent, int64(1))
	f.same(r.Counts.Failed, int64(1))
	by, err := f.Deliveries.ChangesOf(f.ctx, r.Campaign, rows)
	f.ok(err)
	f.same(len(by), 3)
	f.same(by[rows[0].ID].State, domain.Sent)
	f.same(by[rows[1].ID].State, domain.Failed)
	f.same(f.counted(c.ID).Sent, int64(3)) // the campaign's own rows stay what they were
}

func changeWaits(f *fixture) {
	f.crowd(2)
	c := f.started(draft(everyone()))
	rows := f.claim(c, 0, 2)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	child := f.change(f.campaign(c.ID), domain.Correct)
	_, err := f.Campaigns.Name(f.ctx, child.ID, noon(time.Hour))
	f.is(err, domain.Conflict)
	f.finish(rows, accepted(), time.Minute)
	f.named(child)
	f.same(f.counted(child.ID).Listed, int64(2))
}

func changeCorrects(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 1), accepted(), 0)
	held, err := f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 1)
	f.ok(err)
	held[0].Revision = c.Revision
	better := f.campaign(c.ID)
	better.Content.Text = "Leave by the lift"
	f.is(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(0)), domain.Conflict) // it is being sent
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	child := f.change(better, domain.Correct)
	f.same(child.Content.Text, "Leave by the lift")
	f.same(f.campaign(c.ID).Content.Text, "Leave by the lift")
	f.same(f.campaign(c.ID).Revision, c.Revision+1)
	f.is(f.Campaigns.Change(f.ctx, better, domain.Correct, "Ada", noon(0)), domain.Conflict) // somebody was faster
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(0), domain.Paused))
	// What was made ready before does not begin; made ready anew, it does.
	begun, err := f.Deliveries.Exchange(f.ctx, f.worker.Instance, domain.Exchange{Begin: held}, noon(0))
	f.ok(err)
	f.same(len(begun), 0)
	held, err = f.Deliveries.Reserve(f.ctx, f.worker.Instance, lane(c), noon(0), 1)
	f.ok(err)
	held[0].Revision = c.Revision + 1
	begun, err = f.Deliveries.Exchange(f.ctx, f.worker.Instance, domain.Exchange{Begin: held}, noon(0))
	f.ok(err)
	f.same(len(begun), 1)
}

func changeReplaces(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	f.sent(c)
	c = f.campaign(c.ID)
	c.Content.Text = "Leave by the lift"
	first := f.change(c, domain.Correct)
	f.named(first)
	inFlight := f.claim(first, time.Hour, 1)
	second := f.change(f.campaign(c.ID), domain.Recall)
	f.same(f.campaign(first.ID).Status, domain.Cancelled)
	_, err := f.Campaigns.Name(f.ctx, second.ID, noon(time.Hour))
	f.is(err, domain.Conflict) // a correction that comes late would bring the message back
	f.finish(inFlight, accepted(), time.Hour)
	f.withdrawn(first)
	f.same(f.counted(first.ID), domain.Counts{Listed: 3, Recipients: 3, Sent: 1, Cancelled: 2})
	f.named(second)
	f.same(f.counted(second.ID).Pending, int64(3))
}

func changeSurvey(f *fixture) {
	f.crowd(2)
	d := draft(everyone())
	d.Kind = domain.KindSurvey
	c := f.started(d)
	rows := f.claim(c, 0, 2)
	f.finish(rows, accepted(), 0)
	f.answered(rows[0], 0)
	child := f.change(f.campaign(c.ID), domain.Correct)
	f.named(child)
	f.same(f.claim(child, time.Hour, 9)[0].Origin, rows[1].ID)
	f.same(f.counted(child.ID).Listed, int64(1))
}

func changeMany(f *fixture) {
	const people = 5200 // more than are written down at once
	f.crowdFast(people)
	c := f.started(draft(everyone()))
	for left := people; left > 0; left -= 400 {
		f.finish(f.claim(c, 0, 400), accepted(), 0)
	}
	child := f.change(f.campaign(c.ID), domain.Recall)
	more, err := f.Campaigns.Name(f.ctx, child.ID, noon(time.Hour))
	f.ok(err)
	f.same(more, true)
	f.finish(f.claim(child, time.Hour, 100), accepted(), time.Hour)
	f.same(f.campaign(child.ID).Status, domain.Sending)
	f.named(child)
	f.same(f.counted(child.ID), domain.Counts{Listed: people, Recipients: people, Sent: 100, Pending: people - 100})
	ids, err := f.Campaigns.Naming(f.ctx)
	f.ok(err)
	f.same(slices.Contains(ids, child.ID), false)
}

func changeExpires(f *fixture) {
	f.crowd(2)
	d := draft(everyone())
	d.ExpiresAt = noon(time.Hour)
	c := f.started(d)
	f.same(c.ExpiresAt, noon(time.Hour))
	f.finish(f.claim(c, 0, 1), accepted(), 0)
	expiring := func(after time.Duration) []int64 {
		ids, err := f.Campaigns.Expiring(f.ctx, noon(after))
		f.ok(err)
		return ids
	}
	f.same(len(expiring(time.Minute)), 0)
	f.is(f.Campaigns.Expire(f.ctx, c.ID, noon(time.Minute)), domain.Conflict)
	f.same(expiring(time.Hour), []int64{c.ID})
	f.ok(f.Campaigns.Expire(f.ctx, c.ID, noon(time.Hour)))
	f.is(f.Campaigns.Expire(f.ctx, c.ID, noon(time.Hour)), domain.Conflict)
	f.same(len(expiring(2*time.Hour)), 0)
	f.withdrawn(c)
	f.same(f.counted(c.ID), domain.Counts{Listed: 2, Recipients: 2, Sent: 1, Cancelled: 1})
	r := f.lastChange(c.ID)
	f.same(r.Change, domain.Expire)
	f.named(f.campaign(r.Campaign))
	f.same(f.counted(r.Campaign).Pending, int64(1))
}

func changeHidden(f *fixture) {
	f.crowd(1)
	c := f.started(draft(everyone()))
	f.sent(c)
	child := f.change(f.campaign(c.ID), domain.Recall)
	f.named(child)
	list, err := f.Campaigns.List(f.ctx, domain.CampaignFilter{}, 0, 10)
	f.ok(err)
	f.same(len(list), 1)
	by, err := f.Campaigns.ByStatus(f.ctx)
	f.ok(err)
	f.same(by[domain.Sending], int64(0))
	f.is(f.Campaigns.Delete(f.ctx, c.ID), domain.Conflict) // while it is under way
	rows := f.claim(child, time.Hour, 1)
	f.finish(rows, accepted(), time.Hour)
	unseen, err := f.Deliveries.Unseen(f.ctx, rows[0].Person.ID)
	f.ok(err)
	f.same(len(unseen), 0) // it is gone: what they read after that is something else
	found, err := f.Deliveries.ByActivity(f.ctx, rows[0].Person.ID, rows[0].ActivityID)
	f.ok(err)
	f.same(found.CampaignID, c.ID)
	f.ok(f.Campaigns.Delete(f.ctx, c.ID))
	_, err = f.Campaigns.Get(f.ctx, child.ID)
	f.is(err, domain.NotFound)
}

func changeExpiredBefore(f *fixture) {
	f.crowd(2)
	d := draft(everyone())
	d.ExpiresAt = noon(time.Minute)
	c := f.scheduled(d)
	f.ok(f.Campaigns.Start(f.ctx, c.ID, noon(time.Hour)))
	got := f.campaign(c.ID)
	f.same(got.Status, domain.Cancelled)
	f.same(got.Notice, domain.ExpiredNotice)
	f.same(f.counted(c.ID).Listed, int64(0))
}

func changeStale(f *fixture) {
	f.crowd(3)
	c := f.started(draft(everyone()))
	f.finish(f.claim(c, 0, 2), accepted(), 0)
	f.finish(f.claim(c, 0, 1), refused(), 0)
	before := f.campaign(c.ID)
	f.change(before, domain.Recall)
	f.is(f.Campaigns.Change(f.ctx, before, domain.Correct, "Ada", noon(0)), domain.Conflict)
	f.is(f.Campaigns.Change(f.ctx, before, domain.Recall, "Ada", noon(0)), domain.Conflict)
	f.is(f.Deliveries.Retry(f.ctx, c.ID, noon(0)), domain.Conflict)
	f.same(f.lastChange(c.ID).Change, domain.Recall)
	f.same(f.counted(c.ID).Failed, int64(1))
}

// changeOnlyTheOld corrects a campaign that goes on at once: what is sent of it from then on is
// the better message.
func changeOnlyTheOld(f *fixture) {
	f.crowd(4)
	c := f.started(draft(everyone()))
	old := f.claim(c, 0, 2)
	for i := range old {
		old[i].Revision = c.Revision
	}
	f.finish(old[:1], accepted(), 0) // the other is on its way
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	child := f.change(f.campaign(c.ID), domain.Correct)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(0), domain.Paused))
	next := f.claim(c, 0, 2)
	for i := range next {
		next[i].Revision = c.Revision + 1
	}
	f.finish(next[:1], accepted(), 0)
	_, err := f.Campaigns.Name(f.ctx, child.ID, noon(time.Hour))
	f.is(err, domain.Conflict)
	f.finish(old[1:], accepted(), 0)
	f.named(child) // although the campaign has another on its way
	f.same(f.counted(child.ID), domain.Counts{Listed: 2, Recipients: 2, Pending: 2})
	f.finish(next[1:], accepted(), 0)
	rows := f.claim(child, time.Hour, 9)
	f.same([]int64{rows[0].Origin, rows[1].Origin}, []int64{old[0].ID, old[1].ID})
}

// changeLanes corrects a campaign whose audience is not written down yet: its tenants are not
// known then.
func changeLanes(f *fixture) {
	f.crowd(1)
	c := f.scheduled(draft(everyone()))
	f.ok(f.Campaigns.Start(f.ctx, c.ID, noon(0)))
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Paused, "", noon(0), domain.Sending))
	child := f.change(f.campaign(c.ID), domain.Correct)
	_, err := f.Campaigns.Name(f.ctx, c.ID, noon(0))
	f.ok(err)
	f.ok(f.Campaigns.Move(f.ctx, c.ID, domain.Sending, "", noon(0), domain.Paused))
	f.finish(f.claim(c, 0, 1), accepted(), 0) // the old message, as if it had been on its way
	f.named(child)
	lanes, err := f.Deliveries.Lanes(f.ctx, noon(time.Hour))
	f.ok(err)
	f.same(lanes, []domain.Lane{lane(child)})
}
