package cards

import (
	"crier/internal/domain"
	"crier/internal/i18n"
)

// banner is how a kind of message is told from the others: a style of Adaptive Card
// containers, an icon and a word. A card and a message have none.
type banner struct{ style, icon, word string }

func bannerOf(k domain.Kind, tr i18n.Translator) banner {
	switch k {
	case domain.KindIdea:
		return banner{"warning", "💡", tr.Text("Idea")}
	case domain.KindSuccess:
		return banner{"good", "📣", tr.Text("Success")}
	case domain.KindImportant:
		return banner{"attention", "🚨", tr.Text("Important")}
	case domain.KindSurvey:
		return banner{"accent", "📊", tr.Text("Survey")}
	}
	return banner{}
}

// String is the icon and the word, or nothing.
func (b banner) String() string {
	if b.word == "" {
		return ""
	}
	return b.icon + " " + b.word
}

// before sets the banner before a line, as a summary does: "💡 Idea: Shorter meetings".
func (b banner) before(line string, tr i18n.Translator) string {
	if b.word == "" {
		return line
	}
	return tr.Text("%s: %s", b.String(), line)
}
