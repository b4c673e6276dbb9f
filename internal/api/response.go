package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// response is an answer or a problem, encoded and ready to be written or kept.
type response struct {
	status int
	header map[string]string // by canonical name
	body   []byte
}

func (a answer) encode() (response, error) {
	r := response{status: a.status, header: map[string]string{}}
	if a.location != "" {
		r.header["Location"] = a.location
	}
	if a.body == nil {
		return r, nil
	}
	body, err := encode(a.body)
	if err != nil {
		return r, err
	}
	r.body, r.header["Content-Type"] = body, "application/json"
	if a.revision > 0 {
		r.header["Etag"] = entityTag(a.revision, body)
	}
	return r, nil
}

// encode leaves "<", ">" and "&" as they are: what is read here is no HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode an answer: %w", err)
	}
	return b.Bytes(), nil
}

// write sends the response, or says that the reader has it already.
func (r response) write(w http.ResponseWriter, to *http.Request) {
	h := w.Header()
	secure(h)
	for name, value := range r.header {
		h.Set(name, value)
	}
	reads := to.Method == http.MethodGet || to.Method == http.MethodHead
	if tag := r.header["Etag"]; reads && tag != "" && unchanged(to.Header, tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	w.WriteHeader(r.status)
	if to.Method != http.MethodHead {
		w.Write(r.body) //nolint:errcheck // the reader left: nobody is there to be told
	}
}

// secure keeps what is read here out of caches, and from being taken for a page.
func secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// entityTag is the campaign's revision, then a mark of everything the answer says. A
// change of status alone changes the mark, so that a reader who has the old answer gets
// the new one; it does not make an edit of the content stale: see revisionMatches.
func entityTag(revision int64, body []byte) string {
	mark := sha256.Sum256(body)
	return fmt.Sprintf(`"%d-%x"`, revision, mark[:6])
}

// revisionMatches says whether If-Match, where there is one, allows to change this revision.
func revisionMatches(h http.Header, revision int64) bool {
	tags := tagsOf(h, "If-Match")
	want := strconv.FormatInt(revision, 10)
	for _, tag := range tags {
		if tag == "*" {
			return true
		}
		inner, quoted := strings.CutPrefix(tag, `"`)
		number, _, _ := strings.Cut(strings.TrimSuffix(inner, `"`), "-")
		if quoted && number == want {
			return true
		}
	}
	return len(tags) == 0
}

// unchanged says whether If-None-Match names what is there.
func unchanged(h http.Header, tag string) bool {
	for _, known := range tagsOf(h, "If-None-Match") {
		if known == "*" || strings.TrimPrefix(known, "W/") == tag {
			return true
		}
	}
	return false
}

// tagsOf are the entity tags of a header; an empty header holds one that matches nothing.
func tagsOf(h http.Header, name string) []string {
	values := h.Values(name)
	if len(values) == 0 {
		return nil
	}
	tags := strings.Split(strings.Join(values, ","), ",")
	for i, tag := range tags {
		tags[i] = strings.TrimSpace(tag)
	}
	return tags
}
