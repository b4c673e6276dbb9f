package api

import (
	"strings"
	"time"

	"crier/internal/domain"
)

// faults gathers what is wrong with single fields of a request.
type faults struct{ list []domain.FieldError }

func (f *faults) add(field string, message domain.Text) {
	f.list = append(f.list, domain.FieldError{Field: field, Message: message})
}

// with adds what the domain finds wrong, and is everything as one Invalid error, or nil.
func (f *faults) with(err error) error {
	if len(f.list) == 0 {
		return err
	}
	all := f.list
	if e, ok := err.(*domain.Error); ok {
		all = append(all, e.Fields...)
	}
	return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: all}
}

func (f *faults) err() error { return f.with(nil) }

// time is an RFC 3339 time in UTC, cut to milliseconds; zero where there is none.
func (f *faults) time(field string, text *string) time.Time {
	if text == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, *text)
	t = t.UTC().Truncate(time.Millisecond)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		f.add(field, domain.Say("This should be a time like 2026-09-01T08:30:00Z."))
		return time.Time{}
	}
	return t
}

// duration is a Go duration; zero where there is none.
func (f *faults) duration(field string, text *string) time.Duration {
	if text == nil {
		return 0
	}
	d, err := time.ParseDuration(*text)
	if err != nil {
		f.add(field, domain.Say("This should be a duration like 2h, 90m or 0s."))
	}
	return d
}

// formatTime is a time as the API writes it; null for the zero time.
func formatTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339Nano)
	return &text
}

// formatDuration is a duration without the zeros that Go appends: "2h" and not "2h0m0s".
func formatDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// list is items, and never null.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
