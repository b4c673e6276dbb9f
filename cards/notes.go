package cards

import (
	"fmt"
	"regexp"

	"crier/internal/domain"
)

// Note tells an author, while writing, what will look different from what they wrote.
type Note struct {
	Field   string // as the API names it: "content.text"
	Message domain.Text
}

// findings are what of Markdown a text uses beyond bold, italic and links.
type findings struct {
	heading, struck, code, quote, picture, table, rule, list, nested, html, badLink bool
}

// htmlPattern finds the tags of texts copied from elsewhere.
var htmlPattern = regexp.MustCompile(`</?(?i:a|b|i|u|s|p|br|hr|em|strong|div|span|font|center|small|su[bp]|h[1-6]|[uo]l|li|img|table|t[rdh]|code|pre|blockquote|script|style)(?:\s[^<>]*)?/?>|<!--`)

// field is a text of a campaign and where it stands.
type field struct {
	source
	name string
}

// textsIn are a campaign's texts, in reading order; of an own card none.
func textsIn(c domain.Campaign) []field {
	content := c.Content
	all := []field{{source{content.Title, true}, "content.title"}, {source{content.Author, true}, "content.author"}}
	if content.Image != nil {
		all = append(all, field{source{content.Image.Alt, true}, "content.image.alt"})
	}
	all = append(all, field{source{content.Text, false}, "content.text"})
	for i, b := range content.Buttons {
		all = append(all, field{source{b.Title, true}, fmt.Sprintf("content.buttons[%d].title", i)})
	}
	if content.Survey == nil {
		return all
	}
	for i, q := range content.Survey.Questions {
		name := fmt.Sprintf("content.questions[%d]", i)
		all = append(all, field{source{q.Text, q.Type != domain.Statement}, name + ".text"})
		for j, o := range q.Options {
			all = append(all, field{source{o, true}, fmt.Sprintf("%s.options[%d]", name, j)})
		}
	}
	return append(all, field{source{content.Survey.Thanks, false}, "content.thanks"})
}

// Notes are what of the author's Markdown can't be drawn where the campaign is read,
// and is shown otherwise: each once a field. Nothing is left out but rules and the
// addresses of links that nobody can open.
func Notes(c domain.Campaign) []Note {
	var notes []Note
	for _, f := range textsIn(c) {
		for _, n := range f.parse().found.notes(placeOf(c)) {
			notes = append(notes, Note{f.name, n})
		}
	}
	return notes
}

// place is where a campaign is read.
type place int

const (
	onCard place = iota
	inMessage
	inWords // Skype's plain text
)

func placeOf(c domain.Campaign) place {
	switch {
	case c.Channel == domain.Skype:
		return inWords
	case c.Kind == domain.KindMessage:
		return inMessage
	}
	return onCard
}

func (f findings) notes(at place) []domain.Text {
	var notes []domain.Text
	note := func(found bool, text domain.Text) {
		if found {
			notes = append(notes, text)
		}
	}
	note(f.heading, domain.Say("There are no headings within a text: this one becomes a bold line."))
	note(f.table, domain.Say("Tables can't be shown: their rows become lines."))
	note(f.picture, domain.Say("A picture can't stand within a text: a link to it takes its place."))
	note(f.struck, domain.Say("Struck-out words can't be shown on every phone: they stand there as usual."))
	note(f.code && at != inMessage, domain.Say("Code looks like any other text."))
	note(f.quote && at != inMessage, domain.Say("Quotes look like any other text."))
	note(f.list && at == inMessage, domain.Say("Phones show no lists in messages: each item becomes a line of its own."))
	note(f.nested && at != inWords, domain.Say("A list within a list can't be shown: its items become items with a dash."))
	note(f.rule, domain.Say("Lines across the text can't be shown and are left out."))
	note(f.html, domain.Say("HTML is not understood: people see it as it is written."))
	note(f.badLink, domain.Say("A link must begin with https, http, mailto or tel, with no tag in the name of the site: this one becomes words."))
	return notes
}
