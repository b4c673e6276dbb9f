package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/store/storetest"
)

// typed is a filled-in editor.
func typed(changes url.Values) url.Values {
	v := url.Values{
		"name": {"Lunch walk"}, "kind": {"idea"}, "content.title": {"Walk"}, "content.text": {"Come\r\nalong"},
		"audience": {"everyone"}, "delivery.spread": {"0s"}, "delivery.on_uncertain": {"resend"}, "revision": {"0"},
	}
	for k, values := range changes {
		v[k] = values
	}
	return v
}

func TestADraftIsWrittenAndSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/save", typed(nil))
	c := w.only()
	if answer.Status != http.StatusSeeOther || answer.Location != campaignPath(c.ID)+"?said=saved" {
		t.Fatalf("%d to %q", answer.Status, answer.Location)
	}
	if c.Content.Text != "Come\nalong" || !c.Audience.Everyone || c.CreatedBy != "Local owner" {
		t.Errorf("saved as %+v", c)
	}
	w.get(answer.Location).must(t, http.StatusOK, "Saved.", "Lunch walk", "Come\nalong</textarea>")
}

func TestFaultsStandBesideTheirFieldsAndNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/save", typed(url.Values{
		"name": {""}, "content.title": {"Hello [COLOUR]"}, "content.buttons[2].title": {"Go"}, "content.buttons[2].url": {"ftp://x"},
		"audience": {"people"}, "audience.people": {"a@example.com\nnobody"},
	}))
	answer.must(t, http.StatusUnprocessableEntity,
		`id="f-name-fault"`, "Give the campaign a name.", `id="f-content-title-fault"`, "[COLOUR] is no personal tag",
		`id="f-content-buttons-0-url-fault"`, `value="ftp://x"`, `id="f-audience-people-fault"`, "a@example.com\nnobody</textarea>",
		`href="#f-content-title"`, `role="alert"`)
	if list, err := w.campaigns.List(context.Background(), owner, domain.CampaignFilter{}, 0, 5); err != nil || len(list) != 0 {
		t.Errorf("saved all the same: %v, %v", list, err)
	}
}

func TestTheSecondOfTwoWritersIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := w.create(idea())
	theirs := c
	theirs.Content.Title = "Their title"
	if _, err := w.campaigns.Save(context.Background(), owner, theirs); err != nil {
		t.Fatal(err)
	}
	mine := formOf(c)
	mine.Set("content.title", "My title")
	mine.Set("revision", "1")
	answer := w.post(campaignPath(c.ID), campaignPath(c.ID)+"/save", mine)
	answer.must(t, http.StatusConflict, "Somebody else changed this campaign while you were writing.", "These differ: Title.", `value="My title"`, `name="revision" value="2"`)
	if now := w.only(); now.Content.Title != "Their title" {
		t.Fatalf("theirs was overwritten by %q", now.Content.Title)
	}
	mine.Set("revision", "2") // as the page now has it: a choice
	if answer := w.post(campaignPath(c.ID), campaignPath(c.ID)+"/save", mine); answer.Status != http.StatusSeeOther {
		t.Fatalf("the second save: %d", answer.Status)
	}
	if now := w.only(); now.Content.Title != "My title" {
		t.Errorf("the title is %q", now.Content.Title)
	}
}

func TestWhatStartedMeanwhileKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	c := w.create(idea())
	mine := formOf(c)
	mine.Set("content.title", "Too late")
	mine.Set("revision", "1")
	page := w.get(campaignPath(c.ID))
	w.start(c.ID)
	mine.Set("token", tokenField.FindStringSubmatch(page.Body)[1])
	answer := w.do(w.request(http.MethodPost, campaignPath(c.ID)+"/save", mine))
	answer.must(t, http.StatusConflict, "A campaign that has started can&#39;t be changed any more", `value="Too late"`)
}

func TestATrySavesFirstAndNamesWhoIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	answer := w.post("/campaigns/new", "/campaigns/new/try", typed(url.Values{"email": {"nobody@example.com"}}))
	c := w.only()
	answer.must(t, http.StatusUnprocessableEntity, `id="f-email-fault"`, "nobody@example.com is not known here", `data-location="`+campaignPath(c.ID)+`"`, `value="nobody@example.com"`)
	form := typed(url.Values{"email": {"person-0@example.com"}, "revision": {"1"}})
	if answer = w.post(campaignPath(c.ID), campaignPath(c.ID)+"/try", form); answer.Status != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", answer.Status, answer.Body)
	}
	worker, err := storetest.NewWorker(context.Background(), w.db)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := worker.ClaimTrials(context.Background(), w.clock.now(), 5)
	if err != nil || len(rows) != 1 || rows[0].CampaignID != c.ID {
		t.Errorf("the test sends are %v, %v", rows, err)
	}
	if now := w.only(); now.Revision != 1 {
		t.Errorf("a form that changed nothing was saved: revision %d", now.Revision)
	}
}

func TestSendingToEveryoneAsksForTheirNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3)
	if answer := w.post("/campaigns/new", "/campaigns/new/review", typed(nil)); !strings.HasSuffix(answer.Location, "/review") {
		t.Fatalf("%d to %q", answer.Status, answer.Location)
	}
	c := w.only()
	review, send := campaignPath(c.ID)+"/review", campaignPath(c.ID)+"/send"
	w.get(review).must(t, http.StatusOK, "type the number of people: 3", "3 people", "1 second")
	form := url.Values{"start": {"now"}, "revision": {"1"}, "shown": {"3"}, "number": {"2"}}
	w.post(review, send, form).must(t, http.StatusUnprocessableEntity, "This is not the number of people who will get it.", `value="2"`)
	form.Set("number", "3")
	form.Set("revision", "9")
	w.post(review, send, form).must(t, http.StatusConflict, "was changed since you looked at it")
	if w.only().Status != domain.Draft {
		t.Fatal("sent all the same")
	}
	form.Set("revision", "1")
	if answer := w.post(review, send, form); answer.Location != campaignPath(c.ID)+"/report?said=sent" {
		t.Fatalf("%d to %q: %.500s", answer.Status, answer.Location, answer.Body)
	}
	if now := w.only(); now.Status != domain.Scheduled || now.Delivery.StartAt.After(w.clock.now()) {
		t.Errorf("it is %s, starts %v", now.Status, now.Delivery.StartAt)
	}
}

func TestADraftThatLacksSomethingIsNotReviewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.post("/campaigns/new", "/campaigns/new/review", typed(url.Values{"content.text": {""}, "audience": {"people"}}))
	answer.must(t, http.StatusUnprocessableEntity, `id="f-content-text-fault"`, "Write the text.", "Choose who gets it")
	c := w.only()
	w.get(campaignPath(c.ID)+"/review").must(t, http.StatusUnprocessableEntity, "Write the text.")
}

func TestACampaignIsScheduledAndTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	c := idea()
	c.Audience = domain.Audience{People: []string{"person-0@example.com"}}
	c = w.create(c)
	review, send := campaignPath(c.ID)+"/review", campaignPath(c.ID)+"/send"
	form := url.Values{"start": {"later"}, "revision": {"1"}, "at": {""}}
	w.post(review, send, form).must(t, http.StatusUnprocessableEntity, "Choose the day and the hour.", `id="f-at-fault"`)
	form.Set("at_utc", w.clock.now().Add(200*time.Hour).Format(time.RFC3339))
	w.post(review, send, form).must(t, http.StatusUnprocessableEntity, "ahead", `id="f-at-fault"`)
	at := w.clock.now().Add(20 * time.Hour).Truncate(time.Second)
	form.Set("at_utc", at.Format(time.RFC3339))
	if answer := w.post(review, send, form); answer.Location != campaignPath(c.ID)+"?said=scheduled" {
		t.Fatalf("%d to %q: %.500s", answer.Status, answer.Location, answer.Body)
	}
	w.get("/campaigns?tab=scheduled").must(t, http.StatusOK, "Lunch walk", at.Format(time.RFC3339))
	w.get(campaignPath(c.ID)).must(t, http.StatusOK, "Scheduled for", "Save as a draft")

	unchanged := formOf(w.only())
	unchanged.Set("revision", "1")
	if answer := w.post(campaignPath(c.ID), campaignPath(c.ID)+"/review", unchanged); !strings.HasSuffix(answer.Location, "/review") {
		t.Fatalf("%d to %q", answer.Status, answer.Location)
	}
	if now := w.only(); now.Status != domain.Draft {
		t.Errorf("it is %s", now.Status)
	}
}

func TestTheButtonsOfACampaignUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3)
	c := w.create(idea())
	path := campaignPath(c.ID)
	w.start(c.ID)
	if answer := w.get(path); answer.Location != path+"/report" {
		t.Errorf("the campaign's page leads to %q", answer.Location)
	}
	w.deliver(c.ID, 1, func(int) domain.Outcome {
		return domain.Outcome{State: domain.Failed, Attempts: 1, Code: domain.BlockedByUser}
	})
	press := func(button string, want domain.Status) {
		t.Helper()
		if answer := w.post(path+"/report", path+"/"+button, nil); answer.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %.500s", button, answer.Status, answer.Body)
		}
		if now := w.only(); now.Status != want {
			t.Errorf("after %s it is %s", button, now.Status)
		}
	}
	press("pause", domain.Paused)
	w.get(path+"/report?said=pause").must(t, http.StatusOK, "Resume", "Paused. What was already in flight still arrives.")
	w.post(path+"/report", path+"/pause", nil).must(t, http.StatusConflict, "The campaign is paused; this needs one that is sending.")
	press("resume", domain.Sending)
	press("retry", domain.Sending)
	press("cancel", domain.Cancelled)
	report := w.get(path + "/report")
	report.must(t, http.StatusOK, "Cancelled", "Withdrawn")
	if strings.Contains(report.Body, "Resume") || strings.Contains(report.Body, "hx-get") {
		t.Error("a cancelled campaign still offers to go on, or asks for news")
	}

	answer := w.post(path+"/report", path+"/clone", nil)
	w.get(answer.Location).must(t, http.StatusOK, "Lunch walk (copy)", "This is the copy.")
	if answer = w.post(path+"/report", path+"/delete", nil); answer.Location != "/campaigns?said=deleted&tab=done" {
		t.Errorf("deleting leads to %q", answer.Location)
	}
	w.get(path).must(t, http.StatusNotFound, "There is no such campaign.")
}

func TestTheReportIsLiveUntilItIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(30, "Ada", "<script>alert(1)</script>")
	c := w.create(idea())
	path := campaignPath(c.ID)
	w.start(c.ID)
	w.deliver(c.ID, 2, func(int) domain.Outcome {
		return domain.Outcome{State: domain.Failed, Attempts: 1, Code: domain.BlockedByUser}
	})
	page := w.get(path + "/report")
	page.must(t, http.StatusOK, `data-events="`+path+`/events?status=sending"`, `hx-get="`+path+`/live?status=sending"`, "2 of 30", "Ada", "Has blocked the bot.", "&lt;script&gt;", "Next page")
	if strings.Contains(page.Body, "<script>alert") {
		t.Error("a name became a script")
	}
	w.get(path+"/report?state=failed&q=ada").must(t, http.StatusOK, "person-0@example.com", `value="ada"`)
	w.get(path+"/report?q=zzz").must(t, http.StatusOK, "Nobody here matches.")
	w.get(path+"/rows?state=pending").must(t, http.StatusOK, "To come", "Next page")

	live := w.get(path + "/live?status=sending")
	live.must(t, http.StatusOK, `id="live"`, "hx-trigger")
	if strings.Contains(live.Body, "hx-swap-oob") || strings.Contains(live.Body, "<html") {
		t.Error("nothing moved, but the head comes too")
	}
	w.deliver(c.ID, 50, w.sent)
	live = w.get(path + "/live?status=sending")
	live.must(t, http.StatusOK, "hx-swap-oob", "Retry the failed", "28")
	if strings.Contains(live.Body, "hx-trigger") {
		t.Error("a report that is done still asks for news")
	}
}

func TestAPausedCampaignSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	c := w.create(idea())
	w.start(c.ID)
	notice := domain.PauseNotice(domain.Unauthorized)
	if err := (store.Campaigns{DB: w.db}).Move(context.Background(), c.ID, domain.Paused, notice, w.clock.now(), domain.Sending); err != nil {
		t.Fatal(err)
	}
	w.get(campaignPath(c.ID)+"/report").must(t, http.StatusOK, strings.ReplaceAll(notice, "'", "&#39;"))
	w.get("/campaigns?tab=sending").must(t, http.StatusOK, "Paused", "0 of 1")
}

func TestAnswersAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(60)
	c := w.finished()
	w.get(campaignPath(c.ID)+"/report?tab=answers").must(t, http.StatusOK, "How do you like the new menu?", "It is fine", "31 people answered this question.", `<svg class="pie"`, `<span class="swatch slice-0"></span>A lot</th>`)
}

func TestTheAudienceIsCountedWhileItIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(2)
	answer := w.post("/campaigns/new", "/audience", typed(url.Values{"audience": {"people"}, "audience.people": {"person-0@example.com\nnobody@example.com"}}))
	answer.must(t, http.StatusOK, "2 people", "1 with the app", "will not get it: 1")
	w.post("/campaigns/new", "/audience", typed(url.Values{"audience": {"people"}})).must(t, http.StatusOK, "Nobody is chosen yet.")
}

func TestThePreviewIsTheVeryActivity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1, "Ada Lovelace")
	form := typed(url.Values{"content.text": {"Hello [FIRSTNAME]"}, "as": {"person-0@example.com"}, "audience.people": {"half an addr"}, "name": {""}})
	w.post("/campaigns/new", "/preview", form).must(t, http.StatusOK, `"activity"`, "Hello Ada", "AdaptiveCard")
	form.Set("as", "nobody@example.com")
	w.post("/campaigns/new", "/preview", form).must(t, http.StatusUnprocessableEntity, "nobody@example.com is not known here")
	form.Set("content.text", "")
	w.post("/campaigns/new", "/preview", form).must(t, http.StatusUnprocessableEntity, "Write the text.")
}

func TestListsHavePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(pageSize + 2)
	for range pageSize + 1 {
		w.create(idea())
	}
	first := w.get("/campaigns")
	first.must(t, http.StatusOK, "Older campaigns")
	if n := strings.Count(first.Body, `class="name"`); n != pageSize {
		t.Errorf("%d campaigns on a page", n)
	}
	w.get("/campaigns?before=2").must(t, http.StatusOK, `href="/campaigns/1"`)
	w.get("/campaigns?q=nothing").must(t, http.StatusOK, "Nothing found")
	w.get("/people").must(t, http.StatusOK, "Next page", `data-locale="fr-FR"`, "Erase the data of Person 20")
	w.get("/people?has=no").must(t, http.StatusOK, "Nobody found")
	if answer := w.post("/people", "/people/1/erase", nil); answer.Status != http.StatusSeeOther {
		t.Fatalf("erasing: %d", answer.Status)
	}
	w.get("/people?q=person-0@").must(t, http.StatusOK, "Nobody found")
}

// TestRolesSeeTheirButtons gives each role its own session.
func TestRolesSeeTheirButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	draft := w.create(idea())
	going := w.create(idea())
	w.start(going.ID)
	home, _ := url.Parse(w.server.URL)
	as := func(role domain.Role) {
		s := sessions{secret: w.options(Open, w.server.URL).Secret, now: w.clock.now}
		w.client.Jar.SetCookies(home, []*http.Cookie{cookieOf(s, s.begin(domain.Actor{ID: "x", Name: "X", Role: role}))})
	}
	as(domain.Analyst)
	report := w.get(campaignPath(going.ID) + "/report")
	report.must(t, http.StatusOK)
	if strings.Contains(report.Body, "/pause") || strings.Contains(report.Body, "/clone") {
		t.Error("an analyst is offered to change a campaign")
	}
	w.get("/campaigns/new").must(t, http.StatusForbidden, "Your role does not allow this.")
	if answer := w.get(campaignPath(draft.ID)); answer.Location != campaignPath(draft.ID)+"/report" {
		t.Errorf("an analyst is led to %q", answer.Location)
	}
	as(domain.Author)
	w.get(campaignPath(draft.ID)+"/review").must(t, http.StatusOK, "Your role does not allow sending.")
	form := url.Values{"start": {"now"}, "revision": {"1"}, "shown": {"1"}, "number": {"1"}}
	w.post("/campaigns/new", campaignPath(draft.ID)+"/send", form).must(t, http.StatusForbidden, "Your role does not allow this.")
	if c, err := w.campaigns.Get(context.Background(), owner, draft.ID); err != nil || c.Status != domain.Draft {
		t.Errorf("an author sent it: %s, %v", c.Status, err)
	}
	as(domain.NoRole)
	w.get("/campaigns").must(t, http.StatusForbidden, "Only communications officers can do this.")
}
