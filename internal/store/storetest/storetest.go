package storetest

import (
	"testing"

	"crier/internal/store"
)

// test is one case of the suite.
type test struct {
	name string
	run  func(*fixture)
}

// Run is the conformance suite: what a database must do, by noun. open answers a fresh,
// migrated database.
func Run(t *testing.T, open func(t *testing.T) *store.DB) {
	nouns := []struct {
		name  string
		tests []test
	}{
		{"people", personTests()},
		{"addresses", addressTests()},
		{"roster", rosterTests()},
		{"campaigns", campaignTests()},
		{"start", startTests()},
		{"claim", claimTests()},
		{"reserve", reserveTests()},
		{"finish", finishTests()},
		{"bury", buryTests()},
		{"cancel", cancelTests()},
		{"retry", retryTests()},
		{"changes", changeTests()},
		{"deliveries", deliveryTests()},
		{"signals", signalTests()},
		{"early", earlyTests()},
		{"links", linkTests()},
		{"glance", glanceTests()},
		{"surveys", surveyTests()},
		{"ballots", ballotTests()},
		{"reminders", reminderTests()},
		{"closing", closingTests()},
		{"inbox", inboxTests()},
		{"turns", turnTests()},
		{"replies", replyTests()},
		{"settings", settingTests()},
		{"pictures", pictureTests()},
		{"accounts", accountTests()},
	}
	for _, noun := range nouns {
		for _, c := range noun.tests {
			t.Run(noun.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				c.run(newFixture(t, open(t)))
			})
		}
	}
}
