package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAssetsAreKeptForEverUnderTheirSum(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	sheet := w.get(a.path("console.css"))
	sheet.must(t, http.StatusOK, "--brand")
	if h := sheet.Header; h.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("served with %v", h)
	}
	packed := w.request(http.MethodGet, a.path("console.css"), nil)
	packed.Header.Set("Accept-Encoding", "br, gzip;q=0.8")
	if answer := w.do(packed); answer.Header.Get("Content-Encoding") != "gzip" || len(answer.Body) >= len(sheet.Body) {
		t.Errorf("packed: %v, %d bytes of %d", answer.Header, len(answer.Body), len(sheet.Body))
	}
	plain := w.request(http.MethodGet, a.path("console.css"), nil)
	plain.Header.Set("Accept-Encoding", "gzip;q=0")
	if answer := w.do(plain); answer.Header.Get("Content-Encoding") != "" {
		t.Error("packed for who can't unpack")
	}
	if old := w.get("/assets/older/console.css"); old.Status != http.StatusOK || old.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("under another sum: %d, %v", old.Status, old.Header)
	}
	for _, path := range []string{"/assets/x/../web.go", "/assets/" + a.sum + "/nothing.js", "/assets/" + a.sum + "/"} {
		if answer := w.get(path); answer.Status == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

// TestThePagesNameTheirIcons finds icons that the sprite does not have.
func TestThePagesNameTheirIcons(t *testing.T) {
	t.Parallel()
	sprite, err := static.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Open)
	for name, path := range w.populate() {
		for _, part := range strings.Split(w.get(path).Body, "icons.svg#")[1:] {
			id, _, _ := strings.Cut(part, `"`)
			if !strings.Contains(string(sprite), `<symbol id="`+id+`"`) {
				t.Errorf("%s: there is no icon %q", name, id)
			}
		}
	}
}
