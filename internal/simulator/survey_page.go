package simulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// The verbs of a survey's buttons: what they do, in whatever language they say it.
const (
	verbAnswer = "answer"
	verbBack   = "back"
	verbLater  = "remind"
)

// page is what somebody sees of a survey: a card, or a text.
type page struct {
	message string // the message it stands in
	key     string // what it asks, in its words; the text of a statement
	card    []byte // nil: it is a text
	asked   []question
	answers []cardAction // buttons that send it; several: each is an answer
	back    *cardAction
	later   *cardAction
	goesOn  bool // a text that any message goes on from
}

// question is one thing that is asked.
type question struct {
	cardInput
	yesNo bool // by a text
}

// asks says whether there is anything to answer or to go on from.
func (p page) asks() bool { return len(p.asked) > 0 || len(p.answers) > 0 || p.goesOn }

// read is what a message shows.
func (t *sitting) read(r Received) page {
	if r.View != nil {
		return readCard(r.ID, r.View)
	}
	var act outgoing
	_ = json.Unmarshal(r.Raw, &act)
	for _, at := range act.Attachments {
		if at.ContentType == adaptiveCard {
			return readCard(r.ID, at.Content)
		}
	}
	return readText(r.ID, act.Text)
}

// readCard reads a survey's card. A question without an input is the text over the buttons that
// are its answers.
func readCard(message string, raw []byte) page {
	var view cardView
	view.read(raw)
	var plain bytes.Buffer
	_ = json.Compact(&plain, raw)
	p := page{message: message, card: plain.Bytes()}
	for _, a := range view.actions {
		switch a.verb {
		case verbAnswer:
			p.answers = append(p.answers, a)
		case verbBack:
			p.back = &a
		case verbLater:
			p.later = &a
		}
	}
	var words []string
	for _, in := range view.inputs {
		p.asked = append(p.asked, question{cardInput: in})
		words = append(words, in.label)
	}
	if len(p.asked) == 0 && len(p.answers) > 0 {
		words = []string{p.answers[0].above}
		if len(p.answers) > 1 {
			p.asked = []question{{cardInput: cardInput{label: words[0]}}}
		}
	}
	p.key = strings.Join(words, "\n")
	return p
}

var (
	optionLine = regexp.MustCompile(`^\d+\. (.+)$`)
	oneNumber  = regexp.MustCompile(`number of your answer|numéro de votre choix`)
	numbers    = regexp.MustCompile(`numbers of your answers|numéros de vos choix`)
	yesOrNo    = regexp.MustCompile(`yes or no|oui ou non`)
	fromTo     = regexp.MustCompile(`(?:number from|nombre de) (-?[\d.]+).* (?:to|à) (-?[\d.]+\d|\d)`)
	anyNumber  = regexp.MustCompile(`a number|un nombre`)
	anyDate    = regexp.MustCompile(`a date|une date`)
	anything   = regexp.MustCompile(`anything to go on|n’importe quoi`)
	ownWords   = regexp.MustCompile(`own words|propres mots`)
)

// readText reads a question in a text: its last paragraph says how to answer, the one before it
// is the question and, numbered, its options. Any other text asks nothing.
func readText(message, text string) page {
	p := page{message: message}
	parts := strings.Split(strings.TrimSpace(text), "\n\n")
	if len(parts) < 2 {
		return p
	}
	how, lines := parts[len(parts)-1], strings.Split(parts[len(parts)-2], "\n")
	q := question{cardInput: cardInput{label: lines[0], required: true}}
	for _, line := range lines[1:] {
		if option := optionLine.FindStringSubmatch(line); option != nil {
			q.choices, q.titles = append(q.choices, strconv.Itoa(len(q.choices)+1)), append(q.titles, option[1])
		}
	}
	switch {
	case anything.MatchString(how):
		p.key, p.goesOn = q.label, true
		return p
	case oneNumber.MatchString(how), numbers.MatchString(how):
		q.kind, q.multiple = "Input.ChoiceSet", numbers.MatchString(how)
	case yesOrNo.MatchString(how):
		q.yesNo = true
	case anyDate.MatchString(how):
		q.kind = "Input.Date"
	case anyNumber.MatchString(how):
		q.kind, q.max = "Input.Number", 10
		if limits := fromTo.FindStringSubmatch(how); limits != nil {
			q.min, _ = strconv.ParseFloat(limits[1], 64)
			q.max, _ = strconv.ParseFloat(limits[2], 64)
		}
	case ownWords.MatchString(how):
		q.kind = "Input.Text"
	default:
		return p
	}
	p.key, p.asked = q.label, []question{q}
	return p
}
