package api

import (
	"net/http"
	"strconv"
	"strings"
)

// languageOf is what the caller reads: "fr" or "en".
func languageOf(r *http.Request) string { return preferred(r.Header.Values("Accept-Language")) }

// preferred is the language of ours that Accept-Language likes best: "fr" or "en". Of two
// liked the same the first counts; who likes neither gets English. Source: RFC 9110, 12.5.4.
func preferred(headers []string) string {
	best, weight := "en", 0.0
	for _, part := range strings.Split(strings.Join(headers, ","), ",") {
		tag, parameter, weighted := strings.Cut(part, ";")
		language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		q := 1.0
		if weighted {
			q = quality(parameter)
		}
		if language == "*" {
			language = "en"
		}
		if (language == "fr" || language == "en") && q > weight {
			best, weight = language, q
		}
	}
	return best
}

// quality is the number of "q=0.8"; 0 for anything else.
func quality(parameter string) float64 {
	text, ok := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
	q, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
