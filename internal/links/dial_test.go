package links

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"crier/internal/domain"
)

// TestWhereItDoesNotGo holds that no address of the author's leads into a network.
func TestWhereItDoesNotGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var hits atomic.Int64
	// A site that must not be spoken to: it listens, and no name allows it.
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(inner.Close)
	innerPort := netip.MustParseAddrPort(inner.Listener.Addr().String()).Port()
	w.names["inner.example"] = []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	w.names["loop.example"] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	w.names["localhost"] = []netip.Addr{netip.MustParseAddr("::1"), netip.MustParseAddr("127.0.0.1")}
	w.names["empty.example"] = nil
	const private = "private network"
	for _, host := range []string{
		"127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
		"[::]", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "168.63.129.16",
		"inner.example", "loop.example", "localhost",
	} {
		for _, scheme := range []string{"http://", "https://"} {
			w.wants(scheme+host+"/", domain.LinkNotChecked, 0, private)
		}
	}
	w.wants(inner.URL, domain.LinkNotChecked, 0, private)
	w.wants(fmt.Sprintf("http://loop.example:%d/", innerPort), domain.LinkNotChecked, 0, private)
	w.wants("http://empty.example/", domain.LinkUnreachable, 0, "no site of this name")
	for _, port := range []string{"22", "8080", "25"} {
		w.wants("http://93.184.216.34:"+port+"/", domain.LinkNotChecked, 0, "80 and 443")
	}
	for _, odd := range []string{"ftp://example.com/", "file:///etc/passwd", "http://user:secret@example.com/", "//example.com", "http:///x", "nonsense", "", "http://exa mple.com/", "http://x.example:99999/", "mailto:a@example.com"} {
		if got := w.one(odd); got.Status == domain.LinkOK || got.Message.Format == "" {
			t.Errorf("%q: %+v", odd, got)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("a site within was spoken to %d times", hits.Load())
	}
}

// TestANameThatTurns holds that what was looked at is what is dialled: the name is asked
// for once a connection, and of its addresses only public ones are taken.
func TestANameThatTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := netip.MustParseAddrPort(strings.TrimPrefix(w.site(answers(200)), "http://"))
	lookups := 0
	w.Lookup = func(context.Context, string) ([]netip.Addr, error) {
		lookups++
		if lookups == 1 {
			return []netip.Addr{netip.MustParseAddr("10.0.0.1"), good.Addr()}, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	}
	w.wants(fmt.Sprintf("http://turns.example:%d/", good.Port()), domain.LinkOK, 200, "")
	if lookups != 1 {
		t.Errorf("the name was looked up %d times", lookups)
	}
	w.wants(fmt.Sprintf("http://turns.example:%d/again", good.Port()), domain.LinkNotChecked, 0, "private network")
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var to atomic.Value
	var asked atomic.Int64
	site := w.site(func(rw http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept" && name != "Connection" {
				t.Errorf("it sent %s: %q", name, r.Header.Get(name))
			}
		}
		if r.UserAgent() != "Crier-tests" {
			t.Errorf("it is called %q", r.UserAgent())
		}
		var step int
		fmt.Sscanf(r.URL.Path, "/%d", &step)
		http.SetCookie(rw, &http.Cookie{Name: "trace", Value: "x"})
		switch {
		case strings.HasPrefix(r.URL.Path, "/out"):
			http.Redirect(rw, r, to.Load().(string), http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/endless"):
			http.Redirect(rw, r, r.URL.Path+"x", http.StatusFound)
		case step > 0:
			http.Redirect(rw, r, fmt.Sprintf("/%d", step-1), http.StatusMovedPermanently)
		}
	})
	w.wants(site+"/3", domain.LinkOK, 200, "")
	w.wants(site+"/4", domain.LinkUnreachable, 0, "more than 3 times")
	asked.Store(0)
	w.wants(site+"/endless", domain.LinkUnreachable, 0, "more than 3 times")
	if asked.Load() != 4 {
		t.Errorf("asked %d times", asked.Load())
	}
	w.names["inner.example"] = []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	for i, target := range []string{"http://127.0.0.1/", "http://[::1]/", "https://169.254.169.254/latest/meta-data", "http://inner.example/"} {
		to.Store(target)
		w.wants(fmt.Sprint(site, "/out", i), domain.LinkNotChecked, 0, "private network")
	}
	for i, target := range []string{"http://user:secret@93.184.216.34/", "file:///etc/passwd", "ftp://example.com/"} {
		to.Store(target)
		w.wants(fmt.Sprint(site, "/outside", i), domain.LinkNotChecked, 0, "redirects to an address that can’t be checked")
	}
	to.Store("http://93.184.216.34:22/")
	w.wants(site+"/outport", domain.LinkNotChecked, 0, "80 and 443")
}
