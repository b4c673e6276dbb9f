package connector

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// ErrUntrustedServiceURL is wrapped by every refusal to call a service URL.
var ErrUntrustedServiceURL = errors.New("service URL is not trusted")

const maxServiceURL = 2048

// TrustedHosts says which service URLs may be called with the bot's token
// (contract sections 2 and 6 point 1, protocol/outbound.md section 5). The
// zero value trusts none.
type TrustedHosts struct {
	hosts []trustedHost
}

// trustedHost is one exact host: nobody's subdomain, no suffix.
type trustedHost struct {
	scheme string // "https", or "http" for loopback
	name   string // lower case, no trailing dot, no brackets
	port   string // empty: any, if named
	named  bool   // by the setting, as opposed to the defaults
}

// DefaultTrustedHosts are Microsoft's Teams and Skype hosts: the public cloud,
// GCC, GCC High and DoD, by https on port 443.
func DefaultTrustedHosts() TrustedHosts {
	var t TrustedHosts
	for _, name := range []string{
		"smba.trafficmanager.net",
		"smba.infra.gcc.teams.microsoft.com",
		"smba.infra.gov.teams.microsoft.us",
		"smba.infra.dod.teams.microsoft.us",
	} {
		t.hosts = append(t.hosts, trustedHost{scheme: "https", name: name, port: "443"})
	}
	return t
}

// ParseTrustedHosts reads the setting: "host" or "host:port", comma separated,
// https unless written as "http://127.0.0.1:9000", which is for loopback
// addresses only. A host named without a port is trusted on every port. An
// empty list means the default. The error joins one fault a line.
func ParseTrustedHosts(list string) (TrustedHosts, error) {
	if strings.TrimSpace(list) == "" {
		return DefaultTrustedHosts(), nil
	}
	var t TrustedHosts
	var faults []error
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		host, err := parseTrustedHost(entry)
		if err != nil {
			faults = append(faults, fmt.Errorf("%q: %w (examples: smba.trafficmanager.net, bot.example.org:8443, http://127.0.0.1:9000)", entry, err))
			continue
		}
		t.hosts = append(t.hosts, host)
	}
	if len(faults) == 0 && len(t.hosts) == 0 {
		return TrustedHosts{}, fmt.Errorf("%q names no host", list)
	}
	return t, errors.Join(faults...)
}

func parseTrustedHost(entry string) (trustedHost, error) {
	if !strings.Contains(entry, "://") {
		entry = "https://" + entry
	}
	u, err := url.Parse(entry)
	switch {
	case err != nil:
		return trustedHost{}, errors.New("not a host")
	case u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return trustedHost{}, errors.New("only a host and a port may be named")
	case u.Scheme != "https" && u.Scheme != "http":
		return trustedHost{}, errors.New("the scheme must be https, or http for a loopback address")
	}
	host := trustedHost{scheme: u.Scheme, name: hostName(u), port: u.Port(), named: true}
	switch {
	case !isHostName(host.name):
		return trustedHost{}, errors.New("not a host name or an IP address")
	case strings.HasSuffix(u.Host, ":") || host.port != "" && !isPort(host.port):
		return trustedHost{}, errors.New("the port must be a number from 1 to 65535")
	case u.Scheme == "http" && !isLoopback(host.name):
		return trustedHost{}, errors.New("plain http is for loopback addresses only")
	}
	return host, nil
}

// Check refuses a service URL that may not be called; the error wraps
// ErrUntrustedServiceURL. It looks nothing up: addresses behind names are
// checked when a connection is made.
func (t TrustedHosts) Check(serviceURL string) error {
	_, err := t.base(serviceURL)
	return err
}

// base is the trusted service URL in one spelling, without a slash at its end.
func (t TrustedHosts) base(serviceURL string) (string, error) {
	if len(serviceURL) > maxServiceURL {
		return "", fmt.Errorf("%w: too long", ErrUntrustedServiceURL)
	}
	u, err := url.Parse(serviceURL)
	if err != nil || u.Opaque != "" || u.Host == "" {
		return "", fmt.Errorf("%w: not a URL", ErrUntrustedServiceURL)
	}
	if u.User != nil || u.Fragment != "" || u.RawQuery != "" || u.ForceQuery || strings.HasSuffix(serviceURL, "#") {
		return "", fmt.Errorf("%w: it holds more than scheme, host and path", ErrUntrustedServiceURL)
	}
	if !t.trusts(u.Scheme, hostName(u), portOf(u)) {
		return "", fmt.Errorf("%w: host %.100q", ErrUntrustedServiceURL, u.Host)
	}
	clean := url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: u.Path, RawPath: u.RawPath}
	return strings.TrimRight(clean.String(), "/"), nil
}

func (t TrustedHosts) trusts(scheme, name, port string) bool {
	for _, host := range t.hosts {
		if host.scheme == scheme && host.name == name && host.hasPort(port) {
			return true
		}
	}
	return false
}

func (h trustedHost) hasPort(port string) bool {
	return h.port == "" || h.port == port
}

// named tells whether the setting itself names that host and port, of
// whichever scheme.
func (t TrustedHosts) named(name, port string) bool {
	for _, host := range t.hosts {
		if host.named && host.name == name && host.hasPort(port) {
			return true
		}
	}
	return false
}

// hostName is the URL's host in lower case, without a trailing dot.
func hostName(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

func isHostName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	const label = `[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?`
	return len(name) <= 253 && regexp.MustCompile(`^`+label+`(\.`+label+`)*$`).MatchString(name)
}

func isPort(text string) bool {
	port, err := strconv.Atoi(text)
	return err == nil && port >= 1 && port <= 65535
}
