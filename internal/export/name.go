package export

import (
	"net/url"
	"strings"
	"unicode"
)

// longestName bounds what a campaign's name gives to its file's, in characters; file systems
// take 255 bytes.
const longestName = 60

// fileName is a campaign's name, and what the file has of it, fit for any file system: no
// folders, nothing invisible, nothing that turns the direction of the text.
func fileName(campaign, what string) string {
	fit := func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*%`, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}
	name := []rune(strings.Map(fit, strings.ToValidUTF8(campaign, "")))
	if len(name) > longestName {
		name = name[:longestName]
	}
	words := strings.Fields(strings.Trim(string(name), " .-"))
	if len(words) == 0 {
		return what
	}
	return strings.Join(words, " ") + " - " + what
}

// disposition is the Content-Disposition of a file to be saved, with a name in ASCII for old
// programs. Source: RFC 6266, 4.3 and appendix D; RFC 8187, 3.2.
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + attrEscape(name)
}

// attrEscape escapes what is no attr-char. PathEscape leaves a few that are none.
func attrEscape(text string) string {
	return strings.NewReplacer("@", "%40", ":", "%3A", "=", "%3D", "(", "%28", ")", "%29", "'", "%27", ",", "%2C", ";", "%3B").Replace(url.PathEscape(text))
}
