package domain

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dateLayout is how a date is kept, and how a card's input sends it.
const dateLayout = "2006-01-02"

// Read is the answer that a card's input sent, always a string (protocol/cards.md 3); empty
// for an optional question that was left out. An Invalid error says what is expected.
//
// Inputs of choice and choices send the numbers of options, from 1, those of several joined
// by commas ("1,3"): the options' own words may hold commas. A yes or no is "yes" or "no",
// or a toggle's "true" or "false".
func (q Question) Read(raw string) (Value, error) {
	raw = strings.TrimSpace(raw)
	if q.Type == Statement {
		return Value{}, Fail(Invalid, "There is nothing to answer here.")
	}
	if raw == "" {
		return q.leftOut()
	}
	switch q.Type {
	case Choice:
		if option, ok := q.option(raw); ok {
			return TextValue(option), nil
		}
	case Choices:
		return q.chosen(strings.Split(raw, ","), q.option)
	case YesNo:
		return q.yesNo(raw, []string{"yes", "true"}, []string{"no", "false"})
	case Date:
		if day, err := time.Parse(dateLayout, raw); err == nil {
			return TextValue(day.Format(dateLayout)), nil
		}
	case FreeText:
		return q.freeText(raw)
	case Rating, NPS, Number:
		return q.number(raw)
	}
	return Value{}, q.expected()
}

// ReadAll is what a card with all questions sent, by their ids: the answers that were
// given, and at once all that are missing or wrong, each named by its question's id. Ids
// that are no question's are left alone.
func (s *Survey) ReadAll(raw map[string]string) (map[string]Value, []FieldError) {
	values := map[string]Value{}
	var wrong []FieldError
	for _, q := range s.Questions {
		if q.Type == Statement {
			continue
		}
		value, err := q.Read(raw[q.ID])
		switch {
		case err != nil:
			wrong = append(wrong, FieldError{Field: q.ID, Message: MessageOf(err)})
		case !value.IsZero():
			values[q.ID] = value
		}
	}
	return values, wrong
}

func (q Question) leftOut() (Value, error) {
	if q.Optional {
		return Value{}, nil
	}
	return Value{}, Fail(Invalid, "This question needs an answer.")
}

// option is the option of that number, from 1.
func (q Question) option(number string) (string, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 1 || n > len(q.Options) {
		return "", false
	}
	return q.Options[n-1], true
}

// chosen is several options, in the question's order, each once.
func (q Question) chosen(names []string, find func(string) (string, bool)) (Value, error) {
	picked := map[string]bool{}
	for _, name := range names {
		option, ok := find(name)
		if !ok {
			return Value{}, q.expected()
		}
		picked[option] = true
	}
	if len(picked) == 0 {
		return Value{}, q.expected()
	}
	rest := func(option string) bool { return !picked[option] }
	return ListValue(slices.DeleteFunc(slices.Clone(q.Options), rest)), nil
}

func (q Question) yesNo(said string, yes, no []string) (Value, error) {
	said = strings.ToLower(said)
	if slices.Contains(yes, said) || slices.Contains(no, said) {
		return YesValue(slices.Contains(yes, said)), nil
	}
	return Value{}, q.expected()
}

func (q Question) freeText(text string) (Value, error) {
	if !showable(text) {
		return Value{}, Fail(Invalid, "The text holds characters that can't be shown.")
	}
	var f faults
	checkLength(&f, q.ID, text, q.longest())
	if len(f.list) > 0 {
		return Value{}, &Error{Kind: Invalid, Message: f.list[0].Message}
	}
	return TextValue(text), nil
}

// longest is how many characters an answer may have.
func (q Question) longest() int {
	if q.MaxLength > 0 {
		return q.MaxLength
	}
	return MaxText
}

// numberPattern leaves out what strconv reads beside numbers: inf, 0x10, 1_000.
var numberPattern = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)

// number reads a number between the question's limits; the scales have whole numbers only.
func (q Question) number(text string) (Value, error) {
	n, err := strconv.ParseFloat(text, 64)
	least, greatest := q.limits()
	scale := q.Type == Rating || q.Type == NPS
	switch {
	case err != nil, !numberPattern.MatchString(text), scale && n != math.Trunc(n):
		return Value{}, q.expected()
	case least != nil && n < *least, greatest != nil && n > *greatest:
		return Value{}, q.expected()
	}
	return NumberValue(n), nil
}

// limits are the least and the greatest answer; nil where there is none.
func (q Question) limits() (least, greatest *float64) {
	switch q.Type {
	case Rating:
		return new(float64(minRating)), new(float64(maxRating))
	case NPS:
		return new(float64(minNPS)), new(float64(maxNPS))
	}
	return q.Min, q.Max
}
