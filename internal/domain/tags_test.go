package domain

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	words := func(s string) Segment { return Segment{Text: s} }
	tag := func(tag Tag) Segment { return Segment{Tag: tag} }
	tests := map[string]struct {
		text    string
		want    []Segment
		unknown []string
	}{
		"nothing":                {"", nil, nil},
		"words":                  {"Hello.", []Segment{words("Hello.")}, nil},
		"a tag":                  {"[NAME]", []Segment{tag(FullName)}, nil},
		"all of them":            {"[FIRSTNAME][LASTNAME][NAME][EMAIL]", []Segment{tag(FirstName), tag(LastName), tag(FullName), tag(EmailTag)}, nil},
		"in any case":            {"[firstName] [eMAIL]", []Segment{tag(FirstName), words(" "), tag(EmailTag)}, nil},
		"between words":          {"Dear [NAME], hi", []Segment{words("Dear "), tag(FullName), words(", hi")}, nil},
		"a fallback":             {"[FIRSTNAME|dear (you)!]", []Segment{{Tag: FirstName, Fallback: "dear (you)!"}}, nil},
		"an empty fallback":      {"[FIRSTNAME|]", []Segment{tag(FirstName)}, nil},
		"a fallback with a bar":  {"[NAME|a|b]", []Segment{{Tag: FullName, Fallback: "a|b"}}, nil},
		"a fallback of two rows": {"[NAME|a\nb]", []Segment{words("[NAME|a\nb]")}, nil},
		"a tag in a fallback":    {"[NAME|[EMAIL]]", []Segment{words("[NAME|"), tag(EmailTag), words("]")}, nil},
		"escaped":                {`\[NAME]`, []Segment{words(`\[NAME]`)}, nil},
		"an escaped backslash":   {`\\[NAME]`, []Segment{words(`\\`), tag(FullName)}, nil},
		"thrice":                 {`\\\[NAME]`, []Segment{words(`\\\[NAME]`)}, nil},
		"an escape at the end":   {`[NAME]\`, []Segment{tag(FullName), words(`\`)}, nil},
		"a link":                 {"[Name](https://example.com)", []Segment{words("[Name](https://example.com)")}, nil},
		"a tag in a link":        {"[see [NAME]](https://x.y/[EMAIL])", []Segment{words("[see "), tag(FullName), words("](https://x.y/"), tag(EmailTag), words(")")}, nil},
		"a link with a fallback": {"[NAME|x](https://x.y)", []Segment{words("[NAME|x](https://x.y)")}, nil},
		"brackets in brackets":   {"[[NAME]]", []Segment{words("["), tag(FullName), words("]")}, nil},
		"an aside":               {"[Not yet.] [2] [] [ NAME ] [NAME", []Segment{words("[Not yet.] [2] [] [ NAME ] [NAME")}, nil},
		"an unknown tag":         {"[NICK] [NAME]", []Segment{words("[NICK] "), tag(FullName)}, []string{"[NICK]"}},
		"with a fallback":        {"[nick|you]", []Segment{words("[nick|you]")}, []string{"[nick|you]"}},
		"of another script":      {"[PRÉNOM] [имя] [氏名]", []Segment{words("[PRÉNOM] [имя] [氏名]")}, []string{"[PRÉNOM]", "[имя]", "[氏名]"}},
		"broken characters":      {"\xff[NAME]\\\xff", []Segment{words("\xff"), tag(FullName), words("\\\xff")}, nil},
	}
	for name, test := range tests {
		segments, unknown := Segments(test.text)
		if diff := cmp.Diff(test.want, segments); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", name, test.text, diff)
		}
		if diff := cmp.Diff(test.unknown, unknown); diff != "" {
			t.Errorf("%s: unknown in %q (-want +got):\n%s", name, test.text, diff)
		}
	}
}

// FuzzSegments joins the segments of any text back to it.
func FuzzSegments(f *testing.F) {
	for _, seed := range []string{
		"", "Dear [FIRSTNAME|you],", `\[NAME] \\[NAME]`, "[NAME](https://x.y/[EMAIL])", "[[name]]", "[NICK] [PRÉNOM|x]", "[NAME|]", "[NAME|a\nb]", "\xff[", `[EMAIL]\`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		segments, unknown := Segments(text)
		rest, wasText := text, false
		for _, s := range segments {
			if s.Tag == "" && (wasText || s.Text == "" || s.Fallback != "") {
				t.Fatalf("%q: words are cut, or empty: %+v", text, segments)
			}
			var ok bool
			if rest, ok = without(rest, s); !ok {
				t.Fatalf("%q: at %q stands %+v", text, rest, s)
			}
			wasText = s.Tag == ""
		}
		if rest != "" {
			t.Fatalf("%q: %q is lost", text, rest)
		}
		for _, u := range unknown {
			if !slices.ContainsFunc(segments, func(s Segment) bool { return strings.Contains(s.Text, u) }) {
				t.Fatalf("%q: the unknown %q is not in the text", text, u)
			}
		}
	})
}

// without takes a segment off the beginning of a text.
func without(text string, s Segment) (rest string, ok bool) {
	if s.Tag == "" {
		return strings.CutPrefix(text, s.Text)
	}
	in, rest, ok := strings.Cut(text, "]")
	name, fallback, _ := strings.Cut(strings.TrimPrefix(in, "["), "|")
	return rest, ok && strings.HasPrefix(in, "[") && strings.ToUpper(name) == string(s.Tag) && fallback == s.Fallback
}

func TestTagValues(t *testing.T) {
	t.Parallel()
	p := Person{Name: "Megan B.", FirstName: "Megan", LastName: "Bowen", Email: "megan@example.com"}
	values := map[Tag]string{FirstName: "Megan", LastName: "Bowen", FullName: "Megan B.", EmailTag: "megan@example.com", "NICK": ""}
	for tag, want := range values {
		if got := tag.Value(p); got != want {
			t.Errorf("%s is %q, want %q", tag, got, want)
		}
		if got := tag.Value(Person{}); got != "" {
			t.Errorf("%s of nobody is %q", tag, got)
		}
	}
}
