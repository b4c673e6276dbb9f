package main

import (
	"testing"
	"time"

	"crier/internal/store"
	"crier/internal/store/storetest"
)

func TestAProcessKnowsSinceWhenItIsAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := t.Context(), time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
		others := store.Instances{DB: db}
		a := &alone{Instances: others, now: func() time.Time { return now }}
		since := func(want time.Time) {
			t.Helper()
			if at, ok := a.Since(ctx); !at.Equal(want) || ok == want.IsZero() {
				t.Errorf("alone since %v (%v), want %v", at, ok, want)
			}
		}
		beat := func(instance int64) {
			t.Helper()
			if _, err := a.Beat(ctx, instance); err != nil {
				t.Fatal(err)
			}
		}
		never, noon := time.Time{}, now
		mine, err := a.Join(ctx)
		if err != nil {
			t.Fatal(err)
		}
		since(never) // before the first beat it does not know its number
		beat(mine)
		now = now.Add(time.Hour)
		since(noon)
		other, err := others.Join(ctx)
		if err != nil {
			t.Fatal(err)
		}
		since(never)
		if err := others.Leave(ctx, other); err != nil {
			t.Fatal(err)
		}
		beat(mine)
		since(now) // what came before may have reached the other
		beforeTheGap := now
		now = now.Add(time.Hour)
		since(beforeTheGap)
		a.looked = a.looked.Add(-2 * unwatched)
		since(now) // another may have come and gone
		if err := others.Leave(ctx, mine); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Beat(ctx, mine); err == nil {
			t.Error("a process that others buried beats")
		}
		if _, err = others.Join(ctx); err != nil {
			t.Fatal(err)
		}
		since(never) // the only one there is another
	})
}
