package main

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// wire is a TCP connection to PostgreSQL that can be cut.
type wire struct {
	testing.TB
	address, target string

	losing  atomic.Pointer[losing] // nil: nothing is lost
	answers atomic.Int64           // that could have been lost

	mu    sync.Mutex
	l     net.Listener
	down  bool
	conns map[net.Conn]bool
}

// losing says which answers never arrive: each how manieth of those with a word in them.
type losing struct {
	each int64
	with string
}

// newWire leads to the database of that URL; it answers the URL that goes through it.
func newWire(t testing.TB, database string) (*wire, string) {
	t.Helper()
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{TB: t, address: "127.0.0.1:0", target: at.Host, conns: map[net.Conn]bool{}}
	w.mend()
	t.Cleanup(w.cut)
	at.Host = w.address
	return w, at.String()
}

// mend lets connections through.
func (w *wire) mend() {
	l := listenOn(w, w.address)
	w.mu.Lock()
	w.l, w.address, w.down = l, l.Addr().String(), false
	w.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // cut
			}
			go w.carry(c)
		}
	}()
}

// cut ends every connection and refuses new ones.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.l.Close()
	w.down = true
	for c := range w.conns {
		c.Close()
	}
	clear(w.conns)
}

func (w *wire) carry(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer out.Close()
	if !w.keep(in, out) {
		return
	}
	go func() {
		io.Copy(out, in) //nolint:errcheck // cut
		out.Close()
	}()
	w.answer(in, out)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, in)
	delete(w.conns, out)
}

// keep notes connections to be cut; false when that has happened meanwhile.
func (w *wire) keep(in, out net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns[in], w.conns[out] = true, true
	return !w.down
}

// answer carries what the database says until one side ends, or an answer is to be lost: the
// database has done what it was told, and nobody hears of it.
func (w *wire) answer(in, out net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := out.Read(buffer)
		if err != nil {
			return
		}
		if l := w.losing.Load(); l != nil && bytes.Contains(buffer[:n], []byte(l.with)) && w.answers.Add(1)%l.each == 0 {
			return
		}
		if _, err := in.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// lockFile keeps everybody else from writing to a SQLite file.
func lockFile(t testing.TB, path string) (unlock func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := db.Exec("ROLLBACK"); err != nil {
			t.Error(err)
		}
	}
}

// fillJournal writes to a SQLite file whose disk is full until its journal has no room either,
// and keeps it so until release: while somebody reads, the journal can't begin anew. Without that,
// a campaign may be over before it needs more.
func fillJournal(t testing.TB, path string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(60000)&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	reader, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var campaigns int
	if err := reader.QueryRow("SELECT count(*) FROM campaigns").Scan(&campaigns); err != nil {
		t.Fatal(err)
	}
	for range 5000 { // more than the journal's thousand pages; where writing is forbidden to the child alone, no more are needed
		if _, err := db.Exec("UPDATE campaigns SET name = name"); err != nil {
			if !strings.Contains(err.Error(), "full") {
				t.Fatal(err)
			}
			break
		}
	}
	return func() {
		if err := reader.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// disk is a folder that can be full.
type disk struct {
	testing.TB
	folder string
	kind   string
}

// newDisk is a small file system of its own. Where mounting one is not allowed, the child
// is forbidden to make its files larger instead.
func newDisk(t testing.TB) *disk {
	t.Helper()
	k := &disk{TB: t, folder: t.TempDir(), kind: "tmpfs"}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64m", "crier-fault", k.folder).CombinedOutput(); err == nil {
		t.Cleanup(func() {
			if out, err := exec.Command("umount", k.folder).CombinedOutput(); err != nil {
				t.Errorf("umount: %v: %s", err, out)
			}
		})
	} else {
		t.Logf("no tmpfs can be mounted here: %v: %s", err, out)
		k.kind = "RLIMIT_FSIZE"
	}
	return k
}

// fill leaves no room.
func (k *disk) fill(c *child) {
	k.Helper()
	if k.kind != "tmpfs" {
		k.signal(c, noLargerFiles)
		return
	}
	f, err := os.Create(k.ballast())
	if err != nil {
		k.Fatal(err)
	}
	defer f.Close()
	for _, piece := range [][]byte{make([]byte, 1<<20), make([]byte, 512)} { // to the last page
		for err = nil; err == nil; {
			_, err = f.Write(piece)
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		k.Fatal(err)
	}
}

// empty makes room again.
func (k *disk) empty(c *child) {
	k.Helper()
	if k.kind != "tmpfs" {
		k.signal(c, largerFiles)
	} else if err := os.Remove(k.ballast()); err != nil {
		k.Fatal(err)
	}
}

func (k *disk) ballast() string { return filepath.Join(k.folder, "ballast") }

func (k *disk) signal(c *child, s os.Signal) {
	k.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		k.Fatal(err)
	}
}
