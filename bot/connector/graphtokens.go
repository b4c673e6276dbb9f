package connector

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"
)

// maxGraphTenants bounds how many tenants' tokens are held.
const maxGraphTenants = 1000

// GraphTokens has the bearer tokens for Microsoft Graph ready, one for each tenant
// (protocol/graph.md section 1).
type GraphTokens struct {
	options TokenOptions
	client  *http.Client // for all tenants

	mu      sync.Mutex
	tenants map[string]*Tokens
}

// NewGraphTokens takes the bot's own settings and the address of Graph, which says
// of which cloud the tokens are. It fails for settings that cannot work; it asks for
// nothing yet.
func NewGraphTokens(o TokenOptions, graphURL string) (*GraphTokens, error) {
	o = o.withDefaults()
	o.Scope = graphScope(graphURL, o.LoginURL)
	if o.AppType == MultiTenant {
		// The Connector's token comes from a tenant of Microsoft's; Graph's comes from
		// the tenant that is asked about, as if the bot were at home there.
		o.AppType = SingleTenant
	}
	sample := o
	sample.TenantID = cmp.Or(o.TenantID, "any")
	tokens, err := NewTokens(sample)
	if err != nil {
		return nil, err
	}
	return &GraphTokens{options: o, client: tokens.client, tenants: map[string]*Tokens{}}, nil
}

// Token is a token for a tenant's Graph; the tenant of the registration stands in
// for an empty one. A managed identity has one token, that of its own tenant. Errors
// are those of [Tokens.Token].
func (g *GraphTokens) Token(ctx context.Context, tenantID string) (string, error) {
	tokens, err := g.of(tenantID)
	if err != nil {
		return "", &Error{Op: opToken, Class: Config, Err: err}
	}
	return tokens.Token(ctx)
}

// Drop forgets a token that Graph refused.
func (g *GraphTokens) Drop(tenantID, token string) {
	if tokens, err := g.of(tenantID); err == nil {
		tokens.Drop(token)
	}
}

// of finds or makes the tokens of a tenant. When there are too many, any one is
// forgotten: it is asked for again when it is needed.
func (g *GraphTokens) of(tenantID string) (*Tokens, error) {
	o := g.options
	if o.AppType == SingleTenant {
		o.TenantID = strings.ToLower(cmp.Or(tenantID, o.TenantID))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if tokens, held := g.tenants[o.TenantID]; held {
		return tokens, nil
	}
	tokens, err := NewTokens(o)
	if err != nil {
		return nil, err
	}
	tokens.client = g.client
	for other := range g.tenants {
		if len(g.tenants) < maxGraphTenants {
			break
		}
		delete(g.tenants, other)
	}
	g.tenants[o.TenantID] = tokens
	return tokens, nil
}

// graphScope is Graph's own for Microsoft's addresses. Behind any other one is the
// Graph of the cloud in which one signs in.
func graphScope(graphURL, loginURL string) string {
	const public, government, china = "https://graph.microsoft.com", "https://graph.microsoft.us", "https://microsoftgraph.chinacloudapi.cn"
	for _, known := range []string{public, government, "https://dod-graph.microsoft.us", china} {
		if sameHost(graphURL, known) {
			return known + "/.default"
		}
	}
	switch {
	case sameHost(loginURL, governmentCloud().loginURL):
		return government + "/.default"
	case sameHost(loginURL, chinaCloud().loginURL):
		return china + "/.default"
	}
	return public + "/.default"
}
