package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/internal/web/webtest"
)

// gallery is a page of activities, each drawn as the console's preview draws it.
var gallery = template.Must(template.New("gallery").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kinds</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/static/console.css"></head>
<body style="margin:0">{{range .}}<aside class="preview" style="gap:0" data-preview data-activity="{{.Activity}}" data-failed="failed" id="{{.Name}}">
<span hidden><button data-scheme="light"></button><button data-scheme="dark"></button><button data-phone></button></span>
<div class="stage" data-stage style="border-radius:0"><div class="drawing" data-drawing></div></div><div data-faults></div></aside>{{end}}
<script src="/static/vendor/preview.js"></script></body></html>`))

type exhibit struct{ Name, Activity string }

// exhibits are the golden activities of package cards that Teams shows, by a pattern of
// their names. Their pictures are ours, so that nothing is asked of other sites.
func exhibits(t *testing.T, patterns ...string) []exhibit {
	t.Helper()
	var all []exhibit
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("..", "..", "cards", "testdata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			name := strings.TrimSuffix(filepath.Base(path), ".json")
			if strings.Contains(name, ".skype.") || strings.HasSuffix(path, ".txt") {
				continue
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, exhibit{name, ourPictures(t, raw)})
		}
	}
	return all
}

func ourPictures(t *testing.T, raw []byte) string {
	t.Helper()
	var activity any
	if err := json.Unmarshal(raw, &activity); err != nil {
		t.Fatal(err)
	}
	changePictures(activity)
	changed, err := json.Marshal(activity)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

func changePictures(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			changePictures(item)
		}
	case map[string]any:
		if v["type"] == "Image" {
			v["url"] = "/picture.png"
		}
		for _, member := range v {
			changePictures(member)
		}
	}
}

// newGallery serves one page of exhibits at each address.
func newGallery(t *testing.T, pages map[string][]exhibit) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/static/", http.FileServerFS(static))
	mux.HandleFunc("/picture.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(picture()) })
	for address, all := range pages {
		mux.HandleFunc(address, func(w http.ResponseWriter, _ *http.Request) { _ = gallery.Execute(w, all) })
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// picture is an evening over hills.
func picture() []byte {
	const width, height = 640, 260
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		hill := 170 + (x-380)*(x-380)/1400
		for y := range height {
			c := color.RGBA{uint8(250 - y/4), uint8(190 - y/3), uint8(110 + y/4), 255}
			if y > hill {
				c = color.RGBA{58, uint8(84 - (y-hill)/6), 92, 255}
			}
			if (x-190)*(x-190)+(y-110)*(y-110) < 34*34 && y <= hill {
				c = color.RGBA{255, 236, 190, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	return b.Bytes()
}

// TestTheOfficialRendererDrawsEveryCard looks at every card of package cards on phones
// and desktops, light and dark, and listens to what the renderer has against it.
func TestTheOfficialRendererDrawsEveryCard(t *testing.T) {
	t.Parallel()
	kinds := exhibits(t, "idea.teams.en.json", "success.teams.en.json", "important.teams.en.json", "card.teams.en.json", "survey.teams.en.json", "message.teams.en.json")
	special := exhibits(t, "important_rtl.teams.en.json", "card_rtl.teams.en.json", "idea_trial.teams.en.json", "idea_corrected.teams.en.json", "idea_expired.fr.json", "markdown.teams.en.json", "survey_thanks.fr.json")
	all := exhibits(t, "*.json")
	if len(kinds) != 6 || len(all) < 60 {
		t.Fatalf("there are %d kinds and %d cards: the golden files are elsewhere", len(kinds), len(all))
	}
	server := newGallery(t, map[string][]exhibit{"/kinds": kinds, "/special": special, "/all": all})
	b := openBrowser(t)
	for _, scheme := range []string{"light", "dark", "forced"} {
		for _, width := range []int64{320, 700} {
			b.Look(width, scheme)
			for _, page := range []string{"kinds", "special", "all"} {
				b.Run(chromedp.Navigate(server.URL + "/" + page))
				b.WaitFor(`[...document.querySelectorAll("[data-drawing]")].every((e) => e.childElementCount > 0) && [...document.images].every((i) => i.complete)`)
				b.Quiet()
				for _, complaint := range webtest.Eval[[]string](b, complaintsInPage) {
					t.Errorf("%s, %d px: %s", scheme, width, complaint)
				}
				if page != "all" {
					b.Shoot(fmt.Sprintf("%s-%s-%d", page, scheme, width))
				}
			}
		}
	}
}

// complaintsInPage are those of the renderer, cards that are empty, and what is wider
// than the window.
const complaintsInPage = `[...document.querySelectorAll("[data-preview]")].flatMap((e) => {
  const drawing = e.querySelector("[data-drawing]"), found = [];
  if (drawing.dataset.complaints) found.push(e.id + ": " + drawing.dataset.complaints);
  if (!drawing.innerText.trim()) found.push(e.id + " is empty");
  if (e.querySelector("[data-faults]").innerText) found.push(e.id + " can't be drawn");
  if (drawing.scrollWidth > drawing.clientWidth + 1) found.push(e.id + " is wider than the window");
  return found;
})`

// TestTheRendererComplains holds that the gallery would tell.
func TestTheRendererComplains(t *testing.T) {
	t.Parallel()
	bad := `{"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","version":"1.5","body":[` +
		`{"type":"Input.Text"},{"type":"TextBlock","text":"x","size":"Gigantic"}]}}]}`
	server := newGallery(t, map[string][]exhibit{"/bad": {{"bad", bad}}})
	b := openBrowser(t)
	b.Look(700, "light")
	b.Run(chromedp.Navigate(server.URL + "/bad"))
	b.WaitFor(`document.querySelector("[data-drawing]").childElementCount > 0`)
	found := strings.Join(webtest.Eval[[]string](b, complaintsInPage), "\n")
	if !strings.Contains(found, "size") || !strings.Contains(found, "id") {
		t.Errorf("the renderer says only %q", found)
	}
}
