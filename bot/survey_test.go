package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"crier/bot/connector"
	"crier/internal/app"
	"crier/internal/domain"
)

// desk is a bot with one person, an inbox in memory and a channel that tells what it got.
type desk struct {
	*testing.T
	*Bot
	person   domain.Person
	log      bytes.Buffer
	inbox    *inbox
	surveys  *surveys
	mu       sync.Mutex
	requests []string // "PUT 17 {…}"
	refuses  bool     // the channel takes no updates
	deaf     bool     // nor anything else
}

type onePerson struct {
	app.PersonStore
	app.RosterStore
	person *domain.Person
}

func (o onePerson) BySender(context.Context, domain.Channel, string) (domain.Person, error) {
	return *o.person, nil
}

func (o onePerson) MarkAnswered(context.Context, int64, time.Time, time.Time) (bool, error) {
	return true, nil
}

type inbox struct{ known map[string]bool }

func (i *inbox) Known(_ context.Context, key string) (bool, error) { return i.known[key], nil }
func (i *inbox) Forget(_ context.Context, key string) error        { delete(i.known, key); return nil }
func (i *inbox) Begin(_ context.Context, key string, _ time.Time) (bool, error) {
	first := !i.known[key]
	i.known[key] = true
	return first, nil
}

func (i *inbox) Note(_ context.Context, keys []string, _ time.Time) error {
	for _, key := range keys {
		i.known[key] = true
	}
	return nil
}

// surveys answers every submission and message with its step.
type surveys struct {
	step      domain.SurveyStep
	taken     bool
	err       error
	submitted []domain.SurveySubmission
	shown     []domain.SurveySubmission
	typed     []string
}

func (s *surveys) Submit(_ context.Context, _ domain.Person, with domain.SurveySubmission) (domain.SurveyStep, error) {
	s.submitted = append(s.submitted, with)
	return s.step, s.err
}

func (s *surveys) Shown(_ context.Context, _ domain.Person, with domain.SurveySubmission) (domain.SurveyStep, error) {
	s.shown = append(s.shown, with)
	return s.step, nil
}

func (s *surveys) Typed(_ context.Context, _ domain.Person, text string) (domain.SurveyStep, bool, error) {
	s.typed = append(s.typed, text)
	return s.step, s.taken, s.err
}

func newDesk(t *testing.T, privacy domain.Privacy) *desk {
	t.Helper()
	d := &desk{T: t, inbox: &inbox{map[string]bool{}}, surveys: &surveys{taken: true}}
	channel := httptest.NewServer(http.HandlerFunc(d.serveChannel))
	t.Cleanup(channel.Close)
	hosts, err := connector.ParseTrustedHosts(channel.URL)
	if err != nil {
		t.Fatal(err)
	}
	d.person = domain.Person{
		ID: 41, Channel: domain.Teams, Name: "Ana", AADObjectID: "ana", Installed: true, Locale: "en",
		Reference: domain.ConversationReference{ConversationID: "a:1", ServiceURL: channel.URL + "/", UserID: "29:ana", BotID: "28:bot"},
	}
	questions := []domain.Question{{ID: "q1", Type: domain.YesNo, Text: "Tea?"}, {ID: "q2", Type: domain.FreeText, Text: "Why?"}}
	d.surveys.step = domain.SurveyStep{
		Campaign: domain.Campaign{Kind: domain.KindSurvey, Content: domain.Content{Title: "Tea", Survey: &domain.Survey{Privacy: privacy, Questions: questions}}},
		Delivery: domain.Delivery{ID: 7, ActivityID: "17"}, Ref: "ref", Question: "q2",
	}
	store := onePerson{person: &d.person}
	d.Bot = New(Options{
		Anonymous: true, Hosts: hosts, Connector: connector.NewClient(connector.ClientOptions{Hosts: hosts}), Inbox: d.inbox,
		People: &app.People{Store: store, Roster: store, Now: time.Now}, Surveys: d.surveys, Officers: app.NewOfficers([]string{"ana"}, ""),
		BotID: "28:bot", Now: time.Now, Log: slog.New(slog.NewTextHandler(&d.log, nil)), Observe: func(string, string) {},
	})
	d.calm = 0
	return d
}

func (d *desk) serveChannel(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	defer d.mu.Unlock()
	id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	d.requests = append(d.requests, r.Method+" "+id+" "+string(body))
	if d.deaf || r.Method == http.MethodPut && d.refuses {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	_, _ = w.Write([]byte(`{"id":"99"}`))
}

// comes lets an activity in and does what it leaves for later.
func (d *desk) comes(activity string) (int, string) {
	d.Helper()
	body := `{"channelId":"` + map[domain.Channel]string{domain.Teams: "msteams", domain.Skype: "skype"}[d.person.Channel] + `","serviceUrl":"` +
		d.person.Reference.ServiceURL + `","from":{"id":"29:ana","name":"Ana","aadObjectId":"` + d.person.AADObjectID + `"},"recipient":{"id":"28:bot"},` +
		`"conversation":{"id":"a:1","conversationType":"personal"},"locale":"en",` + activity + `}`
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body)))
	for {
		select {
		case do := <-d.later:
			do(d.Context())
			continue
		default:
		}
		d.writeNotes(d.Context(), d.gathered())
		return w.Code, w.Body.String()
	}
}

// got are the requests to the channel since it was last asked.
func (d *desk) got() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.requests
	d.requests = nil
	return all
}

// wants holds that the channel got these: how each begins, and what it says.
func (d *desk) wants(want ...[2]string) {
	d.Helper()
	got := d.got()
	if len(got) != len(want) {
		d.Fatalf("the channel got %d requests, want %d: %s", len(got), len(want), got)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w[0]) || !strings.Contains(got[i], w[1]) {
			d.Errorf("request %d is %s, want %s with %q", i, got[i], w[0], w[1])
		}
	}
}

const (
	execute = `"type":"invoke","name":"adaptiveCard/action","id":"i1","replyToId":"17","value":{"action":{"type":"Action.Execute","verb":"answer","data":` +
		`{"verb":"answer","ref":"r","question":"q1","answer_q1":"yes"}}}`
	submit = `"type":"message","id":"m1","replyToId":"17","value":{"verb":"answer","ref":"r","question":"q1","state":"s","answer_q1":"yes"}`
	typed  = `"type":"message","id":"m2","text":"<at>Crier</at> because\n&quot;it is&quot;"`
)

func TestExecuteAnswersTheNextCard(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	code, body := d.comes(execute)
	if code != http.StatusOK || !strings.Contains(body, `"statusCode":200`) || !strings.Contains(body, typeCard) || !strings.Contains(body, `"answer_q2"`) {
		t.Errorf("%d %s", code, body)
	}
	if s := d.surveys.submitted; len(s) != 1 || s[0].Ref != "r" || s[0].Question != "q1" || s[0].Inputs["q1"] != "yes" {
		t.Errorf("submitted %+v", s)
	}
	d.wants([2]string{"PUT 17", "answer_q2"}) // for the person's other devices
	d.refuses = true
	d.comes(again(execute))
	d.wants([2]string{"PUT 17", ""}) // the asker has seen the card: nothing more is said
}

// again is another activity with the same content.
func again(activity string) string {
	return strings.NewReplacer(`"id":"i1"`, `"id":"i2"`, `"id":"m1"`, `"id":"m4"`).Replace(activity)
}

func TestSubmitRedrawsOrReplies(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	if code, _ := d.comes(submit); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
	d.wants([2]string{"PUT 17", "answer_q2"})
	if s := d.surveys.submitted; len(s) != 1 || s[0].State != "s" {
		t.Errorf("submitted %+v", s)
	}
	d.refuses = true
	d.comes(again(submit))
	d.wants([2]string{"PUT 17", ""}, [2]string{"POST", "Why?"})
}

func TestRefusedSubmissions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.surveys.err = domain.Fail(domain.Forbidden, "This card was sent to somebody else.")
	if _, body := d.comes(execute); !strings.Contains(body, typeMessage) || !strings.Contains(body, "somebody else") {
		t.Errorf("got %s", body)
	}
	for range 2 {
		d.comes(submit)
	}
	d.wants([2]string{"POST", "somebody else"}) // once, and nothing is kept: it may be an anonymous survey
	if len(d.inbox.known) != 0 {
		t.Errorf("the inbox knows %v", d.inbox.known)
	}
	if _, body := d.comes(strings.ReplaceAll(execute, `"answer"`, `"order"`)); !strings.Contains(body, "This button does nothing here.") {
		t.Errorf("an author's own button: %s", body)
	}
}

func TestTypedAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	for range 2 {
		d.comes(typed)
	}
	if s := d.surveys.typed; len(s) != 1 || s[0] != "because\n\"it is\"" {
		t.Errorf("typed %q", s)
	}
	d.wants([2]string{"PUT 17", "answer_q2"})
	d.Bot.recent = recent{} // another process gets the message once more
	d.comes(typed)
	if len(d.surveys.typed) != 1 {
		t.Error("another process took the same message again")
	}
	d.surveys.step.Faults = map[string]domain.Text{"q2": domain.Say("This question needs an answer.")}
	d.comes(strings.Replace(typed, "m2", "m3", 1))
	d.wants([2]string{"POST", "needs an answer"}, [2]string{"PUT 17", "needs an answer"})
}

func TestAMessageThatASurveyRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Anonymous)
	d.surveys.err, d.surveys.taken = domain.Fail(domain.Conflict, "Please answer on the card."), false
	for range 2 {
		d.comes(typed)
	}
	d.wants([2]string{"POST", "Please answer on the card."}) // and no card is redrawn
	d.surveys.err = nil
	d.comes(strings.Replace(typed, "m2", "m3", 1))
	d.wants([2]string{"POST", "nobody reads what is written to me"})
}

func TestAMessageThatComesTooLate(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.surveys.step.Stage = domain.StageClosed
	d.comes(typed)
	d.wants([2]string{"POST", "is closed"}, [2]string{"PUT 17", "is closed"}) // the card may be out of sight
	d.person.Channel = domain.Skype
	d.comes(strings.Replace(typed, "m2", "m3", 1))
	d.wants([2]string{"POST", "is closed"})
}

func TestTypedAnswersOnSkype(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.person.Channel = domain.Skype
	d.comes(typed)
	d.wants([2]string{"POST", `Question 2 of 2\n\nWhy?`})
}

func TestWhatIsNoAnswerIsTalkOrACommand(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.surveys.taken = false
	d.comes(typed)
	d.wants([2]string{"POST", "nobody reads what is written to me"})
	if len(d.surveys.typed) != 1 {
		t.Errorf("typed %q", d.surveys.typed)
	}
	d.surveys.taken = true
	d.comes(`"type":"message","id":"m5","text":"help"`)
	d.wants([2]string{"POST", "What you can ask me"}) // an officer's command
	d.person.AADObjectID = "somebody"
	d.comes(`"type":"message","id":"m6","text":"help"`)
	d.wants([2]string{"PUT 17", "answer_q2"}) // nobody else commands: it is an answer
	if len(d.surveys.typed) != 2 {
		t.Errorf("typed %q", d.surveys.typed)
	}
}

func TestTheNewestCardWins(t *testing.T) {
	t.Parallel()
	var all redraws
	r := putsAtOnce{&all}
	first, second, third := domain.SurveyStep{Question: "1"}, domain.SurveyStep{Question: "2"}, domain.SurveyStep{Question: "3"}
	if !r.put("m", first) || r.put("m", second) || !r.put("other", first) {
		t.Error("one message has one worker")
	}
	if step, ok := r.next("m"); !ok || step.Question != "2" {
		t.Errorf("got %q", step.Question)
	}
	if r.put("m", third) {
		t.Error("the worker is under way")
	}
	if step, ok := r.next("m"); !ok || step.Question != "3" {
		t.Errorf("got %q", step.Question)
	}
	if _, ok := r.next("m"); ok || !r.put("m", first) {
		t.Error("the worker does not end")
	}
}

// putsAtOnce are redraws none of which may wait.
type putsAtOnce struct{ *redraws }

func (r putsAtOnce) put(key string, step domain.SurveyStep) bool {
	begin, _ := r.redraws.put(key, step, false, nil)
	return begin
}

func TestWhatIsSeenAlreadyIsRedrawnInAWhile(t *testing.T) {
	t.Parallel()
	var r redraws
	first, second, third := domain.SurveyStep{Question: "1"}, domain.SurveyStep{Question: "2"}, domain.SurveyStep{Question: "3"}
	if begin, wait := r.put("m", first, true, nil); !begin || !wait {
		t.Error("the first does not wait")
	}
	if begin, _ := r.put("m", second, true, nil); begin {
		t.Error("the second is redrawn by itself")
	}
	if !r.due("m") || r.due("m") {
		t.Error("it is due once")
	}
	if step, ok := r.next("m"); !ok || step.Question != "2" {
		t.Errorf("got %q", step.Question)
	}
	r.next("m")
	r.put("m", first, true, nil)
	if begin, wait := r.put("m", third, false, nil); !begin || wait || r.due("m") {
		t.Error("somebody who waits to see it waits with the others")
	}
	r.put("other", first, true, func(context.Context) {})
	if len(r.rest()) != 1 || len(r.rest()) != 0 {
		t.Error("what waits is not done at the end, once")
	}
}

// Somebody who answers three cards in a row has them before them: the message is redrawn once.
func TestAMessageIsRedrawnOnceForManyPresses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, domain.Identified)
	d.calm = time.Hour
	for n := range 3 {
		d.comes(strings.Replace(execute, "i1", fmt.Sprint("i", n), 1))
	}
	d.wants()
	d.redrawRest(t.Context())
	d.wants([2]string{"PUT", "Why?"})
}

func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	var r recent
	for i := range maxRecent + 1 {
		if !r.claim(string(rune(i + 0x4e00))) {
			t.Fatal("a new one is known")
		}
	}
	if len(r.known) != maxRecent || r.claim(string(rune(maxRecent+0x4e00))) || !r.claim(string(rune(0x4e00))) {
		t.Errorf("%d are known", len(r.known))
	}
	for range 2 {
		if !r.claim("") {
			t.Error("one without a key is known")
		}
	}
	r.release("x")
	if !r.claim("x") || r.claim("x") {
		t.Error("one that was released is new, once")
	}
}

func TestResultsAreReadOnce(t *testing.T) {
	t.Parallel()
	reads := 0
	s := &Sender{Results: func(_ context.Context, id int64) (domain.SurveyReport, error) {
		if reads++; reads == 1 {
			return domain.SurveyReport{}, errors.New("away")
		}
		return domain.SurveyReport{Shown: id}, nil
	}}
	share := domain.Campaign{ID: 9, Parent: 8, Kind: domain.KindSurvey, Change: domain.Share}
	if _, refused := s.body(t.Context(), share, domain.Delivery{}); refused == nil || refused.Verdict != domain.Passing {
		t.Errorf("got %+v", refused)
	}
	for range 3 {
		body, refused := s.body(t.Context(), share, domain.Delivery{})
		if refused != nil || !strings.Contains(string(body), "what 8 people answered") {
			t.Errorf("got %s, %+v", body, refused)
		}
	}
	if reads != 2 {
		t.Errorf("read %d times", reads)
	}
}
