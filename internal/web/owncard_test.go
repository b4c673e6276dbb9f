package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"crier/internal/domain"
)

// Faults within a card of one's own name their place, and lead to the one field there is.
func TestFaultsOfAnOwnCardNameTheirPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	own := func(card string) reply {
		return w.post("/campaigns/new", "/campaigns/new/save", typed(url.Values{"kind": {"card"}, "content.title": {""}, "content.text": {""}, "content.adaptive_card": {card}}))
	}
	page := own(`{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"a","size":"huge"},{"type":"TextBlock"}]}`)
	page.must(t, http.StatusUnprocessableEntity, `aria-describedby="f-content-adaptive_card-fault"`)
	summary := between(page.Body, `role="alert"`, "</ul>")
	beside := between(page.Body, `id="f-content-adaptive_card-fault"`, "</p>")
	for _, place := range []string{"body[0].size: ", "body[1].text: "} {
		if !strings.Contains(summary, `<a href="#f-content-adaptive_card">`+place) {
			t.Errorf("%q is not in the summary: %s", place, summary)
		}
		if !strings.Contains(beside, place) {
			t.Errorf("%q is not beside the field: %s", place, beside)
		}
	}
	own("{\"type\":\n  x}").must(t, http.StatusUnprocessableEntity, "look at line 2, column 3.")
	own(`{"type":"AdaptiveCard","version":"2.0"}`).must(t, http.StatusUnprocessableEntity, "version: Teams shows cards")
}

func TestALookNamesThePlacesOfAnOwnCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	w.install(1)
	c := idea()
	c.Kind, c.Content.Title, c.Content.Text = "card", "", ""
	c.Content.AdaptiveCard = []byte(`{"type":"AdaptiveCard","version":"1.5","fallbackText":"A","body":[{"type":"Image","url":"https://example.com/a.png"}]}`)
	o := w.options(Open, w.server.URL)
	o.Preflight.Notes = func(c domain.Campaign) []domain.FieldError { return domain.CardNotes(c.Content.AdaptiveCard) }
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = h
	w.get(campaignPath(w.create(c).ID)+"/preflight").must(t, http.StatusOK, "body[0].altText: Describe the picture")
}
