package cards

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

func compiled(t testing.TB, c domain.Campaign) *Message {
	t.Helper()
	m, err := Compile(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// filled is the text of a campaign, as its only TextBlock or as the message's text.
func filled(t testing.TB, m *Message, r Recipient) string {
	t.Helper()
	raw := m.Fill(nil, r)
	var a struct {
		Text        string
		Attachments []struct {
			Content struct{ Body []struct{ Text string } }
		}
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	if len(a.Attachments) == 0 {
		return a.Text
	}
	body := a.Attachments[0].Content.Body
	return body[len(body)-1].Text
}

func named(name string) Recipient { return Recipient{Person: domain.Person{Name: name}} }

func text(kind domain.Kind, s string) domain.Campaign {
	return domain.Campaign{Kind: kind, Channel: domain.Teams, Content: domain.Content{Title: "", Text: s}}
}

func TestNamesAreOnlyNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, inCard, inMessage string }{
		{`*Ana* [x](http://evil)`, `\*Ana\* \[x\]\(http://evil\)`, ""},
		{`Jean-Luc O'Neill Jr.`, `Jean-Luc O'Neill Jr.`, ""},
		{`Smith & Sons <all>`, `Smith & Sons <all>`, `Smith & Sons \<all>`},
		{`AT&amp;T &#42;`, `AT\&amp;T \&\#42;`, ""},
		{`<http://evil> <a@b.example>`, `\<http://evil> \<a@b.example>`, ""},
		{`a < b > c`, `a < b > c`, ""},
		{`- Ana`, `\- Ana`, ""},
		{`12. Ana`, `12\. Ana`, ""},
		{`# Ana ~~x~~`, `\# Ana \~\~x\~\~`, ""},
		{`"Ana" \ ` + "`x`", `"Ana" \\ ` + "\\`x\\`", ""},
		{"Ana\n\n- x\ty", `Ana  - x y`, ""},
		{"Ana\u202egnp.exe", `Anagnp.exe`, ""},
		{"José 李 👩‍🚀", `José 李 👩‍🚀`, ""},
		{"\U000F0000Ana\U000F0001", `Ana`, ""},
	} {
		if got := filled(t, compiled(t, text(domain.KindIdea, "Hello [NAME], x")), named(test.name)); got != "Hello "+test.inCard+", x" {
			t.Errorf("%q in a card: %s", test.name, got)
		}
		want := test.inMessage
		if want == "" {
			want = test.inCard
		}
		if got := filled(t, compiled(t, text(domain.KindMessage, "Hello [NAME], x")), named(test.name)); got != "Hello "+want+", x" {
			t.Errorf("%q in a message: %s", test.name, got)
		}
	}
}

func TestMissingValues(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Hello [FIRSTNAME], x":            "Hello, x",
		"Hello [FIRSTNAME] [LASTNAME], x": "Hello, x",
		"Hello [FIRSTNAME] and all":       "Hello and all",
		"Hello [FIRSTNAME]":               "Hello",
		"Bonjour [FIRSTNAME]\u00a0!":      "Bonjour\u00a0!",
		"Hello [FIRSTNAME]\nnext":         "Hello\n\nnext",
		"**Hello [FIRSTNAME]**":           "**Hello**",
		"[FIRSTNAME], look":               "look",
		"[FIRSTNAME] [LASTNAME], look":    ", look",
		"Hello [FIRSTNAME|there], x":      "Hello there, x",
		"Hello [FIRSTNAME|*you*]!":        `Hello \*you\*!`,
		"Hello [FIRSTNAME|], x":           "Hello, x",
		"x[FIRSTNAME]y":                   "xy",
		"**[FIRSTNAME]** x":               "x",
		"a **[FIRSTNAME]**, x":            "a, x",
		"a **[FIRSTNAME] b** _[NAME]_":    "a **b**",
		`say "[FIRSTNAME]"`:               `say ""`,
	} {
		if got := filled(t, compiled(t, text(domain.KindIdea, in)), Recipient{}); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTagsInAddresses(t *testing.T) {
	t.Parallel()
	who := named("a b)&?/#%é\"")
	const part = "a%20b%29%26%3F%2F%23%25%C3%A9%22"
	for in, want := range map[string]string{
		"[see](https://e.example/[NAME]?q=1)":     "[see](https://e.example/" + part + "?q=1)",
		"[see](https://e.example/(x)?q=[NAME])":   "[see](https://e.example/(x)?q=" + part + ")",
		"https://e.example/?q=[NAME]&r=[NAME] ok": "[https://e.example/?q=…&r=…](https://e.example/?q=" + part + "&r=" + part + ") ok",
		"[see](https://e.example) [NAME]":         `[see](https://e.example) a b\)&?/\#%é"`,
		"[hi [NAME]](https://e.example)":          `[hi a b\)&?/\#%é"](https://e.example)`,
		"([x](https://e.example)[NAME]":           `([x](https://e.example)a b\)&?/\#%é"`,
	} {
		if got := filled(t, compiled(t, text(domain.KindIdea, in)), who); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestAuthorsMarksAreDropped(t *testing.T) {
	t.Parallel()
	c := text(domain.KindIdea, "\U000F0000a\U000F0003[NAME]b\U00100041")
	if got := filled(t, compiled(t, c), named("Ana")); got != "aAnab" {
		t.Errorf("got %q", got)
	}
}

func TestFillChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	m := compiled(t, text(domain.KindSuccess, "x"))
	for locale, want := range map[string]string{"fr-CA": "📣 Succès", "en-US": "📣 Success", "de-DE": "📣 Success", "": "📣 Success"} {
		if raw := string(m.Fill(nil, Recipient{Person: domain.Person{Locale: locale}})); !strings.Contains(raw, `"`+want+`"`) {
			t.Errorf("%q: no %q in %s", locale, want, raw)
		}
	}
}

func TestFillAppends(t *testing.T) {
	t.Parallel()
	m := compiled(t, samples()["idea"])
	got := m.Fill([]byte("before"), ana())
	if diff := cmp.Diff("before"+string(m.Fill(nil, ana())), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	m := countedIdea(t)
	room := make([]byte, 0, 32<<10)
	for name, who := range map[string]Recipient{"not counted": ana(), "counted": counting(ana()), "signed": signing(ana())} {
		if n := testing.AllocsPerRun(100, func() { m.Fill(room, who) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// shown is the name as it is to be seen: one line, nothing invisible that turns it.
func shown(name string) string {
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r), r >= 0xF0000:
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, string([]rune(name))), unicode.IsSpace)
}

var (
	autolink = regexp.MustCompile(`<[^\s<>\\]+[:@][^\s<>]*>`)
	entity   = regexp.MustCompile(`&#?\w+;`)
	tag      = regexp.MustCompile(`<[\pL/!?]`)
)

// unmark takes the backslashes off escaped Markdown and reports what was left bare.
func unmark(t *testing.T, s string) string {
	t.Helper()
	var b, bare strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] < 0x80 && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
			b.WriteByte(s[i])
			bare.WriteByte('\\') // a letter that means nothing
			continue
		}
		if strings.IndexByte("\\`*_[]()#~", s[i]) >= 0 {
			t.Errorf("%q stands bare in %q", s[i], s)
		}
		b.WriteByte(s[i])
		bare.WriteByte(s[i])
	}
	for _, markup := range []*regexp.Regexp{autolink, entity} {
		if markup.MatchString(bare.String()) {
			t.Errorf("%q holds markup", s)
		}
	}
	return b.String()
}

func FuzzNames(f *testing.F) {
	for _, seed := range []string{
		"Ana", "*Ana* [x](http://evil)", "<http://e>", "&amp;", "1. x", "- x", "\u202ex", "\xff\xfe", "\U000F0000", "\"\\", "<b>x</b>", "<<A", " ", "x\n\n# y",
	} {
		f.Add(seed)
	}
	card, message := compiled(f, text(domain.KindIdea, "start [NAME] end")), compiled(f, text(domain.KindMessage, "start [NAME] end"))
	all := compiled(f, samples()["idea"])
	f.Fuzz(func(t *testing.T, name string) {
		want := shown(name)
		for _, m := range []*Message{card, message} {
			got := filled(t, m, named(name))
			if want == "" {
				if got != "start end" {
					t.Errorf("%q: %q", name, got)
				}
				continue
			}
			middle := strings.TrimSuffix(strings.TrimPrefix(got, "start "), " end")
			if unescaped := unmark(t, middle); unescaped != want {
				t.Errorf("%q arrives as %q", name, unescaped)
			}
			if m == message && tag.MatchString(strings.ReplaceAll(middle, `\<`, " ")) {
				t.Errorf("%q holds a tag", middle)
			}
			if strings.ContainsAny(middle[:1], "-+>=#") {
				t.Errorf("%q begins a block", middle)
			}
		}
		who := Recipient{Ref: name, Person: domain.Person{Name: name, Email: name, Locale: name,
			Reference: domain.ConversationReference{ConversationID: name, UserID: name, BotID: name}}}
		if raw := all.Fill(nil, who); !json.Valid(raw) {
			t.Errorf("not JSON: %s", raw)
		}
	})
}

func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		longText, "[FIRSTNAME|a\"b] [LASTNAME]", "\U000F0000[NAME]\U000F0001", "[x](y[NAME]", "\\[NAME]", "\xff[EMAIL]", "**[NAME]**\r\n\r\n- x", `"\`,
	} {
		f.Add(seed, "Ana *x*")
	}
	f.Fuzz(func(t *testing.T, words, name string) {
		own, _ := json.Marshal(map[string]any{"type": "AdaptiveCard", "version": "1.5", "body": []any{words, map[string]string{"type": "TextBlock", "text": words}}, words: words})
		for _, c := range []domain.Campaign{
			text(domain.KindImportant, words), text(domain.KindMessage, words),
			{Kind: domain.KindCard, Channel: domain.Teams, Content: domain.Content{AdaptiveCard: own}},
			{Kind: domain.KindCard, Channel: domain.Skype, Content: domain.Content{Title: words, Text: words, Buttons: []domain.Button{{Title: words, URL: words}}}},
		} {
			m, err := Compile(c, Options{BotName: words})
			if err != nil {
				if domain.KindOf(err) != domain.Invalid {
					t.Errorf("%q: %v", words, err)
				}
				continue
			}
			if raw := m.Fill(nil, named(name)); !json.Valid(raw) {
				t.Errorf("%q for %q: not JSON: %s", words, name, raw)
			}
		}
	})
}
