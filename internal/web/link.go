package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"crier/internal/domain"
)

// linkTime bounds the counting of a click.
const linkTime = 5 * time.Second

// follow is the links in messages: /r/{token} leads to the address that the author wrote, with
// the tags of the person whose message it is, and to nothing else.
//
// Counting goes on when the browser has left: whoever clicks twice closes the first request.
func (s *server) follow(w http.ResponseWriter, r *http.Request, v *visit) error {
	h := w.Header()
	h.Set("Referrer-Policy", "no-referrer") // a token is nobody else's business
	h.Set("X-Robots-Tag", "noindex")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), linkTime)
	defer cancel()
	to, err := s.Links.Follow(ctx, strings.TrimPrefix(r.URL.Path, "/r/"), byPerson(r))
	switch {
	case domain.KindOf(err) == domain.NotFound:
		return err
	case to.URL == "":
		s.Log.Error("a link can't be looked up", "error", err)
		h.Set("Retry-After", "10")
		s.errorPage(w, v, failure{http.StatusServiceUnavailable, domain.Say("Not just now"), domain.Say("This link can't be opened at the moment. Try again in a few seconds.")})
		return nil
	case err != nil:
		s.Log.Error("a click could not be counted", "error", err)
	}
	http.Redirect(w, r, s.Address(to.URL, to.Person), http.StatusFound)
	return nil
}

// robots are the programs that open links before people do, or instead of them:
//
//   - Teams and Skype draw previews as "SkypeUriPreview Preview/0.5"; other chats as
//     "Slackbot-LinkExpanding", "TelegramBot", "Discordbot", "facebookexternalhit" (Meta; also
//     "meta-externalagent"), "WhatsApp/2", "Slack-ImgProxy". Their makers' pages say so:
//     https://api.slack.com/robots, https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
//   - Office looks at links before it opens them, as "Microsoft Office Existence Discovery" or
//     "ms-office": https://learn.microsoft.com/openspecs/office_protocols
//   - Search engines: "bingbot", "BingPreview", "Googlebot", "Google-InspectionTool", "Baiduspider",
//     "Yahoo! Slurp": https://developers.google.com/search/docs/crawling-indexing/google-common-crawlers,
//     https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0
//   - Mail filters that name themselves: Barracuda, Proofpoint, Mimecast.
//   - Whoever names itself a bot, a crawler, a spider, a scanner, a preview or an unfurler. Telephones
//     of the make Cubot say so too, and are none.
//
// Scanners that pass for browsers, as Defender's Safe Links may, are counted: nothing tells
// them from a person.
var robots = regexp.MustCompile(`(?i)(^|[^u]|[^c]u)bots?([^a-z]|$)|crawler|spider|slurp|scanner|preview|unfurl|linkexpand|imgproxy|` +
	`externalhit|externalagent|inspectiontool|whatsapp|existence discovery|ms-office|headlesschrome|barracuda|proofpoint|mimecast`)

// byPerson says whether a person follows the link: not a HEAD, nor a browser that loads ahead
// of a click (Sec-Purpose and its older names), nor a program that looks for itself.
func byPerson(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		purpose := strings.ToLower(strings.Join(r.Header.Values(name), ","))
		if strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "preview") || strings.Contains(purpose, "prerender") {
			return false
		}
	}
	return !robots.MatchString(r.UserAgent())
}
