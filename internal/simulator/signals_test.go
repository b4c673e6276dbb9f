package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

// linked is a card with a button, a link in its text and an address as it stands, all of the
// bot's site.
func linked(site string) map[string]any {
	return card(map[string]any{"fallbackText": "linked mark-1", "body": []any{
		map[string]any{"type": "TextBlock", "text": "Read [the plan](" + site + "/r/one) and [more](http://elsewhere.invalid/), or see (" + site + "/r/three)."},
		map[string]any{"type": "ActionSet", "actions": []any{map[string]any{"type": "Action.OpenUrl", "title": "Join", "url": site + "/r/two"}}},
	}})
}

// site is a bot's site that notes who asked for its links, and leads somewhere.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	people  int
	others  []string // "HEAD browser", or what the program is called
	refused bool
}

func newSite(t *testing.T) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		agent := r.UserAgent()
		switch {
		case s.refused:
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		case r.Method == http.MethodHead:
			s.others = append(s.others, "HEAD")
		case r.Header.Get("Sec-Purpose")+r.Header.Get("X-Moz") != "":
			s.others = append(s.others, "prefetch")
		case strings.HasPrefix(agent, "Mozilla/5.0 (") && !strings.Contains(agent, "Preview") && !strings.Contains(agent, "bingbot"):
			s.people++
		default:
			s.others = append(s.others, "program")
		}
		http.Redirect(w, r, "https://example.com"+strings.TrimPrefix(r.URL.Path, "/r"), http.StatusFound)
	}))
	t.Cleanup(s.Close)
	return s
}

// withSite is a tenant whose bot has its links at the site.
func withSite(t *testing.T, s *site, b simulator.Behaviour, h simulator.Habits) *tenant {
	t.Helper()
	n := newTenant(t, func(o *simulator.Options) { o.PublicURL, o.Engage, o.Habits, o.Behaviour = s.URL, true, h, b })
	n.install(everybody(n)...)
	must(0, n.sim.Start(t.Context()))
	return n
}

func TestDeedsAreCounted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	n := withSite(t, s, simulator.Behaviour{}, simulator.Habits{Read: 1, Click: 1, EveryLink: 1, ClickAgain: 1, React: 1, Unreact: 0.5})
	for i := range n.sim.People() {
		n.send(i, linked(s.URL))
	}
	stats := n.waitFor(idle)
	got, all := n.sim.Deeds("mark-1"), n.sim.People()
	each := simulator.LinkDeeds{Clicks: 2 * all, People: all}
	standing := 0
	for _, count := range got.Reactions {
		standing += count
	}
	want := simulator.Deeds{Seen: all, Clicked: all, Reactions: got.Reactions,
		Links:  map[string]simulator.LinkDeeds{"https://example.com/one": each, "https://example.com/two": each, "https://example.com/three": each},
		Titles: map[string]simulator.LinkDeeds{"the plan": each, "Join": each, "": each}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if standing != stats.Reacted-stats.Unreacted || stats.Unreacted == 0 || stats.Unreacted == all {
		t.Errorf("%d reactions stand: %+v", standing, stats)
	}
	if stats.Seen != all || stats.ClickedIn != all || stats.Clicked != 6*all || s.people != 6*all || len(s.others) != 0 {
		t.Errorf("%d clicks by people, others %v; stats %+v", s.people, s.others, stats)
	}
	if none := n.sim.Deeds("mark-2"); none.Seen != 0 || len(none.Links) != 0 {
		t.Errorf("of no message: %+v", none)
	}
}

func TestWhatTheBotDidNotTakeIsNoDeed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.refused = true
	n := withSite(t, s, simulator.Behaviour{}, simulator.Habits{Read: 1, Click: 1, React: 1})
	n.bot.mu.Lock()
	n.bot.answer = func(map[string]any) (int, string) { return http.StatusInternalServerError, "" }
	n.bot.mu.Unlock()
	n.send(0, linked(s.URL))
	stats := n.waitFor(idle)
	if stats.ClicksFailed != 1 || stats.Seen != 0 || n.sim.Deeds("").Seen != 0 {
		t.Errorf("%+v", stats)
	}
}

func TestProgramsLookAtLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	n := withSite(t, s, simulator.Behaviour{Scanners: true}, simulator.Habits{Read: 1e-9})
	for i := range n.sim.People() {
		n.send(i, linked(s.URL))
	}
	stats, links := n.waitFor(idle), 3*n.sim.People()
	seen := map[string]int{}
	for _, who := range s.others {
		seen[who]++
	}
	if seen["HEAD"] != links || seen["prefetch"]+seen["program"] != links || seen["prefetch"] == 0 || seen["program"] == 0 {
		t.Errorf("of %d links: %v", links, seen)
	}
	if stats.Scanned != 2*links || stats.Clicked != 0 || stats.Seen != 0 || s.people != 0 {
		t.Errorf("%d people; stats %+v", s.people, stats)
	}
}

// Who is early has read the message before the bot hears that it arrived.
func TestEarlyPeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	n := withSite(t, s, simulator.Behaviour{Early: 1}, simulator.Habits{MinDelay: time.Hour, MaxDelay: time.Hour, Read: 1, Click: 1, React: 1})
	n.bot.take()
	id := n.send(0, linked(s.URL))
	got := n.bot.take()
	if len(got) != 2 || field(got[0], "value", "lastReadMessageId") != id || got[1]["replyToId"] != id {
		t.Errorf("when the answer is there the bot has %v", got)
	}
	if stats := n.sim.Stats(); stats.Clicked != 1 || stats.Pending != 0 {
		t.Errorf("%+v", stats)
	}
}

// Who is early and slow goes on when the bot has waited long enough.
func TestSlowEarlyPeople(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) {
		o.Engage, o.Behaviour = true, simulator.Behaviour{Early: 1}
		o.Habits = simulator.Habits{Read: 1, React: 1}
	})
	n.install(0)
	must(0, n.sim.Start(t.Context()))
	n.bot.take()
	n.bot.mu.Lock()
	n.bot.answer = func(map[string]any) (int, string) {
		time.Sleep(3 * time.Second) // one of the two while the bot is kept waiting, both not
		return http.StatusOK, ""
	}
	n.bot.mu.Unlock()
	n.send(0, linked("https://example.com"))
	stats, got := n.waitFor(idle), n.bot.take()
	if stats.PostsFailed != 0 || len(got) != 2 || got[1]["type"] != "messageReaction" {
		t.Errorf("they did %v; stats %+v", got, stats)
	}
}

// What is late comes in any order, tells when it happened, and is all there in the end.
func TestLatePeople(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	n := withSite(t, s, simulator.Behaviour{Late: 20 * time.Millisecond, Redeliver: 1}, simulator.Habits{Read: 1, Click: 1, React: 1, Unreact: 1})
	n.bot.take()
	for i := range n.sim.People() {
		n.send(i, linked(s.URL))
	}
	n.waitFor(idle)
	type change struct {
		at    string
		added bool
	}
	byPerson, ids, disorder := map[any][]change{}, map[any]int{}, 0
	for _, act := range n.bot.take() {
		ids[act["id"]]++
		if act["type"] == "messageReaction" && ids[act["id"]] == 1 {
			who := field(act, "from", "id")
			byPerson[who] = append(byPerson[who], change{act["timestamp"].(string), act["reactionsAdded"] != nil})
		}
	}
	for who, changes := range byPerson {
		if len(changes) != 2 {
			t.Fatalf("%v: %v", who, changes)
		}
		if !changes[0].added {
			disorder++
		}
		if (changes[0].at < changes[1].at) != changes[0].added {
			t.Errorf("it was taken back first: %v", changes)
		}
	}
	if disorder == 0 || disorder == len(byPerson) || len(byPerson) != n.sim.People() {
		t.Errorf("%d of %d came in disorder", disorder, len(byPerson))
	}
	for id, times := range ids {
		if times != 2 {
			t.Errorf("%v came %d times", id, times)
		}
	}
	if got := n.sim.Deeds(""); got.Seen != n.sim.People() || len(got.Reactions) != 0 {
		t.Errorf("%+v", got)
	}
}
