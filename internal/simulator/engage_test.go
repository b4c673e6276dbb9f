package simulator_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

// question is a card with every input, a link of the bot's and one of somebody's.
func question(site string) map[string]any {
	return card(map[string]any{"fallbackText": "question", "body": []any{
		map[string]any{"type": "Input.Text", "id": "text"},
		map[string]any{"type": "Container", "items": []any{map[string]any{"type": "Input.Number", "id": "number", "min": 1, "max": 5}}},
		map[string]any{"type": "Input.Toggle", "id": "toggle", "valueOn": "yes", "valueOff": "no"},
		map[string]any{"type": "Input.Date", "id": "date"},
		map[string]any{"type": "Input.Time", "id": "time"},
		map[string]any{"type": "Input.ChoiceSet", "id": "choice", "choices": []any{choice("a"), choice("b")}},
		map[string]any{"type": "Input.ChoiceSet", "id": "many", "isMultiSelect": true, "choices": []any{choice("x"), choice("y")}},
		map[string]any{"type": "ActionSet", "actions": []any{
			map[string]any{"type": "Action.OpenUrl", "url": "http://elsewhere.invalid/never"},
			map[string]any{"type": "Action.OpenUrl", "url": site + "/l/abc"},
			map[string]any{"type": "Action.Submit", "data": map[string]any{"msteams": map[string]any{"type": "task/fetch"}}},
			map[string]any{"type": "Action.Execute", "verb": "rate", "data": map[string]any{"m": "7"},
				"fallback": map[string]any{"type": "Action.Submit", "data": map[string]any{"m": "7", "verb": "rate"}}},
		}},
	}})
}

func choice(v string) map[string]any { return map[string]any{"title": v, "value": v} }

func idle(s simulator.Stats) bool { return s.Pending == 0 }

func (n *tenant) waitFor(cond func(simulator.Stats) bool) simulator.Stats {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), time.Minute)
	defer cancel()
	if err := n.sim.WaitFor(ctx, cond); err != nil {
		n.Fatalf("%v; stats %+v", err, n.sim.Stats())
	}
	return n.sim.Stats()
}

func eager(o *simulator.Options) {
	o.Engage = true
	o.Habits = simulator.Habits{Read: 1, Click: 1, React: 1, Answer: 1}
}

func TestPeopleEngage(t *testing.T) {
	t.Parallel()
	n := newTenant(t, eager)
	n.install(0)
	if err := n.sim.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := n.send(0, question(n.botURL))
	stats := n.waitFor(idle)
	if stats.Read != 1 || stats.Clicked != 1 || stats.ClicksFailed != 0 || stats.Reacted != 1 || stats.Executed != 1 {
		t.Errorf("stats %+v", stats)
	}
	if diff := cmp.Diff([]string{"/l/abc"}, n.bot.visited); diff != "" {
		t.Errorf("links opened (-want +got):\n%s", diff)
	}
	got := n.bot.take()
	kinds := []any{got[0]["name"], got[1]["type"], got[2]["name"]}
	if diff := cmp.Diff([]any{"application/vnd.microsoft.readReceipt", "messageReaction", "adaptiveCard/action"}, kinds); diff != "" {
		t.Fatalf("activities (-want +got):\n%s", diff)
	}
	if field(got[0], "value", "lastReadMessageId") != id || got[2]["replyToId"] != id {
		t.Errorf("they speak of another message than %s", id)
	}
	data, _ := field(got[2], "value", "action", "data").(map[string]any)
	allowed := map[string][]string{"m": {"7"}, "number": {"1", "2", "3", "4", "5"}, "toggle": {"yes", "no"},
		"choice": {"a", "b"}, "many": {"x,y", "y"}, "text": nil, "date": nil, "time": nil}
	for key, values := range allowed {
		value, filled := data[key].(string)
		if !filled || value == "" || values != nil && !slices.Contains(values, value) {
			t.Errorf("%s was answered %v", key, data[key])
		}
	}
	if len(data) != len(allowed) {
		t.Errorf("answered %v", data)
	}
}

func TestOldClientsTakeTheFallback(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) {
		eager(o)
		o.Habits = simulator.Habits{Answer: 1, OldClient: 1}
	})
	n.install(0)
	must(0, n.sim.Start(t.Context()))
	n.send(0, question(n.botURL))
	n.waitFor(idle)
	got := n.bot.take()
	if len(got) != 1 || got[0]["type"] != "message" || field(got[0], "value", "verb") != "rate" {
		t.Errorf("%v", got)
	}
}

// TestEngagementFollowsFromTheSeed compares two runs in which everything happens in
// whatever order it does.
func TestEngagementFollowsFromTheSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) []string {
		n := newTenant(t, func(o *simulator.Options) {
			o.Seed, o.Users, o.Engage = seed, 40, true
			o.Habits = simulator.Habits{MaxDelay: 20 * time.Millisecond, Read: 0.5, Click: 0.5, React: 0.5, Answer: 0.5, OldClient: 0.5}
		})
		n.install(everybody(n)...)
		must(0, n.sim.Start(t.Context()))
		for i := range n.sim.People() {
			n.send(i, question(n.botURL))
		}
		n.waitFor(idle)
		number := map[any]int{}
		for i := range n.sim.People() {
			number[n.sim.Person(i).UserID] = i
		}
		var out []string
		for _, act := range n.bot.take() {
			data := field(act, "value", "action", "data")
			if act["type"] == "message" {
				data = act["value"]
			}
			out = append(out, fmt.Sprint(number[field(act, "from", "id")], act["type"], act["name"], act["reactionsAdded"], data))
		}
		slices.Sort(out)
		return out
	}
	first := run(1)
	if diff := cmp.Diff(first, run(1)); diff != "" {
		t.Errorf("the same seed, other deeds:\n%s", diff)
	}
	if len(first) == 0 || cmp.Equal(first, run(2)) {
		t.Errorf("another seed, the same %d deeds", len(first))
	}
}

func TestSkypePeopleAnswerHeroCards(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { eager(o); o.SkypeShare = 1 })
	n.install(0)
	must(0, n.sim.Start(t.Context()))
	hero := map[string]any{"type": "message", "attachments": []any{map[string]any{"contentType": "application/vnd.microsoft.card.hero",
		"content": map[string]any{"title": "t", "buttons": []any{
			map[string]any{"type": "imBack", "title": "Useful", "value": "useful c1"},
			map[string]any{"type": "openUrl", "title": "More", "value": n.botURL + "/l/hero"}}}}}}
	if res := n.call("POST", "/apis"+n.activities(0), hero); res.status != http.StatusCreated {
		t.Fatalf("send: %d %s", res.status, res.raw)
	}
	stats := n.waitFor(idle)
	got := n.bot.take()
	if len(got) != 1 || got[0]["text"] != "useful c1" || stats.Clicked != 1 || stats.Read != 0 || stats.Reacted != 0 {
		t.Errorf("%v; stats %+v", got, stats)
	}
}

func TestChattyPeopleSayHelloAndAnswerOnce(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Chatty = true })
	must(0, n.sim.Start(t.Context()))
	n.bot.answer = func(act map[string]any) (int, string) {
		if act["text"] == "hello" { // greet with a card, twice
			n.send(0, message("plain"))
			n.send(0, question(n.botURL))
			n.send(0, question(n.botURL))
		}
		return 200, "{}"
	}
	must(n.sim.Install(t.Context(), 0))
	stats := n.waitFor(func(s simulator.Stats) bool { return s.Executed+s.Submitted > 0 && s.Pending == 0 })
	if stats.Said != 1 || stats.Executed+stats.Submitted != 1 || stats.Read != 0 {
		t.Errorf("stats %+v", stats)
	}
}

func TestNobodyActsOnWhatIsGone(t *testing.T) {
	t.Parallel()
	n := newTenant(t, eager)
	n.install(0, 1)
	gone := n.send(0, question(n.botURL))
	n.send(1, question(n.botURL))
	n.call("DELETE", n.activities(0)+"/"+gone, nil)
	must(n.sim.Uninstall(t.Context(), 1))
	n.bot.take()
	must(0, n.sim.Start(t.Context()))
	n.waitFor(idle)
	if got := n.bot.take(); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if err := n.sim.Start(t.Context()); err == nil {
		t.Error("started twice")
	}
}

func TestWaitForEndsWithItsContext(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.sim.WaitFor(ctx, func(simulator.Stats) bool { return false }); err == nil {
		t.Error("waited for nothing and got it")
	}
}

func TestOnlyTheLastActivitiesAreKeptWhole(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	for k := range 8 {
		n.send(0, message(strings.Repeat("x", k+1)))
	}
	whole := 0
	received := n.sim.Received(0)
	for _, r := range received {
		if r.Raw != nil {
			whole++
		}
	}
	if len(received) != 8 || whole != 5 || received[0].Raw != nil || received[0].Text != "x" || received[7].Raw == nil {
		t.Errorf("%d received, %d of them whole", len(received), whole)
	}
}
