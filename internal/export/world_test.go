package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crier/internal/domain"

	"github.com/xuri/excelize/v2"
)

// source answers pages as the operations do, from lists.
type source struct {
	campaign   domain.Campaign
	rows       int // how many there are
	row        func(id int64) domain.Delivery
	responses  []domain.Response
	refusal    error // of every page
	breaksAt   int64 // the page after this row can't be read; 0: none
	asked      []int64
	beforePage func(after int64)
}

func (s *source) Get(_ context.Context, by domain.Actor, _ int64) (domain.Campaign, error) {
	return s.campaign, by.May(domain.Analyst)
}

var errBroken = errors.New("the database broke")

func (s *source) page(after int64) error {
	s.asked = append(s.asked, after)
	if s.beforePage != nil {
		s.beforePage(after)
	}
	if s.breaksAt > 0 && after >= s.breaksAt {
		return errBroken
	}
	return s.refusal
}

func (s *source) Rows(_ context.Context, _ domain.Actor, _ int64, _ domain.DeliveryFilter, after int64, limit int) ([]domain.Delivery, error) {
	if err := s.page(after); err != nil {
		return nil, err
	}
	var rows []domain.Delivery
	for id := after + 1; id <= int64(s.rows) && len(rows) < limit; id++ {
		rows = append(rows, s.row(id))
	}
	return rows, nil
}

func (s *source) Responses(_ context.Context, _ domain.Actor, _ int64, _ string, after int64, limit int) ([]domain.Response, error) {
	if err := s.page(after); err != nil {
		return nil, err
	}
	var found []domain.Response
	for _, r := range s.responses {
		if r.ID > after && len(found) < limit {
			found = append(found, r)
		}
	}
	return found, nil
}

var analyst = domain.Actor{ID: "token:a", Name: "Ana", Role: domain.Analyst}

// exports is a file of the source, as a face would answer it.
func (s *source) export(t *testing.T, r Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	if err := s.serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), r); err != nil {
		t.Fatal(err)
	}
	return w
}

func (s *source) serve(w http.ResponseWriter, to *http.Request, r Request) error {
	r.By, r.Campaign = analyst, 1
	e := Exports{Campaigns: s, Surveys: s, Log: slog.New(slog.DiscardHandler)}
	f, err := e.Open(to.Context(), r)
	if err != nil {
		return err
	}
	return f.Send(w, to)
}

// records reads a file of CSV back.
func records(t *testing.T, file []byte) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(file), byteOrderMark)
	if !marked {
		t.Error("there is no byte order mark")
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// cells reads a file of XLSX back; nothing in it may be a formula.
func cells(t *testing.T, file []byte) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	all, err := book.GetRows(sheetName)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sheet(t, file), "<f>") {
		t.Error("there is a formula")
	}
	return all
}

// sheet is the XML of a workbook's sheet.
func sheet(t *testing.T, file []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var noon = time.Date(2026, 9, 1, 12, 0, 0, 250e6, time.FixedZone("Paris", 7200))

// drill is a campaign of three recipients.
func drill() *source {
	rows := map[int64]domain.Delivery{
		1: {Person: domain.Person{ID: 7, Name: "Zoë Roy", Email: "zoe@example.com"}, State: domain.Sent, Attempts: 1, DueAt: noon, SentAt: noon,
			SeenAt: noon.Add(time.Minute), ClickedAt: noon.Add(time.Hour), AnsweredAt: noon.Add(2 * time.Hour),
			Changed: &domain.RowChange{Change: domain.Recall, State: domain.Sent}},
		2: {Person: domain.Person{ID: 8, Name: `Bob "B", Fox`, Email: "bob@example.com"}, State: domain.Failed, Attempts: 8, DueAt: noon, Code: domain.BlockedByUser},
		3: {Address: "nobody@example.com", State: domain.Unreachable, Code: domain.UnknownPerson},
	}
	row := func(id int64) domain.Delivery {
		d := rows[id]
		d.ID = id
		return d
	}
	return &source{campaign: domain.Campaign{ID: 1, Name: "Fire drill"}, rows: 3, row: row}
}

// party is a survey with a question of each type.
func party(privacy domain.Privacy) *source {
	survey := &domain.Survey{Privacy: privacy, Questions: []domain.Question{
		{ID: "s", Type: domain.Statement, Text: "Welcome"}, {ID: "c", Type: domain.Choice, Text: "Coming?", Options: []string{"Of course", "No"}},
		{ID: "m", Type: domain.Choices, Text: "Food, please"}, {ID: "y", Type: domain.YesNo, Text: "A dog?"}, {ID: "n", Type: domain.Number, Text: "Degrees"},
		{ID: "r", Type: domain.Rating, Text: "Stars"}, {ID: "d", Type: domain.Date, Text: "When"}, {ID: "t", Type: domain.FreeText, Text: "=Else"},
	}}
	all := map[string]domain.Value{
		"c": domain.TextValue("Of course"), "m": domain.ListValue([]string{"Soup", "Bread"}), "y": domain.YesValue(true), "n": domain.NumberValue(-12.5),
		"r": domain.NumberValue(4), "d": domain.TextValue("2026-12-31"), "t": domain.TextValue("Two\nlines"),
	}
	person := domain.Person{ID: 7, Name: "Zoë Roy", Email: "zoe@example.com"}
	whole := domain.Response{ID: 9007199254740993, Person: person, Answers: all, StartedAt: noon, FinishedAt: noon.Add(time.Minute)}
	part := domain.Response{ID: 12, Person: domain.Person{ID: 8, Name: "Bob", Email: "bob@example.com"}, StartedAt: noon, Answers: map[string]domain.Value{"y": domain.YesValue(false)}}
	if privacy == domain.Masked {
		whole.Person, part.Person = domain.Person{}, domain.Person{}
	}
	return &source{campaign: domain.Campaign{ID: 1, Name: "Party", Content: domain.Content{Survey: survey}}, responses: []domain.Response{part, whole}}
}
