package export

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crier/internal/domain"
)

// many is a campaign of so many recipients, each some two hundred bytes.
func many(rows int) *source {
	row := func(id int64) domain.Delivery {
		name := strings.Repeat("N", int(id%40)+1)
		return domain.Delivery{ID: id, Person: domain.Person{ID: id, Name: name, Email: name + "@example.com"}, State: domain.Failed, Attempts: 1,
			DueAt: noon, SentAt: noon, SeenAt: noon, ClickedAt: noon, Code: domain.BlockedByUser}
	}
	return &source{campaign: domain.Campaign{ID: 1, Name: "All"}, rows: rows, row: row}
}

// overTheWire is what a reader gets of a file.
func overTheWire(t *testing.T, s *source, format Format) ([]byte, int, error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.serve(w, r, Request{Format: format}); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	file, err := io.ReadAll(answer.Body)
	return file, answer.StatusCode, err
}

func TestEveryPageIsThere(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{pageSize - 1, pageSize, 3*pageSize + 1} {
		file, _, err := overTheWire(t, many(rows), CSV)
		if n := len(records(t, file)); err != nil || n != rows+1 {
			t.Errorf("%d of %d rows in CSV, %v", n, rows, err)
		}
		file, _, err = overTheWire(t, many(rows), XLSX)
		if n := len(cells(t, file)); err != nil || n != rows+1 {
			t.Errorf("%d of %d rows in XLSX, %v", n, rows, err)
		}
	}
}

// Whoever gets a part of a file notices it; what is known to fail before that is answered.
func TestABreakInTheMiddle(t *testing.T) {
	t.Parallel()
	s := many(20 * pageSize)
	s.breaksAt = 10 * pageSize
	file, _, err := overTheWire(t, s, CSV)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(file) == 0 {
		t.Errorf("%d bytes of CSV, %v", len(file), err)
	}
	s = many(20 * pageSize)
	s.breaksAt = 10 * pageSize
	file, status, err := overTheWire(t, s, XLSX)
	if status != http.StatusInternalServerError || len(file) > 0 || err != nil {
		t.Errorf("%d bytes of XLSX, status %d, %v", len(file), status, err)
	}
}

// broken is a reader who leaves after so many bytes.
type broken struct {
	*httptest.ResponseRecorder
	left int
}

func (b *broken) Write(piece []byte) (int, error) {
	if b.left -= len(piece); b.left < 0 {
		return 0, errBroken
	}
	return len(piece), nil
}

func TestAReaderWhoLeaves(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("%s: %v", format, p)
				}
			}()
			w := &broken{httptest.NewRecorder(), 1000}
			err := many(5000).serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), Request{Format: format})
			t.Errorf("%s: it ended well, %v", format, err)
		}()
	}
}

// counter counts what is written and keeps nothing.
type counter struct {
	header http.Header
	bytes  atomic.Int64
}

func (c *counter) Header() http.Header { return c.header }
func (c *counter) WriteHeader(int)     {}
func (c *counter) Write(piece []byte) (int, error) {
	c.bytes.Add(int64(len(piece)))
	return len(piece), nil
}

// CSV goes out page by page: when one is asked for, those before it are sent, but for what the
// writer has in its buffer.
func TestCSVIsStreamed(t *testing.T) {
	t.Parallel()
	const buffer, leastRow = 4096, 200
	s, w := many(20_000), &counter{header: http.Header{}}
	s.beforePage = func(after int64) {
		if sent := w.bytes.Load(); sent+buffer < after*leastRow {
			t.Errorf("after row %d only %d bytes are sent", after, sent)
		}
	}
	if err := s.serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), Request{}); err != nil {
		t.Fatal(err)
	}
	if len(s.asked) != 20_000/pageSize+1 {
		t.Errorf("%d pages", len(s.asked))
	}
}

// slow is a reader on a server whose limits are for whole answers.
type slow struct {
	counter
	readUntil, writeUntil time.Time
	unlimited             int // pieces that were written without a new limit
}

func (s *slow) SetReadDeadline(t time.Time) error  { s.readUntil = t; return nil }
func (s *slow) SetWriteDeadline(t time.Time) error { s.writeUntil = t; return nil }

func (s *slow) Write(piece []byte) (int, error) {
	if s.writeUntil.IsZero() {
		s.unlimited++
	}
	s.writeUntil = time.Time{}
	return s.counter.Write(piece)
}

// Reading a long file takes longer than the server allows for an answer; each piece has a limit
// of its own.
func TestASlowReader(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		w := &slow{counter: counter{header: http.Header{}}, readUntil: noon}
		if err := many(2000).serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), Request{Format: format}); err != nil {
			t.Fatal(err)
		}
		if !w.readUntil.IsZero() || w.unlimited > 0 || w.bytes.Load() == 0 {
			t.Errorf("%s: read until %v, %d of the pieces without a limit", format, w.readUntil, w.unlimited)
		}
	}
}

// A file costs no memory by its size: XLSX keeps 16 MB at most and writes the rest to disk. It
// measures the memory of the process, and so does not run beside other tests.
func TestMemoryIsBounded(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	const rows = 20_000
	for format, most := range map[Format]uint64{CSV: 4 << 20, XLSX: 48 << 20} {
		before, peak := heap(), uint64(0)
		s, w := many(rows), &counter{header: http.Header{}}
		s.beforePage = func(after int64) {
			if after%5000 == 0 {
				peak = max(peak, heap())
			}
		}
		if err := s.serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), Request{Format: format}); err != nil {
			t.Fatal(err)
		}
		if peak > before+most || w.bytes.Load() < rows {
			t.Errorf("%s: %d KB in memory, %d KB written", format, (peak-before)>>10, w.bytes.Load()>>10)
		}
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestTooManyRowsForASheet(t *testing.T) {
	t.Parallel()
	b, err := newWorkbook()
	if err != nil {
		t.Fatal(err)
	}
	b.rows = mostRows - 1
	if err := b.add([]any{"the last"}); err != nil {
		t.Error(err)
	}
	if err := b.add([]any{"one more"}); domain.KindOf(err) != domain.Conflict {
		t.Errorf("%v", err)
	}
	if err := b.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(b.folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder stays: %v", err)
	}
}
