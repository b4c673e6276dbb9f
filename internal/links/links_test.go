package links

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/google/go-cmp/cmp"
)

// world is a checker that may speak to sites of the test alone, and those sites.
type world struct {
	*testing.T
	*Checker

	mu    sync.Mutex
	sites map[netip.AddrPort]bool // that may be dialled
	names map[string][]netip.Addr
	now   time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, sites: map[netip.AddrPort]bool{}, names: map[string][]netip.Addr{}, now: time.Unix(1e9, 0)}
	w.Checker = New(Options{
		UserAgent: "Crier-tests", Now: func() time.Time { return w.now }, Patience: time.Minute,
		Proxy:  func(*http.Request) (*url.URL, error) { return nil, nil },
		Lookup: w.lookup, Allow: w.allowed,
	})
	return w
}

func (w *world) lookup(_ context.Context, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if found, ok := w.names[host]; ok {
		return found, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (w *world) allowed(a netip.AddrPort) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sites[a]
}

// site starts a site that may be dialled, and answers its address.
func (w *world) site(h http.HandlerFunc) string {
	w.Helper()
	return w.open(httptest.NewServer(h))
}

func (w *world) open(s *httptest.Server) string {
	w.Helper()
	w.Cleanup(s.Close)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sites[netip.MustParseAddrPort(s.Listener.Addr().String())] = true
	return s.URL
}

// one tries one address.
func (w *world) one(address string) domain.LinkCheck {
	w.Helper()
	results := w.Check(w.Context(), []string{address})
	if len(results) != 1 || results[0].URL != address {
		w.Fatalf("%s is answered by %+v", address, results)
	}
	return results[0]
}

func (w *world) wants(address string, status domain.LinkStatus, code int, words string) {
	w.Helper()
	got := w.one(address)
	if got.Status != status || got.Code != code || !strings.Contains(got.Message.String(), words) || (words == "") != (got.Message.Format == "") {
		w.Errorf("%s: %s %d %q, want %s %d %q", address, got.Status, got.Code, got.Message, status, code, words)
	}
}

func answers(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestHowSitesAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code, words := range map[int]string{
		200: "", 204: "", 304: "", 401: "everybody (401)", 403: "everybody (403)", 404: "no such page (404)", 410: "no such page (410)",
		405: "an error (405)", 429: "an error (429)", 500: "an error (500)", 503: "an error (503)",
	} {
		status := domain.LinkRefused
		if code < 400 {
			status = domain.LinkOK
		}
		w.wants(w.site(answers(code)), status, code, words)
	}
	w.wants("https://nobody.example/", domain.LinkUnreachable, 0, "no site of this name")
	closed := httptest.NewServer(answers(200))
	w.open(closed)
	closed.Close()
	w.wants(closed.URL, domain.LinkUnreachable, 0, "can’t be reached")
	w.wants(w.site(func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }), domain.LinkUnreachable, 0, "can’t be reached")
}

// TestABodyIsNotRead holds that of a body without end nothing more is taken than what comes
// along with the head.
func TestABodyIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	written := make(chan int, 1)
	site := w.site(func(rw http.ResponseWriter, _ *http.Request) {
		n, piece := 0, make([]byte, 32<<10)
		for {
			m, err := rw.Write(piece)
			if n += m; err != nil || n > 1<<30 {
				written <- n
				return
			}
		}
	})
	w.wants(site, domain.LinkOK, 200, "")
	if n := <-written; n > 64<<20 { // what lies in the buffers between the two
		t.Errorf("%d bytes were taken", n)
	}
	heads := w.site(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("X-Long", strings.Repeat("x", 128<<10))
	})
	w.wants(heads, domain.LinkUnreachable, 0, "can’t be reached")
}

func TestASiteThatHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Patience = 100 * time.Millisecond
	left := make(chan struct{}, 4)
	hang := func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		left <- struct{}{}
	}
	w.wants(w.site(hang), domain.LinkUnreachable, 0, "did not answer within")
	<-left
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	w.sites[netip.MustParseAddrPort(silent.Addr().String())] = true
	w.wants("https://"+silent.Addr().String(), domain.LinkUnreachable, 0, "did not answer within")
}

// TestItWaitsNoLongerThanItsCaller: what is not known when the caller's time is over is
// said to be so, and is not remembered.
func TestItWaitsNoLongerThanItsCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entered := make(chan struct{}, maxLinks)
	var open atomic.Bool
	site := w.site(func(_ http.ResponseWriter, r *http.Request) {
		if !open.Load() {
			entered <- struct{}{}
			<-r.Context().Done()
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range atOnce {
			<-entered
		}
		cancel()
	}()
	var addresses []string
	for i := range 8 {
		addresses = append(addresses, fmt.Sprint(site, "/", i))
	}
	for _, got := range w.Check(ctx, addresses) {
		if got.Status != domain.LinkNotChecked || !strings.Contains(got.Message.String(), "no time left") {
			t.Errorf("%+v", got)
		}
	}
	open.Store(true)
	for _, got := range w.Check(t.Context(), addresses) {
		if got.Status != domain.LinkOK {
			t.Errorf("%+v", got)
		}
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := httptest.NewUnstartedServer(answers(200))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	s.StartTLS()
	address := w.open(s)
	w.wants(address, domain.LinkUnreachable, 0, "certificate is not valid")
	o := w.Options
	o.Transport = func(t *http.Transport) { t.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig }
	w.Checker = New(o)
	w.wants(address, domain.LinkOK, 200, "")
	w.names["other.name"] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	w.wants(strings.Replace(address, "127.0.0.1", "other.name", 1), domain.LinkUnreachable, 0, "certificate is not valid")
	w.wants(strings.Replace(address, "https", "http", 1), domain.LinkRefused, 400, "an error (400)")
}

func TestTagsInAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := make(chan string, 1)
	site := w.site(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.RequestURI() })
	w.wants(site+"/a?n=[NAME]&m=[email|x]&l=[LASTNAME]#[FIRSTNAME]", domain.LinkOK, 200, "")
	if got, want := <-asked, "/a?n=Megan+Bowen&m=megan.bowen%40example.com&l=Bowen"; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	w.wants(site+"/[NAME]?x=1", domain.LinkNotChecked, 0, "personal tag stands in its path")
	w.wants("https://[FIRSTNAME].example.com/", domain.LinkNotChecked, 0, "personal tag stands in its path")
	if len(asked) != 0 {
		t.Errorf("asked for %q all the same", <-asked)
	}
}

func TestAnswersAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var hits, code atomic.Int64
	code.Store(200)
	site := w.site(func(rw http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		rw.WriteHeader(int(code.Load()))
	})
	expect := func(status domain.LinkStatus, want int64) {
		t.Helper()
		if got := w.one(site).Status; got != status || hits.Load() != want {
			t.Errorf("%s after %d requests, want %s after %d", got, hits.Load(), status, want)
		}
	}
	expect(domain.LinkOK, 1)
	code.Store(500)
	w.now = w.now.Add(keepAnswer - 1)
	expect(domain.LinkOK, 1)
	w.now = w.now.Add(1)
	expect(domain.LinkRefused, 2)
	code.Store(200)
	w.now = w.now.Add(keepFailure - 1)
	expect(domain.LinkRefused, 2)
	w.now = w.now.Add(1)
	expect(domain.LinkOK, 3)
	for i := range 3 * maxKept {
		w.memory.put(fmt.Sprint(i), verdict{}, w.now)
		if len(w.memory.kept) > maxKept {
			t.Fatalf("%d answers are kept", len(w.memory.kept))
		}
	}
}

// TestManyLinks tries four at once, and ten at most.
func TestManyLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var running, most atomic.Int64
	full := make(chan struct{})
	var once sync.Once
	site := w.site(func(http.ResponseWriter, *http.Request) {
		n := running.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if n == atOnce {
			once.Do(func() { close(full) })
		}
		<-full
		running.Add(-1)
	})
	var addresses []string
	for i := range maxLinks + 2 {
		addresses = append(addresses, fmt.Sprint(site, "/", i))
	}
	var statuses []domain.LinkStatus
	for _, r := range w.Check(t.Context(), addresses) {
		statuses = append(statuses, r.Status)
	}
	want := slices.Concat(slices.Repeat([]domain.LinkStatus{domain.LinkOK}, maxLinks), slices.Repeat([]domain.LinkStatus{domain.LinkNotChecked}, 2))
	if diff := cmp.Diff(want, statuses); diff != "" || most.Load() != atOnce {
		t.Errorf("%d at once (-want +got):\n%s", most.Load(), diff)
	}
	if len(w.Check(t.Context(), nil)) != 0 {
		t.Error("no address has results")
	}
}

func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var hits atomic.Int64
	site := w.site(func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	w.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy.example:3128") }
	w.wants(site, domain.LinkNotChecked, 0, "through a proxy")
	w.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("odd settings") }
	w.wants(site+"/2", domain.LinkNotChecked, 0, "through a proxy")
	if hits.Load() != 0 {
		t.Errorf("asked %d times", hits.Load())
	}
}
