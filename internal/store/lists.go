package store

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// Lists that come often go into statements here. PostgreSQL takes a list as one parameter, an array:
// the statement has one text and one plan, whatever the length. SQLite has no arrays: each value is
// a parameter, and a list is padded so that there are few texts to prepare.

// oneOf is what makes a column one of these ids, and the arguments of that.
func (t *tx) oneOf(ids []int64) (string, []any) {
	if t.dialect == Postgres {
		return ` = ANY(CAST(? AS BIGINT[]))`, []any{array(ints(ids))}
	}
	args := ints(ids)
	for range padded(len(ids)) - len(ids) {
		args = append(args, ids[len(ids)-1])
	}
	return ` IN ` + in(len(args)), args
}

// table is a table with a column c1, c2 … for each type, from the values of all rows one after the
// other, and the arguments of that. SQLite adds rows of nothing but NULL.
func (t *tx) table(values []any, types ...string) (string, []any) {
	columns := make([]string, len(types))
	if t.dialect == Postgres {
		args := make([]any, len(types))
		for i, kind := range types {
			columns[i], args[i] = "CAST(? AS "+kind+"[])", array(column(values, i, len(types)))
		}
		return "SELECT * FROM unnest(" + strings.Join(columns, ", ") + ") AS raw(" + names(len(types)) + ")", args
	}
	rows := len(values) / len(types)
	for i, kind := range types {
		n := strconv.Itoa(i + 1)
		columns[i] = "CAST(column" + n + " AS " + kind + ") AS c" + n
	}
	args := append(values[:len(values):len(values)], make([]any, len(types)*(padded(rows)-rows))...)
	return "SELECT " + strings.Join(columns, ", ") + " FROM (VALUES " + placeholders(padded(rows), len(types)) + ") AS raw", args
}

// column is each width-th value, from the i-th on.
func column(values []any, i, width int) []any {
	list := make([]any, 0, len(values)/width)
	for ; i < len(values); i += width {
		list = append(list, values[i])
	}
	return list
}

// names is "c1, c2, c3".
func names(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "c" + strconv.Itoa(i+1)
	}
	return strings.Join(list, ", ")
}

// array is a list as PostgreSQL reads an array: {1,NULL,"text"}.
func array(values []any) string {
	b := make([]byte, 0, 2+8*len(values))
	b = append(b, '{')
	for i, v := range arguments(values) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendElement(b, v)
	}
	return string(append(b, '}'))
}

func appendElement(b []byte, v any) []byte {
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		panic(fmt.Sprintf("store: in a list: %v", err)) // only what this package writes comes here
	}
	switch v := v.(type) {
	case nil:
		return append(b, "NULL"...)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case string:
		return appendQuoted(b, v)
	}
	panic(fmt.Sprintf("store: %T in a list", v))
}

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
