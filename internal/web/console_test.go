package web

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"crier/internal/domain"
	"crier/internal/web/webtest"
)

// css is a selector of the page.
type css = chromedp.CSS

// TestAnOfficerWritesAndSends drives the real pages from the empty list to a live report.
func TestAnOfficerWritesAndSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(4)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+"/"), chromedp.WaitVisible(css(".empty a.primary")), chromedp.Click(css(".empty a.primary")),
		chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-name"), "Fire drill"),
		chromedp.Click(css(`label.choice.kind-important`)),
		chromedp.SendKeys(css("#f-content-title"), "Fire drill on Monday"),
		chromedp.SendKeys(css("#f-content-text"), "Hello [FIRSTNAME], leave **calmly**."),
		chromedp.SendKeys(css("#f-content-buttons-0-title"), "The plan"),
		chromedp.SendKeys(css("#f-content-buttons-0-url"), "https://example.com/plan"),
	)
	b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes("Hello Megan, leave calmly.")`)
	b.WaitFor(`document.querySelector("[data-drawing] .ac-pushButton")?.innerText.includes("The plan")`)
	if bold := webtest.Eval[string](b, `document.querySelector("[data-drawing] strong").textContent`); bold != "calmly" {
		t.Errorf("bold is %q", bold)
	}
	// The renderer sets its colours through the CSSOM, which the policy must not keep from working.
	if band := webtest.Eval[string](b, `[...document.querySelectorAll("[data-drawing] .ac-container")].map((e) => getComputedStyle(e).backgroundColor).join(" ")`); !strings.Contains(band, "rgb(253, 243, 244)") {
		t.Errorf("the band of an important campaign has no colour of its own: %s", band)
	}

	b.Run(chromedp.Click(css(`input[name="audience"][value="everyone"]`)))
	b.WaitFor(`document.querySelector("#audience-size").innerText.includes("4 people")`)
	b.Run(chromedp.Click(css(`button[formaction$="/review"]`)), chromedp.WaitVisible(css("form[data-send]")))
	b.WaitFor(`document.querySelector("[data-drawing]").innerText.includes("Fire drill on Monday")`)
	b.Run(chromedp.SendKeys(css("#f-number"), "4"), chromedp.Click(css(`form[data-send] button.primary`)), chromedp.WaitVisible(css("#report-head")))

	c := w.only()
	if c.Status != domain.Scheduled || c.Kind != domain.KindImportant || !c.Audience.Everyone {
		t.Fatalf("the campaign is %+v", c)
	}
	w.begin(c.ID)
	b.WaitFor(`document.querySelector("#live progress") !== null`)
	w.deliver(c.ID, 4, w.sent)
	b.WaitFor(`document.querySelector("#report-head").innerText.includes("Done") && !document.querySelector("#live").hasAttribute("hx-get")`)
	if sent := webtest.Eval[string](b, `document.querySelector("#live .tiles > div:nth-child(2) dd").innerText`); sent != "4" {
		t.Errorf("the report says %q were sent", sent)
	}
	b.Quiet()
}

// TestKeyboardReachesTheActions walks the editor with the tab key alone.
func TestKeyboardReachesTheActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.create(idea())
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)), chromedp.WaitVisible(css("#editor")))
	const focused = `(() => { const e = document.activeElement; return e.innerText?.trim() || e.getAttribute("aria-label") || e.name || e.tagName })()`
	reached := map[string]bool{}
	for range 80 {
		b.Run(chromedp.KeyEvent(kb.Tab))
		name := webtest.Eval[string](b, focused)
		if name == "Skip to the content" && reached[name] {
			break
		}
		reached[name] = true
	}
	for _, want := range []string{
		"Skip to the content", "Campaigns", "People", "Clone", "Delete", "name", "kind", "content.title", "content.text", "Bold",
		"audience", "Try", "Save", "Review and send", "Dark", "Phone",
	} {
		if !reached[want] {
			t.Errorf("the tab key does not reach %q; it reaches %q", want, slices.Sorted(maps.Keys(reached)))
		}
	}

	// A question before something final takes the focus, and gives it back.
	b.Run(chromedp.Focus(css(`button[popovertarget="delete"]`)), chromedp.KeyEvent(kb.Enter))
	b.WaitFor(`document.querySelector("#delete").matches(":popover-open") && document.activeElement.innerText === "Back"`)
	b.Run(chromedp.KeyEvent(kb.Escape))
	b.WaitFor(`document.activeElement.getAttribute("popovertarget") === "delete"`)
	b.Quiet()
}

// TestAMessageIsDrawnAsABubble, with what an author may not smuggle in.
func TestAMessageIsDrawnAsABubble(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := idea()
	c.Kind, c.Content = domain.KindMessage, domain.Content{Text: "**Hello** <img src=x onerror=alert(1)> [more](https://example.com/a)"}
	c = w.create(c)
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL + campaignPath(c.ID)))
	b.WaitFor(`document.querySelector("[data-drawing] .words strong")?.innerText === "Hello"`)
	if n := webtest.Eval[int](b, `document.querySelectorAll("[data-drawing] img").length`); n != 0 {
		t.Error("a tag of the text became an element")
	}
	if rel := webtest.Eval[string](b, `document.querySelector("[data-drawing] a").rel`); rel != "noopener noreferrer" {
		t.Errorf("the link's rel is %q", rel)
	}
	b.Quiet()
}

// TestEveryPageFits looks at every page, light and dark, wide and narrow, for what sticks
// out and what goes wrong. CRIER_SCREENSHOTS=folder keeps the pictures.
func TestEveryPageFits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	pages := w.populate()
	b := openBrowser(t)
	for _, view := range []struct {
		language, scheme string
		width            int64
	}{{"en", "light", 1280}, {"en", "light", 320}, {"en", "dark", 1280}, {"en", "dark", 320}, {"fr", "light", 320}, {"fr", "dark", 800}, {"en", "forced", 1280}} {
		b.Look(view.width, view.scheme)
		b.Speak(view.language)
		for name, path := range pages {
			b.Run(chromedp.Navigate(w.server.URL+path), chromedp.WaitVisible(css("main h1")))
			if name == "review" || name == "editor" || name == "survey" {
				b.WaitFor(`document.querySelector("[data-drawing]").children.length > 0`)
			}
			if over := webtest.Eval[string](b, sticksOut); over != "" {
				t.Errorf("%s in %s at %d: %s sticks out", name, view.language, view.width, over)
			}
			b.Shoot(fmt.Sprintf("%s-%s-%s-%d", name, view.language, view.scheme, view.width))
		}
	}
	b.Quiet()
}

// TestFaultsTakeTheFocus sends a form with faults, mends it and adds rows.
func TestFaultsTakeTheFocus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-content-text"), "Hello [NAME]"),
		chromedp.Click(css("#f-content-buttons [data-add]")),
		chromedp.SendKeys(css("#f-content-buttons-1-title"), "Second"),
		chromedp.SendKeys(css("#f-content-buttons-1-url"), "nonsense"),
		chromedp.Click(css(".save-bar button:not(.primary)")))
	b.WaitFor(`document.activeElement.matches(".message.error")`)
	b.Shoot("faults-en-light-1280")
	b.Run(chromedp.Click(css(`.message.error a[href="#f-name"]`)))
	b.WaitFor(`document.activeElement.id === "f-name" && document.querySelector("[data-dirty]").textContent === "Not saved yet"`)
	if text := webtest.Eval[string](b, `document.querySelector("#f-content-text").value`); text != "Hello [NAME]" {
		t.Errorf("the text is %q", text)
	}
	b.Run(chromedp.KeyEvent("My name" + kb.Enter))
	b.WaitFor(`document.querySelector("#f-name-fault") === null && document.querySelector("#f-content-buttons-0-url-fault") !== null`)
	b.Run(chromedp.Clear(css("#f-content-buttons-0-url")), chromedp.SendKeys(css("#f-content-buttons-0-url"), "https://example.com/"),
		chromedp.SendKeys(css("#f-email"), "nobody@example.com"+kb.Enter))
	b.WaitFor(`document.querySelector("#f-email-fault") !== null`)
	c := w.only()
	if path := webtest.Eval[string](b, "location.pathname"); path != campaignPath(c.ID) {
		t.Errorf("the address bar shows %q, so that loading again would make another draft", path)
	}
	b.Quiet()
}

// TestTheToolbarWritesMarkdown presses each of its buttons.
func TestTheToolbarWritesMarkdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")))
	for button, want := range map[string]string{
		"[data-wrap='**']": "a **word** b", "[data-wrap='_']": "a _word_ b", "[data-link]": "a [word](https://) b",
		"[data-line]": "- a word b", "[data-insert]": "a [FIRSTNAME] b",
	} {
		got := webtest.Eval[string](b, `(() => {
			const area = document.querySelector("#f-content-text");
			area.value = "a word b";
			area.focus();
			area.setSelectionRange(2, 6);
			document.querySelector("[data-toolbar] `+button+`").click();
			return area.value;
		})()`)
		if got != want {
			t.Errorf("%s writes %q, want %q", button, got, want)
		}
	}
	b.Quiet()
}

// sticksOut names the first element that is wider than the page, if any.
const sticksOut = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return "";
	const e = [...document.querySelectorAll("main *, header *")].find((e) => e.getBoundingClientRect().right > width + 1);
	return e ? e.outerHTML.slice(0, 200) : "something";
})()`

// populate fills the world with campaigns in every state, and answers the pages to look at.
func (w *world) populate() map[string]string {
	w.t.Helper()
	w.install(60, "Amélie Dupont", "Jonas Weber", "Priya Raman", "<script>alert(1)</script>", "Marguerite-Antoinette de la Tour-Maubourg")
	draft := idea()
	draft.Kind, draft.Name = domain.KindImportant, "Fire drill in the Paris office, all floors"
	draft.Content = domain.Content{
		Title: "Fire drill on Monday at 10:00", Text: "Hello [FIRSTNAME],\n\nthe bell rings on **Monday at 10:00**. Please:\n\n- leave calmly\n- take the stairs\n- meet at the fountain",
		Buttons: []domain.Button{{Title: "The meeting point", URL: "https://example.com/map"}, {Title: "Questions?", URL: "https://example.com/faq"}},
	}
	plain := draft.Delivery
	draft.Delivery = domain.Policy{
		Spread: 90 * time.Minute, MaxPerHour: 500, Presence: []domain.Presence{domain.Available},
		Hours: &domain.WorkingHours{From: "09:00", To: "18:00", TimeZone: "America/Montreal"},
	}
	draft = w.create(draft)
	asked := w.create(survey())
	someone := idea()
	someone.Audience = domain.Audience{People: []string{"person-1@example.com", "nobody@example.com"}}
	w.create(someone)

	later := w.create(idea())
	if _, err := w.campaigns.Send(context.Background(), owner, later.ID, w.clock.now().Add(26*time.Hour)); err != nil {
		w.t.Fatal(err)
	}
	sending := draft
	sending.Name, sending.Delivery = "New travel rules", plain
	sending = w.create(sending)
	w.start(sending.ID)
	waiting := w.create(sending)
	w.start(waiting.ID)
	w.campaigns.Progress = func(c domain.Campaign) domain.Progress {
		if c.ID == waiting.ID {
			return domain.Progress{Limit: 15, Waiting: domain.WaitThrottled, Until: w.clock.now().Add(30 * time.Hour)}
		}
		return domain.Progress{Rate: 27.6, Limit: 30}
	}
	w.deliver(sending.ID, 41, func(i int) domain.Outcome {
		if i%9 == 3 {
			return domain.Outcome{State: domain.Failed, Attempts: 1, Code: domain.BlockedByUser}
		}
		return w.sent(i)
	})
	done := w.finished()
	again := draft
	again.Delivery = plain
	sentTo := w.create(again)
	w.start(sentTo.ID)
	w.deliver(sentTo.ID, 60, w.sent)
	recalled := w.create(idea())
	w.start(recalled.ID)
	w.deliver(recalled.ID, 60, w.sent)
	if _, err := w.campaigns.Recall(context.Background(), owner, recalled.ID); err != nil {
		w.t.Fatal(err)
	}
	w.change(recalled.ID, 23, func(i int) domain.Outcome {
		if i == 4 {
			return domain.Outcome{State: domain.Failed, Code: domain.NotInstalled}
		}
		return w.sent(i)
	})
	return map[string]string{
		"campaigns": "/campaigns", "scheduled": "/campaigns?tab=scheduled", "sending": "/campaigns?tab=sending", "done": "/campaigns?tab=done",
		"nothing": "/campaigns?q=nothing+of+the+kind", "new": "/campaigns/new", "editor": campaignPath(draft.ID), "survey": campaignPath(asked.ID),
		"later": campaignPath(later.ID), "review": campaignPath(draft.ID) + "/review",
		"report-live": campaignPath(sending.ID) + "/report", "report-waiting": campaignPath(waiting.ID) + "/report", "report": campaignPath(done.ID) + "/report",
		"answers": campaignPath(done.ID) + "/report?tab=answers", "details": campaignPath(done.ID) + "/report?tab=details",
		"report-recall": campaignPath(recalled.ID) + "/report", "correct": campaignPath(sentTo.ID) + "/correct",
		"people": "/people", "missing": "/campaigns/999999",
	}
}

// finished is a survey that everybody has, with answers, reactions and failures.
func (w *world) finished() domain.Campaign {
	w.t.Helper()
	ctx := context.Background()
	c := w.create(survey())
	w.start(c.ID)
	rows := w.deliver(c.ID, 100, func(i int) domain.Outcome {
		if i == 7 {
			return domain.Outcome{State: domain.Failed, Attempts: 8, Code: domain.ServiceError}
		}
		// Ids of its own: reactions find their message by them.
		return domain.Outcome{State: domain.Sent, Attempts: 1, ActivityID: fmt.Sprint(5000 + i), SentAt: w.clock.now()}
	})
	for i, d := range rows {
		if i == 7 || i%5 == 4 {
			continue
		}
		if err := w.signals.React(ctx, d.Person, d.ActivityID, []string{"like", "heart"}[i%2], true, time.Time{}); err != nil {
			w.t.Fatal(err)
		}
		if i%3 != 0 {
			if _, err := w.surveys.Submit(ctx, d.Person, domain.SurveySubmission{
				Verb: domain.VerbAnswer, Ref: w.signals.Refs.Sign(d.ID), Question: "q1", Inputs: map[string]string{"q1": fmt.Sprint(1 + i%7%3)},
			}); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return c
}

// only is the one campaign there is.
func (w *world) only() domain.Campaign {
	w.t.Helper()
	list, err := w.campaigns.List(context.Background(), owner, domain.CampaignFilter{}, 0, 2)
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d campaigns, %v", len(list), err)
	}
	return list[0]
}

// openBrowser starts a browser for pages whose scripts are bundled.
func openBrowser(t *testing.T) *webtest.Browser {
	t.Helper()
	if a, err := loadAssets(); err != nil || !a.has("vendor/preview.js") {
		t.Fatalf("the console's scripts are not bundled (%v): run make assets; make test does so by itself", err)
	}
	return webtest.Open(t)
}
