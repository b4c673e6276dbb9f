// Package directory asks Microsoft Graph who is there (protocol/graph.md). Nothing
// it learns is written down, and after a minute nothing is answered from memory.
package directory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	askLimit   = 10 * time.Second // for one request
	maxTenants = 1000             // remembered at a time
)

// TokenSource has a token for Graph ready, one for each tenant.
type TokenSource interface {
	Token(ctx context.Context, tenantID string) (string, error)
	// Drop forgets a token that Graph refused.
	Drop(tenantID, token string)
}

// Options are the settings of a [Directory]. URL and Tokens are needed.
type Options struct {
	URL    string // Graph's base, without /v1.0: https, or http to a loopback address
	Tokens TokenSource
	Now    func() time.Time // default: time.Now
	Log    *slog.Logger     // default: discards
}

// Directory answers from Graph, for any number of tenants. It is safe for
// concurrent use.
type Directory struct {
	address string // of the presence operation
	tokens  TokenSource
	client  *http.Client
	limit   time.Duration // for one request
	now     func() time.Time
	log     *slog.Logger
	memory  *memory

	mu      sync.Mutex
	tenants map[string]*tenant
}

// New fails for settings that cannot work; it asks for nothing yet.
func New(o Options) (*Directory, error) {
	if err := checkURL(o.URL); err != nil {
		return nil, fmt.Errorf("the URL of Graph: %w", err)
	}
	if o.Tokens == nil {
		return nil, errors.New("a directory needs a source of tokens")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Directory{
		address: strings.TrimRight(o.URL, "/") + "/v1.0/communications/getPresencesByUserId",
		tokens:  o.Tokens, client: newClient(), limit: askLimit, now: o.Now, log: o.Log,
		memory: &memory{}, tenants: map[string]*tenant{},
	}, nil
}

// checkURL refuses to send tokens over a network in the clear.
func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("it is not scheme, host and path alone")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return errors.New("it must be https (plain http is for loopback addresses only)")
}

// CloseIdleConnections lets go of the connections that are kept for later requests.
func (d *Directory) CloseIdleConnections() { d.client.CloseIdleConnections() }

// tenant is how things stand with a tenant. When there are too many, any one is
// forgotten: all that costs is one request that need not have been made.
func (d *Directory) tenant(id string) *tenant {
	id = strings.ToLower(id)
	d.mu.Lock()
	defer d.mu.Unlock()
	if t, known := d.tenants[id]; known {
		return t
	}
	for other := range d.tenants {
		if len(d.tenants) < maxTenants {
			break
		}
		delete(d.tenants, other)
	}
	d.tenants[id] = newTenant(id)
	return d.tenants[id]
}
