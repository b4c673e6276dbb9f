package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

// Many who run the same statements for the first time, at once and one behind the other's
// lock, all come through: who prepares a statement for all never waits for who needs it.
func TestNobodyWaitsForWhoPrepares(t *testing.T) {
	t.Parallel()
	// Preparing takes long, so that many prepare the same; a statement runs twice, so that
	// somebody who holds the lock of the row asks what is known.
	const rounds, people, turns = 30, 16, 4
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			db := must(store.OpenPreparing(t.Context(), d.URL(t), func() { time.Sleep(3 * time.Millisecond) }))
			t.Cleanup(func() { db.Close() })
			if err := store.Exec(t.Context(), db, `CREATE TABLE numbers (n BIGINT)`); err != nil {
				t.Fatal(err)
			}
			if err := store.Exec(t.Context(), db, `INSERT INTO numbers VALUES (0)`); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(t.Context(), 20*time.Second) // it takes a second
			defer stop()
			for round := range rounds {
				var all sync.WaitGroup
				for range people {
					all.Go(func() {
						for turn := range turns {
							text := fmt.Sprintf(`UPDATE numbers SET n = n + 1 WHERE n > -%d`, 1+round*turns+turn)
							if err := store.Update(ctx, db, text, text); err != nil {
								t.Error(err)
							}
						}
					})
				}
				all.Wait()
				if t.Failed() {
					return
				}
			}
		})
	}
}
