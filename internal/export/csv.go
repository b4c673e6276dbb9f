package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// byteOrderMark tells Excel that a CSV file is in UTF-8.
const byteOrderMark = "\ufeff"

// writeCSV writes a table as CSV. Source: RFC 4180.
func writeCSV(w io.Writer, t table) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	cells := make([]string, len(t.heading))
	for i, text := range t.heading {
		cells[i] = harmless(text)
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for row, err := range t.rows {
		if err != nil {
			return err
		}
		for i, cell := range row {
			cells[i] = plain(cell)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain is a cell of CSV. Numbers are ours and may begin with a minus sign.
func plain(cell any) string {
	switch cell := cell.(type) {
	case string:
		return harmless(cell)
	case float64:
		return strconv.FormatFloat(cell, 'f', -1, 64)
	}
	return fmt.Sprint(cell)
}

// harmless puts an apostrophe before what a spreadsheet would take for a formula, which makes
// it a text: at the beginning of a text, also after blanks and quotes, and in full width; and
// after what ends a cell where a program splits by semicolons or tabs, as Excel does in French,
// or takes no notice of quotes. Source: OWASP, CSV Injection.
func harmless(text string) string {
	var safe strings.Builder
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") {
		safe.WriteByte('\'')
	}
	mayBegin := true // what follows could be the beginning of a cell
	for _, r := range text {
		switch {
		case strings.ContainsRune(";\t\r\n", r):
			mayBegin = true
		case mayBegin && strings.ContainsRune("=+-@＝＋－＠", r):
			safe.WriteByte('\'')
			mayBegin = false
		case mayBegin:
			mayBegin = unicode.IsSpace(r) || unicode.In(r, unicode.Z, unicode.Cf) || r == '"' || r == '\''
		}
		safe.WriteRune(r)
	}
	return safe.String()
}
