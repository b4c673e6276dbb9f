package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// door stands before the simulated Connector. It knows when each request came and how it was
// answered, and it can be shut, as if nobody listened there.
type door struct {
	testing.TB
	url    string
	within http.Handler // the tenant
	server *http.Server

	mu     sync.Mutex
	limit  int // requests that are let in in any second, whenever it begins; 0: all
	let    []time.Time
	visits []*visit
	open   int // requests without an answer yet
}

// visit is one request to the Connector.
type visit struct {
	at       time.Time
	answered time.Time // zero: not yet
	status   int       // 0: none; the bot was left hanging
}

// newDoor opens a door to nowhere: set within before anybody comes.
func newDoor(t testing.TB) *door {
	t.Helper()
	d := &door{TB: t}
	d.openOn("127.0.0.1:0")
	t.Cleanup(func() { d.server.Close() })
	return d
}

func (d *door) openOn(address string) {
	d.Helper()
	l := listenOn(d, address)
	d.url = "http://" + l.Addr().String()
	d.server = &http.Server{Handler: d, ReadHeaderTimeout: 5 * time.Second}
	go d.server.Serve(l) //nolint:errcheck // it ends with Close
}

// listenOn listens on an address that was listened on before. Until it is free again, some
// connection of this machine may have been given its port.
func listenOn(t testing.TB, address string) net.Listener {
	t.Helper()
	for deadline := time.Now().Add(longest); ; time.Sleep(10 * time.Millisecond) {
		l, err := net.Listen("tcp", address)
		if err == nil {
			return l
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// shut lets those inside end, and refuses connections from then on.
func (d *door) shut() {
	if err := d.server.Shutdown(context.Background()); err != nil {
		d.Error(err)
	}
}

// reopen ends a shut.
func (d *door) reopen() { d.openOn(strings.TrimPrefix(d.url, "http://")) }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.URL.Path, "/v3/conversations/") { // keys and tokens
		d.within.ServeHTTP(w, r)
		return
	}
	v, in := d.enter(time.Now())
	status := &statusWriter{ResponseWriter: w}
	defer func() { d.leave(v, status.code) }()
	if !in {
		status.Header().Set("Retry-After", "1")
		status.WriteHeader(http.StatusTooManyRequests)
		return
	}
	d.within.ServeHTTP(status, r)
}

func (d *door) enter(now time.Time) (v *visit, in bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v = &visit{at: now}
	d.visits = append(d.visits, v)
	d.open++
	if n := len(d.let) - d.limit; d.limit > 0 && n >= 0 && now.Sub(d.let[n]) < time.Second {
		return v, false
	}
	d.let = append(d.let, now)
	return v, true
}

func (d *door) leave(v *visit, status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open--
	v.answered, v.status = time.Now(), status
}

// inside is how many requests have no answer yet.
func (d *door) inside() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open
}

// seen copies the visits so far, in the order they came.
func (d *door) seen() []visit {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]visit, len(d.visits))
	for i, v := range d.visits {
		list[i] = *v
	}
	return list
}

// statusWriter remembers how a request was answered.
type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
