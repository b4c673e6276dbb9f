package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/web/webtest"
)

// all is an idea that everybody of a world has.
func (w *world) all(people int) domain.Campaign {
	w.t.Helper()
	w.install(people)
	c := w.create(idea())
	w.start(c.ID)
	w.deliver(c.ID, people, w.sent)
	return c
}

// change names the rows of a campaign's last change, and settles the first of them.
func (w *world) change(id int64, settled int, outcome func(int) domain.Outcome) {
	w.t.Helper()
	ctx := context.Background()
	campaigns := store.Campaigns{DB: w.db}
	r, err := campaigns.LastChange(ctx, id)
	if err != nil || r == nil {
		w.t.Fatalf("no change: %v", err)
	}
	if _, err := campaigns.Name(ctx, r.Campaign, w.clock.now()); err != nil && domain.KindOf(err) != domain.Conflict {
		w.t.Fatal(err)
	}
	if settled > 0 {
		w.deliver(r.Campaign, settled, outcome)
	}
}

func TestARecallShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(4)
	path := campaignPath(c.ID)
	w.get(path+"/report").must(t, http.StatusOK, "Take the message back?", "4 people", path+"/recall")
	answer := w.post(path+"/report", path+"/recall", nil)
	if answer.Location != path+"/report?said=recall" {
		t.Errorf("the recall leads to %q", answer.Location)
	}
	w.change(c.ID, 3, func(i int) domain.Outcome {
		if i == 2 {
			return domain.Outcome{State: domain.Failed, Code: domain.NotInstalled}
		}
		return w.sent(i)
	})
	page := w.get(path + "/report?said=recall")
	page.must(t, http.StatusOK, "being taken back from everyone", "Taken back: 2 of 4", "failed: 1", "taken back", "not taken back", "is being taken back",
		`data-events="`+path+`/events?status=done-recall-sending"`)
	if strings.Contains(page.Body, `popovertarget="recall"`) {
		t.Error("a recall under way is offered again")
	}
	w.change(c.ID, 1, w.sent)
	page = w.get(path + "/report")
	page.must(t, http.StatusOK, "Taken back: 3 of 4", "Retry the failed")
	if strings.Contains(page.Body, "data-events") {
		t.Error("what is over still asks for news")
	}
	w.post(path+"/report", path+"/retry-change", nil)
	w.change(c.ID, 1, w.sent)
	w.get(path+"/report").must(t, http.StatusOK, "Taken back: 4 of 4")
}

func TestACorrectionIsWrittenInTheEditor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(3)
	path := campaignPath(c.ID)
	w.get(path+"/report").must(t, http.StatusOK, path+"/correct")
	page := w.get(path + "/correct")
	page.must(t, http.StatusOK, "Correct it for 3 people", `action="`+path+`/correct"`, c.Content.Text)
	for _, part := range []string{"audience-title", "delivery-title", path + "/save", path + "/review", ">Save<"} {
		if strings.Contains(page.Body, part) {
			t.Errorf("the page of a correction has %s", part)
		}
	}
	form := url.Values{"kind": {"idea"}, "name": {c.Name}, "content.title": {c.Content.Title}, "content.text": {"Dear [NOBODY]"}}
	w.post(path+"/correct", path+"/correct", form).must(t, http.StatusUnprocessableEntity, "[NOBODY] is no personal tag", "Dear [NOBODY]")
	form.Set("content.text", "after all.")
	if answer := w.post(path+"/correct", path+"/correct", form); answer.Location != path+"/report?said=corrected" {
		t.Fatalf("the correction leads to %q: %s", answer.Location, answer.Body)
	}
	w.change(c.ID, 3, w.sent)
	w.get(path+"/report").must(t, http.StatusOK, "Corrected: 3 of 3", ">corrected<")
	w.get(path+"/report?tab=details").must(t, http.StatusOK, "after all.")
	w.post(path+"/report", path+"/recall", nil)
	w.get(path+"/correct").must(t, http.StatusConflict, "have been recalled")
}

// The enter key asks what the button of the page asks.
func TestTheEnterKeyCorrects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(2)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/correct"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-content-title"), "Today: "+kb.Enter))
	b.WaitFor(`document.querySelector("#correct").matches(":popover-open") && document.activeElement.innerText === "Back"`)
	b.Shoot("correct-asks")
	if now := w.only().Content.Title; now != "Walk at noon" {
		t.Errorf("before the answer it says %q", now)
	}
	b.Run(chromedp.Click(css("#correct button.primary")), chromedp.WaitVisible(css("#report-head")))
	b.WaitFor(`document.querySelector("#live").innerText.includes("Correction")`)
	if now := w.only().Content.Title; now != "Today: Walk at noon" {
		t.Errorf("it says %q", now)
	}
	b.Quiet()
}

// TestACorrectionTakesAPictureWithoutScripts comes back to the page of the correction.
func TestACorrectionTakesAPictureWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(2)
	path := campaignPath(c.ID) + "/correct"
	w.get(path).must(t, http.StatusOK, `formaction="`+path+`/picture"`)
	form := url.Values{"kind": {"idea"}, "name": {c.Name}, "revision": {"41"}, "content.title": {"Walk at one"}, "content.text": {"After all."}}
	page := w.upload(path+"/picture", form, aPNG(30, 20), false)
	page.must(t, http.StatusOK, `action="`+path+`"`, "Correct it for 2 people", `value="Walk at one"`, "After all.</textarea>", `name="revision" value="41"`,
		"Uploaded. Its address is filled in.", `name="content.image.url" value="`+w.server.URL+"/i/", `data-location="`+path+`"`)
	w.upload(path+"/picture", form, []byte("GIF8"), false).must(t, http.StatusUnprocessableEntity, `action="`+path+`"`, `id="f-picture-fault"`, `value="Walk at one"`)
	w.upload(path+"/picture", nil, aPNG(30, 20), true).must(t, http.StatusOK, `"url":"`+w.server.URL+"/i/")
}

func TestACorrectionIsPreviewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(2)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/correct"), chromedp.WaitVisible(css("#editor")))
	webtest.Eval[string](b, `document.querySelector("#f-content-text").value = ""`)
	b.Run(chromedp.SendKeys(css("#f-content-text"), "It is on **Tuesday**."))
	b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes("It is on Tuesday.")`)
	if out := webtest.Eval[string](b, sticksOut); out != "" {
		t.Errorf("it sticks out: %s", out)
	}
	b.Run(chromedp.Click(css(".save-bar button.primary")), chromedp.WaitVisible(css("#correct")),
		chromedp.Click(css("#correct button.primary")), chromedp.WaitVisible(css("#report-head")))
	b.WaitFor(`document.querySelector("#live").innerText.includes("Correction")`)
	b.Quiet()
}

func TestExpiryIsKeptInTheEditor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := idea()
	c.ExpiresAt = w.clock.now().Add(50 * 60 * 1e9).Truncate(60 * 1e9)
	c = w.create(c)
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)), chromedp.WaitVisible(css("#editor")),
		chromedp.Click(css(`.save-bar button:not(.primary)`)), chromedp.WaitVisible(css(".message.success")))
	if got := w.only(); !got.ExpiresAt.Equal(c.ExpiresAt) {
		t.Errorf("it expires %v, want %v", got.ExpiresAt, c.ExpiresAt)
	}
	form := formOf(c)
	form.Set("expires_at", "")
	if got := fromForm(form, c); !got.ExpiresAt.IsZero() {
		t.Errorf("emptied, it expires %v", got.ExpiresAt)
	}
	b.Quiet()
}

// TestThePreviewSaysWhatIsShownOtherwise types what no card can draw.
func TestThePreviewSaysWhatIsShownOtherwise(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-content-text"), "Look: ~~old~~ new"))
	b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes("Look: old new")`)
	b.WaitFor(`document.querySelector("[data-faults]").innerText.includes("Struck")`)
	b.Quiet()
}
