package domain

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkURL holds that an address is absolute and of one of the schemes. Tags may stand
// anywhere but in its scheme and host, which must be the author's own words.
func checkURL(f *faults, field, raw string, schemes ...string) {
	if utf8.RuneCountInString(raw) > MaxURL {
		checkLength(f, field, raw, MaxURL)
		return
	}
	segments, unknown := Segments(raw)
	if len(unknown) > 0 {
		f.add(field, "%s is no personal tag. There are [FIRSTNAME], [LASTNAME], [NAME] and [EMAIL].", unknown[0])
		return
	}
	var sample strings.Builder
	for _, s := range segments {
		if s.Tag != "" {
			sample.WriteString("tag")
			continue
		}
		sample.WriteString(s.Text)
	}
	if !opens(raw, sample.String(), schemes) {
		f.add(field, "This is not an address that people can open. It should look like %s://example.com/page.", schemes[0])
	}
}

// opens says whether an address, with a sample in the places of its tags, can be opened.
// Where a tag stands in the host, the two begin differently.
func opens(raw, sample string, schemes []string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }
	u, err := url.Parse(sample)
	if err != nil || u.Hostname() == "" || u.User != nil || !showable(raw) || strings.ContainsFunc(sample, odd) {
		return false
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme && strings.HasPrefix(strings.ToLower(raw), scheme+"://"+strings.ToLower(u.Host)) {
			return true
		}
	}
	return false
}
