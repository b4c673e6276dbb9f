package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// asCrier is the variable that makes the test binary be crier itself: a process of its own,
// to be killed and started again.
const asCrier = "CRIER_TEST_AS_CRIER"

func TestMain(m *testing.M) {
	if os.Getenv(asCrier) != "" {
		go endWithParent()
		go limitFiles()
		main()
	}
	if address := os.Getenv(asWatcher); address != "" {
		go endWithParent()
		watch(address)
	}
	if file := os.Getenv(asLoop); file != "" {
		repeatedly(file)
		return
	}
	os.Exit(m.Run())
}

// endWithParent ends the process when the test that started it is gone: nobody else would.
// That test holds the other end of standard input, and writes nothing to it.
func endWithParent() {
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // whatever ends it
	os.Exit(exitFailed)
}

// What a child is told to make its disk full, where no small one can be mounted.
const (
	noLargerFiles = syscall.SIGUSR1
	largerFiles   = syscall.SIGUSR2
)

// limitFiles forbids this process to make a file larger, or allows it again, as it is told.
func limitFiles() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, noLargerFiles, largerFiles)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		panic(err)
	}
	for s := range told {
		limit := before
		if s == noLargerFiles {
			limit.Cur = 4096 // they are larger already
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			panic(err)
		}
	}
}
