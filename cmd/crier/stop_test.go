package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"crier/internal/simulator"
	"crier/internal/store/storetest"
)

// A client that stalls in the middle of its request does not keep the program from stopping
// well: the stage's stop fails the test when the program ends with an error.
func TestAStalledClientIsLeftBehind(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 1})
	c, err := net.Dial("tcp", strings.TrimPrefix(s.service.cfg.PublicURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	if _, err := http.Get(s.service.cfg.PublicURL + "/healthz"); err != nil { // both are accepted in order
		t.Fatal(err)
	}
	s.stop()
}

// Somebody whose channel asks for an hour's patience does not keep the program from stopping.
func TestAThrottledReplyDoesNotHoldTheStop(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite(), simulator.Options{Users: 2})
	s.install()
	s.tenant.SetBehaviour(simulator.Behaviour{Rate: 0.0001, RetryAfter: time.Hour})
	for i := range 2 {
		if r, err := s.tenant.Say(t.Context(), i, "help"); err != nil || !r.OK() {
			t.Fatal(r.Status, err)
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.stop()
	}()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the program waits for the channel's hour")
	}
}
