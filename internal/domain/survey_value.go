package domain

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Value is an answer's value. Values compare with ==, so that they count in maps. The zero
// Value is no answer.
//
// In JSON it is a string (choice, text, date as YYYY-MM-DD), a list of strings (choices),
// true or false (yes_no), a number (rating, nps, number), or null for no answer.
type Value struct{ json string }

// TextValue is a choice, a text or a date.
func TextValue(text string) Value { return valueOf(strings.ToValidUTF8(text, "\ufffd")) }

// ListValue is several choices.
func ListValue(options []string) Value {
	if options == nil {
		options = []string{}
	}
	return valueOf(options)
}

// NumberValue is a number, which has to be finite.
func NumberValue(n float64) Value {
	if n == 0 {
		n = 0 // without a sign
	}
	return valueOf(n)
}

// YesValue is the answer to a question of yes or no.
func YesValue(yes bool) Value { return valueOf(yes) }

func valueOf(v any) Value {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil { // a number that is not finite
		return Value{}
	}
	return Value{strings.TrimSuffix(b.String(), "\n")}
}

// IsZero says that there is no answer.
func (v Value) IsZero() bool { return v.json == "" }

// Text is the words of a choice, a text or a date; empty for other values.
func (v Value) Text() string { return decodeValue[string](v) }

// List is the options of several choices; nil for other values.
func (v Value) List() []string { return decodeValue[[]string](v) }

// Number is a number, and whether the value is one.
func (v Value) Number() (float64, bool) {
	n, err := strconv.ParseFloat(v.json, 64)
	return n, err == nil
}

// Yes is true of a yes, and whether the value is a yes or a no.
func (v Value) Yes() (yes, ok bool) { return v.json == "true", v.json == "true" || v.json == "false" }

func decodeValue[T any](v Value) T {
	var t T
	if v.IsZero() || json.Unmarshal([]byte(v.json), &t) != nil {
		var none T
		return none
	}
	return t
}

// String is the value for logs and tests; where people read it, the faces say it in their
// language.
func (v Value) String() string {
	if list := v.List(); list != nil {
		return strings.Join(list, ", ")
	}
	if text := v.Text(); text != "" {
		return text
	}
	return v.json
}

// MarshalJSON writes the value as the API shows it.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.IsZero() {
		return []byte("null"), nil
	}
	return []byte(v.json), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; anything else is an Invalid error.
func (v *Value) UnmarshalJSON(data []byte) error {
	var written any
	if err := json.Unmarshal(data, &written); err != nil {
		return err
	}
	switch given := written.(type) {
	case nil:
		*v = Value{}
	case string:
		*v = TextValue(given)
	case float64:
		*v = NumberValue(given)
	case bool:
		*v = YesValue(given)
	default:
		var list []string
		if json.Unmarshal(data, &list) != nil {
			return Fail(Invalid, "That is not one of the answers.")
		}
		*v = ListValue(list)
	}
	return nil
}
