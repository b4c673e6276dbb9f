package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// asWatcher is the variable that makes the test binary ask for a report over and over: the
// process of the test, which is the tenant as well, is too busy to tell how long an answer takes.
const asWatcher = "CRIER_TEST_WATCH"

// watch asks for the report at an address, and prints how long each answer took, until the
// process that started it is gone.
func watch(address string) {
	for ; ; time.Sleep(5 * time.Millisecond) {
		begun := time.Now()
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			panic(err)
		}
		r.Header.Set("Authorization", "Bearer "+testToken)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, answer.Body) //nolint:errcheck // then the next one fails
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			panic(answer.Status)
		}
		fmt.Println(time.Since(begun))
	}
}

// reportTimes is how long reports take, at least a hundred and until enough.
func (d *drill) reportTimes(c *child, id string, enough func() bool) []time.Duration {
	d.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(withoutSettings(os.Environ()), asWatcher+"="+c.service.cfg.PublicURL+"/api/v1/campaigns/"+id+"/report")
	var said strings.Builder
	cmd.Stderr = &said
	answers, err := cmd.StdoutPipe()
	if _, in := cmd.StdinPipe(); err == nil { // see endWithParent
		err = in
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		d.Fatal(err)
	}
	defer cmd.Wait() //nolint:errcheck // it is killed
	defer cmd.Process.Kill()
	var took []time.Duration
	deadline := time.Now().Add(longest)
	for lines := bufio.NewScanner(answers); len(took) < 100 || !enough(); {
		if time.Now().After(deadline) {
			d.Fatalf("it takes too long: %v", d.tenant.Stats())
		}
		if !lines.Scan() {
			cmd.Wait() //nolint:errcheck // what it said says more
			d.Fatalf("nobody watches any more: %s", said.String())
		}
		one, err := time.ParseDuration(lines.Text())
		if err != nil {
			d.Fatal(err)
		}
		if took = append(took, one); len(took)%50 == 0 {
			c.report(id) // whose sums are looked at here
		}
	}
	return took
}
