package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
	"crier/internal/web/webtest"
)

// TestASurveyIsTheSameThroughThePage saves a survey from the page that shows it.
func TestASurveyIsTheSameThroughThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.create(everything())
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)), chromedp.WaitVisible(css("#editor")))
	b.Shoot("designer-full-en-light-1280")
	b.Run(chromedp.SendKeys(css("#f-name"), "!"), chromedp.Click(css(".save-bar button:not(.primary)")), chromedp.WaitVisible(css(".message.success")))
	if diff := cmp.Diff(c.Content, w.only().Content); diff != "" {
		t.Error(diff)
	}
	// Drawing the questions anew changes nothing either.
	b.Run(chromedp.Click(css(`[value="down:0"]`)))
	b.WaitFor(`document.activeElement.value === "down:1"`)
	b.Run(chromedp.Click(css(`[value="up:1"]`)))
	b.WaitFor(`document.activeElement.value === "down:0"`)
	b.Run(chromedp.Click(css(".save-bar button:not(.primary)")), chromedp.WaitVisible(css(".message.success")))
	if diff := cmp.Diff(c.Content, w.only().Content); diff != "" {
		t.Error(diff)
	}
	b.Quiet()
}

// TestAnOfficerDesignsASurvey writes five questions with a branch, saves and loads them.
func TestAnOfficerDesignsASurvey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Look(1280, "light")
	ask := func(n string, kind, text string) {
		t.Helper()
		b.Run(chromedp.Click(css(`[value="add-question"]`)))
		b.WaitFor(`document.activeElement.id === "f-content-questions-` + n + `-text"`)
		b.Run(chromedp.KeyEvent(text))
		b.Run(chromedp.SetValue(css("#f-content-questions-"+n+"-type"), kind))
		b.WaitFor(`document.activeElement.id === "f-content-questions-` + n + `-type" && document.querySelector("#f-content-questions-` + n + `-text").value !== ""`)
	}
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-name"), "Canteen"), chromedp.Click(css("label.choice.kind-survey")),
		chromedp.SendKeys(css("#f-content-title"), "The canteen"),
		chromedp.SendKeys(css("#f-content-questions-0-text"), "Do you eat there?"),
		chromedp.SendKeys(css("#f-content-questions-0-options-0"), "Often"),
		chromedp.SendKeys(css("#f-content-questions-0-options-1"), "Sometimes"))
	if saves := webtest.Eval[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))`); saves {
		t.Error("the enter key in an answer saves")
	}
	b.WaitFor(`document.activeElement.id === "f-content-questions-0-options-2"`)
	b.Run(chromedp.KeyEvent("Never"))
	b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes("Never")`)
	ask("1", "rating", "How is the food?")
	ask("2", "text", "What do you miss?")
	ask("3", "nps", "Would you recommend it?")
	ask("4", "yes_no", "May we ask again?")
	b.Run(chromedp.SetValue(css("#f-content-questions-0-options-2-goto"), "q5"),
		chromedp.SetValue(css("#f-content-questions-2-max_length"), "300"),
		chromedp.Click(css(`[name="content.questions[2].optional"]`)),
		chromedp.Click(css(`[name="content.privacy"][value="masked"]`)))
	b.Shoot("designer-en-light-1280")
	// One too many is made and taken away again, further up than the branch leads.
	b.Run(chromedp.Click(css(`[value="copy:1"]`)))
	b.WaitFor(`document.querySelectorAll(".ask").length === 6`)
	b.Run(chromedp.Click(css(`[value="remove:2"]`)))
	b.WaitFor(`document.querySelectorAll(".ask").length === 5 && document.querySelector("[data-dirty]").textContent !== ""`)
	b.Run(chromedp.Click(css(".save-bar button:not(.primary)")), chromedp.WaitVisible(css(".message.success")))

	want := &domain.Survey{Style: domain.OneByOne, Privacy: domain.Masked, Questions: []domain.Question{
		{ID: "q1", Type: domain.Choice, Text: "Do you eat there?", Options: []string{"Often", "Sometimes", "Never"}, Goto: map[string]string{"Never": "q5"}},
		{ID: "q2", Type: domain.Rating, Text: "How is the food?"},
		{ID: "q3", Type: domain.FreeText, Text: "What do you miss?", Optional: true, MaxLength: 300},
		{ID: "q4", Type: domain.NPS, Text: "Would you recommend it?"},
		{ID: "q5", Type: domain.YesNo, Text: "May we ask again?"},
	}}
	if diff := cmp.Diff(want, w.only().Content.Survey); diff != "" {
		t.Fatal(diff)
	}
	if to := webtest.Eval[string](b, `document.querySelector("#f-content-questions-0-options-2-goto").selectedOptions[0].textContent`); to != "question 5: May we ask again?" {
		t.Errorf("the last answer leads to %q", to)
	}
	for _, look := range []struct {
		language, scheme string
		width            int64
	}{{"en", "dark", 320}, {"fr", "light", 320}, {"fr", "dark", 1280}} {
		b.Look(look.width, look.scheme)
		b.Speak(look.language)
		b.Run(chromedp.Reload(), chromedp.WaitVisible(css("#editor")))
		if over := webtest.Eval[string](b, sticksOut); over != "" {
			t.Errorf("%s sticks out at %d", over, look.width)
		}
		b.Shoot("designer-" + look.language + "-" + look.scheme)
	}
	b.Quiet()
}

// TestTheResultsInTheBrowser looks at them while answers come in, and turns respondents over.
func TestTheResultsInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(40, "Amélie Dupont", "Jonas Weber", "Marguerite-Antoinette de la Tour-Maubourg")
	c := w.surveyed(domain.Identified, 40, 23)
	hidden := w.surveyed(domain.Anonymous, 40, 7)
	path := w.server.URL + campaignPath(c.ID) + "/report?tab="
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(path+"answers"), chromedp.WaitVisible(css(".pie")))
	if colour := webtest.Eval[string](b, `getComputedStyle(document.querySelector(".pie .slice-1")).fill`); colour != "rgb(3, 131, 135)" {
		t.Errorf("a slice is %s", colour)
	}
	rows := w.rowsOf(c.ID)
	w.answer(rows[30], 3, false)
	b.WaitFor(`document.querySelector("#answers .tiles dd").innerText === "24"`)

	b.Run(chromedp.Navigate(path+"people"), chromedp.WaitVisible(css(".turn h2")))
	first := webtest.Eval[string](b, `document.querySelector(".turn h2").innerText`)
	b.Run(chromedp.KeyEvent(kb.ArrowRight))
	b.WaitFor(`document.querySelector(".turn a[rel=prev]") !== null`)
	if second := webtest.Eval[string](b, `document.querySelector(".turn h2").innerText`); second == first {
		t.Errorf("the arrow key leads from %q to %q", first, second)
	}
	b.Run(chromedp.KeyEvent(kb.ArrowLeft))
	b.WaitFor(`document.querySelector(".turn a[rel=prev]") === null && document.querySelector(".turn h2").innerText === "` + first + `"`)

	w.clock.forward(25 * time.Hour) // so that people may be reminded
	pages := map[string]string{
		"answers": path + "answers", "every": path + "answers&question=why", "people": path + "people&n=2",
		"anonymous": w.server.URL + campaignPath(hidden.ID) + "/report?tab=answers",
	}
	for _, look := range []struct {
		language, scheme string
		width            int64
	}{{"en", "light", 1280}, {"en", "dark", 1280}, {"fr", "light", 320}, {"fr", "dark", 320}, {"fr", "light", 1280}, {"en", "forced", 1280}} {
		b.Look(look.width, look.scheme)
		b.Speak(look.language)
		for name, address := range pages {
			b.Run(chromedp.Navigate(address), chromedp.WaitVisible(css("main h1")))
			if over := webtest.Eval[string](b, sticksOut); over != "" {
				t.Errorf("%s in %s at %d: %s sticks out", name, look.language, look.width, over)
			}
			b.Shoot(fmt.Sprintf("results-%s-%s-%s-%d", name, look.language, look.scheme, look.width))
		}
	}
	b.Run(chromedp.Navigate(path+"answers"), chromedp.Click(css(`button[popovertarget="remind"]`)))
	b.WaitFor(`document.querySelector("#remind").matches(":popover-open")`)
	w.answer(rows[31], 4, false) // what comes in meanwhile leaves the question open
	b.WaitFor(`document.querySelector("#answers .tiles dd").innerText === "25"`)
	if open := webtest.Eval[bool](b, `document.querySelector("#remind").matches(":popover-open")`); !open {
		t.Error("the question was taken away")
	}
	b.Quiet()
}

// TestTheWordsOfASurveyAreCorrected changes a question's words, and nothing else.
func TestTheWordsOfASurveyAreCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(6)
	c := w.surveyed(domain.Masked, 6, 3)
	b := openBrowser(t)
	b.Look(320, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/correct"), chromedp.WaitVisible(css("#f-content-questions-2-text")))
	if over := webtest.Eval[string](b, sticksOut); over != "" {
		t.Errorf("%s sticks out", over)
	}
	b.Shoot("correct-en-light-320")
	b.Run(chromedp.SendKeys(css("#f-content-questions-2-text"), "Honestly: "), chromedp.Click(css(".save-bar .primary")), chromedp.WaitVisible(css("#correct")))
	if asks := webtest.Eval[string](b, `document.querySelector("#correct").innerText`); !strings.Contains(asks, "3 people who have not answered yet") {
		t.Errorf("it asks %q", asks)
	}
	b.Shoot("correct-asks-320")
	b.Run(chromedp.Click(css("#correct .primary")), chromedp.WaitVisible(css(".change [role=status]")))
	want := c.Content
	want.Survey.Questions[2].Text = "Honestly: How is the food?"
	got, err := w.campaigns.Get(context.Background(), owner, c.ID)
	if diff := cmp.Diff(want, got.Content); diff != "" || err != nil {
		t.Error(diff, err)
	}
	b.Quiet()
}

// rowsOf are the rows of a campaign, in the order in which they were sent.
func (w *world) rowsOf(id int64) []domain.Delivery {
	w.t.Helper()
	rows, err := w.campaigns.Rows(context.Background(), owner, id, domain.DeliveryFilter{}, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}
