package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"crier/internal/domain"
	"crier/internal/web/webtest"
)

// A list and a report say what became of messages since they were sent.
func TestWhatBecameOfMessagesShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(2)
	path := campaignPath(c.ID)
	row := func() string { return between(w.get("/campaigns?tab=done").Body, `href="`+path+`"`, "</td>") }
	head := func() string { return between(w.get(path+"/report").Body, "<h1>", "</h1>") }
	if at := row() + head(); strings.Contains(at, "Corrected") || strings.Contains(at, "Taken back") {
		t.Errorf("before anything was done: %s", at)
	}
	w.get(path+"/report").must(t, http.StatusOK, `popovertarget="recall"><svg class="icon" aria-hidden="true" focusable="false"><use href="`, "icons.svg#recall")
	better := c.Content
	better.Text = "After all."
	if _, err := w.campaigns.Correct(context.Background(), owner, c.ID, 0, better); err != nil {
		t.Fatal(err)
	}
	both := func(word string) {
		t.Helper()
		for _, at := range []string{row(), head()} {
			if !strings.Contains(at, ">"+word+"<") {
				t.Errorf("%q is missing in %s", word, at)
			}
		}
	}
	both("Is being corrected")
	w.change(c.ID, 2, w.sent)
	both("Corrected")
	w.post(path+"/report", path+"/recall", nil)
	w.get(path+"/report?said=recall").must(t, http.StatusOK, "The message is being taken back from everyone")
	w.change(c.ID, 1, w.sent)
	w.change(c.ID, 1, func(int) domain.Outcome { return domain.Outcome{State: domain.Failed, Code: domain.Throttled} })
	both("Taken back, with errors")
	w.post(path+"/report", path+"/retry-change", nil)
	w.change(c.ID, 1, w.sent)
	both("Taken back")
	page := w.get(path + "/report?said=recall")
	page.must(t, http.StatusOK, "The message was taken back from everyone who had it.")
	if strings.Contains(page.Body, "is being taken back") {
		t.Error("what is done is still being done")
	}
}

func TestTheWordsForWhatBecame(t *testing.T) {
	t.Parallel()
	v := &visit{}
	over := func(c domain.Change, n domain.Counts) *became {
		return becameOf(v.tr, domain.Campaign{}, &domain.ChangeReport{Change: c, Status: domain.Done, Counts: n})
	}
	if b := over(domain.Expire, domain.Counts{Recipients: 2, Sent: 2}); b.Word != "Expired" || b.Flawed {
		t.Errorf("%+v", b)
	}
	if b := over(domain.Recall, domain.Counts{Recipients: 2, Sent: 2, Unreachable: 1}); b.Word != "Taken back, with errors" || !b.Flawed {
		t.Errorf("%+v", b)
	}
	if b := becameOf(v.tr, domain.Campaign{Notice: domain.ExpiredNotice}, nil); b == nil || b.Word != "Expired" {
		t.Errorf("never sent, for it expired: %+v", b)
	}
}

func TestTheListSaysWhichSurveysAreOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3)
	c := w.surveyed(domain.Identified, 3, 1)
	row := func() string {
		return between(w.get("/campaigns?tab=done").Body, `href="`+campaignPath(c.ID)+`"`, "</td>")
	}
	if at := row(); !strings.Contains(at, ">Open<") {
		t.Errorf("an open survey: %s", at)
	}
	if _, err := w.surveys.Close(context.Background(), owner, c.ID); err != nil {
		t.Fatal(err)
	}
	w.clock.forward(time.Minute)
	if at := row(); !strings.Contains(at, ">Closed<") {
		t.Errorf("a closed survey: %s", at)
	}
}

// A correction asks first, with how many get it. Of a survey those are the ones who have not
// answered.
func TestACorrectionAsksFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.all(5)
	asks := func(c domain.Campaign) string {
		page := w.get(campaignPath(c.ID) + "/correct")
		page.must(t, http.StatusOK, `<button type="button" class="primary" popovertarget="correct">`, `aria-hidden="true" data-asks="correct" disabled>`)
		return between(page.Body, `id="correct" popover`, "\n</div>\n")
	}
	if at := asks(c); !strings.Contains(at, "Correct the message?") || !strings.Contains(at, "5 people") || !strings.Contains(at, `form="editor"`) {
		t.Errorf("it asks %s", at)
	}
	if at := asks(w.surveyed(domain.Identified, 5, 3)); !strings.Contains(at, "2 people who have not answered yet") {
		t.Errorf("of a survey it asks %s", at)
	}
	if at := asks(w.surveyed(domain.Anonymous, 5, 3)); !strings.Contains(at, "for those who have not answered yet") {
		t.Errorf("of an anonymous survey it asks %s", at)
	}
}

// Headings break between words alone, and nothing sticks out at that.
func TestHeadingsOfTablesDoNotBreakWithinWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(2, "Marguerite-Antoinette de la Tour-Maubourg")
	c := idea()
	c.Content.Buttons = []domain.Button{{Title: "Go", URL: "https://example.com/" + strings.Repeat("a", 200)}}
	c = w.create(c)
	w.start(c.ID)
	w.deliver(c.ID, 2, w.sent)
	b := openBrowser(t)
	b.Look(820, "light")
	for _, language := range []string{"en", "fr"} {
		b.Speak(language)
		b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/report"), chromedp.WaitVisible(css("#people-rows table")))
		if rule := webtest.Eval[string](b, `getComputedStyle(document.querySelector("#people-rows th:last-child")).overflowWrap`); rule != "normal" {
			t.Errorf("headings break: %s", rule)
		}
		if out := webtest.Eval[string](b, sticksOut); out != "" {
			t.Errorf("in %s %s sticks out", language, out)
		}
		b.Shoot("headings-" + language)
	}
	b.Quiet()
}
