package domain

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// ReadTyped is an answer that somebody wrote in a message, kindly read: a choice by its
// words in any case or by its number, yes and no in English and French, numbers with a
// decimal comma, dates also as day/month/year. Language is a BCP 47 tag of who wrote it. An
// Invalid error says what is expected.
func (q Question) ReadTyped(text, language string) (Value, error) {
	text = strings.TrimSpace(text)
	if q.Type == Statement || q.Type == FreeText || text == "" {
		return q.Read(text)
	}
	switch q.Type {
	case Choice:
		if option, ok := q.typedOption(text); ok {
			return TextValue(option), nil
		}
		return Value{}, q.expected()
	case Choices:
		return q.chosen(q.typedOptions(text), q.typedOption)
	case YesNo:
		said := strings.TrimRight(text, " .!")
		return q.yesNo(said, []string{"yes", "y", "oui", "o", "1"}, []string{"no", "n", "non", "2"})
	case Date:
		return q.typedDate(text, language)
	}
	if _, scale := q.limits(); scale != nil && q.Type != Number { // "4/5"
		text = strings.TrimSuffix(text, "/"+numberText(*scale))
	}
	return q.number(plainNumber(text, language))
}

// typedOption finds an option by its words, as they are or in any case, or by its number.
func (q Question) typedOption(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if i := slices.IndexFunc(q.Options, func(o string) bool { return strings.TrimSpace(o) == text }); i >= 0 {
		return q.Options[i], true
	}
	var alike []string
	for _, o := range q.Options {
		if folded(o) == folded(text) {
			alike = append(alike, o)
		}
	}
	if len(alike) == 1 {
		return alike[0], true
	}
	return q.option(strings.TrimRight(text, " .)"))
}

// folded is a text without its case, Markdown marks, double spaces and full stop.
func folded(text string) string {
	text = strings.NewReplacer("*", "", "_", "", "`", "", `\`, "").Replace(strings.ToLower(text))
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".!")
}

var (
	betweenOptions = regexp.MustCompile(`(?i)\s*[,;&+\n]\s*|\s+(?:and|et)\s+`)
	onlyNumbers    = regexp.MustCompile(`^\d+(\s+\d+)+$`)
)

// typedOptions cuts a text into options. These may hold commas and "and" themselves, so
// that the longest piece that is an option counts, from the left.
func (q Question) typedOptions(text string) []string {
	if onlyNumbers.MatchString(text) {
		return strings.Fields(text)
	}
	starts, ends := []int{0}, []int{}
	for _, cut := range betweenOptions.FindAllStringIndex(text, -1) {
		ends, starts = append(ends, cut[0]), append(starts, cut[1])
	}
	ends = append(ends, len(text))
	var options []string
	for i := 0; i < len(starts); i++ {
		last := len(ends) - 1
		for last > i && !q.isOption(text[starts[i]:ends[last]]) {
			last--
		}
		if piece := text[starts[i]:ends[last]]; piece != "" { // as after a comma at the end
			options = append(options, piece)
		}
		i = last
	}
	return options
}

func (q Question) isOption(text string) bool {
	_, ok := q.typedOption(text)
	return ok
}

var europeanDate = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)

// typedDate reads 2026-09-01 and 1/9/2026. Whoever writes American English may have meant
// the month first, and is asked again where that would be another day.
func (q Question) typedDate(text, language string) (Value, error) {
	if parts := europeanDate.FindStringSubmatch(text); parts != nil {
		text = strings.Join(parts[1:], "/")
		day, err := time.Parse("2/1/2006", text)
		american, wrong := time.Parse("1/2/2006", text)
		if err != nil || strings.EqualFold(language, "en-US") && wrong == nil && american != day {
			return Value{}, q.expected()
		}
		text = day.Format(dateLayout)
	}
	return q.Read(text)
}

var (
	spacedNumber  = regexp.MustCompile(`^\D?\d{1,3}([ \x{a0}\x{202f}]\d{3})+([.,]\d+)?$`)
	englishNumber = regexp.MustCompile(`^\D?\d{1,3}(,\d{3})+(\.\d+)?$`)
)

// plainNumber takes the separators of thousands off a number, and makes a decimal comma a
// point. "1,500" is 1500 in English and 1.5 in French.
func plainNumber(text, language string) string {
	text = strings.Replace(text, "\u2212", "-", 1)
	if spacedNumber.MatchString(text) {
		text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(text)
	}
	if primary, _, _ := strings.Cut(language, "-"); strings.EqualFold(primary, "en") && englishNumber.MatchString(text) {
		return strings.ReplaceAll(text, ",", "")
	}
	return strings.Replace(text, ",", ".", 1)
}
