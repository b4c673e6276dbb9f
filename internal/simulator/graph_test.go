package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

const stranger = "6babcaad-0000-4000-8000-000000000000"

func (n *tenant) graphToken(tenantID string) string {
	n.Helper()
	_, granted := n.grant(tenantID, func(f url.Values) { f.Set("scope", "https://graph.microsoft.com/.default") })
	token, _ := granted["access_token"].(string)
	if token == "" {
		n.Fatalf("no token: %v", granted)
	}
	return token
}

// graph asks for presences; a body that is a string goes out as it is.
func (n *tenant) graph(token string, body any) response {
	n.Helper()
	raw, isRaw := body.(string)
	if !isRaw {
		raw = string(must(json.Marshal(body)))
	}
	req := must(http.NewRequestWithContext(n.Context(), "POST", n.url+"/v1.0/communications/getPresencesByUserId", bytes.NewReader([]byte(raw))))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		n.Fatal(err)
	}
	defer res.Body.Close()
	out := response{status: res.StatusCode, header: res.Header, raw: string(must(io.ReadAll(res.Body)))}
	_ = json.Unmarshal([]byte(out.raw), &out.body)
	return out
}

func ids(all ...string) map[string]any { return map[string]any{"ids": all} }

func TestGraphTellsPresence(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.SkypeShare = 0.5 })
	i := n.firstOn("msteams")
	n.sim.SetPresence(i, "Busy", "InAMeeting")
	id := n.sim.Person(i).ObjectID
	res := n.graph(n.graphToken(n.opt.TenantID), ids(strings.ToUpper(id), stranger))
	want := []any{map[string]any{"id": id, "availability": "Busy", "activity": "InAMeeting"}}
	if diff := cmp.Diff(want, res.body["value"]); res.status != 200 || diff != "" {
		t.Errorf("%d %s (-want +got):\n%s", res.status, res.raw, diff)
	}
	if availability, activity := n.sim.Presence(n.firstOn("skype")); availability != "" || activity != "" {
		t.Errorf("somebody on Skype is %s, %s", availability, activity)
	}
	stats := n.sim.Stats()
	if stats.PresenceRequests != 1 || stats.PresenceIDs != 2 || len(stats.PresenceRefused) != 0 || stats.Requests != 0 {
		t.Errorf("counted %+v", stats)
	}
}

func TestGraphChecksTheToken(t *testing.T) {
	t.Parallel()
	clock := newClock()
	n := newTenant(t, func(o *simulator.Options) { o.Now = clock.now })
	for name, test := range map[string]struct {
		token  string
		status int
		code   string
	}{
		"missing":                   {"", 401, "InvalidAuthenticationToken"},
		"nonsense":                  {"abc", 401, "InvalidAuthenticationToken"},
		"for the Connector":         {n.token, 401, "InvalidAuthenticationToken"},
		"of the bots' own tenant":   {n.graphToken("botframework.com"), 403, "Forbidden"},
		"of this tenant, for Graph": {n.graphToken(n.opt.TenantID), 200, ""},
	} {
		if res := n.graph(test.token, ids(stranger)); res.status != test.status || res.code() != test.code {
			t.Errorf("token %s: %d %s", name, res.status, res.raw)
		}
	}
	token := n.graphToken(n.opt.TenantID)
	clock.advance(time.Hour)
	if res := n.graph(token, ids(stranger)); res.status != 401 {
		t.Errorf("expired token: %d", res.status)
	}
	if got := n.sim.Stats().PresenceRefused; got[401] != 4 || got[403] != 1 {
		t.Errorf("refused %v", got)
	}
}

func TestGraphWithoutConsent(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	with := n.graphToken(n.opt.TenantID)
	n.sim.SetBehaviour(simulator.Behaviour{NoPresence: true})
	without := n.graphToken(n.opt.TenantID)
	res := n.graph(with, ids(stranger))
	failure, _ := res.body["error"].(map[string]any)
	inner, _ := failure["innerError"].(map[string]any)
	if res.status != 403 || res.code() != "Forbidden" || inner["request-id"] != res.header.Get("request-id") || inner["request-id"] == "" {
		t.Errorf("%d %s %v", res.status, res.raw, res.header)
	}
	n.sim.SetBehaviour(simulator.Behaviour{})
	for token, want := range map[string]int{with: 200, without: 403, n.graphToken(n.opt.TenantID): 200} {
		if res := n.graph(token, ids(stranger)); res.status != want {
			t.Errorf("after the consent: %d, want %d", res.status, want)
		}
	}
}

func TestGraphRefusesBadQuestions(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	token := n.graphToken(n.opt.TenantID)
	many := make([]string, 651)
	for i := range many {
		many[i] = stranger
	}
	if res := n.graph(token, ids(many[:650]...)); res.status != 200 {
		t.Errorf("650 ids: %d %s", res.status, res.raw)
	}
	for name, body := range map[string]any{
		"651 ids": ids(many...), "no ids": ids(), "no list": `{}`, "not JSON": `ids`, "a UPN": ids(n.sim.Person(0).UPN),
		"no dashes": ids(strings.ReplaceAll(stranger, "-", "")), "a dash too many": ids("-babcaad-0000-4000-8000-000000000000"),
	} {
		if res := n.graph(token, body); res.status != 400 || res.code() != "BadRequest" {
			t.Errorf("%s: %d %s", name, res.status, res.raw)
		}
	}
}

func TestGraphThrottles(t *testing.T) {
	t.Parallel()
	clock := newClock()
	n := newTenant(t, func(o *simulator.Options) { o.Now = clock.now })
	token := n.graphToken(n.opt.TenantID)
	for _, c := range []struct {
		after  time.Duration
		header string
	}{{0, "1.5"}, {2128 * time.Millisecond, "2.128"}, {-1, ""}} {
		n.sim.SetBehaviour(simulator.Behaviour{GraphRate: 2, RetryAfter: c.after})
		for range 2 {
			if res := n.graph(token, ids(stranger)); res.status != 200 {
				t.Errorf("within the limit: %d", res.status)
			}
		}
		res := n.graph(token, ids(stranger))
		if res.status != 429 || res.header.Get("Retry-After") != c.header {
			t.Errorf("above it: %d, Retry-After %q, want %q", res.status, res.header.Get("Retry-After"), c.header)
		}
	}
	if stats := n.sim.Stats(); stats.PresenceRefused[429] != 3 || stats.Throttled != 0 {
		t.Errorf("counted %+v", stats)
	}
}

// TestPeopleComeAndGo walks an hour with 200 people.
func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	clock := newClock()
	opt := options()
	opt.Users, opt.Now = 200, clock.now
	sim, twin := newSimulator(t, opt), newSimulator(t, opt)
	opt.Seed++
	other := newSimulator(t, opt)
	sim.SetPresence(0, "DoNotDisturb", "Presenting")
	twin.SetPresence(0, "DoNotDisturb", "Presenting")
	availabilities, changes, differ := map[string]int{}, 0, 0
	before := make([]string, opt.Users)
	for minute := range 60 {
		for i := range opt.Users {
			availability, activity := sim.Presence(i)
			if a, b := twin.Presence(i); a != availability || b != activity {
				t.Fatalf("person %d in minute %d: %s %s and %s %s from the same seed", i, minute, availability, activity, a, b)
			}
			if a, _ := other.Presence(i); a != availability {
				differ++
			}
			if minute > 0 && availability != before[i] {
				changes++
			}
			before[i] = availability
			availabilities[availability]++
		}
		if before[0] != "DoNotDisturb" {
			t.Fatalf("person 0 was told to stay, and is %s", before[0])
		}
		clock.advance(time.Minute)
	}
	for _, availability := range []string{"Available", "Busy", "Away", "DoNotDisturb", "Offline"} {
		if n := availabilities[availability]; n < 60*opt.Users/50 {
			t.Errorf("%s: %d of %d", availability, n, 60*opt.Users)
		}
	}
	// A draw every three to ten minutes, of which about a quarter changes nothing.
	if perHour := float64(changes) / float64(opt.Users); perHour < 4 || perHour > 15 {
		t.Errorf("%.1f changes an hour for each person", perHour)
	}
	if differ < 60*opt.Users/4 {
		t.Errorf("another seed differs in %d of %d", differ, 60*opt.Users)
	}
	sim.SetPresence(0, "", "")
	gone := false
	for range 60 {
		availability, _ := sim.Presence(0)
		gone = gone || availability != "DoNotDisturb"
		clock.advance(time.Minute)
	}
	if !gone {
		t.Error("person 0 does not come and go again")
	}
}
