package domain

import (
	"strings"
	"testing"
)

const pictureFile = "AAECAwQFBgcICQoLDA0ODw.png"

func TestPictureFiles(t *testing.T) {
	t.Parallel()
	for _, p := range []Picture{{Token: "AAECAwQFBgcICQoLDA0ODw", Type: "image/png"}, {Token: "_-ECAwQFBgcICQoLDA0ODw", Type: "image/jpeg"}} {
		token, kind, ok := ReadPictureFile(p.File())
		if !ok || token != p.Token || kind != p.Type {
			t.Errorf("%s is read as %q of %q, %v", p.File(), token, kind, ok)
		}
	}
	for name, file := range map[string]string{
		"nothing":          "",
		"no ending":        "AAECAwQFBgcICQoLDA0ODw",
		"another ending":   "AAECAwQFBgcICQoLDA0ODw.gif",
		"no token":         ".png",
		"too short":        "AAECAwQFBgcICQoLDA0O.png",
		"too long":         "AAECAwQFBgcICQoLDA0OD18.png",
		"very long":        strings.Repeat("A", 1<<20) + ".png",
		"other letters":    "AAECAwQFBgcICQoLDA0O/w.png",
		"a second writing": "AAECAwQFBgcICQoLDA0ODx.png", // the last bits are not zero
		"a line end":       "AAECAwQFBgcICQoLDA0O\nDw.png",
		"padded":           "AAECAwQFBgcICQoLDA0ODw==.png",
		"a path":           "../AAECAwQFBgcICQoLDA0ODw.png",
	} {
		if token, _, ok := ReadPictureFile(file); ok {
			t.Errorf("%s: taken as %q", name, token)
		}
	}
}

// TestPlainPictures holds that http is for uploaded pictures alone.
func TestPlainPictures(t *testing.T) {
	t.Parallel()
	const host = "http://127.0.0.1:3978"
	for address, want := range map[string]bool{
		host + "/i/" + pictureFile:               true,
		"https://127.0.0.1:3978/i/x.png":         true,
		host + "/i/x.png":                        false,
		host + "/j/" + pictureFile:               false,
		host + "/a/i/" + pictureFile:             false,
		host + "/i/a/" + pictureFile:             false,
		host + "/i/" + pictureFile + "?a=b":      false,
		host + "/i/" + pictureFile + "?":         false,
		host + "/i/" + pictureFile + "#a":        false,
		host + "/i/%41AECAwQFBgcICQoLDA0ODw.png": false,
		"http:/i/" + pictureFile:                 false,
		"http://a:b@127.0.0.1/i/" + pictureFile:  false,
		"ftp://127.0.0.1/i/" + pictureFile:       false,
		host + "/i/[NAME].png":                   false,
	} {
		err := message(says(KindCard, Content{Image: &Image{URL: address}})).Check()
		if got := err == nil; got != want {
			t.Errorf("%s: %v", address, err)
		}
		if !want {
			blames(t, err, "content.image.url")
		}
	}
}
