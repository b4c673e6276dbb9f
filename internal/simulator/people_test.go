package simulator_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

// field reads a nested value: field(act, "from", "id").
func field(act map[string]any, path ...string) any {
	var at any = act
	for _, key := range path {
		part, _ := at.(map[string]any)
		at = part[key]
	}
	return at
}

func TestInstallIsToldTwiceInEitherOrder(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	orders := map[string]bool{}
	for i := range n.sim.People() {
		must(n.sim.Install(t.Context(), i))
		got, p := n.bot.take(), n.sim.Person(i)
		if len(got) != 2 {
			t.Fatalf("person %d: %d activities", i, len(got))
		}
		orders[got[0]["type"].(string)+" "+got[1]["type"].(string)] = true
		for _, act := range got {
			checkEnvelope(n, act, p)
			if _, named := field(act, "from").(map[string]any)["name"]; named {
				t.Errorf("person %d: %s carries a name", i, act["type"])
			}
			switch act["type"] {
			case "installationUpdate":
				if act["action"] != "add" {
					t.Errorf("action %v", act["action"])
				}
			case "conversationUpdate":
				if diff := cmp.Diff([]any{map[string]any{"id": "28:" + n.opt.AppID}}, act["membersAdded"]); diff != "" {
					t.Errorf("membersAdded:\n%s", diff)
				}
			}
		}
	}
	want := map[string]bool{"installationUpdate conversationUpdate": true, "conversationUpdate installationUpdate": true}
	if diff := cmp.Diff(want, orders); diff != "" {
		t.Errorf("orders met (-want +got):\n%s", diff)
	}
}

func checkEnvelope(n *tenant, act map[string]any, p simulator.Person) {
	n.Helper()
	got := map[string]any{"service": act["serviceUrl"], "channel": act["channelId"], "user": field(act, "from", "id"),
		"object": field(act, "from", "aadObjectId"), "bot": field(act, "recipient", "id"), "conversation": field(act, "conversation", "id"),
		"kind": field(act, "conversation", "conversationType"), "tenant": field(act, "conversation", "tenantId"),
		"data": field(act, "channelData", "tenant", "id"), "locale": act["locale"]}
	want := map[string]any{"service": n.url + "/teams/", "channel": "msteams", "user": p.UserID, "object": p.ObjectID,
		"bot": "28:" + n.opt.AppID, "conversation": p.ConversationID, "kind": "personal", "tenant": n.opt.TenantID,
		"data": n.opt.TenantID, "locale": p.Locale}
	if diff := cmp.Diff(want, got); diff != "" {
		n.Errorf("envelope of %s (-want +got):\n%s", act["type"], diff)
	}
	entities, _ := act["entities"].([]any)
	if info, _ := entities[0].(map[string]any); info["type"] != "clientInfo" || info["timezone"] != p.TimeZone || info["country"] != p.Country {
		n.Errorf("clientInfo %v", info)
	}
	if id, _ := act["id"].(string); act["type"] != "message" && !strings.HasPrefix(id, "f:") {
		n.Errorf("id of %s: %q", act["type"], id)
	}
}

func TestWhatPeopleSend(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	ctx, p := t.Context(), n.sim.Person(0)
	data := map[string]any{"m": "c1.u7", "deep": map[string]any{"n": 1.0}}
	inputs := map[string]any{"rating": 7, "ratio": 2.5, "many": []string{"1", "2"}, "on": true, "none": "", "text": "é"}
	merged := map[string]any{"m": "c1.u7", "deep": map[string]any{"n": 1.0}, "rating": "7", "ratio": "2.5", "many": "1,2", "on": "true", "text": "é"}
	for name, c := range map[string]struct {
		act  func() (simulator.Reply, error)
		want map[string]any
	}{
		"say": {func() (simulator.Reply, error) { return n.sim.Say(ctx, 0, "a < b") },
			map[string]any{"type": "message", "text": "a < b", "textFormat": "plain",
				"attachments": []any{map[string]any{"contentType": "text/html", "content": "<div>a &lt; b</div>"}}}},
		"submit": {func() (simulator.Reply, error) { return n.sim.Submit(ctx, 0, "17", data, inputs) },
			map[string]any{"type": "message", "replyToId": "17", "value": merged, "text": nil}},
		"execute": {func() (simulator.Reply, error) { return n.sim.Execute(ctx, 0, "17", "rate", data, inputs) },
			map[string]any{"type": "invoke", "name": "adaptiveCard/action", "replyToId": "17", "value": map[string]any{
				"trigger": "manual", "action": map[string]any{"type": "Action.Execute", "verb": "rate", "data": merged}}}},
		"react": {func() (simulator.Reply, error) { return n.sim.React(ctx, 0, "17", "heart") },
			map[string]any{"type": "messageReaction", "replyToId": "17", "reactionsAdded": []any{map[string]any{"type": "heart"}}}},
		"unreact": {func() (simulator.Reply, error) { return n.sim.Unreact(ctx, 0, "17", "heart") },
			map[string]any{"type": "messageReaction", "replyToId": "17", "reactionsRemoved": []any{map[string]any{"type": "heart"}}}},
		"read": {func() (simulator.Reply, error) { return n.sim.Read(ctx, 0, "17") },
			map[string]any{"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": map[string]any{"lastReadMessageId": "17"}}},
		"upgrade, redelivered": {func() (simulator.Reply, error) {
			return n.sim.Post(ctx, must(n.sim.Upgrade(ctx, 0)).Activity)
		}, map[string]any{"type": "installationUpdate"}},
	} {
		reply, err := c.act()
		got := n.bot.take()
		if err != nil || !reply.OK() || len(got) == 0 {
			t.Fatalf("%s: %v %d", name, err, reply.Status)
		}
		checkEnvelope(n, got[0], p)
		for key, want := range c.want {
			if diff := cmp.Diff(want, got[0][key]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, key, diff)
			}
		}
	}
	if stats := n.sim.Stats(); stats.Said != 1 || stats.Submitted != 1 || stats.Executed != 1 || stats.Reacted != 1 ||
		stats.Unreacted != 1 || stats.Read != 1 || stats.PostsFailed != 0 {
		t.Errorf("stats %+v", stats)
	}
}

func TestExecuteShowsTheAnsweredCard(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	id := n.send(0, card(map[string]any{"fallbackText": "q"}))
	n.bot.answer = func(map[string]any) (int, string) {
		return 200, `{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard","version":"1.4"}}`
	}
	reply := must(n.sim.Execute(t.Context(), 0, id, "v", nil, nil))
	if answer, err := reply.Invoke(); err != nil || answer.StatusCode != 200 {
		t.Errorf("answer %+v, %v", answer, err)
	}
	received := n.sim.Received(0)[0]
	if string(received.View) != `{"type":"AdaptiveCard","version":"1.4"}` || received.Text != "q" {
		t.Errorf("received %+v", received)
	}
}

func TestUninstallAndInstallAgain(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	must(n.sim.Uninstall(t.Context(), 0))
	got := n.bot.take()
	actions := []any{got[0]["action"], got[1]["action"], got[0]["membersRemoved"] != nil, got[1]["membersRemoved"] != nil}
	want := []any{"remove", nil, false, true}
	if got[0]["type"] == "conversationUpdate" {
		want = []any{nil, "remove", true, false}
	}
	if diff := cmp.Diff(want, actions); diff != "" {
		t.Errorf("uninstall:\n%s", diff)
	}
	if got := n.sim.Stats().Installed; got != 0 {
		t.Errorf("%d installed", got)
	}
	n.install(0, 0) // a second install changes nothing
	if got := n.sim.Stats().Installed; got != 1 {
		t.Errorf("%d installed", got)
	}
}

func TestSkypePeopleSendLess(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.SkypeShare = 1 })
	ctx := t.Context()
	must(n.sim.Install(ctx, 0))
	got := n.bot.take()
	if len(got) != 1 || got[0]["type"] != "contactRelationUpdate" || got[0]["action"] != "add" || got[0]["channelId"] != "skype" ||
		field(got[0], "conversation", "id") != field(got[0], "from", "id") || field(got[0], "conversation", "tenantId") != nil ||
		got[0]["serviceUrl"] != n.url+"/apis/" {
		t.Errorf("install: %v", got)
	}
	for name, act := range map[string]func() (simulator.Reply, error){
		"execute": func() (simulator.Reply, error) { return n.sim.Execute(ctx, 0, "1", "v", nil, nil) },
		"react":   func() (simulator.Reply, error) { return n.sim.React(ctx, 0, "1", "like") },
		"read":    func() (simulator.Reply, error) { return n.sim.Read(ctx, 0, "1") },
		"upgrade": func() (simulator.Reply, error) { return n.sim.Upgrade(ctx, 0) },
	} {
		if _, err := act(); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
	if got := n.bot.take(); len(got) != 0 {
		t.Errorf("sent all the same: %v", got)
	}
}

func TestPostWithAnyToken(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	first := must(n.sim.Say(t.Context(), 0, "one"))
	must(n.sim.Post(t.Context(), first.Activity, simulator.WithToken("mine")))
	must(n.sim.Post(t.Context(), first.Activity, simulator.WithToken("")))
	if diff := cmp.Diff([]string{"mine", ""}, n.bot.tokens[1:]); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if got := n.bot.take(); got[0]["id"] != got[2]["id"] {
		t.Error("a redelivered activity has another id")
	}
}

func TestInstallAll(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Users, o.SkypeShare = 150, 0.1 })
	var calls []int
	if err := n.sim.InstallAll(t.Context(), func(done, total int) { calls = append(calls, done) }); err != nil {
		t.Fatal(err)
	}
	if len(calls) != 150 || calls[149] != 150 {
		t.Errorf("progress called %d times", len(calls))
	}
	if got := n.sim.Report().Installed; got != 150 {
		t.Errorf("%d installed", got)
	}
}

func TestInstallAllTellsOfFailures(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.bot.answer = func(map[string]any) (int, string) { return http.StatusUnauthorized, "" }
	if err := n.sim.InstallAll(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "20 of 20") {
		t.Errorf("refused by the bot: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.sim.InstallAll(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	unreachable := newSimulator(t, options())
	if err := unreachable.InstallAll(t.Context(), nil); err == nil {
		t.Error("a bot that is not there was installed")
	}
}
