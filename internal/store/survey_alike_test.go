package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// rowsAbout are the rows of what was done about the survey, by campaign, with nothing in them that
// differs from person to person, or is the channel's.
func (e *election) rowsAbout() map[int64][]string {
	e.Helper()
	rows := map[int64][]string{}
	for _, r := range e.table("deliveries") {
		id := r["campaign_id"].(int64)
		for _, own := range []string{"id", "origin_id", "person_id", "due_at", "campaign_id"} {
			delete(r, own)
		}
		if id != e.campaign.ID {
			rows[id] = append(rows[id], fmt.Sprint(r))
		}
	}
	return rows
}

// name writes down whom everything that was begun is for, and answers what that is.
func (e *election) name(at time.Time) []int64 {
	e.Helper()
	campaigns := store.Campaigns{DB: e.db}
	begun := must(campaigns.Naming(e.Context()))
	for _, id := range begun {
		must(campaigns.Name(e.Context(), id, at))
	}
	return begun
}

// carryOut sends it to every other person, for whom it is no more needed than it would be for
// those who have answered.
func (e *election) carryOut(begun []int64, at time.Time) {
	e.Helper()
	worker := must(storetest.NewWorker(e.Context(), e.db))
	for _, id := range begun {
		var batch []domain.Finished
		for i, d := range must(worker.Claim(e.Context(), domain.Lane{CampaignID: id, TenantID: "t"}, at, 1000)) {
			r := domain.Result{Verdict: domain.Needless, Disguised: true, ActivityID: "r"}
			if i%2 == 0 {
				r = domain.Result{Verdict: domain.Accepted, ActivityID: "r"}
			}
			batch = append(batch, domain.Finished{Delivery: d, Outcome: domain.Next(d, r, nil, at, 0)})
		}
		e.ok(worker.Finish(e.Context(), batch, at))
	}
}

// Who looked at the results, reminded people, and looks at the database when one more has answered
// could subtract one from the other, and tell whom it was.
func TestAReminderOfAnAnonymousSurveyTellsNothing(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			const voters, people = 30, 33
			e := elect(t, d, voters)
			campaigns := store.Campaigns{DB: e.db}
			at := now().Add(25 * time.Hour)
			for what, begin := range map[string]func() error{
				"a reminder":     func() error { return campaigns.Remind(t.Context(), e.campaign.ID, "olga", at) },
				"shared results": func() error { return campaigns.Share(t.Context(), e.campaign.ID, voters, "olga", at) },
				"a correction": func() error {
					e.campaign = must(campaigns.Get(t.Context(), e.campaign.ID))
					return campaigns.Change(t.Context(), e.campaign, domain.Correct, "olga", at)
				},
			} {
				e.ok(begin())
				begun := e.name(at)
				e.carryOut(begun, at)
				for _, id := range begun {
					rows := e.rowsAbout()[id]
					if len(rows) != people {
						t.Errorf("%s: rows of %d people, want everybody's, %d", what, len(rows), people)
					}
					if alike := slices.Compact(rows); len(alike) != 1 {
						t.Errorf("%s: rows that differ: %v", what, alike)
					}
				}
			}
			if r := must(campaigns.Reports(t.Context(), e.campaign.ID, domain.Remind)); len(r) != 1 || r[0].Counts.Sent+r[0].Counts.Cancelled != people || r[0].Status != domain.Done {
				t.Errorf("the reminder came to %+v", r)
			}
		})
	}
}
