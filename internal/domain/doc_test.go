package domain

import (
	"testing"
	"time"
)

func TestTheClockTellsTimeAsTheStoreKeepsIt(t *testing.T) {
	t.Parallel()
	if now := SystemClock(); now.Location() != time.UTC || !now.Equal(now.Truncate(time.Millisecond)) {
		t.Errorf("%v", now)
	}
}
