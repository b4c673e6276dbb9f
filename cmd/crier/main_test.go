package main

import (
	"io"
	"os"
	"testing"
)

// asCrier is the variable that makes the test binary be crier itself: a process of its own,
// to be killed and started again.
const asCrier = "CRIER_TEST_AS_CRIER"

func TestMain(m *testing.M) {
	if os.Getenv(asCrier) != "" {
		go endWithParent()
		main()
	}
	os.Exit(m.Run())
}

// endWithParent ends the process when the test that started it is gone: nobody else would.
// That test holds the other end of standard input, and writes nothing to it.
func endWithParent() {
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // whatever ends it
	os.Exit(exitFailed)
}
