package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crier/internal/simulator"
)

func TestThrottle(t *testing.T) {
	t.Parallel()
	clock := newClock()
	n := newTenant(t, func(o *simulator.Options) { o.Now = clock.now })
	n.install(0, 1)
	for _, c := range []struct {
		after  time.Duration
		header string
	}{{0, "1"}, {1500 * time.Millisecond, "1.5"}, {-1, ""}} {
		n.sim.SetBehaviour(simulator.Behaviour{Rate: 3, RetryAfter: c.after})
		for k := range 3 {
			n.send(k%2, message("within")) // the limit is the tenant's, not a conversation's
		}
		res := n.call("POST", n.activities(0), message("over"))
		if res.status != 429 || res.code() != "Throttled" || res.header.Get("Retry-After") != c.header {
			t.Errorf("fourth: %d %s, Retry-After %q, want %q", res.status, res.raw, res.header.Get("Retry-After"), c.header)
		}
		clock.advance(time.Second)
		n.send(0, message("a second later"))
	}
	stats := n.sim.Stats()
	if stats.Throttled != 3 || stats.Refused[429] != 3 || stats.PeakPerSecond != 5 {
		t.Errorf("throttled %d, refused %v, peak %d", stats.Throttled, stats.Refused, stats.PeakPerSecond)
	}
	if n.sim.Report().Throttled != 3 {
		t.Errorf("report: %d throttled", n.sim.Report().Throttled)
	}
}

func TestStandingRefusals(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.install(0)
	id := n.send(0, message("before"))
	for _, c := range []struct {
		behaviour simulator.Behaviour
		status    int
		code      string
	}{
		{simulator.Behaviour{BlockedByUser: 1}, 403, "ConversationBlockedByUser"},
		{simulator.Behaviour{NotInRoster: 1}, 403, "BotNotInConversationRoster"},
		{simulator.Behaviour{Gone: 1}, 404, "ConversationNotFound"},
	} {
		n.sim.SetBehaviour(c.behaviour)
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			path := n.activities(0)
			if method != "POST" {
				path += "/" + id
			}
			if res := n.call(method, path, message("x")); res.status != c.status || res.code() != c.code {
				t.Errorf("%s: %d %s, want %s", method, res.status, res.raw, c.code)
			}
		}
	}
	n.sim.SetBehaviour(simulator.Behaviour{Blocked: 1})
	res := n.call("POST", n.activities(0), message("x"))
	var inner map[string]any
	text, _ := res.body["message"].(string)
	if err := json.Unmarshal([]byte(text), &inner); err != nil || res.status != 403 || res.body["errorCode"] != 209.0 ||
		inner["subCode"] != "MessageWritesBlocked" {
		t.Errorf("blocked: %d %s (%v)", res.status, res.raw, err)
	}
	n.sim.SetBehaviour(simulator.Behaviour{})
	n.send(0, message("after"))
	if diff := cmp.Diff([]string{"before", "after"}, texts(n.sim, 0)); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

// outcomes sends to everybody and notes the status each send met.
func outcomes(n *tenant) []int {
	var out []int
	for i := range n.sim.People() {
		out = append(out, n.call("POST", n.activities(i), message("x")).status)
	}
	return out
}

func everybody(n *tenant) (all []int) {
	for i := range n.sim.People() {
		all = append(all, i)
	}
	return all
}

func TestSharesPickTheSamePeopleForTheSameSeed(t *testing.T) {
	t.Parallel()
	bad := simulator.Behaviour{Blocked: 0.2, NotInRoster: 0.2, ServerError: 0.3}
	run := func(seed uint64) []int {
		n := newTenant(t, func(o *simulator.Options) { o.Seed, o.Users, o.Behaviour = seed, 60, bad })
		n.install(everybody(n)...)
		return outcomes(n)
	}
	first := run(5)
	if diff := cmp.Diff(first, run(5)); diff != "" {
		t.Errorf("the same seed, other people:\n%s", diff)
	}
	if cmp.Equal(first, run(6)) {
		t.Error("another seed, the same people")
	}
	met := map[int]int{}
	for _, status := range first {
		met[status/100]++
	}
	if met[2] == 0 || met[4] == 0 || met[5] == 0 {
		t.Errorf("outcomes by class: %v", met)
	}
}

func TestServerErrorsEndAfterTheFirstAttempts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{ServerError: 1, FailFirst: 2} })
	n.install(everybody(n)...)
	html, statuses := 0, map[int]bool{}
	for range 2 {
		for i := range n.sim.People() {
			res := n.call("POST", n.activities(i), message("x"))
			if statuses[res.status] = true; res.status < 500 || res.status > 504 || res.status == 501 {
				t.Fatalf("person %d: %d", i, res.status)
			}
			if strings.HasPrefix(res.header.Get("Content-Type"), "text/html") && strings.Contains(res.raw, "<html>") {
				html++
			}
		}
	}
	if all := 2 * n.sim.People(); html == 0 || html == all || len(statuses) != 4 {
		t.Errorf("%d of %d bodies are HTML; statuses %v", html, all, statuses)
	}
	for i, status := range outcomes(n) {
		if status != http.StatusCreated {
			t.Errorf("person %d, third attempt: %d", i, status)
		}
	}
	if got, want := n.sim.Stats().ServerErrors, 2*n.sim.People(); got != want {
		t.Errorf("%d server errors counted, want %d", got, want)
	}
	n.sim.SetBehaviour(simulator.Behaviour{ServerError: 1, FailFirst: 1})
	if res := n.call("POST", n.activities(0), message("x")); res.status < 500 {
		t.Errorf("attempts were not counted from zero: %d", res.status)
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{LostAnswer: 1, FailFirst: 1} })
	n.install(0)
	if res := n.call("POST", n.activities(0), message("once")); res.status != 504 {
		t.Errorf("%d, want 504", res.status)
	}
	if diff := cmp.Diff([]string{"once"}, texts(n.sim, 0)); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

func TestHangLastsUntilTheBotGivesUp(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{Hang: 1, FailFirst: 1} })
	n.install(0)
	ctx, giveUp := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		req := must(http.NewRequestWithContext(ctx, "POST", n.url+"/teams"+n.activities(0), strings.NewReader(`{"type":"message","text":"x"}`)))
		req.Header.Set("Authorization", "Bearer "+n.token)
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.ReadAll(res.Body)
			res.Body.Close()
		}
		failed <- err
	}()
	if err := n.sim.WaitFor(t.Context(), func(s simulator.Stats) bool { return s.Hung == 1 }); err != nil {
		t.Fatal(err)
	}
	giveUp()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the request ended with %v", err)
	}
	n.send(0, message("second attempt"))
	if diff := cmp.Diff([]string{"second attempt"}, texts(n.sim, 0)); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

func TestStopReleasesWhatHangs(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{Hang: 1} })
	n.install(0)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		req := must(http.NewRequestWithContext(t.Context(), "POST", n.url+"/teams"+n.activities(0), strings.NewReader(`{"type":"message","text":"x"}`)))
		req.Header.Set("Authorization", "Bearer "+n.token)
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			t.Errorf("a request left hanging was answered: %d", res.StatusCode)
		}
	}()
	if err := n.sim.WaitFor(t.Context(), func(s simulator.Stats) bool { return s.Hung == 1 }); err != nil {
		t.Fatal(err)
	}
	n.sim.Stop()
	<-ended
}

func TestLatencyIsWaitedOut(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{Latency: time.Hour, Jitter: time.Hour} })
	n.install(0)
	ctx, giveUp := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	go func() {
		req := must(http.NewRequestWithContext(ctx, "GET", n.url+"/teams"+strings.TrimSuffix(n.activities(0), "/activities")+"/members", nil))
		req.Header.Set("Authorization", "Bearer "+n.token)
		_, err := http.DefaultClient.Do(req)
		answered <- err
	}()
	if err := n.sim.WaitFor(t.Context(), func(s simulator.Stats) bool { return s.Requests == 1 }); err != nil {
		t.Fatal(err)
	}
	giveUp()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("answered before its time: %v", err)
	}
	n.sim.SetBehaviour(simulator.Behaviour{Latency: time.Microsecond, Jitter: time.Microsecond})
	n.send(0, message("x"))
}

func TestRedelivery(t *testing.T) {
	t.Parallel()
	n := newTenant(t, func(o *simulator.Options) { o.Behaviour = simulator.Behaviour{Redeliver: 1} })
	must(n.sim.Say(t.Context(), 0, "twice"))
	got := n.bot.take()
	if len(got) != 2 || got[0]["id"] == "" {
		t.Fatalf("%d activities", len(got))
	}
	if diff := cmp.Diff(got[0], got[1]); diff != "" {
		t.Errorf("the second differs:\n%s", diff)
	}
	if stats := n.sim.Stats(); stats.Posted != 2 || stats.Redelivered != 1 || stats.Said != 1 {
		t.Errorf("stats %+v", stats)
	}
}
