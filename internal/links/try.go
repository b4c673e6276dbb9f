package links

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"crier/internal/domain"
)

// verdict is how an address answers.
type verdict struct {
	status domain.LinkStatus
	code   int
	words  domain.Text
}

func (v verdict) of(address string) domain.LinkCheck {
	return domain.LinkCheck{URL: address, Status: v.status, Code: v.code, Message: v.words}
}

func unchecked(words domain.Text) verdict {
	return verdict{status: domain.LinkNotChecked, words: words}
}

func unreachable(words domain.Text) verdict {
	return verdict{status: domain.LinkUnreachable, words: words}
}

// What a redirect may not do.
var (
	errTooFar = errors.New("links: it redirects too often")
	errHidden = errors.New("links: it redirects to an address that holds credentials or is no web address")
)

// try asks for an address as a browser would, but reads nothing of what is behind it.
func (c *Checker) try(outer context.Context, address string) verdict {
	ctx, cancel := context.WithTimeout(outer, c.Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || !plainWeb(r.URL) {
		return unchecked(domain.Say("This is no address of a web page."))
	}
	// A proxy goes where it is told, into its own network too.
	if proxy, err := c.Proxy(r); proxy != nil || err != nil {
		return unchecked(domain.Say("This service reaches the web through a proxy, where links can’t be checked safely."))
	}
	r.Header.Set("User-Agent", c.UserAgent)
	r.Header.Set("Accept", "text/html, */*;q=0.5")
	answer, err := c.client.Do(r)
	if outer.Err() != nil {
		return unchecked(noTime())
	}
	if err != nil {
		return c.explain(err)
	}
	answer.Body.Close() // unread, which ends the connection
	return judge(answer.StatusCode)
}

// plainWeb says whether an address is one of the web, without credentials in it.
func plainWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

// follow looks at each redirect; where it leads is looked at again when it is dialled.
func (c *Checker) follow(r *http.Request, before []*http.Request) error {
	r.Header.Del("Referer")
	switch {
	case len(before) > maxRedirects:
		return errTooFar
	case !plainWeb(r.URL):
		return errHidden
	}
	return nil
}

// judge says what a site's answer means for readers.
func judge(code int) verdict {
	v := verdict{status: domain.LinkRefused, code: code}
	switch {
	case code < 400:
		return verdict{status: domain.LinkOK, code: code}
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		v.words = domain.Say("The site does not show it to everybody (%d). Make sure that your readers may open it.", code)
	case code == http.StatusNotFound || code == http.StatusGone:
		v.words = domain.Say("The site has no such page (%d).", code)
	default:
		v.words = domain.Say("The site answers with an error (%d).", code)
	}
	return v
}

// explain says why an address could not be tried, or did not answer.
func (c *Checker) explain(err error) verdict {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	name, _ := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, errPrivate):
		return unchecked(domain.Say("It leads into a private network, where it can’t be checked from here."))
	case errors.Is(err, errPort):
		return unchecked(domain.Say("Only the usual ports of the web, 80 and 443, are checked."))
	case errors.Is(err, errHidden):
		return unchecked(domain.Say("It redirects to an address that can’t be checked."))
	case errors.Is(err, errTooFar):
		return unreachable(domain.Say("It redirects more than %d times.", maxRedirects))
	case certificate:
		return unreachable(domain.Say("The site’s certificate is not valid, so that browsers warn of it."))
	case name != nil && name.IsNotFound:
		return unreachable(domain.Say("There is no site of this name."))
	case errors.Is(err, context.DeadlineExceeded):
		return unreachable(domain.Say("It did not answer within %d seconds.", int(patience/time.Second)))
	}
	return unreachable(domain.Say("It can’t be reached."))
}
