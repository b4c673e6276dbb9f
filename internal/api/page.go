package api

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"crier/internal/domain"
)

const (
	defaultLimit = 50
	maxLimit     = 500
	maxQuery     = 320 // characters of what is searched for
)

// query reads the parameters of an address and gathers what is wrong with them.
type query struct {
	faults
	values url.Values
}

func (c *call) query() (*query, error) {
	values, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return nil, malformed(domain.Say("The parameters after the question mark can't be read."))
	}
	return &query{values: values}, nil
}

// text is a parameter of free text.
func (q *query) text(name string) string {
	text := strings.TrimSpace(q.values.Get(name))
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		q.add(name, domain.Say("The text holds characters that can't be shown."))
		return ""
	}
	if n := utf8.RuneCountInString(text); n > maxQuery {
		q.add(name, domain.Say("At most %d characters; it has %d.", maxQuery, n))
		return ""
	}
	return text
}

// oneOf is a parameter with a few values, or empty where it is left out.
func oneOf[T ~string](q *query, name string, allowed ...T) T {
	given := T(q.values.Get(name))
	if given != "" && !slices.Contains(allowed, given) {
		q.add(name, domain.Say("This should be one of: %s.", joined(allowed)))
		return ""
	}
	return given
}

// anyOf is a parameter with a few values that may be given several times, or with commas.
func anyOf[T ~string](q *query, name string, allowed ...T) []T {
	var chosen []T
	for _, part := range strings.Split(strings.Join(q.values[name], ","), ",") {
		switch given := T(strings.TrimSpace(part)); {
		case given == "":
		case !slices.Contains(allowed, given):
			q.add(name, domain.Say("This should be one of: %s.", joined(allowed)))
			return nil
		case !slices.Contains(chosen, given):
			chosen = append(chosen, given)
		}
	}
	return chosen
}

func joined[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// flag is true or false, or nil where it is left out.
func (q *query) flag(name string) *bool {
	given := oneOf(q, name, "true", "false")
	if given == "" {
		return nil
	}
	is := given == "true"
	return &is
}

// page is which part of a list is asked for: limit items after the one of that id.
type page struct {
	after int64 // 0: from the beginning
	limit int
}

func (q *query) page() page {
	p := page{limit: defaultLimit}
	if text := q.values.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			q.add("limit", domain.Say("This should be a number from 1 to %d.", maxLimit))
		}
		p.limit = n
	}
	if text := q.values.Get("cursor"); text != "" {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
		id, ok := parseID(string(raw))
		if err != nil || !ok {
			q.add("cursor", domain.Say("This is no cursor of ours. Send next_cursor of the page before."))
		}
		p.after = id
	}
	return p
}

// items is a page as the API answers it.
type items[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"` // null: this was the last page
}

// answerPage fetches a page and encodes its items. A full page may be the last: one more
// item is asked for, so that no caller is sent to an empty page.
func answerPage[T, D any](p page, fetch func(after int64, limit int) ([]T, error), id func(T) int64, encode func(T) D) (answer, error) {
	found, err := fetch(p.after, p.limit)
	if err != nil {
		return answer{}, err
	}
	result := items[D]{Items: make([]D, 0, len(found))}
	for _, item := range found {
		result.Items = append(result.Items, encode(item))
	}
	if len(found) > 0 && len(found) == p.limit {
		last := id(found[len(found)-1])
		more, err := fetch(last, 1)
		if err != nil {
			return answer{}, err
		}
		if len(more) > 0 {
			cursor := base64.RawURLEncoding.EncodeToString([]byte(formatID(last)))
			result.NextCursor = &cursor
		}
	}
	return answer{status: http.StatusOK, body: result}, nil
}
