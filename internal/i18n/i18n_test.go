package i18n

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func areas() map[string]map[string]string {
	return map[string]map[string]string{
		"fr_errors.go": frenchErrors, "fr_cards.go": frenchCards, "fr_bot.go": frenchBot, "fr_api.go": frenchAPI, "fr_web.go": frenchWeb,
		"fr_changes.go": frenchChanges, "fr_owncards.go": frenchOwnCards, "fr_pictures.go": frenchPictures, "fr_preflight.go": frenchPreflight,
		"fr_signals.go": frenchSignals, "fr_surveys.go": frenchSurveys, "fr_simulator.go": frenchSimulator,
	}
}

func TestTextChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	const format = "At most %d buttons."
	for language, want := range map[string]string{
		"fr": "6 boutons au maximum.", "fr-CA": "6 boutons au maximum.", "FR-fr": "6 boutons au maximum.",
		"en": "At most 6 buttons.", "de-CH": "At most 6 buttons.", "": "At most 6 buttons.", "frr": "At most 6 buttons.",
	} {
		if got := Text(language, format, 6); got != want {
			t.Errorf("Text(%q) = %q, want %q", language, got, want)
		}
	}
}

func TestTextWithoutArgumentsKeepsPercentSigns(t *testing.T) {
	t.Parallel()
	if got := Text("fr", "100% d"); got != "100% d" {
		t.Errorf("got %q", got)
	}
}

func TestTranslatorKeepsItsLanguage(t *testing.T) {
	t.Parallel()
	tr := For("fr-BE")
	if tr.Language() != "fr" || tr.Text("Write the title.") != "Écrivez le titre." {
		t.Errorf("%q says %q", tr.Language(), tr.Text("Write the title."))
	}
	if zero := (Translator{}); zero.Language() != "en" || zero.Text("Write the title.") != "Write the title." {
		t.Errorf("the zero value says %q", zero.Text("Write the title."))
	}
}

func TestTextSaysOurWordsInTheLanguage(t *testing.T) {
	t.Parallel()
	type status string
	if got := Text("fr", "%s, %s", "done", status("done")); got != "done, terminée" {
		t.Errorf("got %q", got)
	}
	if got := Text("en", "%s, %s", "done", status("done")); got != "done, done" {
		t.Errorf("got %q", got)
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*[\d.]*([a-zA-Z%])`)

// verbs is which verb each argument is printed with.
func verbs(format string) map[int]string {
	found, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next = int(m[1][0] - '0')
		}
		found[next] = m[2]
		next++
	}
	return found
}

func TestFrenchPrintsTheSameArguments(t *testing.T) {
	t.Parallel()
	for file, area := range areas() {
		for english, french := range area {
			if diff := cmp.Diff(verbs(english), verbs(french)); diff != "" {
				t.Errorf("%s: %q: the verbs differ:\n%s", file, english, diff)
			}
		}
	}
}

// French sets a no-break space before two-part punctuation and inside guillemets.
var looseSpace = regexp.MustCompile(` [:;!?»]|«[^\x{00a0}]|[^\x{00a0}]»|[\pL][!?;](\s|$)`)

func TestFrenchIsWellSet(t *testing.T) {
	t.Parallel()
	for file, area := range areas() {
		for english, french := range area {
			if at := looseSpace.FindString(french); at != "" {
				t.Errorf("%s: %q: put a no-break space (U+00A0) at %q", file, french, at)
			}
			if strings.Contains(french, "'") && !strings.Contains(english, "'") {
				t.Errorf("%s: %q: write the apostrophe ’", file, french)
			}
			if strings.TrimSpace(french) == "" {
				t.Errorf("%s: %q is translated as nothing", file, english)
			}
		}
	}
}

func TestNoSentenceIsTranslatedTwice(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for file, area := range areas() {
		for english := range maps.Keys(area) {
			if other, ok := seen[english]; ok {
				t.Errorf("%q stands in %s and in %s", english, other, file)
			}
			seen[english] = file
		}
	}
}
