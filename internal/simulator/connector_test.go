package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

func (n *tenant) create(change func(map[string]any), member string) response {
	body := map[string]any{"isGroup": false, "bot": map[string]any{"id": "28:" + n.opt.AppID},
		"members": []any{map[string]any{"id": member}}, "tenantId": n.opt.TenantID}
	if change != nil {
		change(body)
	}
	return n.call("POST", "/v3/conversations", body)
}

func TestCreateConversation(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0, 1)
	p := n.sim.Person(0)
	for _, member := range []string{p.UserID, p.UserID, p.ObjectID} { // idempotent
		res := n.create(nil, member)
		want := map[string]any{"id": p.ConversationID, "serviceUrl": n.url + "/teams/"}
		if diff := cmp.Diff(want, res.body); diff != "" || res.status != http.StatusCreated {
			t.Errorf("%s: %d (-want +got):\n%s", member, res.status, diff)
		}
	}
	tenantInChannelData := func(b map[string]any) {
		delete(b, "tenantId")
		b["channelData"] = map[string]any{"tenant": map[string]any{"id": n.opt.TenantID}}
	}
	if res := n.create(tenantInChannelData, p.UserID); res.status != http.StatusCreated {
		t.Errorf("tenant in channelData: %d %s", res.status, res.raw)
	}
	res := n.create(func(b map[string]any) { b["activity"] = message("with it") }, p.UserID)
	if _, told := res.body["activityId"]; told || res.status != http.StatusCreated {
		t.Errorf("activity sent along: %d %s", res.status, res.raw)
	}
	if diff := cmp.Diff([]string{"with it"}, texts(n.sim, 0)); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

func TestCreateConversationRefuses(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	p, other := n.sim.Person(0), newTenant(t, func(o *simulator.Options) { o.Seed = 99 }).sim.Person(0)
	for name, c := range map[string]struct {
		change func(map[string]any)
		member string
		status int
		code   string
	}{
		"two members": {func(b map[string]any) {
			b["members"] = append(b["members"].([]any), map[string]any{"id": n.sim.Person(1).UserID})
		}, p.UserID, 400, "BadSyntax"},
		"no members":                {func(b map[string]any) { delete(b, "members") }, p.UserID, 400, "BadSyntax"},
		"group":                     {func(b map[string]any) { b["isGroup"] = true }, p.UserID, 400, "BadSyntax"},
		"no tenant":                 {func(b map[string]any) { delete(b, "tenantId") }, p.UserID, 400, "BadSyntax"},
		"other tenant":              {func(b map[string]any) { b["tenantId"] = "x" }, p.UserID, 403, "BotNotInConversationRoster"},
		"thread without activity":   {thread(nil), p.UserID, 400, "BadSyntax"},
		"thread in no team":         {thread(message("x")), p.UserID, 404, "ConversationNotFound"},
		"another bot's id":          {nil, other.UserID, 400, "BadArgument"},
		"UPN":                       {nil, p.UPN, 400, "BadArgument"},
		"not installed":             {nil, n.sim.Person(1).UserID, 403, "BotNotInConversationRoster"},
		"a card that is not a card": {func(b map[string]any) { b["activity"] = card(map[string]any{"type": "x"}) }, p.UserID, 400, "BadArgument"},
	} {
		if res := n.create(c.change, c.member); res.status != c.status || res.code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, res.status, res.raw, c.status, c.code)
		}
	}
	if res := n.call("POST", "/v3/conversations", "{"); res.code() != "BadSyntax" {
		t.Errorf("half a body: %d %s", res.status, res.raw)
	}
}

func thread(activity any) func(map[string]any) {
	return func(b map[string]any) {
		b["isGroup"], b["activity"] = true, activity
		b["channelData"] = map[string]any{"channel": map[string]any{"id": "19:x@thread.tacv2"}}
	}
}

func TestSendReplyUpdateDelete(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	first := n.send(0, message("one"))
	if res := n.call("POST", n.activities(0)+"/"+first, message("two")); res.status != http.StatusCreated {
		t.Errorf("reply: %d", res.status)
	}
	third := n.send(0, card(map[string]any{"fallbackText": "three"}))
	if res := n.call("PUT", n.activities(0)+"/"+first, message("ONE")); res.status != http.StatusOK || res.body["id"] != first {
		t.Errorf("update: %d %s", res.status, res.raw)
	}
	if res := n.call("DELETE", n.activities(0)+"/"+third, nil); res.status != http.StatusOK || res.raw != "" {
		t.Errorf("delete: %d %s", res.status, res.raw)
	}
	for _, method := range []string{"PUT", "DELETE"} {
		for _, id := range []string{third, "1", "nonsense"} {
			res := n.call(method, n.activities(0)+"/"+id, message("x"))
			if res.status != http.StatusNotFound || res.code() != "ActivityNotFoundInConversation" {
				t.Errorf("%s %s: %d %s", method, id, res.status, res.raw)
			}
		}
	}
	want := map[string][]string{n.sim.Person(0).ConversationID: {"ONE", "two"}}
	report := getJSON[simulator.Report](t, n.url+"/report")
	if diff := cmp.Diff(want, report.Messages); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if stats := n.sim.Stats(); report.Installed != 1 || report.Requests != 11 || stats.Requests != 11 || stats.Delivered != 3 ||
		stats.Updated != 1 || stats.Deleted != 1 || stats.Refused[404] != 6 {
		t.Errorf("report %d installed, %d requests; stats %+v", report.Installed, report.Requests, stats)
	}
}

func TestConversationsThatAreNot(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0, 1)
	must(n.sim.Uninstall(t.Context(), 1))
	for name, c := range map[string]struct {
		path string
		code string
	}{
		"nonsense":        {"/v3/conversations/a%3A1x/activities", "ConversationNotFound"},
		"never installed": {n.activities(2), "ConversationNotFound"},
		"wrong channel":   {"/apis" + n.activities(0), "ConversationNotFound"},
		"uninstalled":     {n.activities(1), "BotNotInConversationRoster"},
	} {
		if res := n.call("POST", c.path, message("x")); res.code() != c.code {
			t.Errorf("%s: %d %s, want %s", name, res.status, res.raw, c.code)
		}
	}
	chat := "19:" + n.sim.Person(0).ObjectID + "_" + n.opt.AppID + "@unq.gbl.spaces"
	if res := n.call("POST", "/v3/conversations/"+url.PathEscape(chat)+"/activities", message("by Graph's id")); res.status != http.StatusCreated {
		t.Errorf("Graph's chat id: %d %s", res.status, res.raw)
	}
	must(n.sim.Install(t.Context(), 1))
	n.send(1, message("back again")) // on add the stored conversation can be used again
}

func TestActivitiesAreChecked(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	hero := map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.hero", "content": map[string]any{"title": "Hero", "text": "says"}}}}
	notObject := card(nil)
	notObject["attachments"].([]any)[0].(map[string]any)["content"] = `{"type":"AdaptiveCard"}`
	withSummary := card(nil)
	withSummary["summary"] = "in short"
	for name, c := range map[string]struct {
		activity any
		status   int
		code     string
		shown    string
	}{
		"text":             {message("hello"), 201, "", "hello"},
		"card":             {card(map[string]any{"fallbackText": "fallback"}), 201, "", "fallback"},
		"summary":          {withSummary, 201, "", "in short"},
		"hero":             {hero, 201, "", "Hero says"},
		"version 1.0":      {card(map[string]any{"version": "1.0", "fallbackText": "old"}), 201, "", "old"},
		"typing":           {map[string]any{"type": "typing"}, 202, "", ""},
		"no type":          {map[string]any{"text": "x"}, 400, "BadArgument", ""},
		"not JSON":         {"{", 400, "BadArgument", ""},
		"array":            {"[]", 400, "BadArgument", ""},
		"version 1.6":      {card(map[string]any{"version": "1.6"}), 400, "BadArgument", ""},
		"version 2.0":      {card(map[string]any{"version": "2.0"}), 400, "BadArgument", ""},
		"no version":       {card(map[string]any{"version": nil}), 400, "BadArgument", ""},
		"other type":       {card(map[string]any{"type": "MessageCard"}), 400, "BadArgument", ""},
		"content a string": {notObject, 400, "BadArgument", ""},
	} {
		before := len(texts(n.sim, 0))
		res := n.call("POST", n.activities(0), c.activity)
		if res.status != c.status || res.code() != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, res.status, res.raw, c.status, c.code)
		}
		if got := strings.Join(texts(n.sim, 0)[before:], "|"); got != c.shown {
			t.Errorf("%s: shown as %q, want %q", name, got, c.shown)
		}
	}
}

func TestTextBesideACardIsSplit(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	both := card(map[string]any{"fallbackText": "the card"})
	both["text"] = "the text"
	res := n.call("POST", n.activities(0), both)
	if _, told := res.body["id"]; told || res.status != http.StatusCreated {
		t.Errorf("answer %d %s", res.status, res.raw)
	}
	if diff := cmp.Diff([]string{"the text", "the card"}, texts(n.sim, 0)); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
	if got := n.sim.Stats().Split; got != 1 {
		t.Errorf("%d splits counted", got)
	}
}

func TestMessageSize(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	envelope := len(`{"text":"","type":"message"}`)
	fits := 50<<10 - envelope
	n.send(0, message(strings.Repeat("x", fits)))
	n.send(0, message(strings.Repeat("é", fits))) // one unit, two bytes of UTF-8
	n.send(0, message(strings.Repeat("😀", fits/2)))
	n.send(0, `{"type":"message","text":"","attachments":[{"contentType":"image/png","contentUrl":"data:image/png;base64,`+
		strings.Repeat("A", 200<<10)+`"}]}`)
	for name, text := range map[string]string{
		"one too many": strings.Repeat("x", fits+1), "one pair too many": strings.Repeat("😀", fits/2+1),
		"never read": strings.Repeat("x", 2<<20),
	} {
		if res := n.call("POST", n.activities(0), message(text)); res.status != 413 || res.code() != "MessageSizeTooBig" {
			t.Errorf("%s: %d %s", name, res.status, res.code())
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0, 1)
	p := n.sim.Person(0)
	want := func(objectID string) map[string]any {
		return map[string]any{"id": p.UserID, "name": p.Name, "givenName": p.GivenName, "surname": p.Surname, "email": p.Email,
			"userPrincipalName": p.UPN, "tenantId": n.opt.TenantID, "userRole": "user", objectID: p.ObjectID}
	}
	base := strings.TrimSuffix(n.activities(0), "/activities")
	for _, id := range []string{p.UserID, p.ObjectID, strings.ToUpper(p.ObjectID), p.UPN} {
		res := n.call("GET", base+"/members/"+url.PathEscape(id), nil)
		if diff := cmp.Diff(want("aadObjectId"), res.body); diff != "" {
			t.Errorf("member %s: %d (-want +got):\n%s", id, res.status, diff)
		}
	}
	if res := n.call("GET", base+"/members/"+url.PathEscape(n.sim.Person(1).UserID), nil); res.status != 404 {
		t.Errorf("somebody else: %d", res.status)
	}
	paged := n.call("GET", base+"/pagedmembers?pageSize=500", nil)
	if diff := cmp.Diff(map[string]any{"members": []any{want("aadObjectId")}}, paged.body); diff != "" {
		t.Errorf("pagedmembers (-want +got):\n%s", diff)
	}
	id := n.send(0, message("x"))
	for _, path := range []string{base + "/members", base + "/activities/" + id + "/members"} {
		res := n.call("GET", path, nil)
		if !strings.HasPrefix(res.raw, "[") || !strings.Contains(res.raw, `"objectId":"`+p.ObjectID) {
			t.Errorf("%s: %d %s", path, res.status, res.raw)
		}
	}
	if res := n.call("GET", base+"/activities/1/members", nil); res.code() != "ActivityNotFoundInConversation" {
		t.Errorf("members of no message: %d %s", res.status, res.raw)
	}
}

func TestSkype(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.SkypeShare = 0.5 })
	i := n.firstOn("skype")
	n.install(i)
	p := n.sim.Person(i)
	res := n.call("POST", "/apis/v3/conversations", map[string]any{"bot": map[string]any{"id": "28:x"}, "members": []any{map[string]any{"id": p.UserID}}})
	if res.status != http.StatusCreated || res.body["id"] != p.UserID {
		t.Errorf("create: %d %s", res.status, res.raw)
	}
	path := "/apis" + n.activities(i)
	sent := n.call("POST", path, message("hi"))
	id, _ := sent.body["id"].(string)
	if sent.status != http.StatusCreated {
		t.Fatalf("send: %d %s", sent.status, sent.raw)
	}
	if res := n.call("POST", path, card(nil)); res.status != 400 || res.code() != "BadArgument" {
		t.Errorf("adaptive card: %d %s", res.status, res.raw)
	}
	if res := n.call("PUT", path+"/"+id, message("HI")); res.status < 400 {
		t.Errorf("update: %d, want a refusal", res.status)
	}
	member := n.call("GET", strings.TrimSuffix(path, "/activities")+"/members/"+url.PathEscape(p.UserID), nil)
	if _, has := member.body["aadObjectId"]; has || member.body["name"] != p.Name {
		t.Errorf("member: %d %s", member.status, member.raw)
	}
}
