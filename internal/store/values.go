package store

import (
	"strconv"
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

// padInts are ids as arguments, the last repeated up to the padded number.
func padInts(ids []int64) []any {
	args := ints(ids)
	for range padded(len(ids)) - len(ids) {
		args = append(args, ids[len(ids)-1])
	}
	return args
}

// padRows adds rows of nothing, each of width values, to so many rows, up to the padded number.
func padRows(args []any, rows, width int) []any {
	return append(args, make([]any, width*(padded(rows)-rows))...)
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

// values is a table of rows from parameters with the columns c1, c2 … of these types.
// PostgreSQL takes bare parameters for texts, so each column is cast; SQLite reads the
// same text.
func values(rows int, types ...string) string {
	columns := make([]string, len(types))
	for i, t := range types {
		n := strconv.Itoa(i + 1)
		columns[i] = "CAST(column" + n + " AS " + t + ") AS c" + n
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM (VALUES " + placeholders(rows, len(types)) + ") AS raw"
}

// nullable is id, or null for zero.
func nullable(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
