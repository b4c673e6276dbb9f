package cards

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crier/internal/domain"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	c := domain.Campaign{Kind: domain.KindCard, Content: domain.Content{
		Title: "See https://e.example/t", Image: &domain.Image{URL: "https://e.example/i.png"},
		Text:    "[a](https://e.example/a?u=[firstname|x]) <https://e.example/b> ![p](https://e.example/p.png) [m](mailto:a@e.example) `https://e.example/code` https://[NAME].example https://e.example/t",
		Buttons: []domain.Button{{Title: "x", URL: "http://e.example/c?u=[EMAIL]"}, {Title: "y", URL: "https://e.example/b"}},
	}}
	want := []string{"https://e.example/t", "https://e.example/a?u=[firstname|x]", "https://e.example/b", "http://e.example/c?u=[EMAIL]"}
	if diff := cmp.Diff(want, Links(c)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	own := domain.Campaign{Kind: domain.KindCard, Content: domain.Content{AdaptiveCard: json.RawMessage(`{"type":"AdaptiveCard","version":"1.5",
		"body":[{"type":"Image","url":"https://e.example/i.png","selectAction":{"type":"Action.OpenUrl","url":"https://e.example/s"}}],
		"actions":[{"type":"Action.ShowCard","card":{"type":"AdaptiveCard","actions":[{"type":"Action.OpenUrl","url":"https://e.example/n"}]}}]}`)}}
	if diff := cmp.Diff([]string{"https://e.example/s", "https://e.example/n"}, Links(own)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	who := domain.Person{Name: "Ana & \"Bo\"", Email: "ana@e.example"}
	for in, want := range map[string]string{
		"https://e.example/?u=[EMAIL]&n=[name]": "https://e.example/?u=ana%40e.example&n=Ana%20%26%20%22Bo%22",
		"https://e.example/[LASTNAME|no one]":   "https://e.example/%26%20%22Bo%22",
		"https://e.example/x":                   "https://e.example/x",
	} {
		if got := Address(in, who); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
	if got := Address("https://e.example/[FIRSTNAME|no one]", domain.Person{}); got != "https://e.example/no%20one" {
		t.Errorf("the fallback gives %s", got)
	}
}

// TestCountedLinksLeakNothing holds that what is personal in a counted address is not
// in the message.
func TestCountedLinksLeakNothing(t *testing.T) {
	t.Parallel()
	for _, channel := range []domain.Channel{domain.Teams, domain.Skype} {
		for _, c := range []domain.Campaign{text(domain.KindIdea, "x"), text(domain.KindMessage, "")} {
			c.Channel = channel
			c.Content.Text = "[a](https://e.example/a?u=[EMAIL]) https://e.example/b?u=[EMAIL]"
			m, err := Compile(c, Options{Links: numbered(c)})
			if err != nil {
				t.Fatal(err)
			}
			raw := string(m.Fill(nil, counting(ana())))
			if strings.Contains(raw, "obrien") || !strings.Contains(raw, "crier.example.com/l/1") || !strings.Contains(raw, "crier.example.com/l/2") {
				t.Errorf("%s %s: %s", channel, c.Kind, raw)
			}
			if own := string(m.Fill(nil, ana())); !strings.Contains(own, "https://e.example/a?u=ana.obrien%40example.com") {
				t.Errorf("%s %s, not counted: %s", channel, c.Kind, own)
			}
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	c := text(domain.KindIdea, richText)
	c.Content.Title = "A `b`, <i>c</i>"
	found := map[string][]string{}
	for _, n := range Notes(c) {
		first, _, _ := strings.Cut(n.Message.String(), " ")
		found[n.Field] = append(found[n.Field], first)
	}
	want := map[string][]string{
		"content.title": {"Code", "HTML"},
		"content.text":  {"There", "Tables", "A", "Struck-out", "Code", "Quotes", "A", "Lines", "HTML", "A"},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if notes := Notes(text(domain.KindIdea, longText+"\n\na < b & c > d, 2*3*4")); len(notes) != 0 {
		t.Errorf("a usual text has notes: %v", notes)
	}
	message := text(domain.KindMessage, "> said\n\n`x`\n\n- a")
	if notes := Notes(message); len(notes) != 1 || !strings.Contains(notes[0].Message.String(), "lists") {
		t.Errorf("a message has the notes %v", notes)
	}
}
