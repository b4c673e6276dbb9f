package store_test

import (
	"testing"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

func TestStore(t *testing.T) {
	for _, d := range storetest.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			d.Open(t) // a database that is missing fails once, not once a case
			storetest.Run(t, func(t *testing.T) *store.DB { return d.Open(t) })
		})
	}
}
