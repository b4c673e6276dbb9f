package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/store"
)

// linked is a sent campaign with two links, and the path of the first in the first's message.
func (w *world) linked() (domain.Campaign, domain.Delivery, string) {
	w.t.Helper()
	w.install(2, "Ana & Co", "Bob")
	c := w.create(idea())
	w.start(c.ID)
	rows := w.deliver(c.ID, 2, w.sent)
	if _, err := (store.Links{DB: w.db}).Number(context.Background(), c.ID, []string{"https://example.com/hello?to=[NAME]#top", "http://example.org"}); err != nil {
		w.t.Fatal(err)
	}
	return c, rows[0], w.linkPath(rows[0], 1)
}

func (w *world) linkPath(d domain.Delivery, n int) string {
	return "/r/" + string(w.clicks.Refs.AppendLink(nil, d.ID, n))
}

func (w *world) clicked(c domain.Campaign) (clicks, people int64) {
	w.t.Helper()
	r, err := w.campaigns.Report(context.Background(), owner, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if r.Counts.Clicked != r.Links[0].People || r.Counts.Seen < r.Counts.Clicked {
		w.t.Errorf("the counts do not agree: %+v, %+v", r.Counts, r.Links)
	}
	return r.Links[0].Clicks, r.Links[0].People
}

func TestALinkLeadsToItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token) // nobody is signed in
	c, _, path := w.linked()
	const to = "https://example.com/hello?to=Ana%20%26%20Co#top"
	for n := range 3 {
		got := w.get(path)
		if got.Status != http.StatusFound || got.Location != to {
			t.Fatalf("%d, %q", got.Status, got.Location)
		}
		h := got.Header
		if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Set-Cookie") != "" {
			t.Errorf("%v", h)
		}
		if clicks, people := w.clicked(c); clicks != int64(n+1) || people != 1 {
			t.Errorf("%d clicks of %d people after %d", clicks, people, n+1)
		}
	}
	if got := w.get(path + "?next=https://evil.example/&url=//evil.example"); got.Location != to {
		t.Errorf("a query leads to %q", got.Location)
	}
	if got := w.do(w.request(http.MethodPost, path, nil)); got.Status < 400 {
		t.Errorf("posting there: %d", got.Status)
	}
	if clicks, _ := w.clicked(c); clicks != 4 {
		t.Errorf("%d clicks", clicks)
	}
}

func TestProgramsAreLedAndNotCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	c, d, path := w.linked()
	ask := func(method, header, value string) {
		t.Helper()
		r := w.request(method, path, nil)
		r.Header.Set(header, value)
		if got := w.do(r); got.Status != http.StatusFound || !strings.HasPrefix(got.Location, "https://example.com/hello") {
			t.Errorf("%s %s: %d, %q", header, value, got.Status, got.Location)
		}
	}
	ask(http.MethodHead, "User-Agent", browserAgent)
	for _, agent := range []string{
		"SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", "Mozilla/5.0 (compatible; SkypeUriPreview; +https://www.skype.com)",
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slack-ImgProxy (+https://api.slack.com/robots)",
		"facebookexternalhit/1.1", "meta-externalagent/1.1", "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "Twitterbot/1.0",
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Baiduspider+",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) BingPreview/1.0b", "Microsoft Office Existence Discovery", "a URL SCANNER", "my bot", "Bot",
		"ms-office", "robots and spiders",
	} {
		ask(http.MethodGet, "User-Agent", agent)
	}
	for header, value := range map[string]string{
		"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch", "X-Purpose": "preview",
	} {
		ask(http.MethodGet, header, value)
	}
	if clicks, people := w.clicked(c); clicks+people != 0 {
		t.Errorf("%d clicks of %d people", clicks, people)
	}
	agents := []string{browserAgent, "Go-http-client/1.1", "curl/8.5.0", "Mozilla/5.0 (Linux; Android 13; CUBOT P80) Mobile Safari/537.36", "Cubot", "Abbott/1", ""}
	for _, agent := range agents {
		ask(http.MethodGet, "User-Agent", agent)
	}
	if clicks, people := w.clicked(c); clicks != int64(len(agents)) || people != 1 {
		t.Errorf("%d clicks of %d people, want %d of 1", clicks, people, len(agents))
	}
	if got := w.get(w.linkPath(d, 2)); got.Location != "http://example.org" {
		t.Errorf("the other link leads to %q", got.Location)
	}
}

const browserAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"

func TestNoLinkLeadsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	c, d, path := w.linked()
	for _, path := range []string{
		"/r/", "/r/x", path + "a", path[:len(path)-1], strings.ToUpper(path[3:]), "/r/https://evil.example/", "/r/%2F%2Fevil.example", "/r//evil.example",
		"/r/%5Cevil.example", path + "/", path + "/https://evil.example", path + "%0d%0aLocation:%20https://evil.example", w.linkPath(d, 3),
		w.linkPath(domain.Delivery{ID: 404}, 1), "/r/" + w.signals.Refs.Sign(d.ID), "/r/" + string(app.Refs{}.AppendLink(nil, d.ID, 1)),
	} {
		r := w.request(http.MethodGet, "/", nil)
		r.URL.Opaque = path // as it stands
		r.Header.Set("X-Forwarded-Host", "evil.example")
		got := w.do(r)
		if strings.Contains(got.Location, "example.com") || strings.Contains(strings.TrimPrefix(got.Location, w.server.URL), "//") ||
			got.Status == http.StatusFound || got.Status >= 500 {
			t.Errorf("%s: %d, to %q", path, got.Status, got.Location)
		}
	}
	got := w.get("/r/abc")
	got.must(t, http.StatusNotFound, "This link leads nowhere")
	if got.Header.Get("X-Robots-Tag") != "noindex" {
		t.Error("the page may be indexed")
	}
	r := w.request(http.MethodGet, "/r/abc", nil)
	r.Header.Set("Accept-Language", "fr")
	w.do(r).must(t, http.StatusNotFound, "Ce lien ne mène nulle part")
	if clicks, _ := w.clicked(c); clicks != 0 {
		t.Errorf("%d clicks", clicks)
	}
}

// Without the database nobody knows where a link leads; that is said so.
func TestALinkWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	_, _, path := w.linked()
	w.db.Close()
	got := w.get(path)
	got.must(t, http.StatusServiceUnavailable, "Try again in a few seconds.")
	if got.Header.Get("Retry-After") == "" || strings.Contains(got.Body, "sql") || !strings.Contains(w.log.String(), "looked up") {
		t.Errorf("%v; %s", got.Header, w.log)
	}
}

func TestTheReportShowsLinksAndWhatCanBeSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	c, d, path := w.linked()
	w.signIn()
	page := campaignPath(c.ID) + "/report"
	w.get(page).must(t, http.StatusOK, "https://example.com/hello?to=[NAME]#top", "http://example.org", "No read receipts have come so far.", "<dd>–</dd>")
	w.get(path)
	got := w.get(page)
	got.must(t, http.StatusOK, "No read receipts have come so far.", `<td role="cell" data-label="Clicks">1</td><td role="cell" data-label="People">1</td>`)
	if strings.Contains(got.Body, "<dd>–</dd>") {
		t.Error("one was seen, and the page says that nobody knows")
	}
	w.clock.forward(time.Second)
	if err := w.signals.Read(context.Background(), d.Person, d.ActivityID); err != nil {
		t.Fatal(err)
	}
	if got := w.get(page); strings.Contains(got.Body, "receipts") {
		t.Error("receipts come, and the page says they don't")
	}
}
