package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"crier/internal/domain"
)

// shape gathers every difference between a JSON value and the type it is meant for. The
// standard decoder would stop at the first, take a field's name in any case, and not say
// where in a list the fault is.
type shape struct{ unknown, wrong []domain.FieldError }

// checkShape compares a decoded JSON value with the struct that into points to. A field
// that is unknown makes the request malformed; a value of the wrong type is Invalid.
func checkShape(tree, into any) error {
	var s shape
	s.check(tree, reflect.TypeOf(into), "")
	switch {
	case len(s.unknown) > 0:
		e := malformed(domain.Say("There are fields that are not known here."))
		e.fields = append(s.unknown, s.wrong...)
		return e
	case len(s.wrong) > 0:
		return &domain.Error{Kind: domain.Invalid, Message: domain.Say("Some fields need attention."), Fields: s.wrong}
	}
	return nil
}

func (s *shape) check(value any, t reflect.Type, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value == nil || t == reflect.TypeFor[json.RawMessage]() {
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		s.checkObject(value, t, path)
	case reflect.Map:
		s.checkMap(value, t, path)
	case reflect.Slice:
		s.checkList(value, t, path)
	default:
		s.checkScalar(value, t, path)
	}
}

func (s *shape) checkObject(value any, t reflect.Type, path string) {
	object, ok := value.(map[string]any)
	if !ok {
		s.add(path, domain.Say("This should be an object: {…}."))
		return
	}
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			fields[name] = f.Type
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		field := strings.TrimPrefix(path+"."+name, ".")
		if f, known := fields[name]; known {
			s.check(object[name], f, field)
		} else {
			s.unknown = append(s.unknown, domain.FieldError{Field: field, Message: domain.Say("There is no such field.")})
		}
	}
}

func (s *shape) checkMap(value any, t reflect.Type, path string) {
	object, ok := value.(map[string]any)
	if !ok {
		s.add(path, domain.Say("This should be an object: {…}."))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		s.checkText(name, path)
		s.check(object[name], t.Elem(), path+"["+strconv.Quote(name)+"]")
	}
}

func (s *shape) checkList(value any, t reflect.Type, path string) {
	list, ok := value.([]any)
	if !ok {
		s.add(path, domain.Say("This should be a list: […]."))
		return
	}
	for i, item := range list {
		s.check(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (s *shape) checkScalar(value any, t reflect.Type, path string) {
	switch t.Kind() {
	case reflect.String:
		if text, ok := value.(string); ok {
			s.checkText(text, path)
		} else {
			s.add(path, domain.Say("This should be a text in quotes."))
		}
	case reflect.Bool:
		if _, ok := value.(bool); !ok {
			s.add(path, domain.Say("This should be true or false."))
		}
	case reflect.Int:
		number, ok := value.(json.Number)
		if _, err := strconv.Atoi(string(number)); !ok || err != nil {
			s.add(path, domain.Say("This should be a whole number."))
		}
	case reflect.Float64:
		number, ok := value.(json.Number)
		if _, err := number.Float64(); !ok || err != nil {
			s.add(path, domain.Say("This should be a number."))
		}
	default:
		panic("api: a field of a request has the type " + t.String())
	}
}

// checkText refuses the one character that a database can't keep.
func (s *shape) checkText(text, path string) {
	if strings.ContainsRune(text, 0) {
		s.add(path, domain.Say("The text holds characters that can't be shown."))
	}
}

func (s *shape) add(field string, message domain.Text) {
	s.wrong = append(s.wrong, domain.FieldError{Field: field, Message: message})
}
