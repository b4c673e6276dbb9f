package directory_test

import (
	"errors"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/bot/connector"
	"crier/internal/directory"
	"crier/internal/domain"
	"crier/internal/simulator"
)

// TestAgainstTheSimulator goes the whole way: a multi-tenant bot's tokens from one
// authority, presence from the same tenant's Graph, which was written by itself.
func TestAgainstTheSimulator(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	now := func() time.Time {
		return time.Date(2026, 2, 1, 21, 10, 7, 0, time.UTC).Add(time.Duration(passed.Load()))
	}
	const tenantID = "72f988bf-86f1-41af-91ab-2d7cd011db47"
	sim, err := simulator.New(simulator.Options{
		Users: 1500, Seed: 1, BotURL: "http://127.0.0.1:1/api/messages", TenantID: tenantID,
		AppID: "9834cd1e-a7f6-4a88-b999-38d0d8f4e189", AppPassword: "a secret", Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	tokens, err := connector.NewGraphTokens(connector.TokenOptions{
		AppID: "9834cd1e-a7f6-4a88-b999-38d0d8f4e189", Password: "a secret", AppType: connector.MultiTenant,
		LoginURL: server.URL, Now: now,
	}, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	d, err := directory.New(directory.Options{URL: server.URL, Tokens: tokens, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.CloseIdleConnections)

	sim.SetBehaviour(simulator.Behaviour{NoPresence: true})
	if u, ok := errors.AsType[*domain.Unavailable](d.Check(t.Context(), tenantID)); !ok || u.Permission != "Presence.Read.All" {
		t.Errorf("without the consent: %v", u)
	}
	sim.SetBehaviour(simulator.Behaviour{})
	passed.Add(int64(time.Minute))
	if err := d.Check(t.Context(), tenantID); err != nil {
		t.Fatalf("after the consent: %v", err)
	}

	ids, want := []string{"6babcaad-0000-4000-8000-000000000000"}, map[string]domain.Presence{}
	for i, as := range []struct {
		availability, activity string
		want                   domain.Presence
	}{
		{"Available", "Available", domain.Available}, {"Busy", "InACall", domain.Busy}, {"Away", "Away", domain.Away},
		{"Available", "OutOfOffice", domain.Away}, {"DoNotDisturb", "Presenting", ""}, {"Offline", "Offline", ""},
	} {
		id := sim.Person(i).ObjectID
		sim.SetPresence(i, as.availability, as.activity)
		if ids = append(ids, id); as.want != "" {
			want[id] = as.want
		}
	}
	got, err := d.Presence(t.Context(), tenantID, ids)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, presence (-want +got):\n%s", err, diff)
	}

	for i := 6; i < sim.People(); i++ {
		ids = append(ids, sim.Person(i).ObjectID)
	}
	before := sim.Stats()
	if all, err := d.Presence(t.Context(), tenantID, ids); err != nil || len(all) < len(ids)/2 || len(all) == len(ids) {
		t.Errorf("%d of %d are there, %v", len(all), len(ids), err)
	}
	after := sim.Stats()
	if requests, asked := after.PresenceRequests-before.PresenceRequests, after.PresenceIDs-before.PresenceIDs; requests != 3 || asked != sim.People()-6 {
		t.Errorf("%d requests about %d people", requests, asked)
	}

	sim.SetBehaviour(simulator.Behaviour{GraphRate: 1, RetryAfter: 2128 * time.Millisecond})
	passed.Add(int64(2 * time.Minute))
	_, err = d.Presence(t.Context(), tenantID, ids)
	if u, ok := errors.AsType[*domain.Unavailable](err); !ok || u.RetryAfter != 2128*time.Millisecond {
		t.Errorf("throttled: %v", err)
	}
}
