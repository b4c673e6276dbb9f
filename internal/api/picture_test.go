package api

import (
	"bytes"
	"encoding/json"
	goimage "image"
	"image/png"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/picture"
	"crier/internal/store"
)

const ourPictures = "http://127.0.0.1:3978/i/"

// pictures gives a world's API what it needs for them.
func (w *world) pictures() *world {
	w.server.Pictures = &app.Pictures{Store: store.Pictures{DB: w.db}, Base: ourPictures, Now: w.clock, Read: func(file io.Reader) (domain.Picture, error) {
		p, err := picture.Read(file)
		return domain.Picture{Type: p.Type, Width: p.Width, Height: p.Height, Data: p.Data}, err
	}}
	w.server.Campaigns.Own = ourPictures
	return w
}

func drawn(width, height int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, goimage.NewGray(goimage.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.String()
}

// upload is a request with files in the fields of a form: field, name, content and so on.
func upload(s step, parts ...string) step {
	var b strings.Builder
	form := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 3 {
		to, err := form.CreateFormFile(parts[i], parts[i+1])
		if err != nil {
			panic(err)
		}
		io.WriteString(to, parts[i+2]) //nolint:errcheck // a builder takes everything
	}
	form.Close()
	header := map[string]string{"Content-Type": form.FormDataContentType()}
	for name, value := range s.header {
		header[name] = value
	}
	s.call, s.body, s.header, s.lax = "POST /images", b.String(), header, true
	return s
}

func TestUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t).pictures()
	var first uploadedImage
	answer := w.do(upload(step{as: "author"}, "file", "clock.png", drawn(2000, 1000)))
	must(t, json.Unmarshal(answer.Body.Bytes(), &first))
	if answer.Code != 201 || first.URL != ourPictures+first.ID+".png" || first.Width != 1024 || first.Height != 512 || first.Type != "image/png" || first.Size == 0 {
		t.Fatalf("%d: %s", answer.Code, answer.Body)
	}
	key := map[string]string{"Idempotency-Key": "k"}
	w.run(
		upload(step{name: "the same again", status: 201, has: fields{"/id": first.ID, "/url": first.URL}}, "file", "other.txt", drawn(2000, 1000)),
		upload(step{name: "with a key", status: 201, header: key, has: fields{"/width": 3}}, "file", "a", drawn(3, 4)),
		step{name: "used in a campaign", call: "POST /campaigns", status: 201,
			body: `{"name":"N","kind":"idea","content":{"text":"T","image":{"url":"` + first.URL + `","alt":"A clock"}}}`},
		step{name: "another's", call: "POST /campaigns", status: 422, has: fields{"/errors/0/field": "content.image.url"},
			body: `{"name":"N","kind":"idea","content":{"text":"T","image":{"url":"http://example.com/i/` + first.ID + `.png"}}}`},
	)
}

func TestUploadsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t).pictures()
	wrong := func(name, file, says string) step {
		return upload(step{name: name, status: 422, has: fields{"/errors": []any{fields{"field": "file", "message": says}}}}, "file", "picture.png", file)
	}
	const asForm = "Send the image as a file, in the field file of a form: Content-Type: multipart/form-data."
	noForm := func(name, kind string) step {
		return step{name: name, call: "POST /images", body: drawn(3, 3), header: map[string]string{"Content-Type": kind}, status: 422, lax: true,
			has: fields{"/type": "urn:crier:problem:invalid", "/errors/0/message": asForm}}
	}
	whole := drawn(30, 30)
	cut := upload(step{name: "cut off", status: 400, has: fields{"/type": "urn:crier:problem:malformed"}}, "file", "a.png", whole)
	cut.body = cut.body[:len(cut.body)-30]
	w.run(
		upload(step{name: "no role", as: "analyst", status: 403}, "file", "a.png", whole),
		upload(step{name: "no token", as: "-", status: 401}, "file", "a.png", whole),
		wrong("HTML", "<html><script>alert(1)</script>", picture.ErrUnknown.Error()),
		wrong("SVG", `<svg xmlns="http://www.w3.org/2000/svg"/>`, picture.ErrUnknown.Error()),
		wrong("empty", "", picture.ErrEmpty.Error()),
		wrong("half", whole[:len(whole)/2], picture.ErrBroken.Error()),
		wrong("a bomb", whole[:16]+"\x7f\x00\x00\x00\x7f\x00\x00\x00"+whole[24:], picture.ErrBroken.Error()),
		noForm("an image as it is", "image/png"),
		noForm("JSON", "application/json"),
		noForm("nothing said", ""),
		noForm("no boundary", "multipart/form-data"),
		upload(step{name: "no file", status: 422, has: fields{"/errors/0/message": asForm}}),
		upload(step{name: "another field", status: 400, has: fields{"/errors/0/field": "image"}}, "image", "a.png", whole),
		upload(step{name: "two files", status: 400}, "file", "a.png", whole, "file", "b.png", whole),
		cut,
		upload(step{name: "big", status: 413, has: fields{"/type": "urn:crier:problem:too-large", "/detail": picture.ErrTooBig.Error()}}, "file", "a.png", whole+strings.Repeat("x", domain.MaxUpload)),
		upload(step{name: "bigger", status: 413}, "file", "a.png", whole+strings.Repeat("x", 3*domain.MaxUpload)),
		step{name: "reading", call: "GET /images", status: 405, headers: map[string]string{"Allow": "POST"}},
	)
	if w.log() != "" {
		t.Errorf("logged as our faults: %s", w.log())
	}
	french := upload(step{header: map[string]string{"Accept-Language": "fr"}}, "file", "a.png", "x")
	if answer := w.do(french); !strings.Contains(answer.Body.String(), "Teams n’affiche") {
		t.Errorf("in French: %s", answer.Body)
	}
}
