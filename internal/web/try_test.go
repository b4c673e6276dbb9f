package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/internal/web/webtest"
)

func TestATrySaysWhomItWentTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(2)
	c := w.create(idea())
	path := campaignPath(c.ID)
	form := formOf(c)
	form.Set("revision", "1")
	form.Set("email", "person-0@example.com, person-1@example.com")
	answer := w.post(path, path+"/try", form)
	if answer.Status != http.StatusSeeOther || !strings.HasSuffix(answer.Location, "#send") {
		t.Fatalf("%d to %q: %.600s", answer.Status, answer.Location, answer.Body)
	}
	page := w.get(strings.TrimSuffix(answer.Location, "#send"))
	page.must(t, http.StatusOK, "Several addresses may be separated by commas.")
	said := between(page.Body, `id="try"`, "</section>")
	for _, part := range []string{`role="status"`, "On its way to person-0@example.com, person-1@example.com."} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not beside the button: %s", part, said)
		}
	}
	if strings.Contains(between(page.Body, "<main", `id="try"`), "On its way") {
		t.Error("it is said at the top of the page, too")
	}
	made := w.get(path + "?" + url.Values{"said": {"tried"}, "to": {"everybody. Call 555", "a@example.com"}}.Encode())
	made.must(t, http.StatusOK, "On its way to a@example.com.")
	if strings.Contains(made.Body, "555") {
		t.Error("the address bar can say anything")
	}
}

// A try that fails names the addresses that are wrong, each of them at the field, and that the
// draft was saved all the same.
func TestAFailedTryIsSavedAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	form := typed(url.Values{"email": {"nobody@example.com, person-0@example.com, none@example.com"}})
	page := w.post("/campaigns/new", "/campaigns/new/try", form)
	page.must(t, http.StatusUnprocessableEntity, `href="#f-email"`, `>Saved.</span>`)
	beside := between(page.Body, `id="f-email-fault"`, "</p>")
	for _, address := range []string{"nobody@example.com is not known", "\nnone@example.com is not known"} {
		if !strings.Contains(beside, address) {
			t.Errorf("%q is not beside the field: %s", address, beside)
		}
	}
	if strings.Contains(page.Body, "data-unsaved") || strings.Contains(page.Body, "#f-emails") {
		t.Error("what was saved counts as unsaved, or a link leads nowhere")
	}
	form.Set("name", "")
	w.post("/campaigns/new", "/campaigns/new/save", form).must(t, http.StatusUnprocessableEntity, "data-unsaved")
}

func TestTheOutcomeOfATryIsInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	c := w.create(idea())
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-email"), "nobody@example.com"), chromedp.Click(css("#try")), chromedp.WaitVisible(css("#f-email-fault")))
	if word := webtest.Eval[string](b, `document.querySelector("[data-dirty]").textContent`); word != "Saved." {
		t.Errorf("after a try that failed the page says %q", word)
	}
	b.Shoot("try-unknown")
	webtest.Eval[string](b, `document.querySelector("#f-email").value = ""`)
	b.Run(chromedp.SendKeys(css("#f-email"), "person-0@example.com"), chromedp.Click(css("#try")),
		chromedp.WaitVisible(css("#send [role=status]")))
	b.WaitFor(`(() => { const r = document.querySelector("#send [role=status]").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight })()`)
	b.WaitFor(`!location.search.includes("to=") && document.querySelector("[data-dirty]").textContent === ""`)
	b.Shoot("try-done")
	b.Quiet()
}
