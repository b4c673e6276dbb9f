package store_test

import (
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// rowsAbout are the rows of everything that was done about the survey.
func (e *election) rowsAbout() (people []int64) {
	e.Helper()
	for _, r := range e.table("deliveries") {
		if r["campaign_id"].(int64) != e.campaign.ID {
			people = append(people, r["person_id"].(int64))
		}
	}
	return people
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
			r := domain.Result{Verdict: domain.Needless}
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
				if n := len(e.rowsAbout()); n != people {
					t.Errorf("%s: rows of %d people, want everybody's, %d", what, n, people)
				}
				e.carryOut(begun, at)
				e.ok(campaigns.Forget(t.Context(), at))
				if left := e.rowsAbout(); len(left) > 0 {
					t.Errorf("%s: the rows of people %v are kept", what, left)
				}
			}
			if r := must(campaigns.Reports(t.Context(), e.campaign.ID, domain.Remind)); len(r) != 1 || r[0].Counts.Sent+r[0].Counts.Cancelled != people || r[0].Status != domain.Done {
				t.Errorf("the reminder came to %+v", r)
			}
		})
	}
}
