package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"

	"github.com/google/go-cmp/cmp"
)

// everyQuestion is a survey with all that a question can have.
const everyQuestion = `{"title":"Lunch","text":"Intro","style":"one_by_one","privacy":"identified","closes_at":"2026-09-20T00:00:00Z",
	"reminders":["2026-09-03T09:00:00Z","2026-09-05T09:00:00.25Z"],"thanks":"Bye","questions":[
	{"id":"hi","type":"statement","text":"Welcome","image":{"url":"https://example.com/a.png","alt":"A table"},"required":false},
	{"id":"c","type":"choice","text":"Coming?","options":["Yes","No"],"required":true,"goto":{"No":"t"}},
	{"id":"m","type":"choices","text":"Food?","options":["Soup, warm","Bread","Salad"],"required":false},
	{"id":"y","type":"yes_no","text":"A dog?","required":true,"goto":{"yes":"r"}},
	{"id":"n","type":"number","text":"How many?","required":true,"min":-1.5,"max":10},
	{"id":"r","type":"rating","text":"Stars?","required":true,"goto":{"1":"t"}},
	{"id":"p","type":"nps","text":"Would you?","required":true},
	{"id":"d","type":"date","text":"When?","required":false},
	{"id":"t","type":"text","text":"Else?","image":{"url":"https://example.com/b.png","alt":""},"required":false,"max_length":200}]}`

func surveyOf(content string) string {
	return `{"name":"Lunch","kind":"survey","audience":{"everyone":true},"content":` + content + `}`
}

// What is read is what was written, and can be sent back as it is.
func TestASurveyComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var written any
	must(t, json.Unmarshal([]byte(everyQuestion), &written))
	created := w.do(step{call: "POST /campaigns", body: surveyOf(everyQuestion)})
	if got, _ := at(created.Body.Bytes(), "/content"); cmp.Diff(written, got) != "" {
		t.Fatalf("status %d (-written +read):\n%s", created.Code, cmp.Diff(written, got))
	}
	tag := created.Header().Get("ETag")
	w.run(step{name: "the same again", call: "PUT /campaigns/1", body: created.Body.String(), header: map[string]string{"If-Match": tag}, status: 200, has: fields{"/content": written}})
	again := w.do(step{call: "GET /campaigns/1"})
	w.run(
		step{name: "an old copy", call: "PUT /campaigns/1", body: created.Body.String(), header: map[string]string{"If-Match": tag}, status: 412},
		step{name: "the new one", call: "PUT /campaigns/1", body: again.Body.String(), header: map[string]string{"If-Match": again.Header().Get("ETag")}, status: 200},
		step{name: "a copy", call: "POST /campaigns/1/clone", status: 201, has: fields{"/content/questions": written.(map[string]any)["questions"]}},
		step{name: "nothing that need not be there", call: "POST /campaigns", status: 201, lax: true, body: surveyOf(`{"reminders":null,"questions":[{"type":"number","text":"?","min":null,"max":null,"max_length":null,"image":null,"options":null,"goto":null,"required":null}]}`),
			has: fields{"/content/questions/0": fields{"id": "q1", "type": "number", "text": "?", "required": true}, "/content/reminders": absent}},
		step{name: "a limit of zero", call: "POST /campaigns", status: 201, body: surveyOf(`{"questions":[{"type":"number","text":"?","min":0,"max":0}]}`),
			has: fields{"/content/questions/0": fields{"id": "q1", "type": "number", "text": "?", "required": true, "min": 0, "max": 0}}},
	)
}

func TestWhatIsWrongWithASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	question := func(rest string) string {
		return `{"questions":[{"type":"number","text":"?"},{"text":"?",` + rest + `}]}`
	}
	for _, test := range []struct{ content, field, message string }{
		{`{"style":"two_by_two"}`, "content.style", ""},
		{`{"privacy":"secret"}`, "content.privacy", ""},
		{`{"closes_at":"soon"}`, "content.closes_at", ""},
		{`{"reminders":["2026-09-03T09:00:00Z","soon"]}`, "content.reminders[1]", "This should be a time like 2026-09-01T08:30:00Z."},
		{`{"reminders":"soon"}`, "content.reminders", "This should be a list: […]."},
		{`{"reminders":["2026-09-03T09:00:00Z","2026-09-03T10:00:00Z"]}`, "content.reminders[1]", ""},
		{question(`"type":"riddle"`), "content.questions[1].type", ""},
		{question(`"type":"number","min":"one"`), "content.questions[1].min", "This should be a number."},
		{question(`"type":"number","max":1e999`), "content.questions[1].max", "This should be a number."},
		{question(`"type":"number","min":2,"max":1`), "content.questions[1].min", ""},
		{question(`"type":"text","max_length":1.5`), "content.questions[1].max_length", "This should be a whole number."},
		{question(`"type":"text","max_length":-1`), "content.questions[1].max_length", ""},
		{question(`"type":"text","image":{"url":"ftp://x","alt":""}`), "content.questions[1].image.url", ""},
		{question(`"type":"text","image":"x"`), "content.questions[1].image", "This should be an object: {…}."},
		{question(`"type":"text","required":"yes"`), "content.questions[1].required", "This should be true or false."},
		{question(`"type":"rating","goto":{"6":"end"}`), "content.questions[1].goto", ""},
	} {
		answer := w.do(step{call: "POST /campaigns", body: surveyOf(test.content), lax: true})
		found := false
		var p problem
		must(t, json.Unmarshal(answer.Body.Bytes(), &p))
		for _, e := range p.Errors {
			found = found || e.Field == test.field && (test.message == "" || e.Message == test.message)
		}
		if answer.Code != 422 || !found {
			t.Errorf("%s: status %d, %s", test.content, answer.Code, answer.Body)
		}
	}
}

// sendSurvey sends a survey to people who are installed for it, and answers its id.
func (w *world) sendSurvey(content string, people ...string) int64 {
	w.t.Helper()
	w.install(people...)
	var c campaign
	must(w.t, json.Unmarshal(w.do(step{call: "POST /campaigns", body: surveyOf(content)}).Body.Bytes(), &c))
	w.run(step{call: "POST /campaigns/" + c.ID + "/send", status: 202})
	id, _ := parseID(c.ID)
	w.begin(id)
	outcomes := map[string]domain.Outcome{}
	for _, email := range people {
		outcomes[email] = domain.Outcome{State: domain.Sent, ActivityID: "1", SentAt: w.clock()}
	}
	w.deliver(id, outcomes)
	return id
}

// fill lets somebody answer questions of a survey, in the order given, one a second: "c=1".
func (w *world) fill(id int64, email string, answers ...string) {
	w.t.Helper()
	surveys := w.server.Surveys.(*app.Surveys)
	p, err := store.People{DB: w.db}.BySender(w.t.Context(), domain.Teams, "29:"+email)
	must(w.t, err)
	rows, err := store.Deliveries{DB: w.db}.List(w.t.Context(), id, domain.DeliveryFilter{Query: email}, 0, 2)
	must(w.t, err)
	s := domain.SurveySubmission{Verb: domain.VerbAnswer, Ref: surveys.Refs.Sign(rows[0].ID)}
	for _, a := range answers {
		question, value, _ := strings.Cut(a, "=")
		s.Question, s.Inputs = question, map[string]string{question: value}
		step, err := surveys.Submit(w.t.Context(), p, s)
		must(w.t, err)
		if len(step.Faults) > 0 {
			w.t.Fatalf("%s: %v", a, step.Faults)
		}
		s.State = step.State
		w.mu.Lock()
		w.now = w.now.Add(time.Second)
		w.mu.Unlock()
	}
}

var everybody = []string{"ana.roy@example.com", "ben.lee@example.com", "cem.kaya@example.com", "dan.oz@example.com", "eve.fox@example.com"}

func TestWhatPeopleAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(everyQuestion, everybody...)
	report := fmt.Sprintf("GET /campaigns/%d/survey", id)
	w.run(step{name: "nobody yet", call: report, as: "analyst", status: 200, has: fields{
		"/responses": 0, "/completed": 0, "/privacy": "identified", "/withheld": false, "/closed": false, "/shown": 0, "/reminders": []any{}, "/shared": nil,
		"/average_response_seconds": nil, "/median_response_seconds": nil, "/average_reaction_seconds": nil, "/median_reaction_seconds": nil,
		"/questions/0/id": "c", "/questions/0/answers": 0, "/questions/0/options/1": fields{"text": "No", "count": 0, "share": 0}, "/questions/7/latest": []any{},
		"/questions/3/average": absent, "/questions/5/score": absent,
	}})
	w.fill(id, "ana.roy@example.com", "hi=", "c=1", "m=1,2", "y=no", "n=2.5", "r=5", "p=10", "d=2026-12-24", "t=All fine")
	w.fill(id, "ben.lee@example.com", "hi=", "c=1", "m=2", "y=yes", "r=2", "p=3", "d=2027-01-01", "t=Well")
	w.fill(id, "cem.kaya@example.com", "hi=", "c=2", "t==1+1")
	w.fill(id, "dan.oz@example.com", "hi=", "c=1", "m=", "y=no", "n=-1.5")
	w.run(
		step{call: report, status: 200, has: fields{
			"/responses": 4, "/completed": 3, "/shown": 4, "/average_response_seconds": 4.25, "/median_response_seconds": 4.5, "/average_reaction_seconds": 12.5, "/median_reaction_seconds": 14,
			"/questions/0": fields{"id": "c", "type": "choice", "text": "Coming?", "answers": 4, "drop_off": 0, "withheld": false,
				"options": []any{fields{"text": "Yes", "count": 3, "share": 0.75}, fields{"text": "No", "count": 1, "share": 0.25}}},
			"/questions/1/answers": 2, "/questions/1/options": []any{fields{"text": "Soup, warm", "count": 1, "share": 0.5}, fields{"text": "Bread", "count": 2, "share": 1}, fields{"text": "Salad", "count": 0, "share": 0}},
			"/questions/2/options": []any{fields{"text": "yes", "count": 1, "share": 0.333}, fields{"text": "no", "count": 2, "share": 0.667}},
			"/questions/3": fields{"id": "n", "type": "number", "text": "How many?", "answers": 2, "drop_off": 0, "withheld": false,
				"average": 0.5, "median": 0.5, "minimum": -1.5, "maximum": 2.5},
			"/questions/4/average": 3.5, "/questions/4/minimum": 2, "/questions/4/maximum": 5, "/questions/4/drop_off": 0.333,
			"/questions/4/options/4": fields{"text": "5", "count": 1, "share": 0.5},
			"/questions/5/score":     0, "/questions/5/average": 6.5, "/questions/5/options/10": fields{"text": "10", "count": 1, "share": 0.5},
			"/questions/6/latest": []any{"2027-01-01", "2026-12-24"}, "/questions/7/answers": 3, "/questions/7/latest": []any{"=1+1", "Well", "All fine"},
		}},
		step{call: fmt.Sprintf("GET /campaigns/%d/report", id), status: 200, has: fields{"/answered": 4, "/seen": 4, "/sent": 5, "/result": "success"}},
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "of no survey", call: "GET /campaigns/2/survey", status: 409},
		step{name: "of no campaign", call: "GET /campaigns/3/survey", status: 404},
		step{call: "GET /campaigns/x/survey", status: 404},
		step{name: "without a role", call: report, as: "nobody", status: 403},
	)
}

func TestWhatEachPersonAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(everyQuestion, everybody...)
	w.fill(id, "ana.roy@example.com", "hi=", "c=1", "m=1,2", "y=no", "n=2.5", "r=5", "p=10", "d=2026-12-24", "t=All fine")
	w.fill(id, "ben.lee@example.com", "hi=", "c=1", "m=")
	responses := fmt.Sprintf("GET /campaigns/%d/responses", id)
	first := w.do(step{call: responses + "?limit=1", as: "analyst"})
	next, _ := at(first.Body.Bytes(), "/next_cursor")
	w.run(
		step{call: responses, status: 200, has: fields{
			"/items/0/respondent": fields{"id": "1", "name": "Ana Roy", "email": "ana.roy@example.com"},
			"/items/0/answers": []any{
				fields{"question_id": "c", "value": "Yes"}, fields{"question_id": "m", "value": []any{"Soup, warm", "Bread"}}, fields{"question_id": "y", "value": false},
				fields{"question_id": "n", "value": 2.5}, fields{"question_id": "r", "value": 5}, fields{"question_id": "p", "value": 10},
				fields{"question_id": "d", "value": "2026-12-24"}, fields{"question_id": "t", "value": "All fine"},
			},
			"/items/0/started_at": "2026-09-01T08:00:01Z", "/items/0/finished_at": "2026-09-01T08:00:08Z",
			"/items/1/respondent/name": "Ben Lee", "/items/1/finished_at": nil, "/items/1/answers": []any{fields{"question_id": "c", "value": "Yes"}}, "/next_cursor": nil,
		}},
		step{name: "the second page", call: fmt.Sprintf("%s?limit=1&cursor=%v", responses, next), status: 200, has: fields{"/items/0/respondent/name": "Ben Lee", "/next_cursor": nil}},
		step{name: "to one question", call: responses + "?question=t", status: 200, has: fields{"/items/0/respondent/name": "Ana Roy", "/items/1": absent}},
		step{name: "to no question", call: responses + "?question=x", status: 404},
		step{call: responses + "?limit=0&cursor=x", status: 422},
		step{name: "without a role", call: responses, as: "nobody", status: 403},
		step{call: "GET /campaigns/99/responses", status: 404},
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "of no survey", call: "GET /campaigns/2/responses", status: 409},
	)
}

// Nobody learns who gave which answer to a masked survey, nor from when.
func TestAMaskedSurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(strings.Replace(everyQuestion, `"identified"`, `"masked"`, 1), everybody...)
	w.fill(id, "ana.roy@example.com", "hi=", "c=2", "t=Ana's")
	w.fill(id, "ben.lee@example.com", "hi=", "c=2", "t=Ben's")
	w.run(
		step{call: fmt.Sprintf("GET /campaigns/%d/survey", id), status: 200, has: fields{"/responses": 2, "/average_reaction_seconds": nil, "/median_reaction_seconds": nil, "/privacy": "masked", "/withheld": false, "/questions/0/answers": 2}},
		step{call: fmt.Sprintf("GET /campaigns/%d/deliveries?q=ana", id), status: 200, has: fields{
			"/items/0/sent_at": "2026-09-01T08:00:00Z", "/items/0/seen_at": nil, "/items/0/clicked_at": nil, "/items/0/answered_at": nil}},
	)
	body := w.do(step{call: fmt.Sprintf("GET /campaigns/%d/responses", id)}).Body.String()
	var page items[surveyResponse]
	must(t, json.Unmarshal([]byte(body), &page))
	if len(page.Items) != 2 || strings.Contains(body, "@example.com") || strings.Contains(body, "Roy") {
		t.Fatal(body)
	}
	for _, r := range page.Items {
		if r.Respondent != nil || r.StartedAt != nil || r.FinishedAt != nil || len(r.ID) < 6 || len(r.Answers) != 2 {
			t.Errorf("%+v", r)
		}
	}
	before := []string{page.Items[0].ID, page.Items[1].ID}
	must(t, json.Unmarshal(w.do(step{call: fmt.Sprintf("GET /campaigns/%d/responses", id)}).Body.Bytes(), &page))
	if after := []string{page.Items[0].ID, page.Items[1].ID}; after[0] != before[0] || after[1] != before[1] {
		t.Errorf("the numbers change: %v, %v", before, after)
	}
}

// Of an anonymous survey nothing is told while four have answered, and never what one answered.
func TestAnAnonymousSurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(strings.Replace(everyQuestion, `"identified"`, `"anonymous"`, 1), everybody...)
	for _, email := range everybody[:4] {
		w.fill(id, email, "hi=", "c=2", "t=Kept back")
	}
	report := fmt.Sprintf("GET /campaigns/%d/survey", id)
	withheld := w.do(step{call: report})
	if body := withheld.Body.String(); strings.Contains(body, "count") || strings.Contains(body, "Kept back") {
		t.Error(body)
	}
	w.run(
		step{call: report, status: 200, has: fields{"/responses": 4, "/privacy": "anonymous", "/withheld": true, "/shown": 0, "/average_response_seconds": nil,
			"/questions/0": fields{"id": "c", "type": "choice", "text": "Coming?", "answers": nil, "drop_off": nil, "withheld": true}}},
		step{name: "from five on", prepare: func(w *world) { w.fill(id, everybody[4], "hi=", "c=1", "m=", "y=yes", "r=5", "p=9", "d=", "t=Mine") }, call: report, status: 200, has: fields{
			"/responses": 5, "/withheld": false, "/shown": 5, "/average_response_seconds": nil, "/average_reaction_seconds": nil,
			"/questions/0/answers": 5, "/questions/0/options/1/count": 4, "/questions/0/drop_off": nil, "/questions/0/withheld": false,
			"/questions/7/withheld": true, "/questions/7/latest": absent}},
		step{name: "one by one", call: fmt.Sprintf("GET /campaigns/%d/responses", id), status: 403, has: fields{"/detail": "This survey is anonymous: what one person answered is not kept."}},
		step{call: fmt.Sprintf("GET /campaigns/%d/deliveries?q=ana", id), status: 200, has: fields{"/items/0/answered_at": nil}},
	)
}

func TestMovingASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.sendSurvey(`{"title":"T","questions":[{"type":"yes_no","text":"?"}]}`, everybody...)
	of := func(what string) string { return fmt.Sprintf("POST /campaigns/%d/%s", id, what) }
	later := func(w *world) {
		w.mu.Lock()
		w.now = w.now.Add(25 * time.Hour)
		w.mu.Unlock()
	}
	report := fmt.Sprintf("GET /campaigns/%d/survey", id)
	w.run(
		step{name: "too soon", call: of("remind"), status: 409},
		step{name: "an author", call: of("remind"), as: "author", status: 403},
		step{name: "a day later", prepare: later, call: of("remind"), as: "sender", body: "{}", status: 202, has: fields{"/id": fmt.Sprint(id), "/kind": "survey"}},
		step{call: report, status: 200, has: fields{"/reminders/0/what": "remind", "/reminders/0/status": "sending", "/reminders/1": absent}},
		step{name: "too few answers", call: of("share"), status: 409},
		step{name: "enough", prepare: func(w *world) {
			for _, email := range everybody {
				w.fill(id, email, "q1=yes")
			}
		}, call: of("share"), status: 202, has: fields{"/id": fmt.Sprint(id)}},
		step{call: report, status: 200, has: fields{"/shared/what": "share", "/closed": false}},
		step{name: "an analyst", call: of("close"), as: "analyst", status: 403},
		step{name: "a body", call: of("close"), body: `{"now":true}`, lax: true, status: 400},
		step{call: of("close"), status: 202, has: fields{"/id": fmt.Sprint(id), "/status": "done"}},
		step{call: report, status: 200, has: fields{"/closed": true, "/completed": 5}},
		step{name: "after that", prepare: later, call: of("remind"), status: 409},
		step{call: "POST /campaigns", body: simple, status: 201},
		step{name: "no survey", call: "POST /campaigns/99/close", status: 404},
	)
}
