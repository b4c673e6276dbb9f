// Package live writes streams of server-sent events, for browsers and programs that follow
// something. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
package live

import (
	"bytes"
	"net/http"
	"time"
)

const (
	beatEvery = 15 * time.Second // so that proxies do not take a quiet stream for a dead one
	writeTime = 20 * time.Second // how long a reader may be in taking an event
)

// Event is one event of a stream.
type Event struct {
	Name string
	Data []byte
}

// Follow answers a request with the events of each value, as the values come, until there are
// no more, the reader leaves, or allowed (asked before each event and heartbeat) says no. The
// server's own time limits do not hold for it.
func Follow[T any](w http.ResponseWriter, r *http.Request, values <-chan T, events func(T) []Event, allowed func() bool) {
	s := begin(w)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var text []byte
		select {
		case v, more := <-values:
			if !more {
				return
			}
			for _, e := range events(v) {
				text = e.appendTo(text)
			}
		case <-beat.C:
			text = []byte(":\n\n")
		case <-r.Context().Done():
			return
		}
		if !allowed() || s.write(text) != nil {
			return
		}
	}
}

// stream is an answer that goes on.
type stream struct {
	http.ResponseWriter
	control *http.ResponseController
}

func begin(w http.ResponseWriter) stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events back
	s := stream{w, http.NewResponseController(w)}
	s.control.SetReadDeadline(time.Time{}) //nolint:errcheck // a writer without limits has none to lift
	w.WriteHeader(http.StatusOK)
	s.control.Flush() //nolint:errcheck // who is gone is noticed with the first event
	return s
}

func (s stream) write(text []byte) error {
	s.control.SetWriteDeadline(time.Now().Add(writeTime)) //nolint:errcheck // as above
	if _, err := s.Write(text); err != nil {
		return err
	}
	return s.control.Flush()
}

// appendTo adds the event as it is written: a line "data:" for each line of its data.
func (e Event) appendTo(text []byte) []byte {
	text = append(append(append(text, "event: "...), e.Name...), '\n')
	for line := range bytes.Lines(bytes.TrimRight(e.Data, "\r\n")) {
		text = append(append(append(text, "data: "...), bytes.TrimRight(line, "\r\n")...), '\n')
	}
	return append(text, '\n')
}
