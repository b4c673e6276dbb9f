package main

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"crier/internal/config"
)

// child is "crier serve" in a process of its own. As a stage it is called over its API.
type child struct {
	*stage
	cmd   *exec.Cmd
	log   *childLog
	ended chan struct{} // closed when the process is gone
}

// childLog is what a child says. It hears where the child listens.
type childLog struct {
	mu    sync.Mutex
	text  bytes.Buffer
	ready chan string // one address
}

var readyLine = regexp.MustCompile(`msg=ready listen=(\S+)`)

func (l *childLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if found := readyLine.FindSubmatch(l.text.Bytes()); found != nil && bytes.Contains(p, []byte("msg=ready")) {
		l.ready <- string(found[1])
	}
	return len(p), nil
}

func (l *childLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// count is how often words were logged.
func (l *childLog) count(words string) int { return strings.Count(l.String(), words) }

// startChild runs the program with these variables and waits until it is ready.
func startChild(t testing.TB, tenant *tenant, vars map[string]string) *child {
	t.Helper()
	c := launchChild(t, vars)
	select {
	case address := <-c.log.ready:
		c.stage = &stage{TB: t, tenant: tenant, service: &service{cfg: config.Config{PublicURL: "http://" + address}}}
	case <-c.ended:
		t.Fatalf("the program ended before it was ready: %v", c.cmd.ProcessState)
	case <-time.After(longest):
		t.Fatal("the program is never ready")
	}
	return c
}

// launchChild runs the program and waits for nothing.
func launchChild(t testing.TB, vars map[string]string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(program, "serve"), log: &childLog{ready: make(chan string, 1)}, ended: make(chan struct{})}
	c.cmd.Env = append(withoutSettings(os.Environ()), asCrier+"=yes", "GORACE=atexit_sleep_ms=0") // which would be taken for a slow stop
	for name, value := range vars {
		c.cmd.Env = append(c.cmd.Env, name+"="+value)
	}
	c.cmd.Stderr = c.log
	if _, err := c.cmd.StdinPipe(); err != nil { // see endWithParent
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.cmd.Wait() //nolint:errcheck // how it ended is in its state
		close(c.ended)
	}()
	t.Cleanup(func() {
		c.kill()
		if strings.Contains(c.log.String(), "DATA RACE") {
			t.Error("a race in a child")
		}
		if t.Failed() {
			t.Logf("process %d said:\n%s", c.cmd.Process.Pid, c.log)
		}
	})
	return c
}

func withoutSettings(env []string) []string {
	var kept []string
	for _, v := range env {
		if !strings.HasPrefix(v, "CRIER_") {
			kept = append(kept, v)
		}
	}
	return kept
}

// kill is kill -9. It returns when the process is gone.
func (c *child) kill() {
	c.cmd.Process.Kill() //nolint:errcheck // it may be gone already
	<-c.ended
}

// terminate is SIGTERM. It answers how long the program took to end; it must end well.
func (c *child) terminate() time.Duration {
	c.Helper()
	begun := time.Now()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		c.Fatal(err)
	}
	select {
	case <-c.ended:
	case <-time.After(longest):
		c.Fatal("the program does not end")
	}
	if code := c.cmd.ProcessState.ExitCode(); code != exitOK {
		c.Errorf("the program ended with %d", code)
	}
	return time.Since(begun)
}

// alive says whether the process is still there.
func (c *child) alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// readiness is the status of /readyz; 0: no answer.
func (c *child) readiness() int {
	r, err := http.Get(c.service.cfg.PublicURL + "/readyz")
	if err != nil {
		return 0
	}
	r.Body.Close()
	return r.StatusCode
}
