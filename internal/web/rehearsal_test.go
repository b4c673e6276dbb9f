package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/internal/domain"
	"crier/internal/web/webtest"
)

// TestASurveyIsGoneThroughInThePreview presses its buttons before it is sent, in the editor and
// where it is reviewed.
func TestASurveyIsGoneThroughInThePreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	asks := survey()
	asks.Content.Survey.Thanks, asks.Content.Survey.Questions = "Many thanks!", []domain.Question{
		{ID: "come", Type: domain.YesNo, Text: "Do you come?", Goto: map[string]string{"no": "why"}},
		{ID: "many", Type: domain.Number, Text: "How many are you?"}, {ID: "why", Type: domain.FreeText, Text: "Anything else?"},
	}
	c := w.create(asks)
	b := openBrowser(t)
	b.Look(1280, "light")
	shows := func(words string) {
		t.Helper()
		b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes(` + quoted(words) + `)`)
	}
	press := func(title string) {
		t.Helper()
		b.Run(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("[data-drawing] button")].find((b) => b.innerText.trim() === ` + quoted(title) + `).click()`))
	}
	for _, page := range []string{"", "/review"} {
		b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+page), chromedp.WaitVisible(css("[data-drawing] button")))
		press("Yes")
		shows("How many are you?")
		b.Run(chromedp.SendKeys(css("[data-drawing] input"), "2"))
		press("Next")
		shows("Anything else?")
		press("Back")
		shows("How many are you?")
		b.Run(chromedp.Click(css("[data-restart]")))
		shows("Do you come?")
		press("No")
		shows("Anything else?")
		b.ShootTop("rehearsal" + strings.ReplaceAll(page, "/", "-"))
		b.Run(chromedp.SendKeys(css("[data-drawing] textarea, [data-drawing] input"), "Cake"))
		press("Send")
		shows("Many thanks!")
		if hidden := webtest.Eval[bool](b, `document.querySelector("[data-restart]").hidden`); hidden {
			t.Error("nothing leads back to the start")
		}
	}
	b.Quiet()
}

func quoted(text string) string { return `"` + text + `"` }

func TestARehearsalIsReadWithCare(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.create(survey())
	page, path := campaignPath(c.ID), campaignPath(c.ID)+"/preview"
	w.post(page, path, url.Values{}).must(t, http.StatusOK, `"activity":`)
	for _, bad := range []string{"{", `"x"`, `[{"action":{"type":"Action.Execute","verb":"steal","data":{}}}]`, "[" + strings.Repeat("1,", 300) + "1]"} {
		w.post(page, path, url.Values{"pressed": {bad}}).must(t, http.StatusUnprocessableEntity, `"faults":[`)
	}
	w.post(page, "/campaigns/999/preview", url.Values{}).must(t, http.StatusNotFound)
}
