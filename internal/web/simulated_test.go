package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Where the tenant is a real one there is nothing to see of its people, and nothing to do for them.
func TestARealTenantHasNoOtherSide(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	if page := w.get("/people"); strings.Contains(page.Body, "/simulator") {
		t.Error("the page leads to a simulated tenant")
	}
	for _, path := range []string{"/simulator", "/simulator/0", "/simulator/0/chat"} {
		w.get(path).must(t, http.StatusNotFound)
	}
	w.post("/campaigns/new", "/simulator/0/say", url.Values{"text": {"hi"}}).must(t, http.StatusNotFound)
}
