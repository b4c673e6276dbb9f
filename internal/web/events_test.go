package web

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"crier/internal/app"
	"crier/internal/domain"
)

// news reads a stream of the console.
type news struct {
	*testing.T
	answer *http.Response
	lines  *bufio.Scanner
}

func (w *world) follow(path, language string) news {
	w.t.Helper()
	r := w.request(http.MethodGet, path, nil).WithContext(w.t.Context())
	r.Header.Set("Accept-Language", language)
	answer, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { answer.Body.Close() })
	return news{w.t, answer, bufio.NewScanner(answer.Body)}
}

// next is the next event and its data; "" when there are no more.
func (n news) next() (name, data string) {
	n.Helper()
	for n.lines.Scan() {
		line := n.lines.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			name = strings.TrimPrefix(line, "event: ")
		case strings.HasPrefix(line, "data: "):
			data += strings.TrimPrefix(line, "data: ") + "\n"
		case line == "" && name != "":
			return name, data
		}
	}
	return "", ""
}

// until reads events until one holds the words.
func (n news) until(words string) string {
	n.Helper()
	for {
		name, data := n.next()
		if name == "" {
			n.Fatalf("%q does not come", words)
		}
		if strings.Contains(data, words) {
			return data
		}
	}
}

func TestTheReportIsStreamedToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(2)
	c := w.create(idea())
	path := campaignPath(c.ID)
	w.start(c.ID)
	n := w.follow(path+"/events?status=scheduled", "fr")
	if kind := n.answer.Header.Get("Content-Type"); n.answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("%d, %q", n.answer.StatusCode, kind)
	}
	if first := n.until("0 sur 2"); !strings.Contains(first, "hx-swap-oob") || !strings.Contains(first, "Mettre en pause") {
		t.Errorf("the head of a campaign that began does not come along:\n%s", first)
	}
	w.deliver(c.ID, 1, w.sent)
	if half := n.until("1 sur 2"); strings.Contains(half, "hx-swap-oob") {
		t.Error("nothing moved, but the head comes too")
	}
	w.deliver(c.ID, 1, func(int) domain.Outcome {
		return domain.Outcome{State: domain.Failed, Attempts: 1, Code: domain.BlockedByUser}
	})
	if last := n.until("Terminée, avec erreurs"); strings.Contains(last, "data-events") || strings.Contains(last, "hx-get") {
		t.Errorf("the last part still asks for news:\n%s", last)
	}
	if name, _ := n.next(); name != "end" {
		t.Errorf("%q instead of the end", name)
	}
	if name, _ := n.next(); name != "" {
		t.Errorf("%q after the end", name)
	}
}

func TestWhoMayFollowAReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	draft := w.create(idea())
	path := campaignPath(draft.ID) + "/events"
	if n := w.follow(path, "en"); n.answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", n.answer.StatusCode)
	}
	w.signIn()
	if n := w.follow("/campaigns/99/events", "en"); n.answer.StatusCode != http.StatusNotFound {
		t.Errorf("of no campaign: %d", n.answer.StatusCode)
	}
	n := w.follow(path, "en")
	if name, _ := n.next(); name != "report" {
		t.Fatalf("%q instead of a report", name)
	}
	// The stream ends with the session, at the next change.
	w.clock.forward(sessionLife)
	draft.Name = "Another name"
	if _, err := w.campaigns.Save(context.Background(), owner, draft); err != nil {
		t.Fatal(err)
	}
	if name, _ := n.next(); name != "" {
		t.Errorf("%q after the session", name)
	}
	w.campaigns.StopWatching()
	w.signIn()
	if n := w.follow(path, "en"); n.answer.StatusCode != http.StatusServiceUnavailable || n.answer.Header.Get("Retry-After") == "" {
		t.Errorf("where there is no room: %d", n.answer.StatusCode)
	}
}

// shaky is a database that may stop answering.
type shaky struct {
	app.CountStore
	gone atomic.Bool
}

func (s *shaky) Glance(ctx context.Context, id int64) (domain.Glance, error) {
	if s.gone.Load() {
		return domain.Glance{}, errors.New("the database is gone")
	}
	return s.CountStore.Glance(ctx, id)
}

func TestAPageSaysThatTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	db := &shaky{CountStore: w.campaigns.Count}
	w.campaigns.Count = db
	c := w.create(idea())
	w.start(c.ID)
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/report"), chromedp.WaitVisible(css("#live progress")))
	db.gone.Store(true)
	b.WaitFor(`document.querySelector("#live .stuck")?.innerText.includes("The database does not answer.")`)
	db.gone.Store(false)
	b.WaitFor(`document.querySelector("#live .stuck") === null`)
	w.deliver(c.ID, 1, w.sent)
	b.WaitFor(`document.querySelector("#people-rows").innerText.includes("Delivered") && document.querySelector("#live[data-events]") === null`)
}

// A page asks again and again where there is no stream to be had.
func TestAPageWithoutAStreamAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(2)
	c := w.create(idea())
	w.start(c.ID)
	w.campaigns.StopWatching()
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/report"), chromedp.WaitVisible(css("#live progress")))
	w.deliver(c.ID, 1, w.sent)
	b.WaitFor(`document.querySelector("#live").innerText.includes("1 of 2") && document.querySelector("#people-rows").innerText.includes("Delivered")`)
	w.deliver(c.ID, 1, w.sent)
	b.WaitFor(`document.querySelector("#report-head").innerText.includes("Done") && document.querySelector("#live[data-events]") === null`)
}

// TestTheWaitIsSaidInThePage, with its time in the reader's zone.
func TestTheWaitIsSaidInThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	opens := w.clock.now().Add(50 * time.Hour)
	w.campaigns.Progress = func(domain.Campaign) domain.Progress {
		return domain.Progress{Waiting: domain.WaitHours, Until: opens}
	}
	c := w.create(idea())
	w.start(c.ID)
	page := w.get(campaignPath(c.ID) + "/report")
	page.must(t, http.StatusOK, "Waiting for working hours.", "It goes on:", opens.Format(time.RFC3339))
	w.in("fr", campaignPath(c.ID)+"/report").must(t, http.StatusOK, "En attente des heures de travail.", "Reprise")
	b := openBrowser(t)
	b.Run(chromedp.Navigate(w.server.URL+campaignPath(c.ID)+"/report"), chromedp.WaitVisible(css("#live .waiting")))
	b.WaitFor(`/It goes on: (Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(document.querySelector("#live .waiting").innerText)`)
	b.Quiet()
}
