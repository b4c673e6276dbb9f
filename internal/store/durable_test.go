package store_test

import (
	"testing"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

// What SQLite has committed is on the disk: after a power cut nobody is sent what is forgotten
// to have been sent. (PostgreSQL does it unless it is told otherwise.)
func TestSQLiteFlushesWhatItCommits(t *testing.T) {
	t.Parallel()
	const full = 2
	var level int
	if err := store.Read(t.Context(), storetest.SQLite().Open(t), &level, `PRAGMA synchronous`); err != nil || level != full {
		t.Errorf("synchronous is %d, %v", level, err)
	}
}
