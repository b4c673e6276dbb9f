package api

import (
	"context"
	"strings"
	"testing"
)

type fields = map[string]any

const simple = `{"name":"Fire drill","kind":"important","content":{"title":"Drill","text":"Hello [FIRSTNAME|there]"},"audience":{"everyone":true}}`

const surveyBody = `{"name":"Party","kind":"survey","content":{"title":"Party","questions":[{"type":"choice","text":"Coming?","options":["Yes","No"]}]},"audience":{"everyone":true}}`

func TestCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Campaigns.CanAsk = func(context.Context) error { return nil }
	w.run(
		step{call: "POST /campaigns", body: simple, as: "author", status: 201,
			headers: map[string]string{"Location": "/api/v1/campaigns/1", "Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
			has: fields{
				"/id": "1", "/name": "Fire drill", "/channel": "teams", "/kind": "important", "/status": "draft", "/created_by": "author",
				"/content": fields{"title": "Drill", "text": "Hello [FIRSTNAME|there]"}, "/audience": fields{"everyone": true},
				"/delivery":   fields{"start_at": nil, "spread": "0s", "working_hours": nil, "presence": []any{}, "max_per_hour": 0, "on_uncertain": "resend"},
				"/created_at": "2026-09-01T08:00:00Z", "/updated_at": "2026-09-01T08:00:00Z", "/started_at": nil, "/finished_at": nil,
			}},
		step{name: "an unfinished draft", call: "POST /campaigns", body: `{"name":"Later","kind":"message"}`, status: 201,
			has: fields{"/content": fields{"text": ""}, "/audience": fields{}}},
		step{name: "nulls are as if left out", lax: true, call: "POST /campaigns", body: `{"name":"Nulls","kind":"card","content":{"title":null,"image":null,"buttons":null,"questions":null,"adaptive_card":null},"audience":null,"delivery":null}`,
			status: 201, has: fields{"/content": fields{"text": ""}}},
		step{name: "everything of a card", call: "POST /campaigns", status: 201,
			body: `{"name":"Card","channel":"skype","kind":"card","content":{"title":"T","text":"<b>&amp;","author":"Ana","image":{"url":"https://x.example/a.png","alt":"A"},"buttons":[{"title":"Open","url":"https://x.example/?a=1&b=2"}]},
				"audience":{"people":["ana@example.com"]},"delivery":{"start_at":"2026-09-02T10:00:00.5+02:00","spread":"90m","on_uncertain":"hold"}}`,
			has: fields{
				"/channel": "skype", "/content/author": "Ana", "/content/text": "<b>&amp;", "/content/image": fields{"url": "https://x.example/a.png", "alt": "A"},
				"/content/buttons/0": fields{"title": "Open", "url": "https://x.example/?a=1&b=2"}, "/audience": fields{"people": []any{"ana@example.com"}},
				"/delivery/start_at": "2026-09-02T08:00:00.5Z", "/delivery/spread": "1h30m", "/delivery/on_uncertain": "hold",
			}},
		step{name: "everything of a delivery", call: "POST /campaigns", status: 201,
			body: `{"name":"Slow","kind":"message","delivery":{"spread":"48h","working_hours":{"days":["sat","sun","sat"],"from":"22:00","to":"06:00","time_zone":"recipient"},"presence":["busy","away","busy"],"max_per_hour":500}}`,
			has: fields{"/delivery": fields{"start_at": nil, "spread": "48h", "presence": []any{"busy", "away"}, "max_per_hour": 500, "on_uncertain": "resend",
				"working_hours": fields{"days": []any{"sat", "sun"}, "from": "22:00", "to": "06:00", "time_zone": "recipient"}}}},
		step{name: "hours without days", call: "POST /campaigns", body: `{"name":"Slow","kind":"message","delivery":{"working_hours":{"from":"09:00","to":"24:00","time_zone":"Europe/Paris"}}}`, status: 201,
			has: fields{"/delivery/working_hours": fields{"days": []any{"mon", "tue", "wed", "thu", "fri"}, "from": "09:00", "to": "24:00", "time_zone": "Europe/Paris"}}},
		step{name: "a card of one's own", call: "POST /campaigns", body: `{"name":"Own","kind":"card","content":{"adaptive_card":{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"a < b"}]}}}`, status: 201,
			has: fields{"/content": fields{"adaptive_card": fields{"type": "AdaptiveCard", "version": "1.5", "body": []any{fields{"type": "TextBlock", "text": "a < b"}}}}}},
		step{name: "a survey", call: "POST /campaigns", status: 201,
			body: `{"name":"S","kind":"survey","content":{"title":"T","text":"Intro","style":"one_by_one","privacy":"masked","closes_at":"2026-09-09T00:00:00Z","thanks":"Bye","questions":[
				{"type":"choice","text":"A?","options":["x","y"],"goto":{"x":"last"}},{"id":"last","type":"rating","text":"B?","required":false}]}}`,
			has: fields{
				"/content/style": "one_by_one", "/content/privacy": "masked", "/content/closes_at": "2026-09-09T00:00:00Z", "/content/thanks": "Bye", "/content/text": "Intro",
				"/content/questions/0": fields{"id": "q1", "type": "choice", "text": "A?", "options": []any{"x", "y"}, "required": true, "goto": fields{"x": "last"}},
				"/content/questions/1": fields{"id": "last", "type": "rating", "text": "B?", "required": false},
			}},
		step{name: "a survey's defaults", call: "POST /campaigns", body: `{"name":"S","kind":"survey"}`, status: 201,
			has: fields{"/content": fields{"title": "", "text": "", "style": "one_by_one", "privacy": "identified", "closes_at": nil, "thanks": "", "questions": []any{}}}},
	)
}

func TestWhatIsWrongWithADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft := func(rest string) string { return `{"name":"N","kind":"card",` + rest + `}` }
	hours := func(rest string) string { return `"delivery":{"working_hours":{` + rest + `}}` }
	tests := []struct {
		name, body, field, message string
	}{
		{"no name", `{"kind":"card"}`, "name", "Give the campaign a name."},
		{"no kind", `{"name":"N"}`, "kind", "The kind is idea, success, important, card, message or survey."},
		{"a channel", draft(`"channel":"fax"`), "channel", "The channel is teams or skype."},
		{"a tag", draft(`"content":{"text":"[NICKNAME]"}`), "content.text", ""},
		{"an image", draft(`"content":{"image":{"url":"http://x.example/a.png"}}`), "content.image.url", ""},
		{"a button", draft(`"content":{"buttons":[{"title":"a","url":"https://a.example"},{"title":"b","url":"javascript:1"}]}`), "content.buttons[1].url", ""},
		{"a list", draft(`"audience":{"lists":["1"]}`), "audience.lists", "There is no such list."},
		{"an excluded list", draft(`"audience":{"everyone":true,"exclude_lists":["1"]}`), "audience.exclude_lists", "There is no such list."},
		{"an address", draft(`"audience":{"people":["ana"]}`), "audience.people", ""},
		{"a time", draft(`"delivery":{"start_at":"tomorrow"}`), "delivery.start_at", "This should be a time like 2026-09-01T08:30:00Z."},
		{"no time of ours", draft(`"delivery":{"start_at":"0001-01-01T00:00:00Z"}`), "delivery.start_at", "This should be a time like 2026-09-01T08:30:00Z."},
		{"a time beyond all time", draft(`"delivery":{"start_at":"9999-12-31T23:59:59-10:00"}`), "delivery.start_at", "This should be a time like 2026-09-01T08:30:00Z."},
		{"a duration", draft(`"delivery":{"spread":"2 hours"}`), "delivery.spread", "This should be a duration like 2h, 90m or 0s."},
		{"a long spread", draft(`"delivery":{"spread":"721h"}`), "delivery.spread", "The spread is between 0s and 720h."},
		{"uncertain", draft(`"delivery":{"on_uncertain":"maybe"}`), "delivery.on_uncertain", ""},
		{"another kind's field", draft(`"content":{"questions":[{"type":"choice","text":"?"}]}`), "content.questions", "Only a survey has questions."},
		{"closing time", `{"name":"N","kind":"survey","content":{"closes_at":"soon"}}`, "content.closes_at", "This should be a time like 2026-09-01T08:30:00Z."},
		{"a question's type", `{"name":"N","kind":"survey","content":{"questions":[{"type":"riddle","text":"?"}]}}`, "content.questions[0].type", ""},
		{"a text that is a number", `{"name":5,"kind":"card"}`, "name", "This should be a text in quotes."},
		{"a list that is a text", draft(`"audience":{"people":"ana@example.com"}`), "audience.people", "This should be a list: […]."},
		{"an object that is a list", draft(`"content":[]`), "content", "This should be an object: {…}."},
		{"a yes that is a text", draft(`"audience":{"everyone":"yes"}`), "audience.everyone", "This should be true or false."},
		{"hours on no day", draft(hours(`"days":[],"from":"09:00","to":"18:00"`)), "delivery.working_hours.days", ""},
		{"hours on a day that is none", draft(hours(`"days":["monday"],"from":"09:00","to":"18:00"`)), "delivery.working_hours.days", `"monday" is not a day. Write mon, tue, wed, thu, fri, sat or sun.`},
		{"hours from nowhere", draft(hours(`"to":"18:00"`)), "delivery.working_hours.from", "Write a time of the day between 00:00 and 23:59, for example 09:00."},
		{"hours that are none", draft(hours(`"from":"18:00","to":"18:00"`)), "delivery.working_hours.to", ""},
		{"hours of a zone that is none", draft(hours(`"from":"09:00","to":"18:00","time_zone":"Local"`)), "delivery.working_hours.time_zone", ""},
		{"a presence that is none", draft(`"delivery":{"presence":["available","here"]}`), "delivery.presence", `"here" is not a presence. Write available, away or busy.`},
		{"presence on Skype", draft(`"channel":"skype","delivery":{"presence":["available"]}`), "delivery.presence", ""},
		{"a cap below nothing", draft(`"delivery":{"max_per_hour":-1}`), "delivery.max_per_hour", ""},
		{"half a number", draft(`"delivery":{"max_per_hour":1.5}`), "delivery.max_per_hour", "This should be a whole number."},
		{"a number beyond all numbers", draft(`"delivery":{"max_per_hour":99999999999999999999}`), "delivery.max_per_hour", "This should be a whole number."},
		{"a map that is a list", `{"name":"N","kind":"survey","content":{"questions":[{"type":"choice","text":"?","goto":[]}]}}`, "content.questions[0].goto", "This should be an object: {…}."},
		{"a map's value", `{"name":"N","kind":"survey","content":{"questions":[{"type":"choice","text":"?","goto":{"x":1}}]}}`, `content.questions[0].goto["x"]`, "This should be a text in quotes."},
		{"a character no database keeps", `{"name":"N\u0000","kind":"card"}`, "name", "The text holds characters that can't be shown."},
		{"the same in a map's key", `{"name":"N","kind":"survey","content":{"questions":[{"type":"choice","text":"?","goto":{"\u0000":"end"}}]}}`, "content.questions[0].goto", "The text holds characters that can't be shown."},
	}
	for _, test := range tests {
		has := fields{"/type": "urn:crier:problem:invalid", "/status": 422, "/errors/0/field": test.field}
		if test.message != "" {
			has["/errors/0/message"] = test.message
		}
		w.run(step{name: test.name, call: "POST /campaigns", body: test.body, status: 422, has: has, headers: map[string]string{"Content-Type": "application/problem+json", "Content-Language": "en"}})
	}
	w.run(
		step{name: "everything wrong at once", call: "POST /campaigns", status: 422,
			body: `{"name":"","kind":"card","audience":{"lists":["1"]},"delivery":{"spread":"x","start_at":"y"}}`,
			has: fields{"/errors/0/field": "audience.lists", "/errors/1/field": "delivery.start_at", "/errors/2/field": "delivery.spread", "/errors/3/field": "name",
				"/title": "The content is not valid.", "/detail": "Some fields need attention."}},
		step{name: "nothing was kept", call: "GET /campaigns", status: 200, has: fields{"/items": []any{}}},
	)
}

func TestReadAndReplace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	first := w.do(step{call: "GET /campaigns/1"})
	tag := first.Header().Get("ETag")
	if !strings.HasPrefix(tag, `"1-`) {
		t.Fatalf("ETag %q", tag)
	}
	second := strings.Replace(simple, "Fire drill", "Second", 1)
	w.run(
		step{call: "HEAD /campaigns/1", status: 200, headers: map[string]string{"ETag": tag}},
		step{call: "GET /campaigns/1", header: map[string]string{"If-None-Match": tag}, status: 304, headers: map[string]string{"ETag": tag}},
		step{call: "GET /campaigns/1", header: map[string]string{"If-None-Match": `"x", W/` + tag}, status: 304},
		step{call: "GET /campaigns/1", header: map[string]string{"If-None-Match": "*"}, status: 304},
		step{call: "GET /campaigns/1", header: map[string]string{"If-None-Match": `"1-000000000000"`}, status: 200},
		step{name: "what was answered can be sent back", call: "PUT /campaigns/1", body: first.Body.String(), header: map[string]string{"If-Match": tag}, status: 200, has: fields{"/name": "Fire drill"}},
		step{name: "with the old tag", call: "PUT /campaigns/1", body: second, header: map[string]string{"If-Match": tag}, status: 412, has: fields{"/type": "urn:crier:problem:stale"}},
		step{name: "a weak tag never matches", call: "PUT /campaigns/1", body: second, header: map[string]string{"If-Match": `W/"2-000000000000"`}, status: 412},
		step{name: "nor does one without quotes", call: "PUT /campaigns/1", body: second, header: map[string]string{"If-Match": "2"}, status: 412},
		step{name: "nor does an empty one", call: "PUT /campaigns/1", body: second, header: map[string]string{"If-Match": ""}, status: 412},
		step{name: "one of several", call: "PUT /campaigns/1", body: second, header: map[string]string{"If-Match": `"9", "2"`}, status: 200, has: fields{"/name": "Second"}},
		step{name: "whatever is there", call: "PUT /campaigns/1", body: simple, header: map[string]string{"If-Match": "*"}, status: 200},
		step{name: "without", call: "PUT /campaigns/1", body: second, status: 200, has: fields{"/name": "Second"}},
		step{name: "the list shows it", call: "GET /campaigns", status: 200, has: fields{"/items/0/name": "Second", "/next_cursor": nil}},
		step{name: "what the server keeps can't be written", call: "PUT /campaigns/1", body: strings.Replace(simple, "{", `{"id":"9","status":"done","created_by":"Eve",`, 1), status: 200, has: fields{"/id": "1", "/status": "draft", "/created_by": "owner"}},
		step{name: "of nothing", call: "PUT /campaigns/2", body: simple, status: 404},
		step{name: "with a fault", call: "PUT /campaigns/1", body: `{"name":"N","kind":"card","delivery":{"spread":"x"}}`, status: 422},
	)
}

// A change of status alone does not make an edit stale, but a reader gets it.
func TestTagAndStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	w.run(step{call: "POST /campaigns", body: simple, status: 201})
	tag := w.do(step{call: "GET /campaigns/1"}).Header().Get("ETag")
	w.run(
		step{call: "POST /campaigns/1/send", body: `{"at":"2026-09-01T09:00:00Z"}`, status: 202, has: fields{"/status": "scheduled"}},
		step{name: "a reader gets the new status", call: "GET /campaigns/1", header: map[string]string{"If-None-Match": tag}, status: 200, has: fields{"/status": "scheduled"}},
		step{name: "editing makes it a draft again", call: "PUT /campaigns/1", body: simple, header: map[string]string{"If-Match": tag}, status: 200, has: fields{"/status": "draft"}},
		step{call: "POST /campaigns/1/send", status: 202},
		step{name: "once it runs, that counts for more than an old tag", prepare: func(w *world) { w.begin(1) }, call: "PUT /campaigns/1", body: simple,
			header: map[string]string{"If-Match": tag}, status: 409, has: fields{"/type": "urn:crier:problem:conflict"}},
	)
}

func TestDeleteAndClone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "POST /campaigns/1/clone", status: 201, as: "author", has: fields{"/id": "2", "/name": "Fire drill (copy)", "/status": "draft", "/created_by": "author"}, headers: map[string]string{"Location": "/api/v1/campaigns/2"}},
		step{call: "POST /campaigns/1/clone", body: `{"name":"Autumn"}`, status: 201, has: fields{"/name": "Autumn"}},
		step{call: "POST /campaigns/1/clone", body: `{"title":"Autumn"}`, status: 400},
		step{call: "POST /campaigns/9/clone", status: 404},
		step{call: "POST /campaigns/x/clone", status: 404},
		step{call: "DELETE /campaigns/2", as: "author", status: 204, headers: map[string]string{"Content-Type": "", "Content-Length": ""}},
		step{call: "DELETE /campaigns/2", status: 404},
		step{call: "DELETE /campaigns/0", status: 404},
		step{call: "GET /campaigns/2", status: 404, has: fields{"/detail": "There is no such campaign."}},
		step{call: "POST /campaigns/1/send", body: `{"at":"2026-09-01T09:00:00Z"}`, status: 202},
		step{name: "not while it is scheduled", call: "DELETE /campaigns/1", status: 409},
	)
}

func TestList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "POST /campaigns", body: surveyBody, status: 201},
		step{call: "POST /campaigns", body: strings.Replace(simple, "{", `{"channel":"skype",`, 1), status: 201},
		step{call: "POST /campaigns/1/send", body: `{"at":"2026-09-01T09:00:00Z"}`, status: 202},

		step{name: "newest first", call: "GET /campaigns", as: "analyst", status: 200, has: fields{"/items/0/id": "3", "/items/1/id": "2", "/items/2/id": "1", "/next_cursor": nil}},
		step{call: "GET /campaigns?status=scheduled", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent}},
		step{call: "GET /campaigns?status=done,scheduled", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent}},
		step{call: "GET /campaigns?status=draft&status=scheduled", status: 200, has: fields{"/items/2/id": "1"}},
		step{call: "GET /campaigns?kind=survey", status: 200, has: fields{"/items/0/id": "2", "/items/1": absent}},
		step{call: "GET /campaigns?channel=skype", status: 200, has: fields{"/items/0/id": "3", "/items/1": absent}},
		step{call: "GET /campaigns?q=PART", status: 200, has: fields{"/items/0/id": "2", "/items/1": absent}},
		step{call: "GET /campaigns?q=%25", status: 200, has: fields{"/items": []any{}}},

		step{call: "GET /campaigns?status=lost", status: 422, has: fields{"/errors/0/field": "status", "/errors/0/message": "This should be one of: draft, scheduled, sending, paused, done, cancelled."}},
		step{call: "GET /campaigns?kind=lost&channel=fax", status: 422, has: fields{"/errors/0/field": "kind", "/errors/1/field": "channel"}},
		step{call: "GET /campaigns?limit=0", status: 422, has: fields{"/errors/0/field": "limit"}},
		step{call: "GET /campaigns?limit=501", status: 422, has: fields{"/errors/0/message": "This should be a number from 1 to 500."}},
		step{call: "GET /campaigns?limit=many", status: 422},
		step{call: "GET /campaigns?cursor=!", status: 422, has: fields{"/errors/0/field": "cursor"}},
		step{name: "a cursor of zero", call: "GET /campaigns?cursor=MA", status: 422},
		step{call: "GET /campaigns?q=%00", status: 422, has: fields{"/errors/0/field": "q"}},
		step{call: "GET /campaigns?q=%ff", status: 422, has: fields{"/errors/0/field": "q"}},
		step{call: "GET /campaigns?q=" + strings.Repeat("a", 321), status: 422},
		step{call: "GET /campaigns?q=%zz", status: 400, has: fields{"/type": "urn:crier:problem:malformed"}},
	)
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 4 {
		w.run(step{call: "POST /campaigns", body: simple, status: 201})
	}
	w.run(
		step{name: "exactly everything", call: "GET /campaigns?limit=4", status: 200, has: fields{"/items/3/id": "1", "/next_cursor": nil}},
		step{name: "the first page", call: "GET /campaigns?limit=3", status: 200, has: fields{"/items/2/id": "2", "/items/3": absent, "/next_cursor": "Mg"}},
		step{name: "the next", call: "GET /campaigns?limit=3&cursor=Mg", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent, "/next_cursor": nil}},
		step{name: "after the last", call: "GET /campaigns?limit=3&cursor=MQ", status: 200, has: fields{"/items": []any{}, "/next_cursor": nil}},
		step{name: "the most", call: "GET /campaigns?limit=500", status: 200, has: fields{"/items/3/id": "1"}},
	)
}

func TestPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com")
	w.run(
		step{call: "POST /campaigns", body: `{"name":"M","kind":"message","content":{"text":"Hello [FIRSTNAME]"}}`, status: 201},
		step{name: "for a person made up", call: "POST /campaigns/1/preview", as: "analyst", status: 200, has: fields{"/activity/text": "Hello Megan"}},
		step{name: "with an empty body", call: "POST /campaigns/1/preview", body: `{}`, status: 200, has: fields{"/activity/text": "Hello Megan"}},
		step{name: "for somebody", call: "POST /campaigns/1/preview", body: `{"email":" Ana.Roy@example.com"}`, status: 200, has: fields{"/activity/text": "Hello Ana"}},
		step{name: "for nobody", call: "POST /campaigns/1/preview", body: `{"email":"eve@example.com"}`, status: 422, has: fields{"/errors/0/field": "email"}},
		step{call: "POST /campaigns/1/preview", body: `{"mail":"eve@example.com"}`, status: 400, has: fields{"/errors/0/field": "mail"}},
		step{call: "POST /campaigns/2/preview", status: 404},
		step{call: "POST /campaigns", body: `{"name":"M","kind":"message"}`, status: 201},
		step{name: "of what is not written yet", call: "POST /campaigns/2/preview", status: 422, has: fields{"/errors/0": fields{"field": "content.text", "message": "Write the text."}}},
	)
}

func TestAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com", "ben.lee@example.com")
	w.leave("ben.lee@example.com")
	w.run(
		step{call: "POST /campaigns", body: simple, status: 201},
		step{call: "GET /campaigns/1/audience", as: "analyst", status: 200, has: fields{"/recipients": 1, "/reachable": 1, "/not_installed": 0}},
		step{call: "POST /campaigns", body: `{"name":"P","kind":"message","audience":{"people":["ana.roy@example.com","ANA.ROY@example.com","ben.lee@example.com","eve@example.com"]}}`, status: 201},
		step{call: "GET /campaigns/2/audience", status: 200, has: fields{"/recipients": 3, "/reachable": 1, "/not_installed": 2}},
		step{call: "GET /campaigns/3/audience", status: 404},
	)
}
