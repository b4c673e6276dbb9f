package store

import (
	"strings"
)

// placeholders is "(?,?),(?,?)" for rows of width values.
func placeholders(rows, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
}

// in is "(?,?,?)".
func in(n int) string { return placeholders(1, n) }

// padded is the number of rows, rounded up to a power of two: a statement over a list has
// few lengths then, and stays prepared.
func padded(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// step is 1 for yes: what something changes in a count.
func step(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// ints and texts are values as arguments.
func ints(values []int64) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

func texts[T ~string](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	return args
}

// nullable is id, or null for zero.
func nullable(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
