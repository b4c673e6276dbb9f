package links

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// Why it does not connect to an address.
var (
	errPrivate = errors.New("links: the address is not a public one")
	errPort    = errors.New("links: the port is not one of the web's")
)

// dial connects to a public address behind a name, on a port of the web. The name is looked
// up here and what was looked at is what is dialled, so that a name can't turn elsewhere in
// between. Redirects come this way too.
func (c *Checker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := c.behind(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var refused, failed error
	for _, ip := range found {
		target, err := netip.ParseAddrPort(net.JoinHostPort(ip.String(), port))
		if err == nil {
			err = c.permits(target)
		}
		if err != nil {
			refused = err
			continue
		}
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, target.String())
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	if failed == nil {
		failed = refused
	}
	return nil, failed
}

// behind are the addresses of a host, which may be one itself.
func (c *Checker) behind(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	return c.Lookup(ctx, host)
}

func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// permits refuses what is no site of the public web.
func (c *Checker) permits(target netip.AddrPort) error {
	switch {
	case c.Allow != nil && c.Allow(target):
		return nil
	case !isPublic(target.Addr()):
		return fmt.Errorf("%w: %s", errPrivate, target.Addr())
	case target.Port() != 80 && target.Port() != 443:
		return fmt.Errorf("%w: %d", errPort, target.Port())
	}
	return nil
}

// special are ranges that can lead into a network though they do not look like it: the IANA
// special-purpose registries, ways to wrap IPv4, and the host that clouds keep for themselves.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("168.63.129.16/32"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
}

// isPublic says whether an address is one of the public internet.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	if ip.Zone() != "" || !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
