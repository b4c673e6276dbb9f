// Package export writes what became of a campaign as a file for spreadsheets: its
// recipients, or what people answered to its survey. The faces say who asks for what; what
// that person may see is decided by the operations that the rows come from.
//
// A file is written page by page, so that its size costs no memory. One that can't be
// finished ends the connection: no half of a file looks whole.
package export

import (
	"context"
	"iter"
	"log/slog"

	"crier/internal/domain"
	"crier/internal/i18n"
)

// What is exported, and Format how it is written.
type (
	What   string
	Format string
)

// What there is to export, and the formats; the first of each is the default.
const (
	Deliveries What = "deliveries"
	Responses  What = "responses"

	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Whats lists what can be exported.
func Whats() []What { return []What{Deliveries, Responses} }

// Formats lists how a file can be written.
func Formats() []Format { return []Format{CSV, XLSX} }

// Campaigns are the operations on campaigns that an export needs; *app.Campaigns has them.
type Campaigns interface {
	Get(ctx context.Context, by domain.Actor, id int64) (domain.Campaign, error)
	Rows(ctx context.Context, by domain.Actor, id int64, f domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error)
}

// Surveys are the operations on surveys that an export needs; *app.Surveys has them.
type Surveys interface {
	Responses(ctx context.Context, by domain.Actor, id int64, question string, after int64, limit int) ([]domain.Response, error)
}

// Exports makes files.
type Exports struct {
	Campaigns Campaigns
	Surveys   Surveys
	Log       *slog.Logger
}

// Request is who wants which file.
type Request struct {
	By       domain.Actor
	Campaign int64  // its id
	What     What   // empty: deliveries
	Format   Format // empty: CSV
	Language string // of the headings and of the words that are ours: "en" or "fr"
}

// File is an export that may be sent: whatever could be refused has been asked.
type File struct {
	name   string // without its ending
	format Format
	table  table
	tr     i18n.Translator
	log    *slog.Logger
}

// table is what a file holds. Its rows hold texts (string) and numbers (int, float64), and end
// with the first error.
type table struct {
	heading []string
	rows    iter.Seq2[[]any, error]
}

// pageSize is how many rows are in memory at a time.
const pageSize = 500

// Open is the file that somebody wants, or the refusal of the operation that its rows come
// from. Ctx has to last until the file is sent.
func (e Exports) Open(ctx context.Context, r Request) (*File, error) {
	c, err := e.Campaigns.Get(ctx, r.By, r.Campaign)
	if err != nil {
		return nil, err
	}
	f := &File{format: r.Format, tr: i18n.For(r.Language), log: e.Log}
	if r.What == Responses {
		f.name = fileName(c.Name, f.tr.Text("answers"))
		f.table, err = e.responses(ctx, r, c, f.tr)
	} else {
		f.name = fileName(c.Name, f.tr.Text("recipients"))
		f.table, err = e.deliveries(ctx, r, f.tr)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// inPages makes the rows of a table from items that come in pages, each after an item's id.
// The first page is fetched at once: it tells whether the items may be read at all.
func inPages[T any](fetch func(after int64) ([]T, error), id func(T) int64, row func(T) []any) (iter.Seq2[[]any, error], error) {
	first, err := fetch(0)
	if err != nil {
		return nil, err
	}
	return func(yield func([]any, error) bool) {
		for page := first; len(page) > 0; {
			for _, item := range page {
				if !yield(row(item), nil) {
					return
				}
			}
			var err error
			if page, err = fetch(id(page[len(page)-1])); err != nil {
				yield(nil, err)
				return
			}
		}
	}, nil
}
