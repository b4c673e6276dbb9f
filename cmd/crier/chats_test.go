package main

import (
	"net/http"
	"strings"
	"testing"

	"crier/internal/config"
	"crier/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

// The other side, in a real browser: somebody made up answers a survey, reacts, writes to the bot
// and blocks it, and the officer's numbers say so.
func TestTheOtherSideInABrowser(t *testing.T) {
	t.Parallel()
	page := startDemo(t, 12, "--api-token", testToken)
	s := &stage{TB: t, service: &service{cfg: config.Config{PublicURL: strings.TrimSuffix(page, "/")}}}
	b := webtest.Open(t)
	b.Speak("en")
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(page), chromedp.Click(chromedp.CSS(`.bar a[href="/simulator"]`)), chromedp.WaitVisible(chromedp.CSS(`.chat-people li`)))
	if n := webtest.Eval[int](b, `document.querySelectorAll(".chat-people li").length`); n != 12 {
		t.Errorf("%d people are listed, of 12", n)
	}
	b.Run(chromedp.Click(chromedp.CSS(`.chat-people li:nth-child(3) a`)))
	b.WaitFor(`document.querySelector("[data-messages] .drawing, [data-messages] .words") !== null`) // the welcome
	name := webtest.Eval[string](b, `document.querySelector(".conversation h2").innerText`)

	id := s.campaign(map[string]any{"name": "Lunch", "kind": "survey", "audience": map[string]any{"everyone": true},
		"content": map[string]any{"title": "Lunch", "text": "Dear [FIRSTNAME], two questions.", "thanks": "See you there!", "questions": []map[string]any{
			{"id": "come", "type": "yes_no", "text": "Do you come?"}, {"id": "why", "type": "text", "text": "What else?"},
		}}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	s.finished(id)
	b.WaitFor(`document.querySelector("[data-messages]").innerText.includes("Do you come?")`)
	b.ShootTop("simulator-light")
	b.Run(chromedp.Click(chromedp.CSS(`[data-messages] li:last-child .drawing .ac-pushButton`)))
	b.WaitFor(`document.querySelector("[data-messages] li:last-child input, [data-messages] li:last-child textarea") !== null`)
	b.Run(chromedp.SendKeys(chromedp.CSS(`[data-messages] li:last-child :is(input, textarea)`), "With a friend"))
	b.Run(chromedp.Click(chromedp.CSS(`[data-messages] li:last-child .drawing .ac-pushButton`)))
	b.WaitFor(`document.querySelector("[data-messages]").innerText.includes("See you there!")`)
	b.Run(chromedp.Click(chromedp.CSS(`[data-messages] li:last-child .reaction[title="heart"]`)))
	b.WaitFor(`document.querySelector('[data-messages] li:last-child .reaction[title="heart"]').getAttribute("aria-pressed") === "true"`)
	b.Run(chromedp.SendKeys(chromedp.CSS(`[data-say] input[name="text"]`), "hello\r"))
	b.WaitFor(`document.querySelectorAll("[data-messages] .mine").length === 1 && !document.querySelector("[data-messages] li:last-child").classList.contains("mine")`)
	b.Look(1280, "dark")
	b.ShootTop("simulator-dark")
	b.Look(320, "light")
	b.ShootTop("simulator-narrow")

	s.eventually("the answer, the reaction and that it was read are reported", func() bool {
		r := s.report(id)
		hearts, _ := r["reactions"].(map[string]any)
		return r["answered"].(float64) >= 1 && hearts["heart"] != nil && r["seen"].(float64) >= 1
	})
	answered := false
	for _, item := range s.call(http.StatusOK, "GET", "/campaigns/"+id+"/responses", nil)["items"].([]any) {
		r := item.(map[string]any)
		answered = answered || r["respondent"].(map[string]any)["name"] == name && len(r["answers"].([]any)) == 2
	}
	if !answered {
		t.Errorf("%s has not answered", name)
	}

	b.Look(1280, "light")
	b.Run(chromedp.Click(chromedp.CSS(`button[name="to"][value="block"]`)), chromedp.WaitVisible(chromedp.CSS(`button[name="to"][value="unblock"]`)))
	id = s.campaign(map[string]any{"name": "Again", "kind": "message", "content": map[string]any{"text": "Again."}, "audience": map[string]any{"everyone": true}})
	s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
	want(t, s.finished(id), map[string]int{"recipients": 12, "sent": 11, "failed": 1})
	b.Quiet()
}
