package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"crier/internal/simulator"

	"github.com/google/go-cmp/cmp"
)

// signalled is what a report says of what people did.
type signalled struct {
	Seen, Clicked int
	Reactions     map[string]int
	Links         map[string]simulator.LinkDeeds
}

// reported reads it from a report of the API.
func reported(r map[string]any) signalled {
	out := signalled{Seen: int(r["seen"].(float64)), Clicked: int(r["clicked"].(float64)), Reactions: map[string]int{}, Links: map[string]simulator.LinkDeeds{}}
	for name, n := range r["reactions"].(map[string]any) {
		out.Reactions[name] = int(n.(float64))
	}
	for _, l := range r["links"].([]any) {
		link := l.(map[string]any)
		out.Links[link["url"].(string)] = simulator.LinkDeeds{Clicks: int(link["clicks"].(float64)), People: int(link["people"].(float64))}
	}
	return out
}

// counted is what the tenant counted itself.
func counted(d simulator.Deeds) signalled {
	return signalled{Seen: d.Seen, Clicked: d.Clicked, Reactions: d.Reactions, Links: d.Links}
}

// What 250 people do with a message adds up in the report to exactly what they did, though some
// are quicker than our note of the message, what they do comes late, twice and in any order,
// and programs look at every link.
func TestSignalsAddUp(t *testing.T) {
	t.Parallel()
	o := simulator.Options{
		Users: 250, SkypeShare: 0.1, Engage: true,
		Habits: simulator.Habits{MaxDelay: 300 * time.Millisecond, Read: 0.7, Click: 0.6, EveryLink: 0.5, ClickAgain: 0.3, React: 0.6, Unreact: 0.4, Answer: 1e-9},
		Behaviour: simulator.Behaviour{Redeliver: 0.3, Scanners: true, Late: 500 * time.Millisecond, Early: 0.3,
			Latency: 5 * time.Millisecond, Jitter: 20 * time.Millisecond},
	}
	onEach(t, o, func(s *stage) {
		s.install()
		for _, channel := range []string{"teams", "skype"} {
			mark := "mark-" + channel
			id := s.campaign(map[string]any{"name": channel, "kind": "card", "channel": channel, "audience": map[string]any{"everyone": true},
				"content": map[string]any{
					"title": mark, "text": mark + " for everybody: read [the plan](https://example.com/plan?a=1&b=2).",
					"buttons": []any{
						map[string]any{"title": "Join", "url": "https://example.org/join"},
						map[string]any{"title": "Map", "url": "https://example.net/map#here"},
					},
				}})
			s.call(http.StatusAccepted, "POST", "/campaigns/"+id+"/send", nil)
			sent := int(s.finished(id)["sent"].(float64))
			s.tenant.waitIdle(s)
			want := counted(s.tenant.Deeds(mark))
			if len(want.Links) != 3 || want.Clicked == 0 || want.Seen < want.Clicked || want.Seen >= sent || channel == "teams" && len(want.Reactions) < 3 {
				s.Fatalf("the tenant is no test: %+v", want)
			}
			var r map[string]any
			deadline := time.Now().Add(30 * time.Second)
			for r = s.report(id); !cmp.Equal(want, reported(r)) && time.Now().Before(deadline); r = s.report(id) {
				time.Sleep(50 * time.Millisecond) // signals that came early are looked at every second
			}
			if diff := cmp.Diff(want, reported(r)); diff != "" {
				s.Errorf("%s: (-what they did +what is reported):\n%s", channel, diff)
			}
			if receipts := map[string]string{"teams": "available", "skype": "not_available"}[channel]; r["read_receipts"] != receipts {
				s.Errorf("%s: read receipts are %v", channel, r["read_receipts"])
			}
			if n := s.rows(id, func(row map[string]any) bool { return row["clicked_at"] != nil }); n != want.Clicked {
				s.Errorf("%s: %d rows were clicked in, want %d", channel, n, want.Clicked)
			}
		}
		stats := s.tenant.Stats()
		if stats.ClicksFailed+stats.PostsFailed > 0 || stats.Scanned == 0 || stats.Redelivered == 0 || stats.Unreacted == 0 {
			s.Errorf("%+v", stats)
		}
	})
}

// waitIdle waits until everybody has done what they do, for as long as they get on with it.
func (t *tenant) waitIdle(s *stage) {
	s.Helper()
	for last := -1; ; {
		ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
		err := t.WaitFor(ctx, func(st simulator.Stats) bool { return st.Pending == 0 })
		cancel()
		stats := t.Stats()
		done := stats.Posted + stats.Clicked + stats.Scanned
		if err == nil {
			return
		}
		if done == last {
			s.Fatalf("they are stuck: %+v", stats)
		}
		last = done
	}
}

// rows counts the rows of a campaign for which something holds.
func (s *stage) rows(id string, holds func(map[string]any) bool) int {
	s.Helper()
	n, cursor := 0, ""
	for {
		page := s.call(http.StatusOK, "GET", "/campaigns/"+id+"/deliveries?limit=500&cursor="+cursor, nil)
		for _, row := range page["items"].([]any) {
			if holds(row.(map[string]any)) {
				n++
			}
		}
		if cursor, _ = page["next_cursor"].(string); cursor == "" {
			return n
		}
	}
}
