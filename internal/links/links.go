// Package links tries the addresses that an author wrote, before thousands of people do. An
// author may write any address, so that it goes to public ones alone: see dial.go.
package links

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"crier/internal/domain"
)

// Bounds of a check.
const (
	maxLinks     = 10              // of one campaign; the others are not checked
	atOnce       = 4               // tried at the same time
	patience     = 5 * time.Second // with one address
	maxRedirects = 3
	maxHeader    = 64 << 10 // bytes; nothing of a body is asked for
)

// Options are what a checker works with.
type Options struct {
	Now       domain.Clock
	UserAgent string // how it introduces itself
	// Proxy is the proxy of a request, if any; nil: the environment's.
	Proxy func(*http.Request) (*url.URL, error)
	// Lookup answers the addresses behind a name; nil: the system's.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Allow lets it connect to an address that it would refuse, for tests; nil: to none.
	Allow func(netip.AddrPort) bool
	// Patience is how long it waits for one address; 0: five seconds.
	Patience time.Duration
	// Transport changes how it speaks, for tests; nil: nothing.
	Transport func(*http.Transport)
}

// Checker tries addresses and remembers for a while how they answered. It may be used by
// many at once.
type Checker struct {
	Options
	client *http.Client
	memory memory
}

// New makes a checker. It starts nothing.
func New(o Options) *Checker {
	c := &Checker{Options: o}
	if c.Patience == 0 {
		c.Patience = patience
	}
	if c.Proxy == nil {
		c.Proxy = http.ProxyFromEnvironment
	}
	if c.Lookup == nil {
		c.Lookup = lookup
	}
	transport := &http.Transport{
		DialContext: c.dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxHeader,
	}
	if o.Transport != nil {
		o.Transport(transport)
	}
	c.client = &http.Client{Transport: transport, CheckRedirect: c.follow}
	return c
}

// Check tries addresses, with personal tags in them or without, and answers how each does,
// in their order. Once ctx ends it waits for none: those are LinkNotChecked.
func (c *Checker) Check(ctx context.Context, addresses []string) []domain.LinkCheck {
	results := make([]domain.LinkCheck, len(addresses))
	var group sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i, address := range addresses {
		results[i] = domain.LinkCheck{URL: address, Status: domain.LinkNotChecked}
		if i >= maxLinks {
			results[i].Message = domain.Say("Only the first %d links are checked.", maxLinks)
			continue
		}
		group.Go(func() {
			select {
			case places <- struct{}{}:
				results[i] = c.check(ctx, address).of(address)
				<-places
			case <-ctx.Done():
				results[i].Message = noTime()
			}
		})
	}
	group.Wait()
	return results
}

func noTime() domain.Text { return domain.Say("There was no time left to check it.") }

// check is how one address answers, from memory or by trying it.
func (c *Checker) check(ctx context.Context, address string) verdict {
	sample, ok := withSamples(address)
	if !ok {
		return unchecked(domain.Say("A personal tag stands in its path, so each reader has another address."))
	}
	if v, known := c.memory.get(sample, c.Now()); known {
		return v
	}
	v := c.try(ctx, sample)
	if ctx.Err() == nil {
		c.memory.put(sample, v, c.Now())
	}
	return v
}

// withSamples puts somebody made up in the place of the tags behind the path; false when
// one stands before.
func withSamples(address string) (string, bool) {
	samples := map[domain.Tag]string{
		domain.FirstName: "Megan", domain.LastName: "Bowen", domain.FullName: "Megan Bowen", domain.EmailTag: "megan.bowen@example.com",
	}
	segments, _ := domain.Segments(address)
	var b strings.Builder
	for _, s := range segments {
		if s.Tag == "" {
			b.WriteString(s.Text)
			continue
		}
		if !strings.ContainsAny(b.String(), "?#") {
			return "", false
		}
		b.WriteString(url.QueryEscape(samples[s.Tag]))
	}
	return b.String(), true
}
