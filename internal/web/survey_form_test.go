package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

// everything is a survey with all that a survey can have.
func everything() domain.Campaign {
	c := survey()
	at := time.Date(2027, 3, 1, 9, 30, 12, 345e6, time.UTC) // finer than a field of a page
	c.Content.Survey = &domain.Survey{
		Style: domain.OneByOne, Privacy: domain.Masked, ClosesAt: at.Add(100 * time.Hour), Thanks: "Thank you,\n[FIRSTNAME]",
		Reminders: []time.Time{at, at.Add(50 * time.Hour)},
		Questions: []domain.Question{
			{ID: "menu", Type: domain.Choice, Text: "The menu?", Options: []string{"Good", " Bad ", "Good & <b>bad</b>"}, Goto: map[string]string{" Bad ": "why", "Good": "score"}},
			{ID: "days", Type: domain.Choices, Text: "Which\ndays?", Options: []string{"Mon", "Tue"}, Optional: true, Goto: map[string]string{"Tue": "end"}},
			{ID: "why", Type: domain.FreeText, Text: "Why?", MaxLength: 200, Optional: true},
			{ID: "hello", Type: domain.Statement, Text: "Half way", Optional: true, Image: &domain.Image{URL: "https://example.com/a.png", Alt: " A \"map\""}},
			{ID: "much", Type: domain.Number, Text: "How much?", Min: new(-0.25), Max: new(1e21)},
			{ID: "least", Type: domain.Number, Text: "At least?", Min: new(0.0)},
			{ID: "again", Type: domain.YesNo, Text: "Again?", Goto: map[string]string{"no": "end"}},
			{ID: "score", Type: domain.NPS, Text: "Recommend?", Goto: map[string]string{"0": "end", "10": "when"}},
			{ID: "stars", Type: domain.Rating, Text: "Stars?", Goto: map[string]string{"1": "end"}},
			{ID: "when", Type: domain.Date, Text: "When?", Image: &domain.Image{Alt: "no address yet"}},
		},
	}
	return c
}

func TestASurveyIsTheSameAfterTheEditor(t *testing.T) {
	t.Parallel()
	c := everything()
	if diff := cmp.Diff(c.Content.Survey, fromForm(formOf(c), c).Content.Survey); diff != "" {
		t.Errorf("comes back changed:\n%s", diff)
	}
	again := refill(formOf(c), c)
	if diff := cmp.Diff(formOf(c), again); diff != "" {
		t.Errorf("shown again it is another:\n%s", diff)
	}
}

func asked(types ...string) url.Values {
	v := typed(url.Values{"kind": {"survey"}, "content.style": {"one_by_one"}, "content.privacy": {"identified"}})
	for i, kind := range types {
		v.Set(questionField(i, "id"), fmt.Sprint("q", i+1))
		v.Set(questionField(i, "type"), kind)
		v.Set(questionField(i, "text"), fmt.Sprint("Text ", i+1))
	}
	return v
}

// texts are the questions of a form, and where the first answer leads.
func texts(v url.Values) string {
	var all []string
	for _, b := range blocksOf(v) {
		said := b.Get("id") + ":" + b.Get("text")
		if to := b.Get("options[0].goto") + b.Get("goto.yes"); to != "" {
			said += ">" + to
		}
		all = append(all, said)
	}
	return strings.Join(all, " ")
}

func TestQuestionsAreRearranged(t *testing.T) {
	t.Parallel()
	for do, want := range map[string][2]string{
		"add-question":    {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end q4:", "content.questions[3].text"},
		"up:0":            {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", ""},
		"up:2":            {"q1:Text 1>q3 q3:Text 3>end q2:Text 2", "content.questions[1].up"},
		"up:1":            {"q2:Text 2 q1:Text 1>q3 q3:Text 3>end", "content.questions[0].down"},
		"down:0":          {"q2:Text 2 q1:Text 1>q3 q3:Text 3>end", "content.questions[1].down"},
		"down:1":          {"q1:Text 1>q3 q3:Text 3>end q2:Text 2", "content.questions[2].up"},
		"down:2":          {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", ""},
		"copy:0":          {"q1:Text 1>q3 q4:Text 1>q3 q2:Text 2 q3:Text 3>end", "content.questions[1].text"},
		"remove:2":        {"q1:Text 1 q2:Text 2", "content.questions[1].text"},
		"remove:9":        {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", ""},
		"remove:-1":       {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", ""},
		"nonsense":        {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", ""},
		"remove-option:0": {"q1:Text 1 q2:Text 2 q3:Text 3>end", "content.questions[0].options[0]"},
		"add-option:0":    {"q1:Text 1>q3 q2:Text 2 q3:Text 3>end", "content.questions[0].options[2]"},
	} {
		v := asked("choice", "text", "yes_no")
		v.Set("content.questions[0].options[0]", "A")
		v.Set("content.questions[0].options[0].goto", "q3")
		v.Set("content.questions[0].options[1]", "B")
		v.Set("content.questions[2].goto.yes", "end")
		v.Set("content.questions[1].max_length", "ten")
		next := rearrange(v, do)
		if got := texts(v); got != want[0] || next != want[1] {
			t.Errorf("%s: %q, goes on in %q; want %q, %q", do, got, next, want[0], want[1])
		}
		if lengths := fmt.Sprint(v); !strings.Contains(lengths, "ten") {
			t.Errorf("%s loses what can't be read: %v", do, v)
		}
	}
	v := asked("text")
	rearrange(v, "remove:0")
	if got := texts(v); got != "q1:" {
		t.Errorf("without any question there is %q", got)
	}
}

func TestTheQuestionsAreDrawnAnewAndNothingIsSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	form := asked("choice", "number")
	form.Set("content.questions[0].options[0]", "Only one")
	form.Set("content.questions[1].min", "a lot")
	form.Set("do", "add-option:0")
	page := w.post("/campaigns/new", "/campaigns/new/questions", form)
	page.must(t, http.StatusOK, "<!doctype html>", `value="Only one"`, `name="content.questions[0].options[2]"`, `value="a lot"`, `autofocus`, `value="Lunch walk"`)
	if n := strings.Count(page.Body, "autofocus"); n != 1 {
		t.Errorf("%d fields take the focus", n)
	}
	form.Set("token", tokenField.FindStringSubmatch(page.Body)[1])
	r := w.request(http.MethodPost, "/campaigns/new/questions", form)
	r.Header.Set("HX-Request", "true")
	part := w.do(r)
	part.must(t, http.StatusOK, `id="f-content-questions"`, `name="content.questions[0].options[2]"`)
	if strings.Contains(part.Body, "<html") {
		t.Error("the part is the whole page")
	}
	if list, err := w.campaigns.List(context.Background(), owner, domain.CampaignFilter{}, 0, 5); err != nil || len(list) != 0 {
		t.Errorf("it was saved: %v, %v", list, err)
	}
}

func TestFaultsOfASurveyStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	form := asked("choice", "number", "text", "yes_no", "date")
	form["content.questions[0].options[0]"], form["content.questions[0].options[3]"] = []string{"A"}, []string{"A"}
	form.Set("content.questions[1].min", "many")
	w.post("/campaigns/new", "/campaigns/new/save", form).must(t, http.StatusUnprocessableEntity,
		`id="f-content-questions-1-min-fault"`, "Write a number, for example 12.5, or nothing for no limit.", `value="many"`, `href="#f-content-questions-1-min"`)

	form.Set("content.questions[1].min", "2,5")
	form.Set("content.questions[1].max", "1")
	form.Set("content.questions[2].max_length", "none")
	form.Set("content.questions[2].text", "Hello [COLOUR]")
	form.Set("content.questions[2].image.url", "ftp://x")
	form.Set("content.questions[3].goto.yes", "q1")
	form.Set("content.reminders[1]", "2027-01-01T09:00")
	form.Set("content.reminders[2]", "2027-01-01T10:00")
	w.post("/campaigns/new", "/campaigns/new/save", form).must(t, http.StatusUnprocessableEntity,
		`id="f-content-questions-0-options-1-fault"`, `id="f-content-questions-1-min-fault"`, `value="2.5"`, `id="f-content-questions-2-max_length-fault"`,
		`value="none"`, `id="f-content-questions-2-text-fault"`, `id="f-content-questions-2-image-url-fault"`, `id="f-content-questions-3-goto-fault"`,
		`value="q1" selected`, `id="f-content-reminders-1-fault"`, `value="2027-01-01T10:00"`)
}

// One card shows all questions at once. Where answers lead elsewhere that is said and nothing is
// lost, whatever else is wrong.
func TestASurveyOnOneCardLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	says := []string{`id="f-content-style-fault"`, "Choose “One by one”, or let each answer lead to the next question.", `class="ask led"`}
	scale := asked("yes_no", "text", "text")
	scale.Set("content.questions[0].goto.yes", "q3")
	choice := asked("choice", "text", "text")
	choice.Set("content.questions[0].options[0]", "A")
	choice.Set("content.questions[0].options[0].goto", "q3")
	choice.Set("content.questions[0].options[1]", "B")
	for name, form := range map[string]url.Values{`name="content.questions[0].goto.yes"`: scale, `name="content.questions[0].options[0].goto"`: choice} {
		form.Set("content.style", "single_card")
		page := w.post("/campaigns/new", "/campaigns/new/save", form)
		page.must(t, http.StatusUnprocessableEntity, says...)
		if chosen := between(page.Body, name, "</select>"); !strings.Contains(chosen, `value="q3" selected`) {
			t.Errorf("%s leads nowhere any more: %s", name, chosen)
		}
		if list, err := w.campaigns.List(context.Background(), owner, domain.CampaignFilter{}, 0, 5); err != nil || len(list) != 0 {
			t.Errorf("it was saved: %v, %v", list, err)
		}
		form.Set("name", "") // something else is wrong
		page = w.post("/campaigns/new", "/campaigns/new/review", form)
		if chosen := between(page.Body, name, "</select>"); !strings.Contains(chosen, `value="q3" selected`) {
			t.Errorf("with another fault %s leads nowhere any more: %s", name, chosen)
		}
	}
	choice.Set("name", "Lunch")
	choice.Set("content.questions[0].options[0].goto", "")
	if answer := w.post("/campaigns/new", "/campaigns/new/save", choice); answer.Status != http.StatusSeeOther {
		t.Errorf("without ways it is refused: %d %s", answer.Status, answer.Body)
	}
}

// Two answers of the same words each keep where they lead.
func TestAnswersOfTheSameWordsLeadWhereTheyDid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	form := asked("choice", "text", "text", "text")
	for j, row := range [][2]string{{"Same", "q3"}, {"", "q2"}, {" Same ", "q4"}, {"Other", "end"}} {
		form.Set(questionField(0, optionName(j)), row[0])
		form.Set(questionField(0, optionName(j)+".goto"), row[1])
	}
	page := w.post("/campaigns/new", "/campaigns/new/save", form)
	page.must(t, http.StatusUnprocessableEntity, `id="f-content-questions-0-options-1-fault"`)
	for j, to := range []string{"q3", "q4", "end"} {
		if chosen := between(page.Body, `name="content.questions[0].options[`+fmt.Sprint(j)+`].goto"`, "</select>"); !strings.Contains(chosen, `value="`+to+`" selected`) {
			t.Errorf("answer %d does not lead to %s: %s", j+1, to, chosen)
		}
	}
}

func TestEveryAnswerThatCanLeadIsOffered(t *testing.T) {
	t.Parallel()
	for _, kind := range []domain.QuestionType{domain.YesNo, domain.Rating, domain.NPS} {
		q := domain.Question{ID: "a", Type: kind, Text: "?", Goto: map[string]string{}}
		for _, answer := range scaleOf(kind) {
			q.Goto[answer] = "end"
		}
		c := survey()
		c.Content.Survey.Questions = []domain.Question{q, {ID: "b", Type: domain.Date, Text: "?"}}
		// With every answer leading to the end nobody gets to the second, and that alone is wrong.
		err, _ := c.Check().(*domain.Error)
		if err == nil || len(err.Fields) != 1 || err.Fields[0].Field != "content.questions[1]" {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
