package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"crier/internal/app"
	"crier/internal/domain"
	reader "crier/internal/picture"
	"crier/internal/store"
	"crier/internal/web/webtest"
)

// pictures are the operations of a console that is reached at an address.
func (w *world) pictures(public string) *app.Pictures {
	base := public + domain.PicturePath
	w.campaigns.Own = base
	return &app.Pictures{Store: store.Pictures{DB: w.db}, Base: base, Now: w.clock.now, Read: func(file io.Reader) (domain.Picture, error) {
		p, err := reader.Read(file)
		return domain.Picture{Type: p.Type, Width: p.Width, Height: p.Height, Data: p.Data}, err
	}}
}

func aPNG(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// upload posts the editor's form with a file, as a browser does; with a nil one no file is chosen.
func (w *world) upload(path string, form url.Values, file []byte, fragment bool) reply {
	w.t.Helper()
	field := pictureField
	if at, err := url.Parse(path); err == nil && at.Query().Has("field") {
		field = at.Query().Get("field")
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	token := tokenField.FindStringSubmatch(w.get("/campaigns/new").Body)
	for name, values := range form {
		for _, value := range values {
			m.WriteField(name, value) //nolint:errcheck // a buffer takes everything
		}
	}
	if !form.Has("token") {
		m.WriteField("token", token[1]) //nolint:errcheck // as above
	}
	name := "clock.png"
	if file == nil {
		name = ""
	}
	part, err := m.CreateFormFile(field, name)
	if err != nil {
		w.t.Fatal(err)
	}
	part.Write(file) //nolint:errcheck // as above
	m.Close()
	r, err := http.NewRequest(http.MethodPost, w.server.URL+path, &b)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", w.server.URL)
	if fragment {
		r.Header.Set("HX-Request", "true")
	}
	return w.do(r)
}

// uploaded is the address of a picture that was just uploaded.
func (w *world) uploaded(file []byte) string {
	w.t.Helper()
	answer := w.upload("/campaigns/new/picture", nil, file, true)
	answer.must(w.t, http.StatusOK)
	var told struct{ URL string }
	if err := json.Unmarshal([]byte(answer.Body), &told); err != nil || !strings.HasPrefix(told.URL, w.server.URL+"/i/") {
		w.t.Fatalf("told %s", answer.Body)
	}
	return strings.TrimPrefix(told.URL, w.server.URL)
}

func TestAPictureIsServedToAnybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Token)
	w.signIn()
	path := w.uploaded(aPNG(1500, 30))
	w.client.Jar = nil // somebody else
	answer := w.get(path)
	answer.must(t, http.StatusOK)
	drawn, err := png.Decode(strings.NewReader(answer.Body))
	if err != nil || drawn.Bounds().Dx() != 1024 {
		t.Errorf("served %v, %v", drawn, err)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Set-Cookie": "", "Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	known := w.request(http.MethodGet, path, nil)
	known.Header.Set("If-None-Match", answer.Header.Get("Etag"))
	if again := w.do(known); again.Status != http.StatusNotModified || again.Body != "" {
		t.Errorf("to who has it: %d, %d bytes", again.Status, len(again.Body))
	}
	if head := w.do(w.request(http.MethodHead, path, nil)); head.Status != http.StatusOK || head.Body != "" || head.Header.Get("Content-Length") != answer.Header.Get("Content-Length") {
		t.Errorf("HEAD: %d, %v", head.Status, head.Header)
	}
	for _, wrong := range []string{
		"/i/", "/i/x.png", strings.Replace(path, ".png", ".jpg", 1), strings.TrimSuffix(path, ".png"), path + "/", "/i/AAAAAAAAAAAAAAAAAAAAAA.png",
		"/i/" + strings.Repeat("A", 5000) + ".png", "/i/%00",
	} {
		if answer := w.get(wrong); answer.Status != http.StatusNotFound || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%.60s: %d %v", wrong, answer.Status, answer.Header)
		}
	}
	if answer := w.do(w.request(http.MethodPost, path, nil)); answer.Status != http.StatusNotFound {
		t.Errorf("POST: %d", answer.Status)
	}
}

func TestWhatIsWrongWithAFileIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	for says, file := range map[string][]byte{
		"no picture that Teams shows": []byte("<html><script>alert(1)</script>"), "damaged": aPNG(40, 40)[:50], "at most 5 MB": make([]byte, domain.MaxUpload+1),
		"Choose a file first": nil, "empty": {},
	} {
		w.upload("/campaigns/new/picture", nil, file, true).must(t, http.StatusUnprocessableEntity, `"fault":`, says)
	}
	w.upload("/campaigns/new/picture", nil, make([]byte, 2*domain.MaxUpload), true).must(t, http.StatusUnprocessableEntity, "more than a page can take")
	w.upload("/campaigns/new/picture", url.Values{"token": {"another"}}, aPNG(3, 3), true).must(t, http.StatusForbidden)
	w.upload("/campaigns/new/save", nil, make([]byte, maxBody), false).must(t, http.StatusUnprocessableEntity, "more than a page can take")
}

// A file is read in memory, however large: one on the disk would stay there.
func TestUploadsLeaveNoFileBehind(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "a.png")
	if err == nil {
		_, err = part.Write(make([]byte, domain.MaxUpload+1))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/campaigns/new/picture", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if err := parseForm(r); err != nil {
		t.Fatal(err)
	}
	defer r.MultipartForm.RemoveAll()
	file, _, err := r.FormFile("file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if f, ok := file.(*os.File); ok {
		t.Errorf("it is in %s", f.Name())
	}
}

// TestUploadsWithoutScripts is the editor in a browser without scripts: nothing typed is lost.
func TestUploadsWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	answer := w.upload("/campaigns/new/picture", typed(url.Values{"content.image.alt": {"A clock"}}), aPNG(30, 20), false)
	answer.must(t, http.StatusOK, `value="Lunch walk"`, "along</textarea>", `value="A clock"`, "Uploaded. Its address is filled in.", `name="content.image.url" value="`+w.server.URL+"/i/")

	c := w.create(idea())
	bad := w.upload(campaignPath(c.ID)+"/picture", typed(url.Values{"revision": {"1"}, "content.image.url": {"https://example.com/a.png"}}), []byte("GIF8"), false)
	bad.must(t, http.StatusUnprocessableEntity, `id="f-picture-fault"`, `href="#f-picture"`, "no picture that Teams shows", `value="https://example.com/a.png"`, `data-location="`+campaignPath(c.ID)+`"`)
	if now := w.only(); now.Revision != 1 {
		t.Error("it was saved")
	}
}

// A question has a picture of its own, also without scripts.
func TestAQuestionsPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	asks := func() url.Values {
		return url.Values{"name": {"Lunch"}, "kind": {"survey"}, "content.title": {"Lunch"}, "content.questions[0].type": {"text"}, "content.questions[0].text": {"Where?"},
			"content.questions[1].type": {"text"}, "content.questions[1].text": {"Why there?"}}
	}
	path := "/campaigns/new/picture?field=" + url.QueryEscape("content.questions[1].picture")
	w.upload(path, asks(), aPNG(30, 20), false).must(t, http.StatusOK, "Uploaded. Its address is filled in.", "Why there?</textarea>",
		`name="content.questions[1].image.url" value="`+w.server.URL+"/i/")
	w.upload(path, asks(), aPNG(30, 20), true).must(t, http.StatusOK, `"url":"`+w.server.URL+"/i/")
	w.upload(path, asks(), []byte("GIF8"), false).must(t, http.StatusUnprocessableEntity, `id="f-content-questions-1-picture-fault"`, `href="#f-content-questions-1-picture"`, "no picture that Teams shows", "<details open>")
	elsewhere := "/campaigns/new/picture?field=" + url.QueryEscape("token") // no field for a file
	w.upload(elsewhere, asks(), aPNG(30, 20), false).must(t, http.StatusUnprocessableEntity, "Choose a file first.")
}

// TestAnOfficerUploadsAPicture chooses files in a real browser.
func TestAnOfficerUploadsAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-name"), "Clocks"), chromedp.SendKeys(css("#f-content-text"), "Look at the **clock**."), chromedp.WaitVisible(css("#f-picture")))
	choose(b, "f-picture", `new File(["<svg/>"], "clock.png", {type: "image/png"})`)
	b.WaitFor(`document.querySelector("#f-picture-fault")?.innerText.includes("no picture that Teams shows") && document.querySelector("#f-picture").getAttribute("aria-invalid") === "true"`)
	b.Run(chromedp.ScrollIntoView(css("#f-picture")))
	b.ShootTop("upload-fault")
	choose(b, "f-picture", `new File([new Uint8Array(6 << 20)], "big.png")`)
	b.WaitFor(`document.querySelector("#f-picture-fault")?.innerText.includes("at most 5 MB")`)
	choose(b, "f-picture", `new File([new Uint8Array(await (await fetch(document.querySelector("link[rel=icon]").href)).arrayBuffer())], "logo.svg")`)
	b.WaitFor(`document.querySelector("#f-picture-fault")?.innerText.includes("no picture that Teams shows")`)
	choose(b, "f-picture", `await new Promise((done) => { const c = document.createElement("canvas"); c.width = 1600; c.height = 900;
		const x = c.getContext("2d"); x.fillStyle = "#0a7"; x.fillRect(0, 0, 1600, 900); c.toBlob((blob) => done(new File([blob], "clock.png"))); })`)
	b.WaitFor(`document.querySelector("#f-content-image-url").value.includes("/i/") && !document.querySelector("#f-picture-fault")`)
	b.WaitFor(`document.querySelector("[data-drawing] img")?.naturalWidth === 1024`)
	b.ShootTop("upload-done")
	b.Look(320, "dark")
	if what := webtest.Eval[string](b, sticksOut); what != "" {
		t.Errorf("wider than the window: %s", what)
	}
	b.Run(chromedp.ScrollIntoView(css("#f-picture")))
	b.ShootTop("upload-narrow")
	b.Look(1280, "light")
	b.Run(chromedp.Click(css(`.save-bar button:not(.primary)`)))
	b.WaitFor(`location.pathname.match(/campaigns\/\d+$/) !== null`)
	if c := w.only(); c.Content.Image == nil || !strings.HasPrefix(c.Content.Image.URL, w.server.URL+"/i/") {
		t.Errorf("saved as %+v", c.Content)
	}
	b.Quiet()
}

// TestAQuestionsPictureInTheBrowser chooses one for a question that was just added.
func TestAQuestionsPictureInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Open)
	b := openBrowser(t)
	b.Look(1280, "light")
	b.Run(chromedp.Navigate(w.server.URL+"/campaigns/new"), chromedp.WaitVisible(css("#editor")),
		chromedp.SendKeys(css("#f-name"), "Clocks"), chromedp.Click(css("label.choice.kind-survey")), chromedp.SendKeys(css("#f-content-title"), "Clocks"),
		chromedp.SetValue(css("#f-content-questions-0-type"), "text"), chromedp.SendKeys(css("#f-content-questions-0-text"), "Which time?"), chromedp.Click(css(`[value="add-question"]`)))
	b.WaitFor(`document.activeElement.id === "f-content-questions-1-text"`)
	b.Run(chromedp.KeyEvent("Which clock?"), chromedp.SetValue(css("#f-content-questions-1-type"), "text"))
	b.WaitFor(`document.activeElement.id === "f-content-questions-1-type"`)
	b.Run(chromedp.Click(css(`.ask:nth-of-type(2) summary`)))
	choose(b, "f-content-questions-1-picture", `await new Promise((done) => { const c = document.createElement("canvas"); c.width = 300; c.height = 200; c.toBlob((blob) => done(new File([blob], "clock.png"))); })`)
	b.WaitFor(`document.querySelector("#f-content-questions-1-image-url").value.includes("/i/") && document.querySelector("#f-content-image-url").value === ""`)
	b.ShootTop("upload-question")
	b.Run(chromedp.Click(css(`.save-bar button:not(.primary)`)), chromedp.WaitVisible(css(".message.success")))
	if q := w.only().Content.Survey.Questions[1]; q.Image == nil || !strings.HasPrefix(q.Image.URL, w.server.URL+"/i/") {
		t.Errorf("saved as %+v", q)
	}
	b.Quiet()
}

// choose puts a file into the editor's field, as the officer's dialog does.
func choose(b *webtest.Browser, field, file string) {
	b.Run(chromedp.Evaluate[chromedp.Void](`(async () => {
		const input = document.querySelector("#` + field + `");
		const files = new DataTransfer();
		files.items.add(` + file + `);
		input.files = files.files;
		input.dispatchEvent(new Event("change", { bubbles: true }));
	})()`))
}
