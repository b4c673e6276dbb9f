// Package i18n says the product's sentences in the reader's language. A sentence is
// an English format string, written where it is used, and that string is also the
// key of its French: see the fr_*.go files. Standard library only.
package i18n

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Language is the language of ours for a BCP 47 tag ("fr-CA", "de"): "fr" or "en".
func Language(tag string) string {
	primary, _, _ := strings.Cut(tag, "-")
	if strings.EqualFold(primary, "fr") {
		return "fr"
	}
	return "en"
}

// Text is the sentence in that language: French for "fr" and its regions, English for
// everything else and for a sentence that has no French. Without arguments the text
// is taken as it stands, so that a "%" in it is a "%". An argument that is a word of
// ours, which is to say of a string type with a name (a campaign's status), is said in
// the language too; other people's words, of the type string, stay as they are.
func Text(language, english string, args ...any) string {
	format := english
	if Language(language) == "fr" {
		if translated, ok := french(english); ok {
			format = translated
		}
		args = words(args)
	}
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Translator says sentences in one language; the zero value speaks English.
type Translator struct{ language string }

// For makes a Translator for a BCP 47 tag.
func For(tag string) Translator { return Translator{language: Language(tag)} }

// Language is "fr" or "en".
func (t Translator) Language() string { return Language(t.language) }

// Text is the sentence in the translator's language. As the function "t" of
// html/template it makes {{t "Save"}} and {{t "%d people" .Count}} work.
func (t Translator) Text(english string, args ...any) string {
	return Text(t.language, english, args...)
}

// words says the arguments that are words of ours in French.
func words(args []any) []any {
	said := slices.Clone(args)
	for i, a := range args {
		v := reflect.ValueOf(a)
		if v.Kind() != reflect.String || v.Type() == reflect.TypeFor[string]() {
			continue
		}
		if word, ok := french(v.String()); ok {
			said[i] = word
		}
	}
	return said
}

func french(english string) (string, bool) {
	for _, area := range []map[string]string{frenchErrors, frenchCards, frenchBot, frenchAPI, frenchWeb,
		frenchSignals, frenchPictures, frenchPreflight, frenchChanges, frenchOwnCards, frenchSurveys, frenchSimulator} {
		if text, ok := area[english]; ok {
			return text, true
		}
	}
	return "", false
}
