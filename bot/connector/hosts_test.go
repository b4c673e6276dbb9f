package connector

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultTrustedHosts(t *testing.T) {
	t.Parallel()
	hosts, err := ParseTrustedHosts(" ")
	if err != nil {
		t.Fatal(err)
	}
	for url, trusted := range map[string]bool{
		"https://smba.trafficmanager.net/amer/":                        true,
		"https://smba.trafficmanager.net":                              true,
		"https://SMBA.trafficmanager.net/teams":                        true,
		"https://smba.trafficmanager.net./teams":                       true,
		"https://smba.trafficmanager.net:443/apis/":                    true,
		"https://smba.infra.gcc.teams.microsoft.com/teams":             true,
		"https://smba.infra.gov.teams.microsoft.us/teams":              true,
		"https://smba.infra.dod.teams.microsoft.us/teams":              true,
		"http://smba.trafficmanager.net/amer/":                         false,
		"https://smba.trafficmanager.net:8443/":                        false,
		"https://smba.trafficmanager.net:80/":                          false,
		"https://evil.trafficmanager.net/":                             false,
		"https://x.smba.trafficmanager.net/":                           false,
		"https://smba.trafficmanager.net.evil.example/":                false,
		"https://evilsmba.trafficmanager.net/":                         false,
		"https://smba.trafficmanager.net@evil.example/":                false,
		"https://user@smba.trafficmanager.net/":                        false,
		"https://smba.trafficmanager.net/#x":                           false,
		"https://smba.trafficmanager.net/#":                            false,
		"https://smba.trafficmanager.net/?x=1":                         false,
		"https://smba.trafficmanager.net/?":                            false,
		"https://smba.trafficmanager.net\\@evil.example/":              false,
		"https://evil.example/smba.trafficmanager.net":                 false,
		"https:smba.trafficmanager.net":                                false,
		"//smba.trafficmanager.net/":                                   false,
		"smba.trafficmanager.net":                                      false,
		"":                                                             false,
		"https://":                                                     false,
		"https://127.0.0.1/":                                           false,
		"https://[::1]/":                                               false,
		"https://169.254.169.254/":                                     false,
		"https://localhost/":                                           false,
		"https://graph.microsoft.com/":                                 false,
		"https://smba.trafficmanager.net/" + strings.Repeat("x", 3000): false,
	} {
		err := hosts.Check(url)
		if trusted != (err == nil) || !trusted && !errors.Is(err, ErrUntrustedServiceURL) {
			t.Errorf("Check(%q) = %v", url, err)
		}
	}
	if (TrustedHosts{}).Check("https://smba.trafficmanager.net/") == nil {
		t.Error("the zero value trusts")
	}
}

func TestNamedTrustedHosts(t *testing.T) {
	t.Parallel()
	hosts, err := ParseTrustedHosts("Bot.Example.org:8443, http://127.0.0.1:9000,http://localhost , 10.0.0.1,https://[2001:db8::1]:444/, any.example.,")
	if err != nil {
		t.Fatal(err)
	}
	for url, trusted := range map[string]bool{
		"https://bot.example.org:8443/x":         true,
		"https://bot.example.org/x":              false,
		"http://bot.example.org:8443/x":          false,
		"http://127.0.0.1:9000/x":                true,
		"http://127.0.0.1:9001/x":                false,
		"https://127.0.0.1:9000/x":               false,
		"http://127.1:9000/x":                    false,
		"http://localhost:5000/_connector":       true,
		"https://localhost:5000/_connector":      false,
		"https://10.0.0.1/":                      true,
		"https://10.0.0.1:8443/":                 true,
		"http://10.0.0.1/":                       false,
		"https://[2001:db8::1]:444/":             true,
		"https://any.example:1234/":              true,
		"https://smba.trafficmanager.net/teams/": false, // the setting takes the place of the default
	} {
		if err := hosts.Check(url); trusted != (err == nil) {
			t.Errorf("Check(%q) = %v", url, err)
		}
	}
}

func TestParseTrustedHostsNamesEachFault(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		"http://bot.example.org", "http://10.0.0.1:9000", "ftp://127.0.0.1", "*.example.org", "bot.example.org/path", "user@bot.example.org",
		"bot.example.org?x", "bot.example.org#x", "bot.example.org:0", "bot.example.org:65536", "bot.example.org:http", "bot.example.org:",
		"::1", "a b", "-x.example", "bücher.example", "https://", ".", "a..b",
	} {
		_, err := ParseTrustedHosts("smba.trafficmanager.net," + entry + ",ok.example")
		if err == nil || !strings.Contains(err.Error(), entry) {
			t.Errorf("%q: %v", entry, err)
		}
	}
	_, err := ParseTrustedHosts("*,ok.example,http://x.example")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("not one fault a line: %v", err)
	}
	if _, err := ParseTrustedHosts(",,"); err == nil {
		t.Error("a list of nothing was accepted")
	}
}

func TestBaseIsOneSpelling(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://SMBA.trafficmanager.net/Amer/": "https://smba.trafficmanager.net/Amer",
		"https://smba.trafficmanager.net/":      "https://smba.trafficmanager.net",
		"https://smba.trafficmanager.net/a%2Fb": "https://smba.trafficmanager.net/a%2Fb",
	} {
		got, err := DefaultTrustedHosts().base(url)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
	}
}

func TestIsPublic(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"52.112.0.1": true, "2603:1030::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "240.0.0.1": false,
		"::": false, "::1": false, "fe80::1": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "::ffff:10.0.0.1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address).Unmap()); got != public {
			t.Errorf("isPublic(%s) = %v", address, got)
		}
	}
}

// A trusted name that leads into the private network is refused when dialling,
// unless the setting names it.
func TestDialGuard(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)

	unnamed := &dialGuard{hosts: DefaultTrustedHosts()}
	if _, err := unnamed.dial(t.Context(), "tcp", address); !errors.Is(err, ErrUntrustedServiceURL) {
		t.Errorf("dialled a private address: %v", err)
	}
	hosts, err := ParseTrustedHosts("http://" + address + ",http://localhost:" + port)
	if err != nil {
		t.Fatal(err)
	}
	named := &dialGuard{hosts: hosts}
	for _, target := range []string{address, "localhost:" + port} {
		conn, err := named.dial(t.Context(), "tcp", target)
		if err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		conn.Close()
	}
	proxied := &dialGuard{}
	proxied.proxies.Store(address, true)
	conn, err := proxied.dial(context.Background(), "tcp", address)
	if err != nil {
		t.Fatalf("the proxy: %v", err)
	}
	conn.Close()
}

// Plain http to "localhost" must not leave the machine, whatever the name
// resolves to.
func TestLocalhostIsLoopback(t *testing.T) {
	t.Parallel()
	hosts, err := ParseTrustedHosts("http://localhost:9000,internal.example")
	if err != nil {
		t.Fatal(err)
	}
	guard := &dialGuard{hosts: hosts}
	control := guard.control("LOCALHOST.", "9000")
	for address, allowed := range map[string]bool{"127.0.0.1:9000": true, "[::1]:9000": true, "10.0.0.1:9000": false, "52.112.0.1:9000": false} {
		if err := control("tcp", address, nil); allowed != (err == nil) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if guard.control("internal.example", "443") != nil {
		t.Error("a host of the setting is not exempt")
	}
	if err := guard.control("smba.trafficmanager.net", "443")("tcp", "[::ffff:10.0.0.1]:443", nil); !errors.Is(err, ErrUntrustedServiceURL) {
		t.Errorf("a private address in IPv6 clothes: %v", err)
	}
}
