package bot

import (
	"context"
	"slices"
	"strings"

	"crier/cards"
	"crier/internal/domain"
	"crier/internal/i18n"
)

// command is one thing that officers may ask for in chat. The table below is all there is:
// help is printed from it.
type command struct {
	words   []string // that call it, English first, then French
	usage   [2]string
	summary string // an English sentence, translated when it is shown
	open    bool   // also for people who may command nothing
	run     func(ctx context.Context, b *Bot, c conversation) (cards.Content, error)
}

// conversation is a command being carried out.
type conversation struct {
	person domain.Person
	by     domain.Actor
	words  string // what followed the command's word
}

// say is a simple reply in the person's language.
func (c conversation) say(english string, args ...any) cards.Content {
	return cards.Notice(sentence(c.person, english, args...))
}

func sentence(p domain.Person, english string, args ...any) string {
	return i18n.Text(p.Language(), english, args...)
}

// commands is the table, in the order of the help.
func commands() []*command {
	return []*command{
		{words: []string{"help", "aide", "?"}, usage: [2]string{"help", "aide"},
			summary: "what you can ask me", open: true, run: help},
		{words: []string{"campaigns", "campagnes"}, usage: [2]string{"campaigns [drafts|scheduled|sending|done]", "campagnes [brouillons|programmées|en cours|terminées]"},
			summary: "the newest campaigns", run: listCampaigns},
		{words: []string{"report", "rapport"}, usage: [2]string{"report <campaign>", "rapport <campagne>"},
			summary: "how a campaign stands", run: report},
		{words: []string{"try", "essayer"}, usage: [2]string{"try <campaign> <address>", "essayer <campagne> <adresse>"},
			summary: "sends it to one person, as a test", run: try},
		{words: []string{"send", "envoyer"}, usage: [2]string{"send <campaign> [now | at <time>]", "envoyer <campagne> [maintenant | à <heure>]"},
			summary: "sends a draft to its audience", run: send},
		{words: []string{"pause", "suspendre"}, usage: [2]string{"pause <campaign>", "pause <campagne>"},
			summary: "holds a campaign that is being sent", run: (move{(*Bot).pauseCampaign}).run},
		{words: []string{"resume", "reprendre"}, usage: [2]string{"resume <campaign>", "reprendre <campagne>"},
			summary: "goes on with a paused campaign", run: (move{(*Bot).resumeCampaign}).run},
		{words: []string{"cancel", "annuler"}, usage: [2]string{"cancel <campaign>", "annuler <campagne>"},
			summary: "stops a campaign for good", run: (move{(*Bot).cancelCampaign}).run},
		{words: []string{"recall", "rappeler"}, usage: [2]string{"recall <campaign>", "rappeler <campagne>"},
			summary: "takes a message back from everyone who has it", run: (move{(*Bot).recallCampaign}).run},
	}
}

// findCommand is the command that a text begins with, and the words after it.
func findCommand(text string) (*command, string) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	for _, c := range commands() {
		if slices.Contains(c.words, strings.ToLower(strings.TrimRight(first, ".!:"))) {
			return c, strings.TrimSpace(rest)
		}
	}
	return nil, ""
}

func help(_ context.Context, _ *Bot, c conversation) (cards.Content, error) {
	language, at := c.person.Language(), 0
	if language == "fr" {
		at = 1
	}
	var lines []cards.Command
	for _, command := range commands() {
		lines = append(lines, cards.Command{Usage: command.usage[at], Summary: i18n.Text(language, command.summary)})
	}
	return cards.Help(language, lines), nil
}

// quotes are the pairs that a name may stand in.
var quotes = []string{`""`, `''`, "“”", "«»", "‘’", "„“"}

// unquote is the name that words begin with when it stands in quotes, and what follows.
func unquote(words string) (name, rest string, ok bool) {
	runes := []rune(words)
	if len(runes) == 0 {
		return "", "", false
	}
	for _, pair := range quotes {
		q := []rune(pair)
		if runes[0] != q[0] {
			continue
		}
		if end := slices.Index(runes[1:], q[1]); end >= 0 {
			return strings.TrimSpace(string(runes[1 : end+1])), strings.TrimSpace(string(runes[end+2:])), true
		}
	}
	return "", "", false
}

// named is the whole of the words as a campaign's name.
func named(words string) string {
	if name, rest, ok := unquote(words); ok && rest == "" {
		return name
	}
	return words
}
