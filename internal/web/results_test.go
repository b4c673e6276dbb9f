package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
)

// canteen is a survey of every type, under that privacy.
func canteen(p domain.Privacy) domain.Campaign {
	c := survey()
	c.Content.Survey = &domain.Survey{Style: domain.OneByOne, Privacy: p, Questions: []domain.Question{
		{ID: "often", Type: domain.Choice, Text: "How often do you eat there?", Options: []string{"Every day", "Now and then", "Never"}, Goto: map[string]string{"Never": "again"}},
		{ID: "days", Type: domain.Choices, Text: "On which days?", Options: []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}, Optional: true},
		{ID: "food", Type: domain.Rating, Text: "How is the food?"},
		{ID: "price", Type: domain.Number, Text: "What may a meal cost?", Min: new(0.0)},
		{ID: "why", Type: domain.FreeText, Text: "What do you miss?", Optional: true},
		{ID: "nps", Type: domain.NPS, Text: "Would you recommend it?"},
		{ID: "again", Type: domain.YesNo, Text: "May we ask again?"},
	}}
	return c
}

// surveyed is a survey that n people have, and that all but the last few answered: the last
// who did stopped half way.
func (w *world) surveyed(p domain.Privacy, n, answered int) domain.Campaign {
	w.t.Helper()
	c := w.create(canteen(p))
	w.start(c.ID)
	rows := w.deliver(c.ID, n, func(i int) domain.Outcome {
		return domain.Outcome{State: domain.Sent, Attempts: 1, ActivityID: fmt.Sprint(9000+100*c.ID, i), SentAt: w.clock.now()}
	})
	for i, d := range rows[:answered] {
		w.clock.forward(time.Minute)
		w.answer(d, i, i+1 == answered && p != domain.Anonymous)
	}
	c, err := w.campaigns.Get(context.Background(), owner, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// answer goes through the survey as the i-th person does.
func (w *world) answer(d domain.Delivery, i int, stops bool) {
	w.t.Helper()
	inputs := map[string]string{
		"often": fmt.Sprint(1 + i%3), "days": []string{"1,3", "", "5"}[i%3], "food": fmt.Sprint(1 + i%5), "price": fmt.Sprintf("%d.5", 4+i%4),
		"why": []string{"More **vegetables**", "", "=1+1", "<b>Salad</b>\nand bread"}[i%4], "nps": fmt.Sprint(5 + i%6), "again": []string{"yes", "no"}[i%2],
	}
	step := domain.SurveyStep{Ref: w.surveys.Refs.Sign(d.ID), Question: "often"}
	for step.Stage == domain.StageAsking {
		var err error
		step, err = w.surveys.Submit(context.Background(), d.Person, domain.SurveySubmission{
			Verb: domain.VerbAnswer, Ref: step.Ref, State: step.State, Question: step.Question, Inputs: inputs,
		})
		if err != nil || len(step.Faults) > 0 {
			w.t.Fatal(err, step.Faults)
		}
		w.clock.forward(5 * time.Second)
		if stops && step.Question == "food" {
			return
		}
	}
}

func TestTheResultsOfASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(30, "Ada", "Bob")
	c := w.surveyed(domain.Identified, 30, 23)
	path := campaignPath(c.ID)
	page := w.get(path + "/report?tab=answers")
	page.must(t, http.StatusOK, `hx-get="`+path+`/answers"`, "How often do you eat there?", `<svg class="pie"`, "Average", "NPS", "Where people stopped",
		"&lt;b&gt;Salad&lt;/b&gt;", "Every answer", "Response time", "median", path+"/export/responses.csv", "Close the survey", "Share the results",
		"People are reminded once a day at most")
	w.get(path+"/answers").must(t, http.StatusOK, `id="answers"`)
	page.must(t, http.StatusOK, "Every answer (11)<", "With a later closing time, set by “Correct”, it takes answers again.")
	w.get(path+"/report?tab=answers&question=why").must(t, http.StatusOK, "What do you miss?", "11 people answered this question.", "More **vegetables**", "Ada", "person-0@example.com")
	w.get(path+"/report?tab=answers&question=nothing").must(t, http.StatusNotFound, "no such question")

	if got := w.get(path + "/export/responses.csv"); got.Status != http.StatusOK || !strings.Contains(got.Body, "Ada") || !strings.Contains(got.Header.Get("Content-Disposition"), ".csv") {
		t.Errorf("%d %v %.300s", got.Status, got.Header, got.Body)
	}
	if got := w.get(path + "/export/deliveries.xlsx"); got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "PK") {
		t.Errorf("%d %.100q", got.Status, got.Body)
	}
	w.get(path+"/export/everything.csv").must(t, http.StatusNotFound)
}

func TestASurveyIsRemindedSharedAndClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(12)
	c := w.surveyed(domain.Identified, 12, 8)
	path := campaignPath(c.ID)
	press := func(button, says string) {
		t.Helper()
		answer := w.post(path+"/report?tab=answers", path+"/"+button, nil)
		if answer.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %.600s", button, answer.Status, answer.Body)
		}
		w.get(answer.Location).must(t, http.StatusOK, says)
	}
	w.post(path+"/report?tab=answers", path+"/remind", nil).must(t, http.StatusConflict, "once a day at most")
	w.clock.forward(25 * time.Hour)
	w.get(path+"/report?tab=answers").must(t, http.StatusOK, "Remind 5 people")
	press("remind", "The reminder goes to those who have not finished.")
	press("share", "The results go to those who answered.")
	press("close", "The survey is closed.")
	page := w.get(path + "/report?tab=answers")
	page.must(t, http.StatusOK, "Closed:", "Reminder 1")
	for _, gone := range []string{"hx-get", `popovertarget="close"`, `popovertarget="remind"`, `popovertarget="share"`} {
		if strings.Contains(page.Body, gone) {
			t.Errorf("a closed survey still has %s", gone)
		}
	}
	w.post(path+"/report?tab=answers", path+"/close", nil).must(t, http.StatusConflict, "This survey is closed.")
}

func TestAnAnonymousSurveyShowsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(30, "Ada")
	for _, c := range []struct {
		answered   int
		says, hide string
	}{
		{4, "shows from 5 responses on", "Every day"},
		{7, "How often do you eat there?", "vegetables"},
		{7, "It shows from 5 answers on", "vegetables"},
		{15, "What people wrote shows from 10 answers on", "vegetables"},
		{20, "vegetables", "Every answer"},
	} {
		path := campaignPath(w.surveyed(domain.Anonymous, 20, c.answered).ID)
		page := w.get(path + "/report?tab=answers")
		page.must(t, http.StatusOK, c.says, "Not kept: it is anonymous")
		if strings.Contains(page.Body, c.hide) {
			t.Errorf("of %d answers %q shows", c.answered, c.hide)
		}
		w.get(path+"/report?tab=answers&question=why").must(t, http.StatusForbidden, "anonymous")
		w.get(path+"/report?tab=people").must(t, http.StatusOK, "This survey is anonymous")
		w.get(path+"/export/responses.csv").must(t, http.StatusForbidden, "anonymous")
	}
}

// A masked survey tells no reaction time: with each message's time it would tell who answered.
func TestAMaskedSurveyTellsNoReactionTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(6)
	c := w.surveyed(domain.Masked, 6, 5)
	page := w.get(campaignPath(c.ID) + "/report?tab=answers")
	page.must(t, http.StatusOK, "Not shown: names are withheld")
	if tile := between(page.Body, "<dt>Reaction time</dt>", "</div>"); !strings.HasPrefix(tile, "\n<dd>–</dd>") {
		t.Errorf("the tile says %q", tile)
	}
	// The numbers of people are the ones of an export.
	people, file := w.get(campaignPath(c.ID)+"/report?tab=people"), w.get(campaignPath(c.ID)+"/export/responses.csv")
	for line := range strings.Lines(file.Body) {
		if number, _, _ := strings.Cut(line, ","); strings.HasPrefix(number, "R") && !strings.Contains(people.Body, "Respondent "+number+"<") {
			t.Errorf("%s of the export is missing", number)
		}
	}
	if n := strings.Count(file.Body, "\nR"); n != 5 {
		t.Errorf("%d people in %s", n, file.Body)
	}
}

func TestRespondentsAreTurnedOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(62)
	for _, privacy := range []domain.Privacy{domain.Identified, domain.Masked} {
		c := w.surveyed(privacy, 62, 57)
		start := campaignPath(c.ID) + "/report?tab=people"
		seen := map[string]bool{}
		turn := func(from, rel string) (last string, pages int) {
			for next := from; next != ""; pages++ {
				page := w.get(next)
				page.must(t, http.StatusOK, "May we ask again?")
				if privacy == domain.Masked && strings.Contains(page.Body, "person-") {
					t.Fatal("a masked survey names somebody")
				}
				seen[between(page.Body, `<h2>`, `</h2>`)] = true
				last, next = next, strings.ReplaceAll(between(page.Body, `rel="`+rel+`" href="`, `"`), "&amp;", "&")
			}
			return last, pages
		}
		last, there := turn(start, "next")
		if there != 57 || len(seen) != 57 {
			t.Errorf("%s: %d pages of %d people", privacy, there, len(seen))
		}
		if _, back := turn(last, "prev"); back != 57 {
			t.Errorf("%s: %d pages back", privacy, back)
		}
	}
}

// Respondents are found by name or address, where names show.
func TestRespondentsAreFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(62, "Ada")
	c := w.surveyed(domain.Identified, 62, 60)
	people := campaignPath(c.ID) + "/report?tab=people"
	page := w.get(people)
	page.must(t, http.StatusOK, `role="search"`, "person-0@example.com · <time", "7 answers<")
	page = w.get(people + "&q=ada")
	page.must(t, http.StatusOK, `value="ada"`, "<h2>Ada</h2>")
	if strings.Contains(page.Body, "Person 1<") || strings.Contains(page.Body, `rel="next"`) {
		t.Error("others are found")
	}
	w.get(people+"&q=person-17%40").must(t, http.StatusOK, "<h2>Person 17</h2>")
	w.get(people+"&q=zzz").must(t, http.StatusOK, "Nobody here matches.", `value="zzz"`)
	many := w.get(people + "&q=example.com&n=49") // the last of the first page
	next := strings.ReplaceAll(between(many.Body, `rel="next" href="`, `"`), "&amp;", "&")
	if !strings.Contains(next, "q=example.com") {
		t.Errorf("the next page is %q", next)
	}
	w.get(next).must(t, http.StatusOK, `rel="prev"`)

	page = w.get(campaignPath(w.surveyed(domain.Masked, 6, 3).ID) + "/report?tab=people&q=ada")
	page.must(t, http.StatusOK, "<h2>Respondent R", "answers</small>")
	if strings.Contains(page.Body, `role="search"`) || strings.Count(page.Body, "Respondent R") != 4 || strings.Contains(page.Body, "<time") {
		t.Error("names that are withheld are searched")
	}
}

// between is the text between two others, or empty.
func between(text, from, to string) string {
	_, rest, found := strings.Cut(text, from)
	if !found {
		return ""
	}
	inside, _, _ := strings.Cut(rest, to)
	return inside
}

func TestAnAnalystSeesResultsWithoutButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3)
	c := w.surveyed(domain.Identified, 3, 2)
	home, _ := url.Parse(w.server.URL)
	s := sessions{secret: w.options(Open, w.server.URL).Secret, now: w.clock.now}
	w.client.Jar.SetCookies(home, []*http.Cookie{cookieOf(s, s.begin(domain.Actor{ID: "x", Name: "X", Role: domain.Analyst}))})
	page := w.get(campaignPath(c.ID) + "/report?tab=answers")
	page.must(t, http.StatusOK, "How often do you eat there?", "Export CSV")
	if strings.Contains(page.Body, "popovertarget") {
		t.Error("an analyst is offered to remind or close")
	}
}

func TestPiesAndFigures(t *testing.T) {
	t.Parallel()
	q := domain.QuestionReport{Answers: 4, Options: []domain.OptionCount{{Text: "A", Count: 3}, {Text: "B"}, {Text: "C", Count: 1}}}
	p := newPie(q)
	if len(p.Slices) != 2 || p.Slices[0].Path != "M50 50L50.00 2.00A48 48 0 1 1 2.00 50.00Z" || p.Slices[1].Option != 2 || !strings.Contains(p.Slices[1].Path, " 0 0 1 50.00 2.00Z") {
		t.Errorf("%+v", p)
	}
	if p = newPie(domain.QuestionReport{Answers: 2, Options: []domain.OptionCount{{Text: "A"}, {Text: "B", Count: 2}}}); p.Whole == nil || *p.Whole != 1 {
		t.Errorf("%+v", p)
	}
	for n, want := range map[float64]string{3.14159: "3,14", -2: "−2", 1e300: "1" + strings.Repeat("0", 300), 0: "0"} {
		if got := decimalText("fr", n, 2); got != want {
			t.Errorf("%v is %q", n, got)
		}
	}
	shares := func(counts ...int64) []string {
		q := domain.QuestionReport{}
		for _, n := range counts {
			q.Answers += n
			q.Options = append(q.Options, domain.OptionCount{Count: n})
		}
		return shareTexts("en", q)
	}
	if got := shares(5, 3); !slices.Equal(got, []string{"63%", "37%"}) {
		t.Errorf("got %q", got)
	}
	if got := shares(0, 999, 1); !slices.Equal(got, []string{"0%", "> 99%", "< 1%"}) {
		t.Errorf("got %q", got)
	}
	for score, want := range map[float64]string{12.4: "+12", -50: "−50", 0: "0", 0.2: "0", -0.2: "0"} {
		if got := scoreText("en", &score); got != want {
			t.Errorf("%v is %q", score, got)
		}
	}
}
