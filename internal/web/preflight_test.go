package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/cards"
	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
	"crier/internal/web/webtest"
)

// preflight looks over drafts with the real drawing; the sites behind links are made up, by
// what their addresses hold.
func (w *world) preflight() *app.Preflight {
	return &app.Preflight{
		Campaigns: w.campaigns, Facts: store.Campaigns{DB: w.db}, Limit: cards.MaxSize,
		Size: func(c domain.Campaign, people []domain.Person) (int, error) {
			size := 0
			for _, p := range people {
				activity, err := draw(c, p)
				if err != nil {
					return 0, err
				}
				size = max(size, cards.Size(activity))
			}
			return size, nil
		},
		Notes: func(c domain.Campaign) []domain.FieldError {
			var all []domain.FieldError
			for _, n := range cards.Notes(c) {
				all = append(all, domain.FieldError{Field: n.Field, Message: n.Message})
			}
			return all
		},
		Links: func(c domain.Campaign) []string {
			var all []string
			for _, b := range c.Content.Buttons {
				all = append(all, b.URL)
			}
			return all
		},
		Check: madeUpSites,
	}
}

func madeUpSites(_ context.Context, addresses []string) []domain.LinkCheck {
	var all []domain.LinkCheck
	for _, a := range addresses {
		check := domain.LinkCheck{URL: a, Status: domain.LinkOK, Code: 200}
		switch {
		case strings.Contains(a, "faq"):
			check = domain.LinkCheck{URL: a, Status: domain.LinkRefused, Code: 404, Message: domain.Say("The site has no such page (%d).", 404)}
		case strings.Contains(a, "intranet"):
			check = domain.LinkCheck{URL: a, Status: domain.LinkNotChecked, Message: domain.Say("It leads into a private network, where it can’t be checked from here.")}
		case strings.Contains(a, "gone"):
			check = domain.LinkCheck{URL: a, Status: domain.LinkUnreachable, Message: domain.Say("There is no site of this name.")}
		}
		all = append(all, check)
	}
	return all
}

// doubtful is a draft in which there is something of everything to look at.
func doubtful() domain.Campaign {
	c := idea()
	c.Content = domain.Content{
		Title: "Hello [NAME]", Text: "Dear [FIRSTNAME|colleague] [LASTNAME], come.",
		Buttons: []domain.Button{
			{Title: "Map", URL: "https://example.com/map"}, {Title: "Questions", URL: "https://example.com/faq?who=[EMAIL]"},
			{Title: "Inside", URL: "https://intranet.example.com/a/very/long/path/that/does/not/fit/on/one/line/of/a/phone.html"}, {Title: "Gone", URL: "https://gone.example/"},
		},
	}
	c.Audience = domain.Audience{People: []string{"person-0@example.com", "person-1@example.com", "person-2@example.com", "nobody@example.com"}}
	return c
}

func TestADraftIsLookedOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3, "Ana", "Benedict") // one has no last name
	if err := w.people.Leave(context.Background(), domain.Teams, "29:2"); err != nil {
		t.Fatal(err)
	}
	c := w.create(doubtful())
	w.get(campaignPath(c.ID)+"/review").must(t, http.StatusOK, `hx-get="`+campaignPath(c.ID)+`/preflight"`, "Looking it over…")
	look := w.get(campaignPath(c.ID) + "/preflight")
	look.must(t, http.StatusOK, "Look at what is marked first.", "Will get it: 2 people", "Will not get it: 1 person. They removed the app.",
		"Will not get it: 1 person. Nobody with these addresses", "of 90 KB", "[FIRSTNAME]</code> –\n        known of everybody.",
		"[LASTNAME]</code> –\n        not known of 2 people, who read nothing in its place.", "as in [LASTNAME|…]",
		"https://example.com/map", "It answers.", "no such page (404)", "Not checked. It leads into a private network", "There is no site of this name.")
	if strings.Contains(look.Body, "<html") {
		t.Error("the part is a whole page")
	}
	french := w.request(http.MethodGet, campaignPath(c.ID)+"/preflight", nil)
	french.Header.Set("Accept-Language", "fr")
	w.do(french).must(t, http.StatusOK, "Avant l’envoi", "Le recevront : 2 personnes", "Le site n’a pas cette page (404).")

	plain := idea()
	plain.Content.Text = "Come along."
	plain.Audience = domain.Audience{People: []string{"person-0@example.com"}}
	well := w.get(campaignPath(w.create(plain).ID) + "/preflight")
	well.must(t, http.StatusOK, "All is well.")
	if strings.Contains(well.Body, "Personal tags") || strings.Contains(well.Body, "<dt>Links") {
		t.Error("it tells of tags and links that there are not")
	}
}

func TestALookThatFindsFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	c := idea()
	c.Content.Text = ""
	id := w.create(c).ID
	w.get(campaignPath(id)+"/preflight").must(t, http.StatusOK, "It can’t be sent like this.", "Write the text.", "Nobody has installed the app yet.", "Nobody gets it.")
	w.install(1)
	id = w.create(idea()).ID
	w.start(id)
	w.get(campaignPath(id)+"/preflight").must(t, http.StatusOK, "This campaign has started already.")
	w.get("/campaigns/999/preflight").must(t, http.StatusNotFound)
}

func TestALookThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	look := w.preflight()
	look.Size = func(domain.Campaign, []domain.Person) (int, error) { return 0, errors.New("out of ink") }
	o := w.options(Open, w.server.URL)
	o.Preflight = look
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = h
	w.get(campaignPath(w.create(idea()).ID)+"/preflight").must(t, http.StatusOK, "It can’t be looked over just now.")
	if !strings.Contains(w.log.String(), "out of ink") {
		t.Errorf("logged %q", w.log)
	}
}

// TestTheReviewDoesNotWaitForSites shows the page while a site still hangs, and then what
// came of it. CRIER_SCREENSHOTS=folder keeps pictures.
func TestTheReviewDoesNotWaitForSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(3, "Ana", "Benedict")
	if err := w.people.Leave(context.Background(), domain.Teams, "29:2"); err != nil {
		t.Fatal(err)
	}
	look, answer := w.preflight(), make(chan struct{})
	look.Check = func(ctx context.Context, addresses []string) []domain.LinkCheck {
		select {
		case <-answer:
		case <-ctx.Done():
		}
		return madeUpSites(ctx, addresses)
	}
	o := w.options(Open, w.server.URL)
	o.Preflight = look
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = h
	c := w.create(doubtful())
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/review"), chromedp.WaitVisible(css("main h1")))
	if busy := webtest.Eval[bool](b, `document.querySelector("#preflight").ariaBusy === "true"`); !busy {
		t.Error("the look is there before the sites answered")
	}
	b.Shoot("preflight-waiting")
	close(answer)
	b.WaitFor(`document.querySelectorAll("#preflight .check").length > 8`)
	for _, view := range []struct {
		language, scheme string
		width            int64
	}{{"en", "light", 1280}, {"en", "dark", 320}, {"fr", "light", 320}, {"fr", "dark", 1280}, {"en", "forced", 800}} {
		b.Look(view.width, view.scheme)
		b.Speak(view.language)
		b.Run(chromedp.Navigate(w.server.URL + campaignPath(c.ID) + "/review"))
		b.WaitFor(`document.querySelectorAll("#preflight .check").length > 8`)
		if over := webtest.Eval[string](b, sticksOut); over != "" {
			t.Errorf("in %s at %d: %s sticks out", view.language, view.width, over)
		}
		b.Shoot(fmt.Sprintf("preflight-%s-%s-%d", view.language, view.scheme, view.width))
	}
	b.Quiet()
}
