package domain

import (
	"errors"
	"fmt"
	"strings"
)

// ErrorKind says whose fault an error is; each face has one table from kind to
// status or reply. An error that is no *Error is internal: logged once, never shown.
type ErrorKind int

// The kinds of error that people may see.
const (
	Invalid   ErrorKind = iota + 1 // the content is not valid
	NotFound                       // no such thing
	Conflict                       // its status forbids it
	Forbidden                      // the role is too low
	Stale                          // somebody else changed it meanwhile
)

// Text is a sentence for people: an English format, which is also the key of its
// translations, and its arguments.
type Text struct {
	Format string
	Args   []any
}

// String is the sentence in English.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return t.Format
	}
	return fmt.Sprintf(t.Format, t.Args...)
}

// Say makes a Text.
func Say(format string, args ...any) Text { return Text{Format: format, Args: args} }

// FieldError is a fault of one field, named as the API names it ("content.title").
type FieldError struct {
	Field   string
	Message Text
}

// Error is an error that people may see, in plain words.
type Error struct {
	Kind    ErrorKind
	Message Text
	Fields  []FieldError
}

// Error is the message in English with the fields at fault.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message.String())
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	return b.String()
}

// Fail makes an Error of a kind.
func Fail(kind ErrorKind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: Say(format, args...)}
}

// KindOf is the kind of err, or zero when it is internal.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// faults gathers the faults of a value, field by field.
type faults struct{ list []FieldError }

func (f *faults) add(field, format string, args ...any) {
	f.list = append(f.list, FieldError{Field: field, Message: Say(format, args...)})
}

// err is an Invalid error with every fault, or nil.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: Say("Some fields need attention."), Fields: f.list}
}
