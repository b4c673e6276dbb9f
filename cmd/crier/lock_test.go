package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"crier/internal/store/storetest"
)

// A second process on the same SQLite file would take the first one's messages in flight for
// lost: it waits a little for the first to end, and then refuses.
func TestOneProcessHasTheFile(t *testing.T) {
	t.Parallel()
	at := storetest.SQLite().Empty(t)
	unlock, err := lockDatabase(t.Context(), at, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error)
	go func() {
		_, err := lockDatabase(t.Context(), at, 200*time.Millisecond)
		refused <- err
	}()
	if err := <-refused; err == nil || !strings.Contains(err.Error(), "another crier process") {
		t.Errorf("the second was answered %v", err)
	}
	waiting := make(chan error)
	go func() {
		again, err := lockDatabase(t.Context(), at, time.Minute)
		if err == nil {
			again()
		}
		waiting <- err
	}()
	unlock()
	if err := <-waiting; err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lockDatabase(ctx, "postgres://several/may", 0); err != nil {
		t.Errorf("PostgreSQL: %v", err)
	}
}
