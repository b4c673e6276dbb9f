package live

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func words(s string) []Event { return []Event{{Name: "word", Data: []byte(s)}} }

func always() bool { return true }

func TestEventsAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	values := make(chan string, 3)
	values <- "one"
	values <- "two\nlines\r\nand: more\n"
	values <- ""
	close(values)
	w := httptest.NewRecorder()
	Follow(w, httptest.NewRequest(http.MethodGet, "/", nil), values, words, always)
	want := "event: word\ndata: one\n\nevent: word\ndata: two\ndata: lines\ndata: and: more\n\nevent: word\n\n"
	if w.Body.String() != want {
		t.Errorf("%q", w.Body)
	}
	if h := w.Header(); h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" || !w.Flushed {
		t.Errorf("flushed: %t, %v", w.Flushed, h)
	}
}

func TestAQuietStreamBeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, values := httptest.NewRecorder(), make(chan string)
		go func() {
			time.Sleep(31 * time.Second) // the bubble's
			close(values)
		}()
		Follow(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), values, words, always)
		if w.Body.String() != ":\n\n:\n\n" {
			t.Errorf("%q", w.Body)
		}
	})
}

func TestWhoMayNoMoreIsCutOff(t *testing.T) {
	t.Parallel()
	values := make(chan string, 3)
	for _, v := range []string{"a", "b", "c"} {
		values <- v
	}
	asked := 0
	w := httptest.NewRecorder()
	Follow(w, httptest.NewRequest(http.MethodGet, "/", nil), values, words, func() bool { asked++; return asked < 3 })
	if got := strings.Count(w.Body.String(), "event:"); got != 2 {
		t.Errorf("%d events", got)
	}
}

// A server whose limits are shorter than the pauses between events does not end the stream,
// and a reader who leaves does.
func TestAStreamOutlivesTheServersLimits(t *testing.T) {
	t.Parallel()
	const limit = 50 * time.Millisecond
	values, ended := make(chan string), atomic.Bool{}
	over := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Follow(w, r, values, words, always)
		ended.Store(r.Context().Err() != nil)
		close(over)
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = limit, limit
	server.Start()
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err == nil {
		defer answer.Body.Close()
	} else {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(answer.Body)
	for _, word := range []string{"first", "second"} {
		<-time.After(3 * limit) // longer than the limits: what the test is about
		values <- word
		for lines.Scan() && lines.Text() != "data: "+word {
		}
		if err := lines.Err(); err != nil || lines.Text() != "data: "+word {
			t.Fatalf("%s: %q, %v", word, lines.Text(), err)
		}
	}
	answer.Body.Close()
	<-over
	if !ended.Load() {
		t.Error("the stream ended, but not by its reader's leaving")
	}
	io.Copy(io.Discard, answer.Body) //nolint:errcheck // it is closed
}
