package app_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"crier/internal/app"
	"crier/internal/domain"
	"crier/internal/picture"
	"crier/internal/store"
)

const ourPictures = "http://127.0.0.1:3978/i/"

func (w *world) pictures() *app.Pictures {
	return &app.Pictures{Store: store.Pictures{DB: w.db}, Read: readPicture, Base: ourPictures, Now: w.clock}
}

func readPicture(file io.Reader) (domain.Picture, error) {
	p, err := picture.Read(file)
	return domain.Picture{Type: p.Type, Width: p.Width, Height: p.Height, Data: p.Data}, err
}

// drawn is a PNG of that size, as a file.
func drawn(width, height int) io.Reader {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return &b
}

func TestAPictureIsKeptAndSeenByAnybody(t *testing.T) {
	t.Parallel()
	onEach(t, func(w *world) {
		pictures := w.pictures()
		first, err := pictures.Add(w.ctx, author, drawn(30, 20))
		w.ok(err)
		again, err := pictures.Add(w.ctx, owner, drawn(30, 20))
		w.ok(err)
		w.same(again, first)
		other, err := pictures.Add(w.ctx, owner, drawn(31, 20))
		w.ok(err)
		if other.Token == first.Token || len(first.Token) != 22 {
			t.Errorf("tokens %q and %q", first.Token, other.Token)
		}
		w.same([]any{first.Type, first.Width, first.Height, first.CreatedBy, first.CreatedAt}, []any{"image/png", 30, 20, author.Name, noon})
		w.same(pictures.URL(first), ourPictures+first.Token+".png")
		got, err := pictures.Get(w.ctx, first.File())
		w.ok(err)
		w.same(got, first)
		for _, file := range []string{"", first.Token, first.Token + ".jpg", first.Token + ".png.png", "AAAAAAAAAAAAAAAAAAAAAA.png", "x.png"} {
			_, err := pictures.Get(w.ctx, file)
			w.is(err, domain.NotFound)
		}
	})
}

func TestWhoMayUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, by := range []domain.Actor{stranger, analyst, author, sender, owner} {
		_, err := w.pictures().Add(w.ctx, by, drawn(3, 3))
		if by.Role >= domain.Author {
			w.ok(err)
			continue
		}
		w.is(err, domain.Forbidden)
	}
}

func TestAFileThatIsNoPictureIsTheAuthorsToMend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.pictures().Add(w.ctx, author, strings.NewReader("<svg/>"))
	wrong, ok := errors.AsType[*domain.Error](err)
	if !ok || wrong.Kind != domain.Invalid || len(wrong.Fields) != 1 || wrong.Fields[0].Field != "file" || wrong.Fields[0].Message.String() != picture.ErrUnknown.Error() {
		t.Errorf("error %v", err)
	}
	w.ok(w.db.Close())
	if _, err := w.pictures().Add(w.ctx, author, drawn(3, 3)); err == nil || domain.KindOf(err) != 0 {
		t.Errorf("without a database: %v", err)
	}
}

// The limits are said in two packages that may not know each other.
func TestTheLimitsAgree(t *testing.T) {
	t.Parallel()
	if picture.MaxFile != domain.MaxUpload {
		t.Errorf("%d and %d", picture.MaxFile, domain.MaxUpload)
	}
}

// TestOnlyOurPicturesMayBePlain holds that a campaign may show an uploaded picture where
// Crier is reached by plain http, and nobody else's.
func TestOnlyOurPicturesMayBePlain(t *testing.T) {
	t.Parallel()
	const file = "AAECAwQFBgcICQoLDA0ODw.png"
	showing := func(address string) domain.Campaign {
		return message(func(c *domain.Campaign) {
			c.Kind, c.Content.Image = domain.KindIdea, &domain.Image{URL: address}
		})
	}
	w := newWorld(t)
	for own, addresses := range map[string]map[string]bool{
		ourPictures: {
			" " + ourPictures + file + "\n": true, "https://example.com/a.png": true, "http://127.0.0.1:39780/i/" + file: false,
			"http://other.example/i/" + file: false, ourPictures + "x.png": false, "http://127.0.0.1:3978/x.png": false,
		},
		"":                             {ourPictures + file: false, "https://example.com/a.png": true},
		"https://crier.example.com/i/": {ourPictures + file: false, "https://crier.example.com/i/" + file: true},
	} {
		w.campaigns.Own = own
		for address, taken := range addresses {
			c, err := w.campaigns.Create(w.ctx, author, showing(address))
			if !taken {
				wrong, ok := errors.AsType[*domain.Error](err)
				if !ok || wrong.Kind != domain.Invalid || len(wrong.Fields) != 1 || wrong.Fields[0].Field != "content.image.url" {
					t.Errorf("%q takes %q: %v", own, address, err)
				}
				continue
			}
			w.ok(err)
			c.Content.Image.URL = "http://other.example/i/" + file
			_, err = w.campaigns.Save(w.ctx, author, c)
			w.is(err, domain.Invalid)
		}
	}
}

// A campaign with such a picture can be looked at, tried and sent.
func TestACampaignWithAnUploadedPictureGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person("ana")
	w.campaigns.Own = ourPictures
	p, err := w.pictures().Add(w.ctx, author, drawn(3, 3))
	w.ok(err)
	c := w.scheduled(func(c *domain.Campaign) {
		c.Kind, c.Content.Image = domain.KindIdea, &domain.Image{URL: w.pictures().URL(p), Alt: "A clock"}
	})
	_, err = w.campaigns.Sample(w.ctx, author, c, "")
	w.ok(err)
	w.ok(w.campaigns.Test(w.ctx, author, c.ID, []string{address("ana")}))
}
