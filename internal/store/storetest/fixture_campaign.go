package storetest

import (
	"time"

	"crier/internal/domain"
)

// lane is a campaign's rows in the tenant of install.
func lane(c domain.Campaign) domain.Lane { return domain.Lane{CampaignID: c.ID, TenantID: "tenant-a"} }

func everyone() domain.Audience { return domain.Audience{Everyone: true} }

func named(addresses ...string) domain.Audience { return domain.Audience{People: addresses} }

// draft is a message that is ready to go, not stored yet.
func draft(a domain.Audience) domain.Campaign {
	return domain.Campaign{
		Name: "Fire drill", Channel: domain.Teams, Kind: domain.KindMessage, Status: domain.Draft,
		Content: domain.Content{Text: "Leave by the *stairs* & don't run"}, Audience: a, Delivery: domain.Policy{OnUncertain: domain.Resend},
		CreatedAt: noon(0), CreatedBy: "Ada", UpdatedAt: noon(0),
	}
}

func (f *fixture) create(c domain.Campaign) domain.Campaign {
	f.Helper()
	c, err := f.Campaigns.Create(f.ctx, c)
	f.ok(err)
	return c
}

func (f *fixture) campaign(id int64) domain.Campaign {
	f.Helper()
	c, err := f.Campaigns.Get(f.ctx, id)
	f.ok(err)
	return c
}

// scheduled stores a campaign that is to start at noon.
func (f *fixture) scheduled(c domain.Campaign) domain.Campaign {
	f.Helper()
	c = f.create(c)
	f.ok(f.Campaigns.Schedule(f.ctx, c.ID, c.Revision, noon(0), noon(0)))
	return f.campaign(c.ID)
}

// started stores a campaign and starts it.
func (f *fixture) started(c domain.Campaign) domain.Campaign {
	f.Helper()
	c = f.scheduled(c)
	f.ok(Start(f.ctx, f.Campaigns, c.ID, noon(0)))
	return f.campaign(c.ID)
}

// claim takes rows of the campaign's lane, at a time after noon.
func (f *fixture) claim(c domain.Campaign, after time.Duration, limit int) []domain.Delivery {
	f.Helper()
	rows, err := f.worker.Claim(f.ctx, lane(c), noon(after), limit)
	f.ok(err)
	return rows
}

// finish records what a result makes of rows, all the same.
func (f *fixture) finish(rows []domain.Delivery, r domain.Result, after time.Duration) {
	f.Helper()
	f.finishWith(rows, r, domain.Policy{}, after)
}

func (f *fixture) finishWith(rows []domain.Delivery, r domain.Result, policy domain.Policy, after time.Duration) {
	f.Helper()
	f.ok(f.worker.Finish(f.ctx, outcomes(rows, r, policy, noon(after)), noon(after)))
}

func outcomes(rows []domain.Delivery, r domain.Result, policy domain.Policy, now time.Time) []domain.Finished {
	batch := make([]domain.Finished, len(rows))
	for i, d := range rows {
		batch[i] = domain.Finished{Delivery: d, Outcome: domain.Next(d, r, domain.NewTimetable(policy, d.CampaignID, now, "UTC"), now, 0.5)}
	}
	return batch
}

// accepted, refused and lost are what a send may come to.
func accepted() domain.Result {
	return domain.Result{Verdict: domain.Accepted, ActivityID: "1700000000000"}
}

func refused() domain.Result {
	return domain.Result{Verdict: domain.Refused, Code: domain.BlockedByUser, Reason: "MessageWritesBlocked"}
}

func lost() domain.Result {
	return domain.Result{Verdict: domain.Ambiguous, Code: domain.Timeout, Reason: "no answer"}
}

// all are a campaign's rows.
func (f *fixture) all(id int64) []domain.Delivery {
	f.Helper()
	var rows []domain.Delivery
	for after := int64(0); ; {
		page, err := f.Deliveries.List(f.ctx, id, domain.DeliveryFilter{}, after, 500)
		f.ok(err)
		rows = append(rows, page...)
		if len(page) < 500 {
			return rows
		}
		after = page[len(page)-1].ID
	}
}

// sent sends a campaign to everyone it reaches and answers the rows, as they are then.
func (f *fixture) sent(c domain.Campaign) []domain.Delivery {
	f.Helper()
	f.finish(f.claim(c, 0, 500), accepted(), time.Second)
	return f.all(c.ID)
}

func (f *fixture) counts(id int64) domain.Counts {
	f.Helper()
	counts, err := f.Campaigns.Counts(f.ctx, id)
	f.ok(err)
	f.same(f.glance(id).Counts, counts[id])
	return counts[id]
}

// counted recomputes the counts from the rows and compares them with those that were kept.
func (f *fixture) counted(id int64) domain.Counts {
	f.Helper()
	return f.countedFrom(id, f.all(id))
}

func (f *fixture) countedFrom(id int64, rows []domain.Delivery) domain.Counts {
	f.Helper()
	var want domain.Counts
	for _, d := range rows {
		add(&want, d)
	}
	got := f.counts(id)
	f.same(got, want)
	if sum := got.Pending + got.Postponed + got.Sent + got.Failed + got.Unscheduled + got.Uncertain + got.Cancelled; got.Recipients != sum {
		f.Fatalf("%d recipients, but the states add up to %d", got.Recipients, sum)
	}
	if got.Listed != got.Recipients+got.Unreachable || got.Seen > got.Sent {
		f.Fatalf("the sums do not hold: %+v", got)
	}
	return got
}

func add(c *domain.Counts, d domain.Delivery) {
	c.Listed++
	states := map[domain.State]*int64{
		domain.Pending: &c.Pending, domain.Postponed: &c.Postponed, domain.Sent: &c.Sent, domain.Failed: &c.Failed,
		domain.Unscheduled: &c.Unscheduled, domain.Uncertain: &c.Uncertain, domain.Withdrawn: &c.Cancelled, domain.Unreachable: &c.Unreachable,
	}
	*states[d.State]++
	if d.State != domain.Unreachable {
		c.Recipients++
	}
	for at, n := range map[*time.Time]*int64{&d.SeenAt: &c.Seen, &d.ClickedAt: &c.Clicked, &d.AnsweredAt: &c.Answered} {
		if !at.IsZero() {
			*n++
		}
	}
}
