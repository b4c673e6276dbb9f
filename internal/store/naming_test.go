package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// While an audience is being written down its campaign is not done, although everything that
// is written was sent; the last part, in which there may be nobody, makes it done. On
// PostgreSQL so it is whether the last outcomes are all of messages sent, which are recorded
// in one statement there, or not.
func TestACampaignIsDoneWhenAllAreNamed(t *testing.T) {
	t.Parallel()
	const people = 1024 // whole parts: that there is nobody left shows with one more
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			at := d.URL(t)
			db := must(store.Open(t.Context(), at, 4))
			t.Cleanup(func() { db.Close() })
			plain := raw(t, at)
			must(plain.ExecContext(t.Context(), fmt.Sprintf(manyPeople, people)))
			doneWhenNamed(t, db, plain, domain.Result{Verdict: domain.Accepted, ActivityID: "1"}, people)
			if d.Name == "postgres" {
				doneWhenNamed(t, db, plain, domain.Result{Verdict: domain.Refused, Code: domain.BlockedByUser}, people)
			}
		})
	}
}

func doneWhenNamed(t *testing.T, db *store.DB, plain *sql.DB, last domain.Result, people int64) {
	ctx, campaigns, id := t.Context(), store.Campaigns{DB: db}, scheduled(t, db)
	if err := campaigns.Start(ctx, id, now()); err != nil {
		t.Fatal(err)
	}
	for must(campaigns.Counts(ctx, id))[id].Listed < people {
		if more := must(campaigns.Name(ctx, id, now())); !more {
			t.Fatal("it is said to be the last part before that shows")
		}
	}
	worker := must(storetest.NewWorker(ctx, db))
	rows := must(worker.Claim(ctx, domain.Lane{CampaignID: id, TenantID: "t"}, now(), 3))
	sentLongAgo(t, plain, id, rows, people)
	batch := make([]domain.Finished, len(rows))
	for i, d := range rows {
		table := domain.NewTimetable(domain.Policy{}, id, now(), "UTC")
		batch[i] = domain.Finished{Delivery: d, Outcome: domain.Next(d, domain.Result{Verdict: domain.Accepted, ActivityID: "1"}, table, now(), 0)}
		if i == len(rows)-1 {
			batch[i].Outcome = domain.Next(d, last, table, now(), 0)
		}
	}
	if err := worker.Finish(ctx, batch, now()); err != nil {
		t.Fatal(err)
	}
	if c, n := must(campaigns.Get(ctx, id)), must(campaigns.Counts(ctx, id))[id]; c.Status != domain.Sending || n.Listed != people || n.Sent < people-1 || n.Left() > 0 {
		t.Errorf("before all are named it is %s: %+v", c.Status, n)
	}
	late := now().Add(time.Hour)
	if more := must(campaigns.Name(ctx, id, late)); more {
		t.Error("the last part is not the last")
	}
	if c := must(campaigns.Get(ctx, id)); c.Status != domain.Done || !c.FinishedAt.Equal(late) {
		t.Errorf("when all are named it is %s, finished at %v", c.Status, c.FinishedAt)
	}
}

// sentLongAgo makes all of a campaign's messages sent but those.
func sentLongAgo(t *testing.T, plain *sql.DB, id int64, but []domain.Delivery, people int64) {
	t.Helper()
	ids := make([]string, len(but))
	for i, d := range but {
		ids[i] = fmt.Sprint(d.ID)
	}
	left := int64(len(but))
	for _, text := range []string{
		fmt.Sprintf(`UPDATE deliveries SET state = 'sent', attempts = 1 WHERE campaign_id = %d AND id NOT IN (%s)`, id, strings.Join(ids, ", ")),
		fmt.Sprintf(`UPDATE campaign_counts SET sent = %d, pending = %d WHERE campaign_id = %d`, people-left, left, id),
	} {
		must(plain.ExecContext(t.Context(), text))
	}
}
