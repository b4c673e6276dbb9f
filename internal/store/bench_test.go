package store_test

import (
	"fmt"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// each runs a benchmark on every database.
func each(b *testing.B, run func(b *testing.B, db *store.DB)) {
	for _, d := range storetest.Databases() {
		b.Run(d.Name, func(b *testing.B) { run(b, d.Open(b)) })
	}
}

// must is a value that came without an error.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func now() time.Time { return time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC) }

// crowd adds n people.
func crowd(b *testing.B, db *store.DB, n int) {
	b.Helper()
	for i := range n {
		check(b, store.People{DB: db}.Remember(b.Context(), sighting(i), now()))
	}
}

func sighting(n int) domain.Sighting {
	return domain.Sighting{
		Channel: domain.Teams, Install: true, AADObjectID: "aad", Name: "Person", Locale: "fr-FR", TimeZone: "Europe/Paris",
		Reference: domain.ConversationReference{
			ConversationID: fmt.Sprintf("a:%d", n), ServiceURL: "https://smba.trafficmanager.net/emea/", TenantID: "t",
			UserID: fmt.Sprintf("29:%d", n), BotID: "28:bot",
		},
	}
}

// scheduled stores a campaign to everyone that may start now.
func scheduled(b testing.TB, db *store.DB) int64 {
	b.Helper()
	campaigns := store.Campaigns{DB: db}
	c := must(campaigns.Create(b.Context(), domain.Campaign{
		Name: "Bench", Channel: domain.Teams, Kind: domain.KindMessage, Status: domain.Draft, Audience: domain.Audience{Everyone: true},
		CreatedAt: now(), UpdatedAt: now(),
	}))
	if err := campaigns.Schedule(b.Context(), c.ID, c.Revision, now(), now()); err != nil {
		b.Fatal(err)
	}
	return c.ID
}

// BenchmarkRemember is a message of somebody known, of whom it shows nothing new.
func BenchmarkRemember(b *testing.B) {
	each(b, func(b *testing.B, db *store.DB) {
		crowd(b, db, 1000)
		v := sighting(500)
		for b.Loop() {
			check(b, store.People{DB: db}.Remember(b.Context(), v, now()))
		}
	})
}

// BenchmarkStart names 100,000 people.
func BenchmarkStart(b *testing.B) {
	const people = 100_000
	each(b, func(b *testing.B, db *store.DB) {
		crowd(b, db, people)
		for b.Loop() {
			id := scheduled(b, db)
			check(b, storetest.Start(b.Context(), store.Campaigns{DB: db}, id, now()))
		}
		b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "people/s")
	})
}

// BenchmarkClaimFinish sends a campaign of 30,000 by one worker, in batches.
func BenchmarkClaimFinish(b *testing.B) {
	const people = 30_000
	for _, size := range []int{32, 300} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			each(b, func(b *testing.B, db *store.DB) {
				crowd(b, db, people)
				for b.Loop() {
					b.StopTimer()
					id := scheduled(b, db)
					check(b, storetest.Start(b.Context(), store.Campaigns{DB: db}, id, now()))
					b.StartTimer()
					sendAll(b, db, domain.Lane{CampaignID: id, TenantID: "t"}, size)
				}
				b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		})
	}
}

func sendAll(b *testing.B, db *store.DB, lane domain.Lane, size int) {
	b.Helper()
	worker := must(storetest.NewWorker(b.Context(), db))
	for {
		rows := must(worker.Claim(b.Context(), lane, now(), size))
		if len(rows) == 0 {
			return
		}
		batch := make([]domain.Finished, len(rows))
		for i, d := range rows {
			batch[i] = domain.Finished{Delivery: d, Outcome: domain.Next(d, domain.Result{Verdict: domain.Accepted, ActivityID: "1"}, domain.NewTimetable(domain.Policy{}, d.CampaignID, now(), "UTC"), now(), 0)}
		}
		check(b, worker.Finish(b.Context(), batch, now()))
	}
}
