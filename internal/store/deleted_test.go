package store_test

import (
	"fmt"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// A campaign is deleted in the very moment in which its rows are to begin: the statement that
// begins them still sees the rows, as they were when it began, but the campaign no more.
// (SQLite has one writer: nothing of the kind can happen there.)
func TestNothingBeginsOfACampaignThatIsBeingDeleted(t *testing.T) {
	t.Parallel()
	at := storetest.Postgres().URL(t)
	ctx, plain := t.Context(), raw(t, at)
	db := must(store.Open(ctx, at, 4))
	t.Cleanup(func() { db.Close() })
	must(plain.ExecContext(ctx, fmt.Sprintf(manyPeople, 3)))
	instance := must(store.Instances{DB: db}.Join(ctx))
	rows := store.Deliveries{DB: db}
	var held [][]domain.Delivery // of a campaign that stays, and of one that goes
	for range 2 {
		id := scheduled(t, db)
		if err := storetest.Start(ctx, store.Campaigns{DB: db}, id, now()); err != nil {
			t.Fatal(err)
		}
		held = append(held, must(rows.Reserve(ctx, instance, domain.Lane{CampaignID: id, TenantID: "t"}, now(), 3)))
	}
	deleting := must(plain.BeginTx(ctx, nil))
	defer deleting.Rollback() //nolint:errcheck // after a commit it does nothing
	var pid int
	if err := deleting.QueryRow(`SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	must(deleting.Exec(`DELETE FROM campaigns WHERE id = $1`, held[1][0].CampaignID))
	begun := make(chan []domain.Delivery)
	go func() {
		list, err := rows.Exchange(ctx, instance, domain.Exchange{Begin: append(held[0], held[1]...)}, now())
		if err != nil {
			t.Error(err)
		}
		begun <- list
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for blocked := 0; blocked == 0; <-tick.C { // until it waits for the deletion
		if err := plain.QueryRowContext(ctx, `SELECT COUNT(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))`, pid).Scan(&blocked); err != nil {
			t.Fatal(err)
		}
	}
	if err := deleting.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, d := range <-begun {
		if d.CampaignID != held[0][0].CampaignID {
			t.Errorf("row %d begins, of a campaign that is gone", d.ID)
		}
	}
	inFlight, _, err := store.Instances{DB: db}.InFlight(ctx, instance)
	if err != nil || len(inFlight) != 3 {
		t.Errorf("%d rows are in flight, want those of the campaign that stays: %v", len(inFlight), err)
	}
}
