package export

import (
	"net/http"
	"time"
)

// writeTime is how long a reader may be in taking a piece of a file.
const writeTime = 30 * time.Second

// Send answers a request with the file. An error means that nothing was sent yet and that the
// face can answer something else; what goes wrong later ends the connection.
func (f *File) Send(w http.ResponseWriter, r *http.Request) error {
	to := &patient{ResponseWriter: w, control: http.NewResponseController(w)}
	to.control.SetReadDeadline(time.Time{}) //nolint:errcheck // a writer without limits has none to lift
	if r.Method == http.MethodHead {
		f.head(w.Header())
		return nil
	}
	if f.format == XLSX {
		return f.sendXLSX(to, r)
	}
	f.head(w.Header())
	f.finish(r, writeCSV(to, f.table))
	return nil
}

// sendXLSX writes the workbook to disk first: its size and its faults are known then.
func (f *File) sendXLSX(to *patient, r *http.Request) error {
	b, err := newWorkbook()
	if err != nil {
		return err
	}
	defer func() {
		if err := b.close(); err != nil {
			f.log.Warn("export: temporary files were left behind", "error", err)
		}
	}()
	if err := b.fill(f.table); err != nil {
		return err
	}
	f.head(to.Header())
	f.finish(r, b.writeTo(to))
	return nil
}

// finish ends the connection where a file could not be finished: its reader must not take what
// came for the whole. A reader who left is no fault of ours.
func (f *File) finish(r *http.Request, err error) {
	if err == nil {
		return
	}
	if r.Context().Err() == nil {
		f.log.Error("export: a file was not finished", "error", err)
	}
	panic(http.ErrAbortHandler)
}

func (f *File) head(h http.Header) {
	kind, ending := "text/csv; charset=utf-8", ".csv"
	if f.format == XLSX {
		kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(f.name+ending))
	h.Set("Content-Language", f.tr.Language())
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // nginx would keep the file back
}

// patient lets a reader take each piece of a file in its own time: the server's limit is for
// whole answers.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(piece []byte) (int, error) {
	p.control.SetWriteDeadline(time.Now().Add(writeTime)) //nolint:errcheck // a writer without limits has none to move
	return p.ResponseWriter.Write(piece)
}
