package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lockDatabase keeps other processes from serving on the same SQLite file: each would take
// the other's messages in flight for lost. The system lets go of the lock when the process
// ends, however it ends. For patience it is waited for: a restart may overlap a little.
// PostgreSQL is for several, and needs no lock.
func lockDatabase(ctx context.Context, databaseURL string, patience time.Duration) (unlock func(), err error) {
	path, ok := strings.CutPrefix(databaseURL, "sqlite:")
	if !ok {
		return func() {}, nil
	}
	lock := flock.New(path + ".lock")
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	locked, err := lock.TryLockContext(limited, 100*time.Millisecond)
	switch {
	case locked:
		return func() { lock.Unlock() }, nil //nolint:errcheck // the end of the process does it, too
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("another crier process is using the database %s: stop it first, or take PostgreSQL to run several", path)
	}
	return nil, fmt.Errorf("lock the database: %w", err)
}
