package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"crier/internal/domain"
)

// maxBody is the biggest request body, in bytes.
const maxBody = 1 << 20

// readBody is the request's body, empty where it has none.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooBig := errors.AsType[*http.MaxBytesError](err); tooBig {
		return nil, &refusal{status: http.StatusRequestEntityTooLarge, name: "too-large", detail: domain.Say("A request may have at most %d KB.", maxBody>>10)}
	}
	if err != nil {
		return nil, malformed(domain.Say("The request's body did not arrive whole."))
	}
	if len(body) > 0 && !isJSON(r.Header) {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, name: "media-type", detail: domain.Say("Send JSON, as Content-Type: application/json.")}
	}
	return body, nil
}

// isJSON says whether a body is JSON in UTF-8, which it is when nothing else is said.
func isJSON(h http.Header) bool {
	if coding := h.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return false
	}
	if h.Get("Content-Type") == "" {
		return true
	}
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := parameters["charset"]
	return err == nil && (kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")) &&
		(charset == "" || strings.EqualFold(charset, "utf-8"))
}

func malformed(detail domain.Text) *refusal {
	return &refusal{status: http.StatusBadRequest, name: "malformed", detail: detail}
}

// decode reads the body into a struct: one JSON object with known fields only. What is no
// such object is malformed; a value of the wrong type is Invalid, with the field named.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return malformed(domain.Say("The request has no body. Send a JSON object."))
	}
	if !utf8.Valid(c.body) {
		return malformed(domain.Say("The request's body is not in UTF-8."))
	}
	var tree any
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber() // numbers as they are written
	if err := d.Decode(&tree); err != nil {
		return c.notJSON(err)
	}
	if _, err := d.Token(); err != io.EOF {
		line, character := c.position(d.InputOffset())
		return malformed(domain.Say("Something follows the JSON object, after line %d, character %d. Send one object only.", line, character))
	}
	if _, ok := tree.(map[string]any); !ok {
		return malformed(domain.Say("The request's body is JSON, but no object."))
	}
	if err := checkShape(tree, into); err != nil {
		return err
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return malformed(domain.Say("The request's body can't be read. Is a field there twice?"))
	}
	return nil
}

// decodeOptional is decode where the body may be left out.
func (c *call) decodeOptional(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	return c.decode(into)
}

func (c *call) notJSON(err error) error {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, character := c.position(e.Offset)
		return malformed(domain.Say("The request's body is not valid JSON: something is wrong at line %d, character %d.", line, character))
	}
	return malformed(domain.Say("The request's body is not valid JSON: it ends too early."))
}

// position is the place of the byte before the offset: line and character, counted from 1.
func (c *call) position(offset int64) (line, character int) {
	before := string(c.body[:max(0, min(offset, int64(len(c.body))))])
	lastLine := before[strings.LastIndex(before, "\n")+1:]
	return strings.Count(before, "\n") + 1, max(1, utf8.RuneCountInString(lastLine))
}
