package domain

import (
	"errors"
	"strconv"
)

// expected is an Invalid error that says what an answer looks like.
func (q Question) expected() error {
	least, greatest := q.limits()
	switch q.Type {
	case Choice:
		return Fail(Invalid, "Answer with one of the choices, or with its number from 1 to %d.", len(q.Options))
	case Choices:
		return Fail(Invalid, "Answer with the choices that apply, or with their numbers from 1 to %d, for example 1, 2.", len(q.Options))
	case YesNo:
		return Fail(Invalid, "Answer with yes or no.")
	case Rating, NPS:
		return Fail(Invalid, "Answer with a whole number from %s to %s.", numberText(*least), numberText(*greatest))
	case Date:
		return Fail(Invalid, "Answer with a date: the year, month and day, for example 2026-12-31.")
	}
	switch {
	case q.Type != Number:
		return Fail(Invalid, "That is not one of the answers.")
	case least != nil && greatest != nil:
		return Fail(Invalid, "Answer with a number from %s to %s.", numberText(*least), numberText(*greatest))
	case least != nil:
		return Fail(Invalid, "Answer with a number, at least %s.", numberText(*least))
	case greatest != nil:
		return Fail(Invalid, "Answer with a number, at most %s.", numberText(*greatest))
	}
	return Fail(Invalid, "Answer with a number, for example 12.5.")
}

// numberText is a number in digits.
func numberText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// MessageOf is what an error of ours says.
func MessageOf(err error) Text {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return Say("That is not one of the answers.")
}
