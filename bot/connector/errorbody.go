package connector

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxMessage    = 2 << 10
	maxCode       = 100
	maxErrorDepth = 4
	maxRetryAfter = 24 * time.Hour
)

// failure is what an error body says.
type failure struct {
	code, subCode, message string
}

// readFailure reads the three shapes of protocol/errors.md: an object in
// "error"; a flat object whose "message" may be a string holding JSON again;
// anything else (empty, HTML, a bare string), which is the message itself.
func readFailure(body []byte) failure {
	var f failure
	f.read(body, maxErrorDepth)
	if f.message == "" {
		f.message = string(body)
	}
	return failure{code: oneLine(f.code), subCode: oneLine(f.subCode), message: shorten(f.message, maxMessage)}
}

// read takes what is still missing; outer values win over inner ones.
func (f *failure) read(raw []byte, depth int) {
	raw = bytes.TrimSpace(raw)
	if depth == 0 || len(raw) == 0 {
		return
	}
	switch raw[0] {
	case '{':
		f.readObject(raw, depth)
	case '"':
		f.readText(scalar(raw), depth)
	}
}

func (f *failure) readObject(raw []byte, depth int) {
	var object struct {
		Error        json.RawMessage `json:"error"`
		Code         json.RawMessage `json:"code"`
		ErrorCode    json.RawMessage `json:"errorCode"`
		SubCode      json.RawMessage `json:"subCode"`
		ErrorSubCode json.RawMessage `json:"errorSubCode"`
		Message      json.RawMessage `json:"message"`
		Details      json.RawMessage `json:"details"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return
	}
	f.code = firstNonEmpty(f.code, scalar(object.Code), scalar(object.ErrorCode))
	f.subCode = firstNonEmpty(f.subCode, scalar(object.SubCode), scalar(object.ErrorSubCode))
	f.read(object.Error, depth-1)
	f.read(object.Message, depth-1)
	f.read(object.Details, depth-1)
}

func (f *failure) readText(text string, depth int) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Valid([]byte(text)) {
		f.read([]byte(text), depth-1)
		return
	}
	f.message = firstNonEmpty(f.message, text)
}

// scalar is a JSON string or number as text; empty for anything else.
func scalar(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}

func firstNonEmpty(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// retryAfter reads the header: seconds, which may have a fraction, or an HTTP
// date. Absent, unreadable and past values are 0; a day is the most.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseFloat(header, 64); err == nil && !math.IsNaN(seconds) {
		return time.Duration(min(max(seconds, 0), maxRetryAfter.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// redact removes a secret before anything is cut, so that no part is left.
func redact(text []byte, secret string) []byte {
	if secret == "" {
		return text
	}
	return bytes.ReplaceAll(text, []byte(secret), []byte("[redacted]"))
}

// oneLine makes a short text from outside fit for a log line.
func oneLine(text string) string {
	return shorten(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text), maxCode)
}

// shorten trims and cuts to at most limit bytes of valid UTF-8.
func shorten(text string, limit int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
