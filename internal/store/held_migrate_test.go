package store_test

import (
	"fmt"
	"slices"
	"testing"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// TestRowsHeldFromBefore is a database that an older program left: each row that a process held
// named it. What it had begun is of unknown outcome, the others are sent like any.
func TestRowsHeldFromBefore(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			_, db, plain, lane := underWay(t, d, 3)
			campaigns, deliveries, instances := store.Campaigns{DB: db}, store.Deliveries{DB: db}, store.Instances{DB: db}
			rows := must(deliveries.List(t.Context(), lane.CampaignID, domain.DeliveryFilter{}, 0, 3))
			gone, worker := must(storetest.NewWorker(t.Context(), db)), must(storetest.NewWorker(t.Context(), db))
			must(plain.Exec(fmt.Sprintf(`UPDATE deliveries SET held_by = %d, hold = 1 WHERE id < %d`, gone.Instance, rows[2].ID)))
			must(plain.Exec(fmt.Sprintf(`UPDATE instances SET in_flight = '[%d]' WHERE id = %d`, rows[0].ID, gone.Instance)))

			is := func(what string, got []domain.Delivery, want ...domain.Delivery) {
				t.Helper()
				if !slices.EqualFunc(got, want, func(a, b domain.Delivery) bool { return a.ID == b.ID }) {
					t.Fatalf("%s: %+v", what, got)
				}
			}
			is("while it lives", must(worker.Claim(t.Context(), lane, now(), 3)), rows[2])
			inFlight, beat, err := instances.InFlight(t.Context(), gone.Instance)
			check(t, err)
			is("in flight", inFlight, rows[0])
			check(t, instances.Bury(t.Context(), beat, []domain.Finished{{Delivery: inFlight[0], Outcome: domain.Outcome{State: domain.Uncertain}}}, now()))
			begun := must(worker.Claim(t.Context(), lane, now(), 3))
			is("when it is buried", begun, rows[1])
			check(t, worker.Finish(t.Context(), []domain.Finished{{Delivery: begun[0], Outcome: domain.Outcome{State: domain.Sent, SentAt: now()}}}, now()))
			counts := must(campaigns.Counts(t.Context(), lane.CampaignID))
			if want := (domain.Counts{Listed: 3, Recipients: 3, Pending: 1, Uncertain: 1, Sent: 1}); counts[lane.CampaignID] != want {
				t.Errorf("%+v", counts)
			}
		})
	}
}
