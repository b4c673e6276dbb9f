package main

import (
	"context"
	"fmt"
	"runtime"
)

func printVersion(_ context.Context, w world) int {
	fmt.Fprintf(w.stdout, "crier %s\ncommit %s\n%s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK
}
