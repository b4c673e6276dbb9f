package domain

import (
	"strings"
	"testing"
)

func TestAddressesThatPeopleCanOpen(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://example.com", "http://intranet", "HTTPS://EXAMPLE.COM/A", "https://example.com:8443/a?b=c&d=e#f",
		"https://müller.example/straße", "https://例え.jp/道", "https://xn--mller-kva.example/", "https://example.com/%20a",
		"https://127.0.0.1:3978/", "https://[::1]/", "https://[2001:db8::a]:8443/x",
		"https://example.com/[FIRSTNAME]", "https://example.com/?to=[EMAIL|nobody at all]&x=[name]", "https://example.com#[NAME]", "https://example.com?[NAME]",
		`https://example.com/\[x]`, "https://example.com/a@b", "https://example.com/" + strings.Repeat("é", MaxURL-len("https://example.com/")),
	} {
		blames(t, message(says(KindIdea, Content{Buttons: []Button{{URL: address}}})).Check())
	}
}

func TestAddressesThatNobodyShouldOpen(t *testing.T) {
	t.Parallel()
	addresses := map[string]string{
		"no scheme":             "example.com",
		"no scheme, two lines":  "//example.com",
		"a path":                "/page",
		"a script":              "javascript:alert(1)",
		"a script with a host":  "javascript://example.com/%0aalert(1)",
		"data":                  "data:text/html,x",
		"a file":                "file:///etc/passwd",
		"mail":                  "mailto:ana@example.com",
		"no host":               "https:///page",
		"a port alone":          "https://:443/",
		"an opaque one":         "https:example.com",
		"no port":               "https://example.com:port/",
		"a user":                "https://example.com@evil.example/",
		"a user and a password": "https://example.com:443@evil.example/",
		"an empty user":         "https://@evil.example/",
		"an address as user":    "https://[EMAIL]@evil.example/",
		"a tag as host":         "https://[NAME]/",
		"a tag in the host":     "https://[NAME].example.com/",
		"a tag after the host":  "https://example.com[NAME]/",
		"the sample's own host": "https://tag[NAME]/",
		"a tag as port":         "https://example.com:[NAME]/",
		"a tag after the port":  "https://example.com:80[NAME]/",
		"a tag as scheme":       "[NAME]://example.com/",
		"a tag in IPv6":         "https://[::[NAME]]/",
		"half an IPv6":          "https://[::1/",
		"a zone":                "https://[fe80::1%25eth0]/",
		"a host half encoded":   "https://ex%61mple.com/",
		"a host quite encoded":  "https://%e4%be%8b.jp/",
		"a backslash":           `https://example.com\@evil.example/`,
		"a zero":                "https://example.com/\x00",
		"a new line":            "https://example.com/\r\nSet-Cookie: a",
		"a control character":   "https://example.com/\x7f",
		"a C1 control":          "https://example.com/\u0085a",
		"a space":               "https://example.com/a b",
		"a space in the host":   "https://exa mple.com/",
		"a no-break space":      "https://example.com/a\u00a0b",
		"broken characters":     "https://example.com/\xff",
		"an unknown tag":        "https://example.com/[NICK]",
		"too long":              "https://example.com/" + strings.Repeat("é", MaxURL-len("https://example.com/")+1),
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, message(says(KindIdea, Content{Buttons: []Button{{URL: address}}})).Check(), "content.buttons[0].url")
		})
	}
}
