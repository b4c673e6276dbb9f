package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// underWay is a database with so many people, and the lane of a campaign that is being sent to them.
func underWay(t *testing.T, d storetest.Database, people int) (at string, db *store.DB, plain *sql.DB, lane domain.Lane) {
	t.Helper()
	at = d.URL(t)
	db, plain = must(store.Open(t.Context(), at, 4)), raw(t, at)
	t.Cleanup(func() { db.Close() })
	must(plain.Exec(fmt.Sprintf(manyPeople, people)))
	lane = domain.Lane{CampaignID: scheduled(t, db), TenantID: "t"}
	check(t, storetest.Start(t.Context(), store.Campaigns{DB: db}, lane.CampaignID, now()))
	return at, db, plain, lane
}

// A process that stands still in the middle of a reservation keeps its locks for seconds only: the
// others go on sending, and bury it. When it wakes it holds nothing.
func TestAFrozenReservation(t *testing.T) {
	t.Parallel()
	at, db, _, lane := underWay(t, storetest.Postgres(), 10)
	frozen, thaw := make(chan struct{}), make(chan struct{})
	var once sync.Once
	slow := must(store.OpenRecording(t.Context(), at, func(query string, _ []any) {
		if strings.Contains(query, "ORDER BY due_at, id LIMIT") {
			once.Do(func() { close(frozen); <-thaw })
		}
	}))
	t.Cleanup(func() { slow.Close() })
	dies, lives := must(storetest.NewWorker(t.Context(), slow)), must(storetest.NewWorker(t.Context(), db))
	rows := must(lives.Claim(t.Context(), lane, now(), 3))

	woken := make(chan error, 1)
	go func() {
		_, err := store.Deliveries{DB: slow}.Reserve(context.WithoutCancel(t.Context()), dies.Instance, lane, now(), 5)
		woken <- err
	}()
	wake := sync.OnceFunc(func() { close(thaw) })
	defer wake()
	<-frozen
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second) // it takes five
	defer cancel()
	check(t, lives.Finish(ctx, []domain.Finished{{Delivery: rows[0], Outcome: domain.Outcome{State: domain.Sent, SentAt: now()}}}, now()))
	_, beat, err := store.Instances{DB: db}.InFlight(ctx, dies.Instance)
	check(t, err)
	check(t, store.Instances{DB: db}.Bury(ctx, beat, nil, now()))
	wake()
	if err := <-woken; err == nil {
		t.Error("what it had begun to reserve counts")
	}
	if n := len(must(lives.Claim(t.Context(), lane, now(), 10))); n != 7 {
		t.Errorf("%d rows are free, want 7", n)
	}
}

// What a process noted as begun may reach the database late, when it is recorded already: whoever
// buries the process leaves that alone.
func TestALateNoteOfWhatIsRecorded(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			_, db, plain, lane := underWay(t, d, 3)
			campaigns, instances := store.Campaigns{DB: db}, store.Instances{DB: db}
			dies := must(storetest.NewWorker(t.Context(), db))
			rows := must(dies.Claim(t.Context(), lane, now(), 2))
			check(t, dies.Finish(t.Context(), []domain.Finished{{Delivery: rows[0], Outcome: domain.Outcome{State: domain.Sent, SentAt: now()}}}, now()))
			must(plain.Exec(fmt.Sprintf(`UPDATE instances SET in_flight = '[%d,%d]'`, rows[0].ID, rows[1].ID)))

			lost, beat, err := instances.InFlight(t.Context(), dies.Instance)
			check(t, err)
			if len(lost) != 1 || lost[0].ID != rows[1].ID {
				t.Fatalf("in flight: %+v", lost)
			}
			check(t, instances.Bury(t.Context(), beat, []domain.Finished{{Delivery: lost[0], Outcome: domain.Outcome{State: domain.Uncertain}}}, now()))
			counts := must(campaigns.Counts(t.Context(), lane.CampaignID))[lane.CampaignID]
			if want := (domain.Counts{Listed: 3, Recipients: 3, Pending: 1, Sent: 1, Uncertain: 1}); counts != want {
				t.Errorf("%+v", counts)
			}
		})
	}
}
