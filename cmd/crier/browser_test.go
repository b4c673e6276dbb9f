package main

import (
	"testing"

	"crier/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

// The story of the README, in a real browser: an important message to the 250 people of the
// demo, and the report that fills.
func TestTheStoryInABrowser(t *testing.T) {
	t.Parallel()
	page := startDemo(t, 250, "--latency", "20ms")
	b := webtest.Open(t)
	b.Speak("en")
	b.Look(1280, "light")
	b.Run(
		chromedp.Navigate(page),
		chromedp.Click(chromedp.CSS(`a[href="/campaigns/new"]`)),
		chromedp.WaitVisible(chromedp.CSS(`#editor`)),
		chromedp.Click(chromedp.CSS(`input[name="kind"][value="important"]`)),
		chromedp.SendKeys(chromedp.CSS(`input[name="name"]`), "Fire drill"),
		chromedp.SendKeys(chromedp.CSS(`input[name="content.title"]`), "Fire drill on Monday at 10:00"),
		chromedp.SendKeys(chromedp.CSS(`textarea[name="content.text"]`), "Hello [FIRSTNAME],\n\nthe bell rings on **Monday at 10:00**. Take the stairs, please."),
		chromedp.Click(chromedp.CSS(`input[name="audience"][value="everyone"]`)),
	)
	b.WaitFor(`document.querySelector("[data-preview]").innerText.includes("Hello Megan")`)
	b.WaitFor(`document.querySelector("#audience-size").innerText.includes("250")`)
	b.ShootTop("editor-light")
	b.Run(chromedp.Click(chromedp.CSS(`button[formaction$="/review"]`)))
	b.WaitFor(`!!document.querySelector('input[name="number"]')`)
	b.Run(
		chromedp.SendKeys(chromedp.CSS(`input[name="number"]`), "250"),
		chromedp.Click(chromedp.CSS(`.send-form button.primary`)),
	)
	b.WaitFor(`location.pathname.endsWith("/report") && document.querySelector(".tiles") !== null`)
	b.WaitFor(`(n => n > 60 && n < 240)(parseInt(document.querySelectorAll(".tiles dd")[1].innerText))`)
	b.ShootTop("report-light")
	b.Look(1280, "dark")
	b.ShootTop("report-dark")
	b.WaitFor(`document.querySelectorAll(".tiles dd")[1].innerText.trim() === "250"`)
	b.WaitFor(`document.body.innerText.includes("Done")`)
	b.Look(320, "light")
	b.ShootTop("report-narrow")
	b.Quiet()
}
