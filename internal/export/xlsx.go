package export

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"

	"crier/internal/domain"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet of XLSX can have, its heading counted.
const mostRows = excelize.TotalRows

// workbook is a file of XLSX with one sheet. What does not fit in a few megabytes of memory is
// in a folder of its own until it is closed.
type workbook struct {
	file   *excelize.File
	sheet  *excelize.StreamWriter
	folder string
	rows   int
}

const sheetName = "Sheet1"

func newWorkbook() (*workbook, error) {
	// Without a folder to write in, excelize would keep everything in memory.
	folder, err := os.MkdirTemp("", "crier-export-")
	if err != nil {
		return nil, fmt.Errorf("export: no place for temporary files: %w", err)
	}
	b := &workbook{file: excelize.NewFile(excelize.Options{TmpDir: folder}), folder: folder}
	if b.sheet, err = b.file.NewStreamWriter(sheetName); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// fill writes a table into the sheet.
func (b *workbook) fill(t table) error {
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	heading := make([]any, len(t.heading))
	for i, text := range t.heading {
		heading[i] = excelize.Cell{StyleID: bold, Value: text}
	}
	if err := b.add(heading); err != nil {
		return err
	}
	for row, err := range t.rows {
		if err != nil {
			return err
		}
		if err := b.add(row); err != nil {
			return err
		}
	}
	return b.sheet.Flush()
}

// add writes a row. Its texts are cells of the type text, which no program takes for formulas.
func (b *workbook) add(cells []any) error {
	if b.rows++; b.rows > mostRows {
		return domain.Fail(domain.Conflict, "There are too many rows for XLSX. Export them as CSV.")
	}
	at, err := excelize.CoordinatesToCellName(1, b.rows)
	if err != nil {
		return err
	}
	return b.sheet.SetRow(at, cells)
}

// writeTo writes the finished workbook. Excelize would make the whole file in memory; given
// another archive to write to, it doesn't. The archive is closed only when all of it is there.
func (b *workbook) writeTo(w io.Writer) error {
	archive := zip.NewWriter(w)
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return leftOpen{archive} })
	if err := b.file.Write(io.Discard); err != nil {
		return err
	}
	return archive.Close()
}

// leftOpen is an archive that somebody else closes.
type leftOpen struct{ *zip.Writer }

func (leftOpen) Close() error { return nil }

// close removes what was written to disk.
func (b *workbook) close() error { return errors.Join(b.file.Close(), os.RemoveAll(b.folder)) }
