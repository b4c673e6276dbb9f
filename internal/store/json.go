package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// encode is a value of the domain as a text column holds it: JSON by the names of its
// Go fields, read by this package alone.
func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // an author's own card comes back as it was written
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("store: a domain value did not encode: %v", err)) // plain data always does
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func decode(text string, to any) error { return json.Unmarshal([]byte(text), to) }
