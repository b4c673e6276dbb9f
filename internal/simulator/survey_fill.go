package simulator

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// filled is a card as somebody filled it in.
type filled struct {
	inputs  map[string]any
	answers map[string][]string // by question: an option's words each, or what was written; none: left out
	button  *cardAction
	typed   string // the first answer as a message
}

// fill answers a page as chance has it. About every sixth question that may be left out is.
func (t *sitting) fill(p page) filled {
	f := filled{inputs: map[string]any{}, answers: map[string][]string{}}
	if p.goesOn {
		f.typed = "ok"
	}
	if len(p.answers) > 0 {
		f.button = &p.answers[0]
	}
	if len(p.asked) == 1 && p.asked[0].id == "" && len(p.answers) > 1 {
		f.button = &p.answers[t.dice.pick(len(p.answers))]
		f.answers[p.key] = nil
		if !f.button.skips() {
			f.answers[p.key], f.typed = []string{f.button.title}, strings.ToLower(f.button.title)
		}
		return f
	}
	for i, q := range p.asked {
		if p.card != nil && !q.required && t.dice.under(0.16) {
			f.answers[q.label] = nil
			continue
		}
		value, answers, typed := q.answer(&t.dice, t.opt.Habits.Survey.Mark != "")
		f.inputs[q.id], f.answers[q.label] = value, answers
		if i == 0 {
			f.typed = typed
		}
	}
	return f
}

// skips says whether a button leaves its question out: what it carries for it is empty.
func (a *cardAction) skips() bool {
	for _, value := range a.data {
		if value == "" {
			return true
		}
	}
	return false
}

// answer is an answer to a question as its input sends it, in words, and as a message.
func (q question) answer(d *dice, traced bool) (value any, answers []string, typed string) {
	switch {
	case q.yesNo:
		said := [][2]string{{"yes", "yes"}, {"no", "no"}, {"yes", "Oui"}, {"no", "Non."}}[d.pick(4)]
		return nil, []string{said[0]}, said[1]
	case q.kind == "Input.ChoiceSet" && q.multiple:
		return q.several(d)
	case q.kind == "Input.ChoiceSet":
		i := d.pick(len(q.choices))
		return q.choices[i], []string{q.titles[i]}, q.write(i, d)
	case q.kind == "Input.Number":
		n := q.min + float64(d.pick(int(max(1, q.max-q.min+1))))
		if half := n + 0.5; half <= q.max && n == math.Trunc(n) && q.card() && d.under(0.2) {
			n = half
		}
		text := strconv.FormatFloat(n, 'f', -1, 64)
		return n, []string{text}, text
	case q.kind == "Input.Date":
		day := fmt.Sprintf("2027-%02d-%02d", 1+d.pick(12), 1+d.pick(28))
		return day, []string{day}, day
	case q.kind == "Input.Toggle":
		side := []string{q.on, q.off}[d.pick(2)]
		return side, []string{side}, side
	}
	text := q.shorten(words(d, traced))
	return text, []string{text}, text
}

// card says whether a question stands on a card; a text does not tell a scale from a number.
func (q question) card() bool { return q.id != "" }

// several chooses at least one option.
func (q question) several(d *dice) (value any, answers []string, typed string) {
	var values, written []string
	byNumber, first := d.under(0.5), d.pick(len(q.choices))
	for i := range q.choices {
		if i != first && !d.under(0.4) {
			continue
		}
		values, answers = append(values, q.choices[i]), append(answers, q.titles[i])
		if written = append(written, q.titles[i]); byNumber {
			written[len(written)-1] = strconv.Itoa(i + 1)
		}
	}
	return values, answers, strings.Join(written, ", ")
}

var digits = regexp.MustCompile(`\d+`)

// write is an option in a message: a number that stands in its words, as of a scale; else its
// words or its place.
func (q question) write(i int, d *dice) string {
	if digits.FindString(q.titles[i]) == q.choices[i] {
		return q.choices[i]
	}
	if d.under(0.5) {
		return q.titles[i]
	}
	return strconv.Itoa(i + 1)
}

// Said begins everything that people write into surveys in their own words.
const Said = "said-"

// words are what nobody else writes, where it is to be traced.
func words(d *dice, traced bool) string {
	if !traced {
		plain := []string{"It is fine as it is.", "More of it, please!", "Très bien, merci 👍", "Could we try this on Fridays too?", "No idea yet.", "I liked the last one better.", "Thank you for asking."}
		return plain[d.pick(len(plain))]
	}
	more := []string{"fine", "très bien, merci 👍", "は い", "لا بأس", "could be <b>better</b> & *shorter*", "=1+1", "\"quoted\"; and, so on"}
	return fmt.Sprintf("%s%016x %s", Said, d.next(), more[d.pick(len(more))])
}

func (q question) shorten(text string) string {
	if runes := []rune(text); q.longest > 0 && len(runes) > q.longest {
		return strings.TrimSpace(string(runes[:q.longest]))
	}
	return text
}
