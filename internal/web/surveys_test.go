package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/internal/web/webtest"
)

// TestTheOfficialRendererDrawsEverySurvey looks at every card of a survey, in each language,
// on phones and desktops, light, dark and with high contrast.
func TestTheOfficialRendererDrawsEverySurvey(t *testing.T) {
	t.Parallel()
	all := exhibits(t, "survey*.json")
	english := slices.DeleteFunc(slices.Clone(all), func(e exhibit) bool { return !strings.HasSuffix(e.Name, ".en") || strings.Contains(e.Name, "_back_") })
	if len(all) < 60 || len(english) < 20 {
		t.Fatalf("there are %d cards, %d in English: the golden files are elsewhere", len(all), len(english))
	}
	few := exhibits(t, "survey_asks_choice.en.json", "survey_asks_rating.en.json", "survey_fault.en.json", "survey_anonymous.en.json", "survey_thanks.en.json", "survey_results.en.json")
	server := newGallery(t, map[string][]exhibit{"/survey": few, "/surveys": english, "/all-surveys": all})
	b := openBrowser(t)
	for _, scheme := range []string{"light", "dark", "forced"} {
		for _, width := range []int64{320, 700} {
			b.Look(width, scheme)
			for _, page := range []string{"survey", "surveys", "all-surveys"} {
				b.Run(chromedp.Navigate(server.URL + "/" + page))
				b.WaitFor(`[...document.querySelectorAll("[data-drawing]")].every((e) => e.childElementCount > 0) && [...document.images].every((i) => i.complete)`)
				b.Quiet()
				for _, complaint := range webtest.Eval[[]string](b, complaintsInPage+".concat("+unnamedInPage+")") {
					t.Errorf("%s, %d px: %s", scheme, width, complaint)
				}
				if page != "all-surveys" {
					b.Shoot(fmt.Sprintf("%s-%s-%d", page, scheme, width))
				}
			}
		}
	}
}

// unnamedInPage are the inputs and buttons that have no name for a screen reader.
const unnamedInPage = `[...document.querySelectorAll("[data-drawing] :is(input, textarea, select, button)")].filter((e) => {
  const by = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.innerText ?? "").join("");
  const group = e.closest("[role=group],[role=radiogroup]");
  return ![by, e.getAttribute("aria-label"), e.innerText, e.labels?.[0]?.innerText, group?.getAttribute("aria-labelledby")].some((s) => s && s.trim());
}).map((e) => e.closest("[data-preview]").id + ": no name: " + e.outerHTML.slice(0, 120))`
