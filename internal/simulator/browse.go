package simulator

import (
	"cmp"
	"context"
	"io"
	"net/http"
)

// browsers are what people open links with.
var browsers = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
	"Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
}

// glance is how a program looks at a link.
type glance struct{ method, agent, header, value string }

var glances = []glance{
	{method: http.MethodGet, agent: "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"},
	{method: http.MethodGet, agent: "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
	{method: http.MethodGet, agent: "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
	{method: http.MethodGet, agent: browsers[0], header: "Sec-Purpose", value: "prefetch;prerender"},
	{method: http.MethodGet, agent: browsers[3], header: "X-Moz", value: "prefetch"},
}

// scan has two programs look at each link of the bot's site in a message: one asks for its head,
// one for all of it.
func (s *Simulator) scan(ctx context.Context, person int, message int64) {
	received, found := s.mail.one(person, message)
	if !found {
		return
	}
	_, site := s.bot()
	for n, link := range look(received).ownLinks(site) {
		whole := glances[pick(chance(s.opt.Seed, drawScanner, uint64(person), uint64(n)), len(glances))]
		for _, g := range []glance{{method: http.MethodHead, agent: browsers[0]}, whole} {
			s.tally.add(func(st *Stats) { st.Scanned++ })
			_, _ = s.follow(ctx, link.address, g) // what comes of it is nobody's business
		}
	}
}

// open follows a link of the bot's site, as a browser would for the first step.
func (s *Simulator) open(ctx context.Context, v visit, link cardLink) {
	agent := browsers[pick(s.visitDraw(drawBrowser, v), len(browsers))]
	led, ok := s.follow(ctx, link.address, glance{method: http.MethodGet, agent: agent})
	s.tally.add(func(st *Stats) {
		st.Clicked++
		if !ok {
			st.ClicksFailed++
		}
	})
	if ok {
		s.noteClick(v.person, v.message, opened{title: link.title, address: cmp.Or(led, link.address)})
	}
}

// follow asks for a link and tells where it leads; not OK when it was answered with 400 and
// above, or not at all.
func (s *Simulator) follow(ctx context.Context, link string, g glance) (led string, ok bool) {
	req, err := http.NewRequestWithContext(ctx, g.method, link, nil)
	if err != nil {
		return "", false
	}
	req.Header.Set("User-Agent", g.agent)
	if g.header != "" {
		req.Header.Set(g.header, g.value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.opt.Log.Warn("link not opened", "error", err)
		return "", false
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxReply))
	return res.Header.Get("Location"), res.StatusCode < 400
}
