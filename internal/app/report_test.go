package app_test

import (
	"testing"
	"time"

	"crier/internal/domain"
)

func TestWhatAReportSays(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		c := w.campaignWithFailures(domain.Sending)
		ana := w.rows(c)[0]
		w.ok(w.signals.React(w.ctx, w.who("ana"), ana.ActivityID, "like", true, time.Time{}))
		r, err := w.campaigns.Report(w.ctx, analyst, c.ID)
		w.ok(err)
		w.same(r, domain.Report{
			Campaign:  c,
			Counts:    domain.Counts{Listed: 4, Recipients: 4, Pending: 1, Sent: 1, Failed: 1, Uncertain: 1, Seen: 1},
			Reactions: map[string]int64{"like": 1}, Receipts: domain.ReceiptsUnknown, ExpectedFinishAt: noon.Add(time.Second),
		})
		_, err = w.campaigns.Report(w.ctx, analyst, 99)
		w.is(err, domain.NotFound)
	})
}

func TestTheRowsOfACampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.campaignWithFailures(domain.Done)
	failed, err := w.campaigns.Rows(w.ctx, analyst, c.ID, domain.DeliveryFilter{State: domain.Failed}, 0, 0)
	w.ok(err)
	if len(failed) != 1 || failed[0].Person.Name != "bob" || failed[0].Code != domain.BlockedByUser {
		t.Errorf("failed: %+v", failed)
	}
	all := w.rows(c)
	rest, err := w.campaigns.Rows(w.ctx, analyst, c.ID, domain.DeliveryFilter{}, all[0].ID, 500)
	w.ok(err)
	w.same(rest, all[1:])
	_, err = w.campaigns.Rows(w.ctx, analyst, 99, domain.DeliveryFilter{}, 0, 10)
	w.is(err, domain.NotFound)
}
