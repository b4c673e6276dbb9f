package directory

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	maxRetryAfter = time.Hour
	maxCode       = 100 // characters of what Graph says that go into a log
)

// refusal is an answer of Graph that is not 200 (protocol/graph.md section 8). It
// leaves Graph's message out, which may quote what was sent; the rest is safe to log.
type refusal struct {
	status    int
	codes     []string // from the outside in
	requestID string   // what Microsoft's support asks for
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("Graph answered HTTP %d", r.status)
	for _, code := range r.codes {
		text += " " + code
	}
	if r.requestID != "" {
		text += " (request-id " + r.requestID + ")"
	}
	return text
}

type graphError struct {
	Code       string
	InnerError *graphError // also spelt innererror
}

func readRefusal(response *http.Response, body []byte, token string) *refusal {
	clean := func(text string) string { return oneLine(strings.ReplaceAll(text, token, "[redacted]")) }
	r := &refusal{status: response.StatusCode, requestID: clean(response.Header.Get("request-id"))}
	var answer struct{ Error *graphError }
	if json.Unmarshal(body, &answer) != nil {
		return r
	}
	for e := answer.Error; e != nil && len(r.codes) < 3; e = e.InnerError {
		if code := clean(e.Code); code != "" {
			r.codes = append(r.codes, code)
		}
	}
	return r
}

// oneLine makes a short text from outside fit for a log line.
func oneLine(text string) string {
	printable := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text))
	return string(printable[:min(len(printable), maxCode)])
}

// retryAfter reads the header: seconds, which may have a fraction, or an HTTP date.
// Absent, unreadable and past values are 0; an hour is the most.
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
