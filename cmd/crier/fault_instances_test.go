package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// Two processes are replaced one after the other in the middle of a campaign: nothing is
// lost, repeated or in doubt.
func TestFaultRollingRestart(t *testing.T) {
	t.Parallel()
	d := newDrill(t, storetest.Postgres(), sized(800, 5000), simulator.Behaviour{Latency: 100 * time.Millisecond}, "CRIER_SEND_RATE=100")
	d.place()
	first, second := d.serve(), d.serve()
	id := d.send(first, "hold")
	d.delivered(d.n / 4)
	first.terminate()
	first = d.serve()
	d.delivered(d.n / 2)
	second.terminate()
	r := d.done(first, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("hold")
	d.account("rolling restart of two", "postgres", 2, "hold", r)
}

// Of two processes one does what is done once for all: each activity reaches both, and still
// everybody is welcomed once; a campaign starts once, at its time.
func TestFaultTwoDoItOnce(t *testing.T) {
	t.Parallel()
	d := newDrill(t, storetest.Postgres(), sized(60, 1000), simulator.Behaviour{Redeliver: 1})
	first, second := d.serve(), d.serve()
	if err := d.tenant.SetBot(inTurn(t, first, second) + "/api/messages"); err != nil {
		t.Fatal(err)
	}
	d.begun = time.Now()
	if err := d.tenant.InstallAll(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d.delivered(d.n)
	id := d.draft(first, "planned", "hold")
	second.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", map[string]any{"at": time.Now().Add(3 * time.Second).UTC().Format(time.RFC3339)})
	r := d.done(second, id)
	want(d, r, map[string]int{"sent": d.n, "uncertain": 0})
	d.once("planned")
	for i := range d.n {
		if n := len(d.tenant.Received(i)); n != 2 {
			d.Errorf("person %d has %d messages, and not a welcome and a campaign", i, n)
		}
	}
	if n := strings.Count(first.log.String()+second.log.String(), `msg="campaign started"`); n != 1 {
		d.Errorf("the campaign started %d times", n)
	}
	d.account("two processes, everybody welcomed", "postgres", 0, "planned", r)
}

// inTurn is the address of a balancer that gives each child every other request.
func inTurn(t testing.TB, children ...*child) string {
	t.Helper()
	var proxies []*httputil.ReverseProxy
	for _, c := range children {
		at, err := url.Parse(c.service.cfg.PublicURL)
		if err != nil {
			t.Fatal(err)
		}
		proxies = append(proxies, httputil.NewSingleHostReverseProxy(at))
	}
	var n atomic.Uint64
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxies[n.Add(1)%uint64(len(proxies))].ServeHTTP(w, r)
	})}
	l := listenOn(t, "127.0.0.1:0")
	go server.Serve(l) //nolint:errcheck // it ends with Close
	t.Cleanup(func() { server.Close() })
	return "http://" + l.Addr().String()
}
