package connector

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
)

// dialGuard looks at the addresses behind a trusted name when the connection
// is made, so that a name cannot be pointed into the private network
// (protocol/outbound.md section 5, rule 3). Exempt are hosts that the setting
// names, and the proxy of the environment: the operator chose both.
type dialGuard struct {
	hosts   TrustedHosts
	proxies sync.Map // host:port of the proxies in use
}

func (g *dialGuard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialLimit, Control: g.control(name, port)}
	return dialer.DialContext(ctx, network, address)
}

type controlFunc func(network, address string, c syscall.RawConn) error

// control is what the addresses behind that name must pass; nil: nothing.
func (g *dialGuard) control(name, port string) controlFunc {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	switch {
	case name == "localhost":
		// Plain http may go there, so it has to be what it says.
		return only("a loopback address", netip.Addr.IsLoopback)
	case g.hosts.named(name, port) || g.isProxy(name, port):
		return nil
	}
	return only("a public address", isPublic)
}

// proxy is http.ProxyFromEnvironment, and remembers what it answered.
func (g *dialGuard) proxy(r *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if proxy != nil {
		g.proxies.Store(hostOf(proxy.String()), true)
	}
	return proxy, err
}

func (g *dialGuard) isProxy(name, port string) bool {
	_, found := g.proxies.Load(net.JoinHostPort(name, port))
	return found
}

// only refuses to connect to addresses that are not accepted. It runs after
// the name was looked up, on each address that is tried.
func only(what string, accept func(netip.Addr) bool) controlFunc {
	return func(_, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil || !accept(target.Addr().Unmap()) {
			return fmt.Errorf("%w: it does not lead to %s", ErrUntrustedServiceURL, what)
		}
		return nil
	}
}

// isPublic refuses private, local and special-purpose addresses (the ranges of
// the IANA special-purpose registries that can lead into a network).
func isPublic(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, special := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2002::/16", "2001::/32", "fec0::/10",
	} {
		if netip.MustParsePrefix(special).Contains(ip) {
			return false
		}
	}
	return true
}
